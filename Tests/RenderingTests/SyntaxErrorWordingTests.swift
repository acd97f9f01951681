// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Rendering
import Testing

@Suite struct SyntaxErrorWordingTests {
  private static let scalar: Unicode.Scalar = "\u{1B}"
  static let kinds: [SyntaxError.Kind] = [
    .invalidUTF8, .controlCharacter(scalar), .lineTooLong(bytes: 1_048_576), .unclosedQuote, .badEscape("t"),
    .typographicQuote("“"), .quoteInsideWord, .wordAfterQuote, .textTooLong(bytes: 70_000, limit: 65_507),
    .unknownCommand("sned"), .missingArgument(label: "N", after: "ttl", usage: "send …"),
    .missingKeyword("to", usage: "forward …"), .unexpectedWord("x", usage: "map"), .textNeedsQuotes,
    .duplicateClause("udp"), .duplicateFamily(.ipv4), .conflict("udp", "tcp"), .badName("9"),
    .nameTooLong(count: 64, limit: 63), .nameTaken("alice"), .unknownName("alcie", wanted: .hosts, exist: true),
    .wrongDeviceKind("alice", is: .host, wanted: .routers), .unknownScene("x"), .unknownPreset("x"),
    .unknownSubject("x"),
    .unknownProperty("x", of: .host), .propertyOfOtherKind("nat", device: "alice"), .badAddress("x"),
    .badEndpoint("x"), .badPrefix("x"), .prefixTooLong(length: "33", limit: 32), .hostBitsSet("x"), .badPort("x"),
    .portOutOfRange("0", 1...65535), .badNumber("x"), .numberOutOfRange("0", 1...255), .badSeed("x"), .badDuration("5"),
    .durationTooLong("x"), .durationNotPositive("0s"), .badRate("x"), .badLoss("x"), .unknownProtocol("esp"),
    .unknownValue("x", of: "nat", allowed: ["on", "off"]), .rangeReversed(first: "9", last: "5"),
    .duplicateAddress("x"),
  ]

  @Test(arguments: kinds)
  func everyKindHasWords(kind: SyntaxError.Kind) {
    let message = SyntaxErrorWording.message(for: SyntaxError(kind, column: 1))
    #expect(message != kind.word)
    #expect(message.count > 10)
    #expect(!message.hasSuffix("."))
  }

  @Test func kindsHaveWordsOfTheirOwn() {
    #expect(Set(Self.kinds.map(\.word)).count == Self.kinds.count)
  }

  @Test(
    arguments: [
      (
        .controlCharacter(scalar),
        "an invisible control character (U+001B) is here; delete it and type the line again"
      ),
      (.missingArgument(label: "N", after: "ttl", usage: "send"), "N is missing after 'ttl'; write it as: send"),
      (
        .unknownName("alcie", wanted: .hosts, exist: true),
        "there is no host called 'alcie'; `show` lists them"
      ),
      (
        .unknownName("al\u{1B}", wanted: .all, exist: false),
        "there is no device called 'alU+001B', nor any other yet; `host NAME` or `router NAME` makes one"
      ),
      (
        .prefixTooLong(length: "33", limit: 32),
        "/33 is too long; an IPv4 address has 32 bits, so the longest prefix is /32"
      ),
      (.textTooLong(bytes: 70_000, limit: 65_507), "this text has 70,000 bytes, and one packet carries at most 65,507"),
      (.badName("192.168.1.10"), "'192.168.1.10' is an address, and a name is missing before it"),
      (.unknownValue("x", of: "nat", allowed: ["on", "off"]), "'nat' cannot be 'x'; it is on or off"),
    ] as [(SyntaxError.Kind, String)])
  func wordsAreExact(kind: SyntaxError.Kind, expected: String) {
    #expect(SyntaxErrorWording.message(for: SyntaxError(kind, column: 1)) == expected)
  }
}
