// SPDX-License-Identifier: GPL-3.0-or-later

import TestSupport
import Testing

/// docs/conformance.md misses no requirement, and claims nothing that no test shows.
@Suite struct ConformanceTableTests {
  private struct Row {
    var requirement: String
    var claim: String
    var test: String
  }

  private static let sections = [
    "2", "2.1", "2.2", "3", "4", "5", "6", "7", "7.1", "8", "9", "10", "11", "12",
  ]
  private static let requirements =
    [(4787, 14), (5382, 10), (5508, 11)].flatMap { rfc, count in (1...count).map { "RFC \(rfc) REQ-\($0)" } }
    + sections.map { "RFC 7857 §\($0)" } + (1...15).map { "RFC 6888 REQ-\($0)" }

  private static func rows() throws -> [Row] {
    try Repository.text(of: "docs/conformance.md").split(separator: "\n").filter { $0.hasPrefix("| RFC ") }.map {
      line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { cell in
        String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      try #require(cells.count == 5, "\(line)")
      return Row(requirement: cells[1], claim: cells[2], test: cells[3])
    }
  }

  /// The names that tests have.
  private static func testNames() throws -> Set<String> {
    var names: Set<String> = []
    for path in Repository.files(below: "Tests", endingIn: ["Tests.swift"]) {
      for piece in try Repository.text(of: path).split(separator: "@Test(").dropFirst() {
        let name = piece.drop { $0.isWhitespace }
        if name.first == "\"" { names.insert(String(name.dropFirst().prefix { $0 != "\"" })) }
      }
    }
    return names
  }

  @Test func noRequirementIsMissing() throws {
    #expect(try Self.rows().map(\.requirement) == Self.requirements)
  }

  @Test func everyClaimHasItsTest() throws {
    let names = try Self.testNames()
    for row in try Self.rows() {
      #expect(!row.claim.isEmpty, "\(row.requirement) says nothing")
      guard row.test != "out of scope" else {
        #expect(row.claim.count > 40, "\(row.requirement) does not say why")
        continue
      }
      #expect(names.contains(row.test), "\(row.requirement): there is no test '\(row.test)'")
      let subject = row.test.prefix { $0 != ":" }
      let rfc = row.requirement.prefix(8)
      #expect(subject.hasPrefix(rfc), "\(row.requirement) names a test of \(subject)")
      #expect(
        subject.dropFirst(9).split(separator: ", ").contains(row.requirement.dropFirst(9)),
        "\(row.requirement) names a test of \(subject)")
    }
  }

  @Test func everyRequirementsTestIsInTheTable() throws {
    let claimed = Set(try Self.rows().map(\.requirement))
    for name in try Self.testNames() where name.hasPrefix("RFC ") {
      let subject = name.prefix { $0 != ":" }
      for requirement in subject.dropFirst(9).split(separator: ", ") {
        #expect(claimed.contains("\(subject.prefix(8)) \(requirement)"), "\(name)")
      }
    }
  }
}
