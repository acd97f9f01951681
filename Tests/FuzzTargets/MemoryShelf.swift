// SPDX-License-Identifier: GPL-3.0-or-later

import Lessons

/// Lessons that are not in a folder.
package enum MemoryShelf {
  /// Lessons that never change, so that no command reads them again.
  static func shelf(of lessons: [Lesson]) -> LessonShelf {
    let library = LessonLibrary(folder: "lessons", lessons: lessons)
    return LessonShelf(library: { library })
  }

  /// The lessons of some texts.
  package static func readOnce(of lessons: [(name: String, text: String)]) -> LessonShelf {
    shelf(of: LessonLibrary(folder: "lessons", files: files(lessons.map { ($0.name, Array($0.text.utf8)) })).lessons)
  }

  static func files(_ lessons: [(name: String, bytes: [UInt8])]) -> LessonFiles {
    LessonFiles(
      bytes: { path, limit throws(LessonFiles.Failure) in
        guard let lesson = lessons.first(where: { path == $0.name || path == "lessons/\($0.name)" }),
          lesson.bytes.count <= limit
        else { throw LessonFiles.Failure(message: "there is no such file") }
        return lesson.bytes
      },
      markdownNames: { _ throws(LessonFiles.Failure) in lessons.map(\.name) },
      isFolder: { $0 == "lessons" }, leadsOut: { _ in false }, realPath: { $0 })
  }
}
