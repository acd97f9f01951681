// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Testing
import Traversal

/// Written messages are read back, and bytes that cannot be a message are refused with the reason.
struct MessageTests {
  @Test(arguments: 1...8 as ClosedRange<UInt64>) func whatWasWrittenIsReadBack(seed: UInt64) throws {
    var random = RandomMessage(seed: seed)
    var types: Set<UInt16> = []
    for _ in 0..<300 {
      let message = random.next()
      #expect(try STUNMessage(decoding: message.encoded()[...]) == message)
      let key = [UInt8(truncatingIfNeeded: seed)]
      for integrity in [STUNMessage.Integrity.sha1, .sha256] {
        let bytes = message.encoded(signedWith: key, integrity, withFingerprint: true)
        let received = try ReceivedSTUNMessage(decoding: bytes[...])
        #expect(received.isSigned(with: key) && received.hasRightFingerprint == true)
        #expect(received.message.attributes.dropLast(2) == message.attributes[...])
        #expect(received.integrityAlgorithm == integrity && received.message.encoded() == bytes)
      }
      types.formUnion(message.attributes.map(\.typeNumber))
      #expect(message.description.fields.count == message.attributes.count + 1)
    }
    #expect(types.count > 30)
  }

  /// Cut off anywhere, with any length, any bit turned: a message, or a reason.
  @Test(arguments: 1...4 as ClosedRange<UInt64>) func noBytesCrashTheProgram(seed: UInt64) {
    var random = RandomMessage(seed: seed)
    for _ in 0..<150 {
      let bytes = random.next().encoded(signedWith: [1, 2], withFingerprint: true)
      for _ in 0..<20 {
        var changed = Array(bytes.prefix(Int(random.generator.below(UInt64(bytes.count) + 1))))
        if random.generator.below(2) == 0 { changed = bytes }
        for _ in 0..<random.generator.below(4) where !changed.isEmpty {
          changed[Int(random.generator.below(UInt64(changed.count)))] = UInt8(
            truncatingIfNeeded: random.generator.next())
        }
        guard let received = try? ReceivedSTUNMessage(decoding: changed[...]) else { continue }
        _ = (received.isSigned(with: [1, 2]), received.hasRightFingerprint, received.message.description)
        // A message that was read is written and read back as the same one.
        #expect((try? STUNMessage(decoding: received.message.encoded()[...])) == received.message)
      }
    }
  }

  static let refused: [(hex: String, error: STUNDecodingError)] = [
    ("", .tooShort(0)),
    ("000100002112a442000000000000000000000", .tooShort(18)),
    ("400100002112a442000000000000000000000000", .notSTUN),
    ("000100002112a443000000000000000000000000", .notSTUN),
    ("000100042112a442000000000000000000000000", .lengthsDisagree(says: 4, actual: 0)),
    ("000100002112a44200000000000000000000000000000000", .lengthsDisagree(says: 0, actual: 4)),
    ("000100022112a4420000000000000000000000008022", .lengthsDisagree(says: 2, actual: 2)),
    (
      "000100082112a442000000000000000000000000802200056e617473",
      .attributeTooLong(type: 0x8022, says: 5, available: 4)
    ),
    (
      "000100042112a4420000000000000000000000008022ffff",
      .attributeTooLong(type: 0x8022, says: 65_535, available: 0)
    ),
  ]

  @Test(arguments: refused) func bytesThatAreNotAMessageSayWhy(hex: String, error: STUNDecodingError) {
    #expect(throws: error) { try STUNMessage(decoding: bytes(hex)[...]) }
  }

  static let malformed: [(type: STUNAttribute.Kind, value: String)] = [
    (.xorMappedAddress, "0003000000000000"), (.xorMappedAddress, "00010000"), (.mappedAddress, "0002000000000000"),
    // An IPv6 address that means IPv4 would have two spellings.
    (.mappedAddress, "0002100000000000000000000000ffffc0000201"),
    (.username, "ff"), (.errorCode, "0000"), (.errorCode, "00000264"), (.errorCode, "00000163"),
    (.messageIntegrity, "00"), (.messageIntegritySHA256, "00000000"), (.fingerprint, "000000"),
    (.unknownAttributes, "000000"), (.lifetime, ""), (.priority, "0000000000"), (.useCandidate, "00"),
    (.requestedAddressFamily, "03000000"), (.addressErrorCode, "03000428"), (.addressErrorCode, "0200"),
    (.evenPort, ""), (.userhash, "00"), (.passwordAlgorithms, "00010005"),
  ]

