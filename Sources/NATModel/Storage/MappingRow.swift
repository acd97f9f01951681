// SPDX-License-Identifier: GPL-3.0-or-later

/// A row of the translation table as it is stored: plain data, linked to others by row numbers.
struct MappingRow: Sendable {
  /// No row, no permission.
  static let none: Int32 = -1

  var internalAddress: IPAddress
  var externalAddress: IPAddress
  /// The first remote this row was used towards: what it is bound to, as far as ``binding`` says, and its first
  /// permission.
  var remoteAddress: IPAddress
  var expiresAt: Instant
  var createdAt: Instant
  var packetsOut: UInt32 = 0
  var packetsIn: UInt32 = 0
  var id: UInt32
  /// The packet that made it; 0 for a static mapping.
  var createdBy: UInt32
  /// The first of the permissions beyond the first remote.
  var permissions = MappingRow.none
  /// The neighbours among the rows that share this outside endpoint; the second of a free row is the next free one.
  var previousSharer = MappingRow.none
  var nextSharer = MappingRow.none
  /// The inside host's record, where hosts are counted.
  var host = MappingRow.none
  var internalPort: UInt16
  var externalPort: UInt16
  var remotePort: UInt16
  /// The timer's list this row is in.
  var timer: UInt16 = 0
  /// TCP connections that are established.
  var established: UInt32 = 0
  var transport: TransportProtocol
  var binding: EndpointDependence
  var traits: Traits
  /// The state of the TCP connection with the first remote.
  var connection = ConnectionState()

  struct Traits: OptionSet, Sendable {
    let rawValue: UInt8
    static let isStatic = Traits(rawValue: 1)
    /// Made where outside ports are overloaded: other rows may have the same outside endpoint.
    static let sharesPort = Traits(rawValue: 2)
    /// Nothing is translated: the row is a firewall's memory of a flow.
    static let isUntranslated = Traits(rawValue: 4)
    static let sawInbound = Traits(rawValue: 8)
    /// The row that answers for its inside endpoint's outside port where ports are overloaded.
    static let isSourceEntry = Traits(rawValue: 16)
    /// A free slot.
    static let isFree = Traits(rawValue: 32)
    /// A static mapping whose inside endpoint already had an outbound row.
    static let isInboundOnly = Traits(rawValue: 64)
  }

  mutating func countOut() { if packetsOut < .max { packetsOut += 1 } }
  mutating func countIn() { if packetsIn < .max { packetsIn += 1 } }

  @inline(__always) var internalEndpoint: Endpoint { Endpoint(internalAddress, internalPort) }
  @inline(__always) var externalEndpoint: Endpoint { Endpoint(externalAddress, externalPort) }
  @inline(__always) var firstRemote: Endpoint { Endpoint(remoteAddress, remotePort) }
}

extension MappingRow: FreeableSlot {
  var nextFree: Int32 {
    get { nextSharer }
    set { nextSharer = newValue }
  }
}

/// What a NAT has seen of one TCP connection (RFC 5382 §4 of its opening, §5 of its lifetimes).
struct ConnectionState: Hashable, Sendable {
  private(set) var bits: UInt8 = 0

  private static let synOutbound: UInt8 = 1
  private static let synInbound: UInt8 = 2
  private static let finOutbound: UInt8 = 4
  private static let finInbound: UInt8 = 8
  private static let isOpen: UInt8 = 16
  private static let reset: UInt8 = 32

  /// Both sides have agreed to talk, and not both have finished.
  var isEstablished: Bool {
    bits & Self.isOpen != 0 && bits & Self.reset == 0
      && bits & (Self.finOutbound | Self.finInbound) != Self.finOutbound | Self.finInbound
  }

  /// The word for it in tables; nil before any segment.
  var name: String? {
    if bits == 0 { return nil }
    if bits & Self.reset != 0 { return "closed" }
    if bits & (Self.finOutbound | Self.finInbound) != 0 { return "closing" }
    return bits & Self.isOpen != 0 ? "established" : "opening"
  }

  /// Takes in a segment with `flags`.
  mutating func see(_ flags: TCPFlags, outbound: Bool) {
    if flags.contains(.rst) {
      bits |= Self.reset
    } else if flags.contains(.syn) {
      // A new connection between the same endpoints starts over.
      if bits & (Self.reset | Self.finOutbound | Self.finInbound) != 0 { bits = 0 }
      // A SYN that acknowledges answers the other side's.
      bits |= flags.contains(.ack) ? Self.synOutbound | Self.synInbound : outbound ? Self.synOutbound : Self.synInbound
    } else {
      // A segment that is no SYN opens the flow once both sides have spoken. In a flow whose start went unseen it stands
      // for its side's SYN.
      let both = Self.synOutbound | Self.synInbound
      if bits & both == both { bits |= Self.isOpen }
      bits |= outbound ? Self.synOutbound : Self.synInbound
      if flags.contains(.fin) { bits |= outbound ? Self.finOutbound : Self.finInbound }
    }
  }
}
