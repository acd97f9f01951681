// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import Commands

@Suite struct HostileLineTests {
  private static let pieces =
    Catalog.standardDeclarations.map(\.name) + Property.all.map(\.name) + [
      "alice", "home-a", "alice:", ":", "[", "]", "[::1]:5", "1.2.3.4", "1.2.3.4/24", "/", "::", "2001:db8::/64", "\"",
      "\\", "\\n", ";", "#", "\n",
      "\r", "\t", "\u{0}", "\u{301}", "é", "👩‍👩‍👧", "-1", "0", "65536", "99999999999999999999", "5m", "5", "9999999999h",
      "%", "udp", "ttl", "to",
      "for", "lan", "behind", "on", "random", "none", "2mbit", "1.5", ".", "“",
    ]

  /// Lines of random pieces: each is read or refused, and an error points into the line or right after it.
  @Test(arguments: 0..<8)
  func everyLineIsReadOrRefused(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<60 {
      var line = ""
      for _ in 0...generator.below(7) {
        line += Self.pieces[Int(generator.below(UInt64(Self.pieces.count)))]
        if generator.below(4) > 0 { line += " " }
      }
      do {
        for statement in try Statement.statements(in: line) {
          _ = try Catalog.standard.parse(statement, in: FakeNames.home)
        }
      } catch {
        #expect((1...line.count + 1).contains(error.column), "\(line)")
        #expect(error.column + error.length <= line.count + 2, "\(line)")
      }
      for cursor in 0...line.utf8.count {
        let found = Catalog.standard.completions(line: line, cursor: cursor, in: FakeNames.home)
        #expect((0...cursor).contains(found.start))
      }
    }
  }

  @Test func aHugeLineIsRefusedWithoutAHugeError() throws {
    let words = String(repeating: "a ", count: 130_000)
    #expect(fault("send alice bob \(words)") == "text-needs-quotes@16+259999")
    #expect(fault("map \(words)") == "unexpected-word@5+1")
    #expect(fault(String(repeating: "a", count: 262_144)) == "unknown-command@1+262144")
    #expect(fault("set home-a addresses \(words)") == "bad-address@22+1")
    #expect(fault(String(repeating: "a;", count: 131_072)) == "unknown-command@1+1")
  }
}
