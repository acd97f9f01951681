// SPDX-License-Identifier: GPL-3.0-or-later

/// The parts of a row of the translation table that every packet reads and writes: plain data in one cache line of 64
/// bytes.
///
/// The parts needed only at a row's beginning or end, or by a rare packet, are in ``RowDetails``, kept apart so that an
/// established packet waits for one line of far memory here.
struct MappingRow: Sendable {
  /// No row, no permission.
  static let none: Int32 = -1

  /// The inside endpoint with the family, the protocol and the binding (see ``FlowKey``), and in the low eight bits the
  /// state of the TCP connection with the first remote.
  private var insideBits: UInt64
  /// The first remote towards which this row was used: the remote to which it is bound, as far as ``binding`` says, and
  /// its first permission. The low bits are the outside port.
  private let remoteBits: UInt64
  var expiresAt = Instant.never
  var packetsOut: UInt32 = 0
  var packetsIn: UInt32 = 0
  var id: UInt32
  /// The outside address, as in an ``EndpointWord``; without translation, and so for IPv6, the same as the inside
  /// address.
  private let outside: UInt32
  /// The neighbours in the timer's list; see ``TimerLists``.
  var previousInList = MappingRow.none
  var nextInList = MappingRow.none
  /// The row that follows among those that share this outside endpoint; for a free row the next free one.
  var nextSharer = MappingRow.none
  /// The inside host's record, if hosts are counted.
  var host = MappingRow.none
  /// The timer's list this row is in.
  var timer: UInt16 = 0
  /// When the row was put into the timer's list, as a position within its bucket.
  var filed: UInt16 = 0
  var traits: Traits
  /// Connection tracking's memory of a TCP flow besides its state.
  var tracked: TrackedConnection.Memory = []

  init(_ key: FlowKey, external: EndpointWord, binding: EndpointDependence, id: UInt32, traits: Traits) {
    insideBits = key.inside(binding)
    remoteBits = key.remote.bits | UInt64(external.port)
    outside = external.address
    self.id = id
    self.traits = traits
  }

  struct Traits: OptionSet, Sendable {
    let rawValue: UInt16
    static let isStatic = Traits(rawValue: 1)
    /// Made while outside ports are overloaded: other rows may have the same outside endpoint.
    static let sharesPort = Traits(rawValue: 2)
    /// Nothing is translated: the row is a firewall's memory of a flow.
    static let isUntranslated = Traits(rawValue: 4)
    /// A packet has gone the other way than the first one did.
    static let isAnswered = Traits(rawValue: 8)
    /// The row that answers for its inside endpoint's outside port if ports are overloaded: its newest.
    static let isSourceEntry = Traits(rawValue: 16)
    /// A free slot.
    static let isFree = Traits(rawValue: 32)
    /// A static mapping whose inside endpoint already had an outbound row.
    static let isInboundOnly = Traits(rawValue: 64)
    /// Used towards more than its first remote: ``RowDetails/permissions`` has the others.
    static let hasSeveralRemotes = Traits(rawValue: 128)
    /// A packet from outside began the flow, by a static mapping that acts as a rule.
    static let isForwarded = Traits(rawValue: 256)
    /// The inside endpoint is IPv6, the outside one and the remotes are IPv4 (RFC 6146).
    static let crossesFamilies = Traits(rawValue: 512)
    /// A text has announced the flow, and no packet has begun it: any port of the first remote's address may.
    static let isExpected = Traits(rawValue: 1024)
  }

  /// Whether no other row has the outside endpoint, and a packet from inside made this one, of the same family.
  @inline(__always) var isSoleDynamic: Bool {
    nextSharer == Self.none && traits.isDisjoint(with: [.isStatic, .isForwarded, .crossesFamilies, .isExpected])
  }

  /// A packet left, and the row now lives until `end`.
  @inline(__always)
  mutating func noteOutbound(until end: Instant) {
    countOut()
    expiresAt = end
  }

  /// A packet came in, and the row now lives until `end`.
  @inline(__always)
  mutating func noteInbound(until end: Instant) {
    countIn()
    traits.insert(.isAnswered)
    expiresAt = end
  }

  mutating func countOut() { if packetsOut < .max { packetsOut += 1 } }
  mutating func countIn() { if packetsIn < .max { packetsIn += 1 } }

  @inline(__always) var family: AddressFamily { insideBits & FlowKey.isIPv6 == 0 ? .ipv4 : .ipv6 }
  /// The family of the outside endpoint and the remotes.
  @inline(__always) var outsideFamily: AddressFamily { traits.contains(.crossesFamilies) ? .ipv4 : family }
  @inline(__always) var transport: TransportProtocol {
    TransportProtocol(rawValue: UInt8(truncatingIfNeeded: insideBits >> FlowKey.transportShift & 3)) ?? .udp
  }
  @inline(__always) var binding: EndpointDependence {
    EndpointDependence(rawValue: UInt8(truncatingIfNeeded: insideBits >> FlowKey.bindingShift & 3))
      ?? .endpointIndependent
  }
  @inline(__always)
  func isOf(_ transport: TransportProtocol) -> Bool {
    insideBits >> FlowKey.transportShift & 3 == UInt64(transport.rawValue)
  }

  @inline(__always) var `internal`: EndpointWord {
    EndpointWord(bits: insideBits & EndpointDependence.addressAndPortDependent.mask)
  }
  @inline(__always) var external: EndpointWord { EndpointWord(outside, UInt16(truncatingIfNeeded: remoteBits)) }
  @inline(__always) var firstRemote: EndpointWord {
    EndpointWord(bits: remoteBits & EndpointDependence.addressAndPortDependent.mask)
  }
  @inline(__always) var key: FlowKey {
    FlowKey(transport, family, inside: `internal`, remote: firstRemote, crosses: traits.contains(.crossesFamilies))
  }

  @inline(__always) var outsideKey: OutsideKey { OutsideKey(transport, outsideFamily, external) }

  /// Whether the row belongs to the flow's inside endpoint and is bound, as `binding` says, to its remote.
  @inline(__always)
  func isFor(_ key: FlowKey, _ binding: EndpointDependence) -> Bool {
    (insideBits ^ key.inside(binding)) & FlowKey.insideMask | (remoteBits ^ key.remote.bits) & binding.mask == 0
  }

  /// Whether the first remote is `remote`, as far as `dependence` compares it.
  @inline(__always)
  func isTowards(_ remote: EndpointWord, _ dependence: EndpointDependence = .addressAndPortDependent) -> Bool {
    (remoteBits ^ remote.bits) & dependence.mask == 0
  }

  var connection: ConnectionState {
    @inline(__always) get { ConnectionState(bits: UInt8(truncatingIfNeeded: insideBits)) }
    @inline(__always) set { insideBits = insideBits & FlowKey.insideMask | UInt64(newValue.bits) }
  }
}

extension RowDetails {
  /// The number that a tracked flow's last acknowledgement named.
  var acknowledged: UInt32 {
    get { established }
    set { established = newValue }
  }
}

/// The parts of a row that few packets need: plain data, linked to other rows by their numbers.
struct RowDetails: Sendable {
  var createdAt: Instant
  /// The packet that made it; 0 for a static mapping.
  var createdBy: UInt32
  /// TCP connections that are established. A tracked flow is a single connection, which shows that by its state; here is
  /// what it remembers besides ``MappingRow/tracked``.
  var established: UInt32 = 0
  /// The first of the permissions beyond the first remote; if outside ports are overloaded, of all.
  var permissions = MappingRow.none
  /// The row before this one among those that share its outside endpoint.
  var previousSharer = MappingRow.none
}
