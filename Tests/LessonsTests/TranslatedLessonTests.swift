// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Shell
import TestSupport
import Testing

@testable import Lessons

/// Lessons in other languages: which file is read, and that a translation teaches the same.
@Suite struct TranslatedLessonTests {
  static let translations = Repository.files(below: "lessons/de", endingIn: [".md"])

  private static func files(_ texts: [String: String]) -> LessonFiles {
    LessonFiles(
      bytes: { path, _ throws(LessonFiles.Failure) in
        guard let text = texts[path] else { throw LessonFiles.Failure(message: "nothing is there") }
        return Array(text.utf8)
      },
      markdownNames: { folder throws(LessonFiles.Failure) in
        let names = texts.keys.filter { LessonFiles.folder(of: $0) == folder }.map(LessonFiles.name)
        if names.isEmpty { throw LessonFiles.Failure(message: "nothing is there") }
        return names.sorted()
      },
      isFolder: { _ in false }, leadsOut: { _ in false }, realPath: { $0 })
  }

  private static let english = LessonSkeleton.text(id: "doors")
  private static let german = LessonSkeleton.text(id: "doors", language: "de").replacing("Doors", with: "T\u{FC}ren")

  @Test(arguments: [
    ("de", german, "T\u{FC}ren"), (nil, german, "Doors"), ("fr", german, "Doors"),
    // A file that does not say its language, or is broken, is passed over.
    ("de", english, "Doors"), ("de", german.replacing("## ", with: "# "), "Doors"),
  ])
  func theLanguagesFileIsTaken(language: String?, translation: String, title: String) {
    let other = LessonSkeleton.text(id: "windows")
    let files = Self.files([
      "lessons/01-doors.md": Self.english, "lessons/02-windows.md": other, "lessons/de/01-doors.md": translation,
    ])
    let library = LessonLibrary(folder: "lessons", files: files, language: language)
    #expect(library.lessons.map(\.title) == [title, "Windows"])
    #expect(library.lessons.map(\.id) == ["doors", "windows"] && library.problems.isEmpty)
  }

  @Test(arguments: [
    ("lessons/de/01-doors.md", english, "says `language: de`"),
    ("lessons/fr/01-doors.md", german, "says `language: fr`"),
  ])
  func aFolderForALanguageWantsIt(file: String, text: String, expected: String) throws {
    let lesson = try #require(LessonReader.read(text, file: file).lesson)
    #expect(lesson.problems.isEmpty && lesson.blemishes.contains { $0.message.contains(expected) })
  }

  @Test func aLanguageIsACode() throws {
    let lesson = try #require(
      LessonReader.read(Self.german.replacing("language: de", with: "language: German"), file: "01-doors.md").lesson)
    #expect(lesson.problems.map(\.message) == ["'language' takes a language's code, such as de"])
  }

  @Test(arguments: [
    ("de", "lessons/demonstrations/a.natsh", "lessons/de/demonstrations/a.natsh"),
    ("de", "demonstrations/a.natsh", "de/demonstrations/a.natsh"), ("de", "lessons/a.natsh", "lessons/a.natsh"),
    ("fr", "lessons/demonstrations/a.natsh", "lessons/demonstrations/a.natsh"),
    (nil, "lessons/demonstrations/a.natsh", "lessons/demonstrations/a.natsh"),
  ])
  func aDemonstrationIsPlayedInTheLanguage(language: String?, asked: String, played: String) {
    let files = LessonFiles(
      bytes: { _, _ in [] }, markdownNames: { _ in [] }, isFolder: { _ in false }, leadsOut: { _ in false },
      realPath: { $0.contains("de/") ? $0 : nil })
    #expect(Demonstration.path(asked, files: files, language: language) == played)
  }

  @Test(arguments: translations) func aTranslationTeachesTheSame(file: String) throws {
    let name = LessonFiles.name(of: file)
    let translated = try lesson(file)
    let original = try lesson("lessons/" + name)
    #expect(translated.language == "de" && translated.blemishes.isEmpty && translated.problems.isEmpty)
    #expect(translated.id == original.id && translated.minutes == original.minutes && translated.rfc == original.rfc)
    #expect(translated.requires.map(\.value) == original.requires.map(\.value))
    #expect(translated.objectives.count == original.objectives.count)
    #expect(translated.allowsSkip == original.allowsSkip && translated.speaksPlainly == original.speaksPlainly)
    #expect(translated.steps.count == original.steps.count)
    for (step, other) in zip(translated.steps, original.steps) {
      let place = Comment(rawValue: "\(file):\(step.line)")
      #expect(commands(step.setups) == commands(other.setups), place)
      #expect(commands(step.tries) == commands(other.tries), place)
      #expect(commands(step.solutions) == commands(other.solutions), place)
      #expect(commands(step.alternatives) == commands(other.alternatives), place)
      #expect(words(step.expectation) == words(other.expectation), place)
      #expect(step.hints.count == other.hints.count, place)
      #expect(step.mistakes.map { words($0.when) } == other.mistakes.map { words($0.when) }, place)
      #expect(
        step.mistakes.map { commands($0.example.map { [$0] } ?? []) }
          == other.mistakes.map { commands($0.example.map { [$0] } ?? []) }, place)
      #expect(step.predictions.map(\.answer) == other.predictions.map(\.answer), place)
      #expect(step.predictions.map(\.choices.count) == other.predictions.map(\.choices.count), place)
      #expect(step.predictions.map(\.againIndex) == other.predictions.map(\.againIndex), place)
      #expect(
        step.predictions.map { commands($0.proof.map { [$0] } ?? []) }
          == other.predictions.map { commands($0.proof.map { [$0] } ?? []) }, place)
      #expect(step.predictions.map { words($0.expectation) } == other.predictions.map { words($0.expectation) }, place)
      #expect(
        step.predictions.map { $0.outcomes.map(words) } == other.predictions.map { $0.outcomes.map(words) }, place)
    }
  }

  private func lesson(_ file: String) throws -> Lesson {
    let path = Repository.root.path(percentEncoded: false) + file
    let reading = LessonReader.read(path: path, files: .system)
    return try #require(reading.lesson, "\(reading.problems)")
  }

  private func commands(_ scripts: [Lesson.Script]) -> [[String]] { scripts.map { $0.lines.map(\.value) } }

  /// What conditions ask, without their lines and without the author's words for what is missing.
  private func words(_ conditions: [Condition]) -> [String] {
    conditions.map { condition in
      "\(condition.kind)".replacing(#/line: \d+/#, with: "line").replacing(
        #/ask: (nil|Optional\("([^"\\]|\\.)*"\))/#, with: "ask")
    }
  }
}
