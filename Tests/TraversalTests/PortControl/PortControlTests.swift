// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Testing
import Traversal

/// NAT-PMP and PCP: published messages, and what is refused.
struct PortControlTests {
  @Test func natpmpMessagesAreAsPublished() throws {
    #expect(NATPMP.Request.externalAddress.encoded() == bytes("0000"))
    let map = NATPMP.Request.map(.tcp, internalPort: 1_234, suggestedExternalPort: 1_234, lifetime: 1_000)
    #expect(map.encoded() == bytes("0002000004d204d2000003e8"))
    let address = NATPMP.Response(.success, epoch: 0x66FD_A1EE, .externalAddress(IPAddress(ipv4: 0x0102_0304)))
    #expect(address.encoded() == bytes("0080000066fda1ee01020304"))
    let mapped = NATPMP.Response(
      .success, epoch: 0x66FD_A1EE, .map(.tcp, internalPort: 1_234, externalPort: 1_234, lifetime: 500))
    #expect(mapped.encoded() == bytes("0082000066fda1ee04d204d2000001f4"))
    for request in [NATPMP.Request.externalAddress, map] {
      #expect(NATPMP.Request(decoding: request.encoded()[...]) == request)
    }
    for response in [address, mapped, NATPMP.Response(.unsupportedVersion, epoch: 7, .none)] {
      #expect(NATPMP.Response(decoding: response.encoded()[...]) == response)
    }
  }

  /// RFC 6886 §3.5.
  static let refusals: [(request: String, response: String?)] = [
    ("", nil), ("00", nil), ("0200", "0000000100000005"), ("0080", nil), ("0000", nil),
    ("0003aaaa01020304", "0083000501020304"), ("0203", "0000000100000005"),
  ]

  @Test(arguments: refusals) func unknownNATPMPRequestsAreRefused(request: String, response: String?) {
    #expect(NATPMP.refusal(of: bytes(request)[...], epoch: 5)?.encoded() == response.map { bytes($0) })
  }

  static let request =
    "02010000000003e800000000000000000000ffffc0a80006112233445566778899aabbcc0600000004d204d2000000000000000000"
    + "00ffff00000000"
  static let answer =
    "0281000000001c2000029bed00000000000000000000000081700918f1d0fb2d9d4c0abc1100000004d204d2000000000000000000"
    + "00ffff87b4aff6"

  @Test func pcpMessagesAreAsPublished() throws {
    let request = try PCP.Request(decoding: bytes(Self.request)[...])
    #expect(request.lifetime == 1_000 && request.client == IPAddress("192.168.0.6") && request.options == [])
    let asked = PCP.Mapping(
      nonce: PCP.Nonce(high: 0x1122_3344, low: 0x5566_7788_99AA_BBCC), transport: .tcp, internalPort: 1_234,
      external: Endpoint(IPAddress(ipv4: 0), 1_234))
    #expect(request.operation == .map(asked) && request.encoded() == bytes(Self.request))
    let answer = try #require(PCP.Response(decoding: bytes(Self.answer)[...]))
    guard case .map(let mapping) = answer.operation else {
      Issue.record("not a mapping")
      return
    }
    #expect(answer.result == .success && answer.lifetime == 7_200 && mapping.transport == .udp)
    #expect(mapping.external == Endpoint("135.180.175.246:1234") && answer.encoded() == bytes(Self.answer))
    #expect(answer.description.summary == "PCP MAP response: 135.180.175.246:1234 for 7200 s")
    let nonce = answer.description.fields.first { $0.name == "mapping nonce" }
    #expect(nonce?.value == "81700918f1d0fb2d9d4c0abc")
    #expect(request.description.fields.contains { $0.value == "112233445566778899aabbcc" })
  }

  static let announcement = "0200000000000000" + "00000000000000000000ffffc0a80006"
  static let wrong: [(hex: String, error: PCPRequestError)] = [
    ("", .notARequest), ("02", .notARequest), ("0281" + request.dropFirst(4), .notARequest),
    ("0001" + request.dropFirst(4), .notARequest), ("0101" + request.dropFirst(4), .refused(.unsupportedVersion)),
    (String(request.dropLast(2)), .refused(.malformedRequest)), (request + "00", .refused(.malformedRequest)),
    ("0205" + request.dropFirst(4), .refused(.unsupportedOpcode)),
    ("0201" + announcement.dropFirst(4), .refused(.malformedRequest)),
    (request.replacing("bbcc06", with: "bbcc84"), .refused(.unsupportedProtocol)),
    (request + "01000010", .refused(.malformedOption)),
    (request + String(repeating: "00000000", count: 300), .refused(.malformedRequest)),
  ]

  @Test(arguments: wrong) func aWrongRequestIsRefusedWithItsReason(hex: String, error: PCPRequestError) {
    #expect(throws: error) { try PCP.Request(decoding: bytes(hex)[...]) }
    guard case .refused(let result) = error else { return }
    let refusal = PCP.refusal(of: bytes(hex)[...], result, lifetime: 30, epoch: 9)
    #expect(refusal.count % 4 == 0 && refusal.count <= 1_100 && refusal[1] >= 128 && refusal[3] == result.rawValue)
  }

  @Test func optionsFollowTheMapping() throws {
    var request = try PCP.Request(decoding: bytes(Self.request)[...])
    request.options = [.preferFailure, PCP.Option(code: 200, data: [1, 2, 3])]
    let bytes = request.encoded()
    #expect(bytes.count % 4 == 0)
    #expect(try PCP.Request(decoding: bytes[...]) == request)
    #expect(try PCP.Request(decoding: TraversalTests.bytes(Self.announcement)[...]).operation == .announce)
  }

  @Test func noBytesCrashTheProgram() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<2_000 {
      var message = generator.below(2) == 0 ? bytes(Self.request) : bytes(Self.answer)
      for _ in 0..<3 { message[Int(generator.below(UInt64(message.count)))] = UInt8(generator.below(256)) }
      message = Array(message.prefix(Int(generator.below(UInt64(message.count + 1)))))
      _ = MessageDescription(of: message, from: 5_351, to: 50_000)
    }
  }
}
