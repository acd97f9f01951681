// SPDX-License-Identifier: GPL-3.0-or-later

/// The part of a packet after its headers.
public enum Payload: Hashable, Sendable {
  case empty
  /// Bytes of an application: a learner's text in UTF-8, or a message that only readers of its protocol understand.
  case data([UInt8])
  /// That many bytes whose values do not matter: zeros on a wire.
  case filler(Int)
  /// A few application bytes followed by zeros.
  case padded(PaddedBytes)
  /// The packet that an ICMP error reports on, as the reporter saw it.
  indirect case quote(QuotedPacket)
  /// A piece of a packet that was too long for a link.
  indirect case fragment(Fragment)

  /// The bytes of the payload.
  public var length: Int {
    switch self {
    case .empty: 0
    case .data(let bytes): bytes.count
    case .filler(let count): count
    case .padded(let padded): Int(padded.length)
    case .quote(let quoted): quoted.length
    case .fragment(let fragment): fragment.lengthBeyondHeaders
    }
  }
}

extension Payload {
  /// The unique payload for `bytes`: equal bytes give equal payloads.
  public init(bytes: [UInt8]) { self = bytes.withUnsafeBytes(Self.plain) ?? .data(bytes) }

  /// The unique payload for `bytes`.
  public init(bytes: ArraySlice<UInt8>) { self = bytes.withUnsafeBytes(Self.plain) ?? .data(Array(bytes)) }

  /// The payload for bytes that are nearly all zeros; nil for others.
  private static func plain(_ bytes: UnsafeRawBufferPointer) -> Payload? {
    if bytes.isEmpty { return .empty }
    guard bytes.endsInZeros(from: min(PaddedBytes.headCapacity, bytes.count)) else { return nil }
    let head = bytes.prefix(PaddedBytes.headCapacity)
    if head.allSatisfy({ $0 == 0 }) { return .filler(bytes.count) }
    return PaddedBytes(head: head, length: bytes.count).map { .padded($0) }
  }

  /// The application's bytes; nil if IP or ICMP wrote the payload.
  public var bytes: [UInt8]? {
    switch self {
    case .empty: []
    case .data(let bytes): bytes
    case .filler(let count): Array(repeating: 0, count: max(count, 0))
    case .padded(let padded): padded.bytes
    case .quote, .fragment: nil
    }
  }

  /// The bytes as text, if they can be: UTF-8 without NUL. Nil for an empty payload, and for messages of programs, all
  /// of which have a NUL or a byte that UTF-8 does not have.
  public var text: String? {
    guard case .data(let bytes) = self, !bytes.contains(0) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}

/// The headers that an ICMP error carries back: enough to tell which flow it is about.
public struct QuotedPacket: Hashable, Sendable {
  public var transport: TransportProtocol
  public var source: Endpoint
  public var destination: Endpoint
  public var timeToLive: UInt8
  public var tcpFlags: TCPFlags
  public var sequenceNumber: UInt32
  public var acknowledgementNumber: UInt32
  public var icmp: ICMPKind
  public var icmpSequence: UInt16
  /// The bytes that the packet itself had, as its header says.
  public var packetLength: Int
  /// The quoted bytes: the packet up to what fits into a 576-byte error (RFC 1812 §4.3.2.3), 1,280 in IPv6 (RFC 4443
  /// §2.4).
  public var length: Int

  public init(of packet: Packet) {
    transport = packet.transport
    source = packet.source
    destination = packet.destination
    timeToLive = packet.timeToLive
    tcpFlags = packet.tcpFlags
    sequenceNumber = packet.sequenceNumber
    acknowledgementNumber = packet.acknowledgementNumber
    icmp = packet.icmp
    icmpSequence = packet.icmpSequence
    packetLength = packet.length
    let room = packet.source.address.isIPv4 ? 576 - 28 : 1280 - 48
    length = min(packet.length, room)
  }
}

extension UnsafeRawBufferPointer {
  /// Whether all bytes from `start` on are zeros.
  fileprivate func endsInZeros(from start: Int) -> Bool {
    let words = (count - start) / 8
    for word in 0..<words where loadUnaligned(fromByteOffset: start + 8 * word, as: UInt64.self) != 0 { return false }
    return self[(start + 8 * words)...].allSatisfy { $0 == 0 }
  }
}
