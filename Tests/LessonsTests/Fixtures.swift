// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Shell
import TestSupport
import Testing
import Traversal

@testable import Lessons

/// Values that the tests of lessons share: the language, the lesson that passes, and a session with it.
enum Fixture {
  static let catalog = Catalog(.standard, .traversal, .lessons)

  static let text = LessonSkeleton.text(id: "defect")

  static func lesson(_ text: String = text, file: String = "01-defect.md") throws -> Lesson {
    let reading = LessonReader.read(text, file: file)
    guard let lesson = reading.lesson else { throw reading.problems[0] }
    return lesson
  }

  /// A session whose shelf has these lessons.
  static func session(_ lessons: [Lesson], keeper: ProgressKeeper = .inMemory(), resumes: Bool = false) -> Session {
    var session = Session(catalog: catalog)
    session[LessonShelf.self] = LessonShelf(
      library: { LessonLibrary(folder: "lessons", lessons: lessons) }, progress: keeper, resumes: resumes)
    return session
  }

  /// Runs lines; returns what each prints, errors included.
  static func run(_ lines: [String], in session: inout Session) throws -> [String] {
    try lines.map { line in
      var printed: [String] = []
      for statement in try Statement.statements(in: line) {
        do throws(SessionError) {
          printed.append(TextRenderer(style: .plain).text(for: try session.execute(statement)))
        } catch {
          printed.append("error: " + ErrorWording.report(for: error).message)
          printed += session.remarksOnFailure.compactMap { ($0 as? any TextRenderable)?.text(style: .plain) }
        }
      }
      return printed.joined(separator: "\n")
    }
  }
}

/// What is typed, and what is printed.
enum Exchange {
  /// Lines typed one after another, each with words that must be in its output (`!` before those that must not be).
  static func expect(_ exchanges: [(String, [String])], in session: inout Session) throws {
    for (line, wanted) in exchanges {
      let printed = try Fixture.run([line], in: &session)[0].replacing("\n", with: " ").replacing("  ", with: " ")
      for words in wanted {
        if words.hasPrefix("!") {
          #expect(!printed.contains(words.dropFirst()), "after \(line): \(printed)")
        } else {
          #expect(printed.contains(words), "after \(line): \(printed)")
        }
      }
    }
  }
}
