// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import Commands
@testable import Traversal

@Suite struct DNSMessageTests {
  /// A question as every stub resolver writes it, byte for byte (RFC 1035 §4.1).
  @Test func aQuestion() throws {
    let message = DNSMessage(question: "shop.example", .a, id: 0x1234)
    let wire = bytes("1234 0100 0001 0000 0000 0000 04 73686f70 07 6578616d706c65 00 0001 0001")
    #expect(message.encoded() == wire)
    #expect(DNSMessage(decoding: message.encoded()) == message)
  }

  /// An answer with two addresses, each of which points back to the question's name (§4.1.4).
  @Test func anAnswer() throws {
    let addresses = ["49.36.10.25", "49.36.10.26"].compactMap { IPAddress($0) }
    let answer = DNSMessage(question: "shop.example", .a, id: 7).answer(.noError, addresses)
    let wire = answer.encoded()
    #expect(wire[2..<4] == bytes("8580")[...] && wire[6..<8] == bytes("0002")[...])
    #expect(Array(wire.suffix(16)) == bytes("c00c 0001 0001 0000012c 0004 31240a1a"))
    #expect(DNSMessage(decoding: wire) == answer)
    let six = DNSMessage(question: "a.b", .aaaa, id: 8).answer(.noError, [try #require(IPAddress("2001:db8::1"))])
    #expect(DNSMessage(decoding: six.encoded()) == six)
  }

  @Test func whatIsNoMessage() throws {
    let bytes = DNSMessage(question: "shop.example", .a, id: 7).answer(
      .noError, [try #require(IPAddress("49.36.10.25"))]
    ).encoded()
    for count in bytes.indices { #expect(DNSMessage(decoding: Array(bytes[..<count])) == nil, "cut at \(count)") }
    var loop = bytes
    // The answer's name points to itself.
    loop[bytes.count - 15] = UInt8(bytes.count - 16)
    #expect(DNSMessage(decoding: loop) == nil)
    var two = bytes
    two[5] = 2
    #expect(DNSMessage(decoding: two) == nil)
    var short = bytes
    short[bytes.count - 5] = 3
    #expect(DNSMessage(decoding: short) == nil)
  }

  /// Whatever comes is read or refused; what is read can be written and read again.
  @Test func randomBytes() throws {
    var generator = SeededGenerator(seed: 3)
    let base = DNSMessage(question: "shop.example", .a, id: 7).answer(
      .noError, [try #require(IPAddress("49.36.10.25"))]
    ).encoded()
    var read = 0
    for _ in 0..<20_000 {
      var bytes = base
      for _ in 0...generator.below(4) {
        bytes[Int(generator.below(UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: generator.next())
      }
      guard let message = DNSMessage(decoding: bytes) else { continue }
      read += 1
      #expect(DNSMessage(decoding: message.encoded()) == message)
    }
    #expect(read > 1_000)
  }
}
