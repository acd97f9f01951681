// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// The available lessons, in the order of their files.
package struct LessonLibrary: Sendable {
  /// The folder that they are in, as messages name it; nil if there is none.
  package var folder: String?
  package var lessons: [Lesson]
  /// The errors in files that are not lessons at all.
  package var problems: [LessonProblem]

  package init(folder: String?, lessons: [Lesson] = [], problems: [LessonProblem] = []) {
    self.folder = folder
    self.lessons = lessons
    self.problems = problems
  }

  /// Reads all lessons of a folder, each in `language` if the folder of that name has it, else as it stands.
  ///
  /// The language is the program's unless another is given; nil is English.
  package init(folder: String, files: LessonFiles, language: String? = Phrasebook.chosen?.language) {
    self.init(folder: .some(folder))
    do throws(LessonFiles.Failure) {
      let translated = language.map { folder + "/" + $0 }
      let names = Set(translated.flatMap { try? files.markdownNames($0) } ?? [])
      for name in try files.markdownNames(folder) {
        if let translated, names.contains(name) {
          let reading = LessonReader.read(path: translated + "/" + name, files: files)
          if let lesson = reading.lesson, lesson.problems.isEmpty, lesson.language == language {
            lessons.append(lesson)
            continue
          }
        }
        let reading = LessonReader.read(path: folder + "/" + name, files: files)
        if let lesson = reading.lesson { lessons.append(lesson) } else { problems += reading.problems }
      }
    } catch {
      problems.append(LessonProblem(file: folder, line: 1, message: said("cannot be read: \(error.message)")))
    }
  }

  /// The lesson of that id; the number of its file is accepted too.
  package func lesson(_ word: String) -> Lesson? {
    lessons.first { $0.id == word.lowercased() }
      ?? lessons.first { lesson in
        guard let wanted = Int(word) else { return false }
        return Int(LessonFiles.name(of: lesson.file).prefix { $0.isASCII && $0.isNumber }) == wanted
      }
  }

  /// The lesson that the learner was in, unless it is finished; else the next unfinished one, if there is any.
  package func toGoOnWith(_ progress: Progress) -> Lesson? {
    let isOpen = { (lesson: Lesson) in progress[lesson.id]?.isFinished != true }
    guard let place = lessons.firstIndex(where: { $0.id == progress.latest }) else {
      return lessons.first(where: isOpen)
    }
    return lessons[place...].first(where: isOpen) ?? lessons.first(where: isOpen)
  }

  /// The lesson after `id` in the order of the files.
  package func next(after id: String) -> Lesson? {
    guard let place = lessons.firstIndex(where: { $0.id == id }), place + 1 < lessons.count else { return nil }
    return lessons[place + 1]
  }
}
