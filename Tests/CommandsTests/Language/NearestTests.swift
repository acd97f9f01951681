// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Commands

@Suite struct NearestTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("alice", "alcie", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
    ("same", "same", 0),
  ])
  func countsSlips(left: String, right: String, expected: Int) {
    #expect(Nearest.distance(Array(left), Array(right)) == expected)
    #expect(Nearest.distance(Array(right), Array(left)) == expected)
  }

  @Test(
    arguments: [
      ("alcie", ["bob", "alice"], "alice"), ("ALICE", ["alice"], "alice"), ("ali", ["malice", "alice"], "alice"),
      ("x", ["y"], nil),
      ("bob", ["alice", "rob", "bobby"], "bobby"), ("bop", ["rop", "bob"], "bob"), ("hots", ["host", "hosts"], "host"),
      ("zebra", ["alice", "bob"], nil),
      ("", ["a"], nil), ("fltering", ["filtering"], "filtering"), ("sne", ["set", "send"], nil),
      ("ab", ["ac", "ad"], "ac"),
    ] as [(String, [String], String?)])
  func findsWhatWasMeant(word: String, candidates: [String], expected: String?) {
    #expect(Nearest.candidate(to: word, among: candidates) == expected)
  }

  @Test func aVeryLongWordHasNoNeighbour() {
    #expect(Nearest.candidate(to: String(repeating: "a", count: 200_000), among: ["a"]) == nil)
  }
}
