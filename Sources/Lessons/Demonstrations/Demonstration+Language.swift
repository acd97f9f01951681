// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

extension Demonstration {
  /// The demonstration of that file in the program's language, `lessons/de/demonstrations/NAME` for
  /// `lessons/demonstrations/NAME`; the file itself if there is no such one.
  package static func path(
    _ path: String, files: LessonFiles, language: String? = Phrasebook.chosen?.language
  ) -> String {
    let place = LessonFiles.folder(of: path)
    guard let language, LessonFiles.name(of: place) == folder else { return path }
    let lessons = LessonFiles.folder(of: place)
    let translated = LessonFiles.path(of: "\(language)/\(folder)/\(LessonFiles.name(of: path))", in: lessons)
    return files.isThere(translated) ? translated : path
  }
}
