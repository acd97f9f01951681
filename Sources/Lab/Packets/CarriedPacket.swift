// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

/// A packet of a kernel's while it is in the simulation: the headers as they were written, beside the packet that was read
/// from them. The model has no place for TCP's options and window, the type of service or the identification; at the end
/// the headers are brought up to date instead of being made anew, so all of that arrives.
struct CarriedPacket {
  /// IP's and the transport's header, options included.
  let head: [UInt8]
  let packet: Packet
  /// Whether the transport's checksum is in its header, or was left to the device.
  let isSummed: Bool

  /// Reads a kernel's packet.
  ///
  /// - Throws: why the simulation has no place for it.
  init(_ bytes: [UInt8], isSummed: Bool = true) throws(WireError) {
    self.isSummed = isSummed
    var packet = try Packet(decoding: bytes, accepting: [.wrongChecksums, .nonsenseQuotes])
    packet.dontFragment = packet.source.address.isIPv4 && bytes[6] & 0x40 != 0
    self.packet = packet
    head = Array(bytes[..<(bytes.count - packet.payload.length)])
  }

  /// The bytes of `arrived`, which this packet, or a piece of it, has become on its way; nil if nothing but the model
  /// knows what it is by now: a report of an error, which routers rewrite inside and out.
  func arrived(as arrived: Packet) -> ArrivedPacket? {
    guard arrived.transport == packet.transport, arrived.icmp == packet.icmp, !packet.icmp.isError,
      arrived.source.address.isIPv4 == isIPv4
    else { return nil }
    if let fragment = arrived.fragment {
      let whole = ArrivedPacket(
        head: translatedHead(to: arrived, withPorts: fragment.offset == 0), payload: packet.payload.bytes ?? [],
        isSummed: isSummed)
      return ArrivedPacket(head: whole.summedBytes.piece(fragment))
    }
    guard let payload = arrived.payload.bytes else { return nil }
    guard arrived.payload == packet.payload else { return rewritten(as: arrived, payload) }
    return ArrivedPacket(head: translatedHead(to: arrived, withPorts: true), payload: payload, isSummed: isSummed)
  }

  /// The bytes with another text, which a router has written.
  private func rewritten(as arrived: Packet, _ payload: [UInt8]) -> ArrivedPacket {
    var rewritten = ArrivedPacket(head: translatedHead(to: arrived, withPorts: true), payload: payload, isSummed: false)
    if packet.transport == .udp {
      rewritten.head.replace(at: transportStart + 4, with: UInt16(truncatingIfNeeded: 8 + payload.count))
    }
    rewritten.lengthen(to: rewritten.count, version: isIPv4 ? 4 : 6)
    return rewritten
  }

  // MARK: Bringing up to date

  private var isIPv4: Bool { packet.source.address.isIPv4 }

  private var transportStart: Int { isIPv4 ? Int(head[0] & 15) * 4 : 40 }

  /// Where the maximum segment size stands; nil where it does not, or not at a word of the checksum.
  private var placeOfSegmentSize: Int? {
    let options = transportStart + 20
    guard options < head.count, let offset = TCPOptions.offsetOfMaximumSegmentSize(in: head[options...]) else {
      return nil
    }
    return offset % 2 == 0 ? options + offset : nil
  }

  /// The headers with the addresses, TTL and, unless they are a piece's that has none, ports of `arrived`.
  private func translatedHead(to arrived: Packet, withPorts hasPorts: Bool) -> [UInt8] {
    var bytes = head
    let start = transportStart
    var change = ChecksumChange()
    if isIPv4 {
      bytes[8] = arrived.timeToLive
      change.replace(&bytes, at: 12, with: arrived.source.address)
      change.replace(&bytes, at: 16, with: arrived.destination.address)
      bytes.sumIPv4Header(length: start)
    } else {
      bytes[7] = arrived.timeToLive
      change.replace(&bytes, at: 8, with: arrived.source.address)
      change.replace(&bytes, at: 24, with: arrived.destination.address)
    }
    // ICMPv4's sum knows nothing of addresses.
    if packet.transport == .icmp, isIPv4 { change = ChecksumChange() }
    guard hasPorts else { return bytes }
    switch packet.transport {
    case .udp, .tcp:
      change.replace(&bytes, at: start, with: arrived.source.port)
      change.replace(&bytes, at: start + 2, with: arrived.destination.port)
      if packet.transport == .tcp {
        replace(&bytes, at: start + 4, packet.sequenceNumber, with: arrived.sequenceNumber, &change)
        replace(&bytes, at: start + 8, packet.acknowledgementNumber, with: arrived.acknowledgementNumber, &change)
      }
      if let size = arrived.maximumSegmentSize, size != packet.maximumSegmentSize, let place = placeOfSegmentSize {
        change.replace(&bytes, at: place, with: size)
      }
    case .icmp: change.replace(&bytes, at: start + 4, with: arrived.source.port)
    }
    guard isSummed else { return bytes }
    let place = start + packet.transport.checksumOffset
    guard place + 2 <= bytes.count else { return bytes }
    let old = bytes.word(at: place)
    // UDP over IPv4 may go without (RFC 768).
    guard packet.transport != .udp || old != 0 else { return bytes }
    let new = change.applied(to: old)
    bytes.replace(at: place, with: packet.transport == .udp && new == 0 ? .max : new)
    return bytes
  }

  private func replace(
    _ bytes: inout [UInt8], at place: Int, _ old: UInt32, with new: UInt32, _ change: inout ChecksumChange
  ) {
    guard new != old else { return }
    change.replace(&bytes, at: place, with: UInt16(truncatingIfNeeded: new >> 16))
    change.replace(&bytes, at: place + 2, with: UInt16(truncatingIfNeeded: new))
  }
}

/// What changed words do to a checksum (RFC 1624).
struct ChecksumChange {
  private var sum: UInt32 = 0

  /// Replaces a word, and notes what that does.
  mutating func replace(_ bytes: inout [UInt8], at place: Int, with new: UInt16) {
    sum += UInt32(~bytes.word(at: place)) + UInt32(new)
    bytes.replace(at: place, with: new)
  }

  /// Replaces an address of the same family.
  mutating func replace(_ bytes: inout [UInt8], at place: Int, with address: IPAddress) {
    guard !address.isIPv4 else { return replace(&bytes, at: place, with: UInt64(address.ipv4Bits), words: 2) }
    replace(&bytes, at: place, with: address.high, words: 4)
    replace(&bytes, at: place + 8, with: address.low, words: 4)
  }

  private mutating func replace(_ bytes: inout [UInt8], at place: Int, with number: UInt64, words: Int) {
    for word in 0..<words {
      replace(
        &bytes, at: place + 2 * word, with: UInt16(truncatingIfNeeded: number >> UInt64(16 * (words - 1 - word))))
    }
  }

  /// The checksum that was `old` before.
  func applied(to old: UInt16) -> UInt16 {
    var total = UInt32(~old) + (sum & 0xFFFF) + (sum >> 16)
    while total >> 16 != 0 { total = (total & 0xFFFF) + (total >> 16) }
    return ~UInt16(truncatingIfNeeded: total)
  }
}
