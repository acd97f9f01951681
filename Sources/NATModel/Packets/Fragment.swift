// SPDX-License-Identifier: GPL-3.0-or-later

/// A piece of a packet that was too long for a link (RFC 791 §3.2, RFC 8200 §4.5), as a payload.
///
/// Only the first piece has the transport's header, so only its endpoints have ports; the others' are 0.
public struct Fragment: Hashable, Sendable {
  /// The identification that all pieces of one packet share.
  public var identification: UInt32
  /// Bytes of the packet's own payload, including its transport header, that come before these.
  public var offset: Int
  /// Bytes of it in this piece.
  public var count: Int
  /// Whether this piece is the last.
  public var isLast: Bool
  /// The packet as it was before it was cut, to which these bytes belong.
  public var whole: Packet

  /// The first byte after this piece.
  public var end: Int { offset + count }

  /// The piece's length beyond an IP header and the transport's.
  var lengthBeyondHeaders: Int {
    (whole.source.address.isIPv4 ? 0 : Self.extensionHeaderLength) + count - whole.transportHeaderLength
  }

  /// The bytes of IPv6's fragment header (RFC 8200 §4.5).
  static let extensionHeaderLength = 8
}

extension Packet {
  /// The piece of another packet in this one; nil for a whole packet.
  public var fragment: Fragment? {
    guard case .fragment(let fragment) = payload else { return nil }
    return fragment
  }

  /// Cuts the packet, or a piece of one, into pieces of at most `limit` bytes, IP header included.
  ///
  /// - Parameter identification: the identification of the pieces; a piece that is cut again keeps its own.
  public func fragments(within limit: Int, identification: UInt32) -> [Packet] {
    let isIPv4 = source.address.isIPv4
    let headers = source.address.family.headerLength + (isIPv4 ? 0 : Fragment.extensionHeaderLength)
    // All but the last piece end at a multiple of eight bytes, the unit of the offset.
    let room = max(limit - headers, 8) & ~7
    let old =
      fragment
      ?? Fragment(
        identification: isIPv4 ? identification & 0xFFFF : identification, offset: 0,
        count: transportHeaderLength + payload.length, isLast: true, whole: self)
    return stride(from: old.offset, to: old.end, by: room).map { offset in
      var piece = old
      piece.offset = offset
      piece.count = min(room, old.end - offset)
      piece.isLast = old.isLast && piece.end == old.end
      var packet = self
      if offset > 0 {
        packet.source.port = 0
        packet.destination.port = 0
        packet.tcpFlags = []
      }
      packet.payload = .fragment(piece)
      return packet
    }
  }
}

/// The pieces of one packet as they are put together again.
public struct Reassembly: Sendable {
  /// How long the first piece waits for the last (RFC 791 §3.2 proposes 15 s, RFC 8200 §4.5 says 60; Linux takes 30).
  public static let wait = Interval.seconds(30)

  private var pieces: [Packet] = []
  /// When the pieces received so far are given up.
  public let givenUpAt: Instant

  public init(at now: Instant) { givenUpAt = now + Self.wait }

  /// Takes a piece in; returns the whole packet, with the first piece's header, once nothing is missing.
  public mutating func add(_ piece: Packet) -> Packet? {
    guard piece.fragment != nil, pieces.count < 8_192 else { return nil }
    pieces.append(piece)
    var next = 0
    var isComplete = false
    for fragment in pieces.compactMap(\.fragment).sorted(by: { ($0.offset, $0.end) < ($1.offset, $1.end) })
    where fragment.offset <= next {
      next = max(next, fragment.end)
      if fragment.isLast, next == fragment.end { isComplete = true }
    }
    guard isComplete, var packet = pieces.first(where: { $0.fragment?.offset == 0 }), let cut = packet.fragment else {
      return nil
    }
    packet.payload = cut.whole.payload
    return packet
  }
}
