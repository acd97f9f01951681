// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing
import Traversal

/// The messages of RFC 5769 and of RFC 8489, appendix B.1.
struct PublishedMessageTests {
  struct Published: Sendable, CustomTestStringConvertible {
    var section: String
    var hex: String
    var key: [UInt8]
    var hasFingerprint = true
    var kind = STUNMessage.Kind.request
    var contains: [STUNAttribute]
    var testDescription: String { section }
  }

  static let shortTerm = shortTermKey(password: "VOkJxbRl1RmTxUk/WvJxBt")
  static let matrix = "\u{30DE}\u{30C8}\u{30EA}\u{30C3}\u{30AF}\u{30B9}"
  static let longTerm = LongTermCredential.key(username: matrix, realm: "example.org", password: "TheMatrIX")

  static let published: [Published] = [
    Published(
      section: "2.1",
      hex: "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008"
        + "932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2802800"
        + "04e57a3bcf",
      key: shortTerm,
      contains: [
        .software("STUN test client"), .priority(0x6E00_01FF), .iceControlled(0x932F_F9B1_5126_3B36),
        .username("evtj:h6vY"),
      ]),
    Published(
      section: "2.2",
      hex: "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a6430008001"
        + "42b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96",
      key: shortTerm, kind: .success,
      contains: [.software("test vector"), .xorMappedAddress(Endpoint("192.0.2.1:32853") ?? none)]),
    Published(
      section: "2.3",
      hex: "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f17"
        + "9bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c",
      key: shortTerm, kind: .success,
      contains: [.xorMappedAddress(Endpoint("[2001:db8:1234:5678:11:2233:4455:6677]:32853") ?? none)]),
    Published(
      section: "2.4",
      hex: "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c662f2f3"
        + "439396b39353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f72670000080014f67024656dd64"
        + "a3e02b8e0712e85c9a28ca89666",
      key: longTerm, hasFingerprint: false,
      contains: [.username(matrix), .nonce("f//499k954d6OL34oL9FSTvy64sA"), .realm("example.org")]),
    Published(
      section: "RFC 8489 B.1",
      hex: "000100882112a44278ad3433c6ad72c029da412e001e00204a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e4"
        + "1407f1704001500296f624d61744a6f733241414143662f2f3439396b39353464364f4c33346f4c3946535476793634734100"
        + "00000014000b6578616d706c652e6f726700001c0020fd8c273860d2e18ebca4c89b6973befa7ee8ecc69e9642db326fab65a"
        + "0b955ba",
      key: longTerm, hasFingerprint: false,
      contains: [
        .userhash(LongTermCredential.userhash(username: matrix, realm: "example.org")), .realm("example.org"),
      ]),
  ]

  static let none = Endpoint(IPAddress(ipv4: 0), 0)

  @Test(arguments: published) func aPublishedMessageIsReadAndFoundAuthentic(example: Published) throws {
    let received = try ReceivedSTUNMessage(decoding: bytes(example.hex)[...])
    #expect(received.message.kind == example.kind && received.message.method == .binding)
    for attribute in example.contains { #expect(received.message.attributes.contains(attribute)) }
    #expect(received.isSigned(with: example.key))
    #expect(!received.isSigned(with: example.key + [1]))
    #expect(received.hasRightFingerprint == (example.hasFingerprint ? true : nil))
    #expect(received.message.unknownRequiredTypes().isEmpty && !received.message.isMalformed)
  }

  /// Those that pad with zeros are written as they are.
  @Test(arguments: published.suffix(2)) func aPublishedMessageIsWritten(example: Published) throws {
    var message = try STUNMessage(decoding: bytes(example.hex)[...])
    #expect(message.encoded() == bytes(example.hex))
    message.attributes.removeLast()
    let integrity: STUNMessage.Integrity = example.section == "2.4" ? .sha1 : .sha256
    #expect(message.encoded(signedWith: example.key, integrity) == bytes(example.hex))
  }

  @Test(arguments: published) func noByteCanBeChangedUnnoticed(example: Published) throws {
    let original = bytes(example.hex)
    let end = original.count - (example.hasFingerprint ? 8 : 0)
    for position in original.indices {
      var changed = original
      changed[position] ^= 0x10
      guard let received = try? ReceivedSTUNMessage(decoding: changed[...]) else { continue }
      if position < end { #expect(!received.isSigned(with: example.key), "byte \(position)") }
      if example.hasFingerprint { #expect(received.hasRightFingerprint != true, "byte \(position)") }
    }
  }
}
