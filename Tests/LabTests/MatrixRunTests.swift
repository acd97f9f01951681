// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing
import Traversal

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A pair of programs behind every pair of routers.
extension RealLaboratoryTests {
  @Suite struct MatrixRunTests {
    private struct Cell: Decodable {
      var a: String
      var b: String
      var through: Bool
      var wanted: Bool
      var statuses: [Int?]
      var isLate: Bool
      var outputs: [String]

      private enum CodingKeys: String, CodingKey {
        case a, b, through, wanted, statuses, outputs
        case isLate = "timed_out"
      }
    }

    private struct Report: Decodable {
      struct Matrix: Decodable {
        var rows: [String]
        var cells: [Cell]
      }
      var matrix: Matrix
    }

    private static func cells(_ outcome: Program.Outcome) throws -> [Cell] {
      try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8)).matrix.cells
    }

    /// The test cases of a JUnit file, and how many of them failed.
    private final class JUnit: NSObject, XMLParserDelegate {
      var names: [String] = []
      var failures = 0

      init(_ path: String) throws {
        super.init()
        let parser = XMLParser(data: try Data(contentsOf: URL(filePath: path)))
        parser.delegate = self
        #expect(parser.parse(), "it is XML")
      }

      func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
      ) {
        if name == "testcase" { names.append(attributes["name"] ?? "") }
        if name == "failure" { failures += 1 }
      }
    }

    @Test func aHoleIsPunchedWhereMatrixSaysSo() throws {
      let folder = try ScratchFolder()
      let outcome = try RealLaboratory.natsh(
        [
          "lab", "--matrix", "\(RealLaboratory.pair) peer", "--server", "\(RealLaboratory.pair) server", "--expect",
          "matrix",
          "--jobs", "16", "--json", "--junit", "\(folder.path)/junit.xml",
        ], seconds: 120)
      let cells = try Self.cells(outcome)
      #expect(cells.count == 81)
      for (index, cell) in cells.enumerated() {
        let kinds = MatrixKind.behaviors
        let (first, second) = (kinds[index / 9], kinds[index % 9])
        let expected = try MatrixCell(first, second, .udp, seed: 1).result.isThrough
        #expect(cell.a == first.name && cell.b == second.name)
        #expect(cell.wanted == expected)
        #expect(cell.through == expected, "\(cell.a) \(cell.b): \(cell.outputs)")
      }
      #expect(outcome.status == 0)
      let junit = try JUnit("\(folder.path)/junit.xml")
      #expect(junit.names.count == 81 && junit.names[1] == "eim/eif eim/adf")
      #expect(junit.failures == 0)
    }

    @Test func eachProgramKnowsWhoItIs() throws {
      let folder = try ScratchFolder()
      let outcome = try RealLaboratory.natsh(
        [
          "lab", "--matrix", "echo $NATSH_SELF $NATSH_PEER $NATSH_SERVER $NATSH_NAT '<&>'", "--peer",
          "echo $NATSH_SELF $NATSH_NAT; test $NATSH_NAT != linux", "--presets", "--jobs", "16", "--json", "--junit",
          "\(folder.path)/junit.xml",
        ])
      let cells = try Self.cells(outcome)
      #expect(cells.count == 64)
      #expect(outcome.status == 1)
      for cell in cells {
        #expect(cell.outputs == ["alice bob 203.0.113.50 \(cell.a) <&>\n", "bob \(cell.b)\n"])
        #expect(cell.statuses == [0, cell.b == "linux" ? 1 : 0])
      }
      #expect(try JUnit("\(folder.path)/junit.xml").failures == 8)
    }

    @Test func aCellsTimeIsLimited() throws {
      let outcome = try RealLaboratory.natsh(
        ["lab", "--matrix", "sleep 100", "--peer", "true", "--presets", "--jobs", "32", "--timeout", "2", "--json"])
      let cells = try Self.cells(outcome)
      #expect(cells.count == 64)
      #expect(cells.allSatisfy { $0.isLate && $0.statuses == [nil, 0] })
      #expect(outcome.status == 1)
    }

    @Test(arguments: [
      (["--matrix", "true", "-c", "host alice"], "leave the file"),
      (["--peer", "true", "-c", "host alice"], "--matrix"),
      ([], "Name a file"), (["--matrix", "true", "--jobs", "0"], "1 to 256"),
      (["--matrix", "true", "--timeout", "0"], "30"),
    ])
    func aWrongCallIsExplained(arguments: [String], words: String) throws {
      let outcome = try RealLaboratory.natsh(["lab"] + arguments)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(words))
    }
  }
}
