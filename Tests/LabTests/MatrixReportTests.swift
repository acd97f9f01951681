// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import TestSupport
import Testing
import Traversal

@testable import Lab

/// What a matrix's report says.
@Suite struct MatrixReportTests {
  private static func outcome(_ a: String, _ b: String, _ statuses: [Int?], expected: Bool? = nil) -> MatrixOutcome {
    MatrixOutcome(
      a: a, b: b, statuses: statuses, isLate: statuses.contains(nil), outputs: ["no <way>\u{1B}[0m\n", ""],
      serverOutput: nil, milliseconds: 1_042, expected: expected)
  }

  private static let report = MatrixRunReport(
    rows: ["x", "y"],
    cells: [
      outcome("x", "x", [0, 0]), outcome("x", "y", [3, 0]), outcome("y", "x", [0, nil]),
      outcome("y", "y", [1, 1], expected: false),
    ])

  @Test func theTextShowsWhatFailed() {
    let text = Self.report.text(style: .plain)
    #expect(text.contains("both programs succeeded: 1 pair"))
    #expect(text.contains("failed: 1 pair"))
    #expect(text.contains("failed, as natsh's own peers do: 1 pair"))
    #expect(text.contains("did not end in time: 1 pair"))
    #expect(text.contains("alice ended with exit status 3, bob ended with exit status 0"))
    #expect(text.contains("bob did not end in time"))
    #expect(text.contains("no <way>"))
    #expect(!text.contains("\u{1B}"))
    #expect(!Self.report.isAsWanted)
  }

  @Test func aSuccessThatWasNotExpectedIsAFailure() {
    let cell = Self.outcome("x", "x", [0, 0], expected: false)
    #expect(cell.isThrough && !cell.isAsWanted)
    #expect(!MatrixRunReport(rows: ["x"], cells: [cell]).isAsWanted)
  }

  @Test func junitIsEscaped() {
    let text = Self.report.junit
    #expect(text.contains("tests=\"4\" failures=\"2\""))
    #expect(text.contains("time=\"1.042\""))
    #expect(text.contains("no &lt;way&gt;"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test func theCommandsAreDocumented() throws {
    let document = try Repository.text(of: "docs/lab.md")
    for declaration in Vocabulary.laboratory.declarations {
      #expect(document.contains("| `\(declaration.name) "), "\(declaration.name)")
    }
    // No other part of the language claims their words.
    let catalog = Catalog(.standard, .traversal, .laboratory)
    for declaration in Vocabulary.laboratory.declarations {
      #expect(catalog.declaration(named: declaration.name)?.summary == declaration.summary)
    }
  }
}
