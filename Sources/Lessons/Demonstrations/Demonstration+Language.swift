// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

extension Demonstration {
  /// The names of the demonstrations that stand with the lessons of a folder.
  package static func names(with lessons: String?, files: LessonFiles) -> [String] {
    let names = lessons.flatMap { try? files.scriptNames(LessonFiles.path(of: folder, in: $0)) } ?? []
    return names.map(Performance.name).sorted()
  }

  /// The file that `word` means: itself if there is one, else the demonstration of that name with the lessons of a
  /// folder; nil if there is neither.
  package static func file(_ word: String, with lessons: String?, files: LessonFiles) -> String? {
    if files.isThere(word) { return word }
    guard let lessons, names(with: lessons, files: files).contains(word) else { return nil }
    return LessonFiles.path(of: "\(folder)/\(word)\(Performance.ending)", in: lessons)
  }

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
