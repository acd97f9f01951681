// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Commands

@Suite struct CompletionTests {
  /// `start: words`, a word that is left open with `…` after it, `FILES` where files fit.
  private func complete(_ line: String, cursor: Int? = nil, in names: FakeNames = .home) -> String {
    let found = Catalog.standard.completions(line: line, cursor: cursor ?? line.utf8.count, in: names)
    let words = found.candidates.map { $0.text + ($0.appendsSpace ? "" : "…") } + (found.files ? ["FILES"] : [])
    return (["\(found.start):"] + words).joined(separator: " ")
  }

  @Test(arguments: [
    ("se", "0: set send seed"), ("SE", "0: set send seed"), ("  se", "2: set send seed"), ("step; unf", "6: unforward"),
    ("cr", "0: create"), ("create ", "7: router host"), ("add h", "4: host"), ("ex", "0: exit"), ("zz", "0:"),
    ("send ", "5: alice… bob…"),
    ("send al", "5: alice…"), ("send alice", "5: alice"), ("send alice:", "5: alice:5000 alice:5001"),
    ("send alice:5", "5: alice:5000 alice:5001"),
    ("send alice ", "11: home-a… home-b… alice… bob… 49.36.10.25:62000"), ("send alice 49", "11: 49.36.10.25:62000"),
    ("send alice bob ", "15: udp tcp icmp ttl df"), ("send alice bob t", "15: tcp ttl"),
    ("send alice bob udp ", "19: ttl df"),
    ("send alice bob ttl ", "19:"), ("send alice bob \"t", "17:"), ("send alice bob \"x\"", "18:"),
    ("send alice bob \"x\" ", "19: udp tcp icmp ttl df"),
    ("send nobody ", "12:"), ("host ", "5:"), ("host x ", "7: behind ipv4-only ipv6-only"), ("host x be", "7: behind"),
    ("host x behind ", "14: home-a home-b"),
    ("router r ", "9: lan behind beside preset"), ("router r lan 10.0.0.0/8 ", "24: lan behind beside preset"),
    ("router r preset ", "16: home full-cone restricted-cone port-restricted-cone symmetric linux cgnat open"),
    ("router r preset f", "16: full-cone"),
    ("set ", "4: home-a home-b alice bob"), ("set home-a f", "11: filtering firewall"),
    ("set alice ", "10: ports retransmission time-wait resolver delay rate mtu loss"),
    ("set alice ports ", "16: open bound"), ("set home-a ports ", "17: sequential preserve overload random blocks"),
    ("set home-a ports random ", "24:"),
    ("set home-a filtering e", "21: endpoint-independent"), ("set home-a hairpinning ", "23: off on forwards-only"),
    ("set home-a udp-stream-timeout ", "30: udp-timeout"),
    ("set bob rate ", "13: unlimited"), ("set home-a colour ", "18:"), ("scene t", "6: two-homes"),
    ("table ", "6: --as home-a home-b"), ("show b", "5: bob"),
    ("remove ", "7: home-a home-b alice bob"), ("forward home-a ", "15: all address udp tcp"),
    ("forward home-a 80 ", "18: udp tcp to"),
    ("forward home-a 80 to ", "21: home-a… home-b… alice… bob… 49.36.10.25:62000"),
    ("unforward home-a ", "17: all address udp tcp 8080"), ("unforward home-a tcp 8", "21: 8080"),
    ("listen b", "7: bob"),
    ("listen bob 80 ", "14: udp tcp"),
    ("run ", "4: for"), ("run for ", "8:"), ("load ", "5: FILES"), ("save x", "5: FILES"), ("help unf", "5: unforward"),
    ("help cone", "5: cones cone"), ("help gateway", "5: gateway"),
    ("help udp-t", "5: udp-timeout"), ("help no-m", "5: no-mapping"), ("step ", "5:"), ("map ", "4:"), ("se # s", "6:"),
    ("send alice; ", "12: \(all)"), ("bad\u{1B} s", "6:"),
  ])
  func offersWhatFits(line: String, expected: String) {
    #expect(complete(line) == expected)
  }

  private static let all = Catalog.standardDeclarations.map(\.name).joined(separator: " ")

  @Test func completionDependsOnlyOnTheTextBeforeTheCursor() {
    #expect(complete("send alice bob", cursor: 7) == "5: alice…")
    #expect(complete("réply; se", cursor: 10) == "8: set send seed")
    #expect(complete("réply", cursor: 2) == "2:")
    #expect(complete("send", cursor: 99) == "0: send")
    #expect(complete("send", cursor: -1) == "-1:")
    #expect(complete("") == "0: \(Self.all)")
  }

  @Test func candidatesSayWhatTheyAre() {
    let found = Catalog.standard.completions(line: "set home-a nat", cursor: 13, in: FakeNames.home)
    #expect(found.candidates.first?.text == "nat")
    #expect(found.candidates.first?.note?.isEmpty == false)
    #expect(
      Catalog.standard.completions(line: "show b", cursor: 6, in: FakeNames.home).candidates.first?.note == "host")
  }

  @Test func everyCandidateOfACommandParses() throws {
    for value in Catalog.standard.completions(line: "set home-a ", cursor: 11, in: FakeNames.home).candidates {
      let line = "set home-a \(value.text) "
      for word in Catalog.standard.completions(line: line, cursor: line.utf8.count, in: FakeNames.home).candidates {
        guard fault(line + word.text) != "none" else { continue }
        // It asks for another word, and whatever that may be makes it whole.
        let begun = "\(line)\(word.text) "
        let more = Catalog.standard.completions(line: begun, cursor: begun.utf8.count, in: FakeNames.home).candidates
        #expect(!more.isEmpty && more.allSatisfy { fault(begun + $0.text) == "none" }, "\(begun)")
      }
    }
  }
}