  @Test(arguments: malformed) func aValueThatCannotBeAnAttributesIsMalformed(
    type: STUNAttribute.Kind, value: String
  ) throws {
    let id = STUNMessage.TransactionID(high: 1, low: 2)
    let attribute = STUNAttribute.malformed(type, bytes(value))
    let message = try STUNMessage(
      decoding: STUNMessage(.request, .binding, id, [attribute, .lifetime(9)]).encoded()[...])
    #expect(message.isMalformed && message.attributes == [attribute, .lifetime(9)])
  }

  @Test func onlySealsFollowASeal() throws {
    let id = STUNMessage.TransactionID(high: 1, low: 2)
    var bytes = STUNMessage(.request, .binding, id, [.username("a")]).encoded(signedWith: [7])
    let late = STUNMessage(.request, .binding, id, [.username("b"), .useCandidate]).encoded().dropFirst(20)
    bytes += late
    bytes[3] += UInt8(late.count)
    let received = try ReceivedSTUNMessage(decoding: bytes[...])
    #expect(received.isSigned(with: [7]) && received.message.username == "a")
    #expect(!received.message.has(.useCandidate))
  }

  @Test func unknownMandatoryAttributesAreNamed() {
    let id = STUNMessage.TransactionID(high: 1, low: 2)
    let message = STUNMessage(
      .request, .binding, id, [.unknown(0x7F01, []), .unknown(0xFF01, []), .unknown(0x7F01, [1]), .useCandidate])
    #expect(message.unknownRequiredTypes() == [0x7F01])
    #expect(message.unknownRequiredTypes(understanding: [.username]) == [0x7F01, 0x0025])
  }

  @Test func aMessageIsDescribedInWords() throws {
    let id = STUNMessage.TransactionID(high: 0x0102_0304, low: 5)
    let mapped = try #require(Endpoint("49.36.10.25:62000"))
    let request = STUNMessage(.request, .binding, id)
    #expect(request.description.summary == "STUN Binding request")
    #expect(request.response([.xorMappedAddress(mapped)]).description.summary.contains("you are 49.36.10.25:62000"))
    let refusal = STUNMessage(.request, .allocate, id).refusal(.unauthenticated).description
    #expect(refusal.summary == "TURN Allocate error 401 (Unauthenticated)" && refusal.protocolName == "TURN")
    #expect(refusal.fields.map(\.name) == ["transaction", "ERROR-CODE"])
    #expect(refusal.fields.map(\.value) == ["010203040000000000000005", "401 Unauthenticated"])
    let names = STUNAttribute.Kind.allCases.map(\.name)
    for name in ["XOR-MAPPED-ADDRESS", "MESSAGE-INTEGRITY-SHA256", "USE-CANDIDATE", "ICE-CONTROLLING", "REALM"] {
      #expect(names.contains(name))
    }
  }

  @Test func aPayloadIsDescribedByItsBytesAndItsPorts() throws {
    let id = STUNMessage.TransactionID(high: 1, low: 2)
    let request = STUNMessage(.request, .binding, id).encoded()
    #expect(MessageDescription(of: request, from: 1, to: 2)?.protocolName == "STUN")
    let channel = ChannelData(channel: 0x4001, data: Array("hello".utf8))
    for port: UInt16 in [3_478, 3_482, 4_000] {
      #expect(MessageDescription(of: channel.encoded(), from: 5_000, to: port)?.protocolName == "TURN")
    }
    for text in ["", "@", "ABCD", "@ and a few words", "Nobody", "[ok]", String(repeating: "A", count: 1_400)] {
      #expect(MessageDescription(of: Array(text.utf8), from: 5_000, to: 3_478) == nil, "\(text)")
    }
    #expect(MessageDescription(of: [0, 0], from: 5_000, to: 5_351)?.protocolName == "NAT-PMP")
    #expect(MessageDescription(of: UPnP.search().encoded(), from: 5_000, to: 1_900)?.protocolName == "SSDP")
    #expect(MessageDescription(of: Array("hello".utf8), from: 5_000, to: 4_000) == nil)
  }

  @Test func channelDataIsReadUpToItsPadding() {
    let data = ChannelData(channel: 0x4FFF, data: [1, 2, 3])
    #expect(data.encoded() == [0x4F, 0xFF, 0, 3, 1, 2, 3])
    #expect(ChannelData(decoding: [0x4F, 0xFF, 0, 3, 1, 2, 3, 0]) == data)
    #expect(ChannelData(decoding: [0x4F, 0xFF, 0, 0]) == ChannelData(channel: 0x4FFF, data: []))
    for wrong: [UInt8] in [
      [], [0x40], [0x40, 0, 0, 1], [0x50, 0, 0, 0], [0x3F, 0xFF, 0, 0], [0x40, 0, 0, 0, 0, 0, 0, 0],
    ] {
      #expect(ChannelData(decoding: wrong[...]) == nil)
    }
  }
}
