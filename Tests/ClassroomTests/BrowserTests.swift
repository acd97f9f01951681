// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// The page as it is served and as a browser shows it: scripts in Tests/ClassroomTests/Browser drive the built natsh,
/// and a headless Chromium by its DevTools protocol.
@Suite(.serialized) struct BrowserTests {
  private static let folder = Repository.root.appending(path: "Tests/ClassroomTests/Browser")
  /// Where the scripts leave pictures of the page for people to look at; nil for none.
  private static let pictures = ProcessInfo.processInfo.environment["PICTURES"]
  private static let hasBrowser = ["chromium", "chromium-browser", "google-chrome"].contains {
    Program.path(of: $0) != nil
  }

  private static let lessons = Repository.root.appending(path: "lessons").path(percentEncoded: false)

  private static func run(_ script: String, _ arguments: [String]) throws {
    let path = folder.appending(path: script).path(percentEncoded: false)
    let outcome = try Program.run("python3", ["-B", path, BuiltExecutable.path] + arguments)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
  }

  @Test(.enabled(if: hasBrowser && Program.path(of: "python3") != nil, "needs chromium and python3"))
  func thePictureFollowsTheShell() throws {
    try Self.run("page_follows.py", Self.pictures.map { [$0] } ?? [])
  }

  @Test(.enabled(if: hasBrowser && Program.path(of: "python3") != nil, "needs chromium and python3"))
  func aLessonAndNestedHomesAreShown() throws {
    try Self.run("page_lesson.py", [Self.lessons] + (Self.pictures.map { [$0] } ?? []))
  }

  @Test(.enabled(if: hasBrowser && Program.path(of: "python3") != nil, "needs chromium and python3"))
  func theWholeNetworkIsOnTheScreen() throws {
    try Self.run("page_room.py", [Self.lessons] + (Self.pictures.map { [$0] } ?? []))
  }

  @Test(.enabled(if: hasBrowser && Program.path(of: "python3") != nil, "needs chromium and python3"))
  func noLineRunsThroughAnothersBox() throws {
    try Self.run("page_lines.py", Self.pictures.map { [$0] } ?? [])
  }

  @Test(.enabled(if: hasBrowser && Program.path(of: "python3") != nil, "needs chromium and python3"))
  func twoLearnersDoDifferentThings() throws {
    try Self.run("class_learners.py", [Self.lessons] + (Self.pictures.map { [$0] } ?? []))
  }

  @Test(.enabled(if: hasBrowser && Program.path(of: "python3") != nil, "needs chromium and python3"))
  func thePagesAreGermanThroughout() throws {
    let translations = Repository.root.appending(path: "translations").path(percentEncoded: false)
    try Self.run("page_german.py", [Self.lessons, translations] + (Self.pictures.map { [$0] } ?? []))
  }

  @Test(.enabled(if: Program.path(of: "python3") != nil, "needs python3"))
  func learnersThatMeanNoGoodDoNoHarm() throws {
    try Self.run("hostile_learners.py", [Self.lessons])
  }

  @Test(.enabled(if: Program.path(of: "python3") != nil, "needs python3"))
  func aDemonstrationIsShownOnItsPage() throws {
    try Self.run("demo_page.py", [])
  }

  @Test(.enabled(if: Program.path(of: "python3") != nil, "needs python3"))
  func aClassKeepsItsRules() throws {
    try Self.run("class_rules.py", [Self.lessons])
  }

  @Test(.enabled(if: Program.path(of: "python3") != nil, "needs python3"))
  func maliciousClientsDoNoHarm() throws {
    try Self.run("hostile_clients.py", [])
  }
}
