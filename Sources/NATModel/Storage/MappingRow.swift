// SPDX-License-Identifier: GPL-3.0-or-later

/// What every packet reads and writes of a row of the translation table: plain data in one cache line of 64 bytes.
///
/// What only a row's beginning, its end or a rare packet needs is in ``RowDetails``, apart from it, so that an
/// established packet waits for one line of far memory here.
struct MappingRow: Sendable {
  /// No row, no permission.
  static let none: Int32 = -1

  /// IPv4: the inside address, with the outside address above it. IPv6, which is never translated: the 128 bits of both.
  private var own: (UInt64, UInt64)
  private var remoteHigh: UInt64
  private var remoteLow: UInt64
  var expiresAt: Instant
  var packetsOut: UInt32 = 0
  var packetsIn: UInt32 = 0
  var id: UInt32
  var internalPort: UInt16
  var externalPort: UInt16
  var remotePort: UInt16
  /// The timer's list this row is in.
  var timer: UInt16 = 0
  var traits: Traits
  /// The protocol, with what the row is bound to above it.
  private var kind: UInt8
  /// The state of the TCP connection with the first remote.
  var connection = ConnectionState()

  /// - Parameter external: the outside address; without translation, and so for IPv6, the same as the inside address.
  init(
    _ transport: TransportProtocol, internal: Endpoint, external: Endpoint, remote: Endpoint,
    binding: EndpointDependence, id: UInt32, traits: Traits
  ) {
    let isIPv4 = `internal`.address.isIPv4
    own =
      isIPv4
      ? (UInt64(external.address.ipv4Bits) << 32 | UInt64(`internal`.address.ipv4Bits), 0)
      : (`internal`.address.high, `internal`.address.low)
    remoteHigh = remote.address.high
    remoteLow = remote.address.low
    expiresAt = .never
    self.id = id
    internalPort = `internal`.port
    externalPort = external.port
    remotePort = remote.port
    self.traits = isIPv4 ? traits : traits.union(.isIPv6)
    kind = transport.rawValue | binding.rawValue << 4
  }

  struct Traits: OptionSet, Sendable {
    let rawValue: UInt16
    static let isStatic = Traits(rawValue: 1)
    /// Made where outside ports are overloaded: other rows may have the same outside endpoint.
    static let sharesPort = Traits(rawValue: 2)
    /// Nothing is translated: the row is a firewall's memory of a flow.
    static let isUntranslated = Traits(rawValue: 4)
    static let sawInbound = Traits(rawValue: 8)
    /// The row that answers for its inside endpoint's outside port where ports are overloaded: its newest.
    static let isSourceEntry = Traits(rawValue: 16)
    /// A free slot.
    static let isFree = Traits(rawValue: 32)
    /// A static mapping whose inside endpoint already had an outbound row.
    static let isInboundOnly = Traits(rawValue: 64)
    static let isIPv6 = Traits(rawValue: 128)
    /// Used towards more than its first remote: ``RowDetails/permissions`` has the others.
    static let hasSeveralRemotes = Traits(rawValue: 256)
    /// Another row follows among those that share this outside endpoint: ``RowDetails/nextSharer``.
    static let hasNextSharer = Traits(rawValue: 512)
  }

  mutating func countOut() { if packetsOut < .max { packetsOut += 1 } }
  mutating func countIn() { if packetsIn < .max { packetsIn += 1 } }

  @inline(__always) var transport: TransportProtocol { TransportProtocol(rawValue: kind & 15) ?? .udp }
  @inline(__always) var binding: EndpointDependence { EndpointDependence(rawValue: kind >> 4) ?? .endpointIndependent }

  /// Whether the row is of this protocol and bound like this.
  @inline(__always)
  func isOf(_ transport: TransportProtocol, _ binding: EndpointDependence) -> Bool {
    kind == transport.rawValue | binding.rawValue << 4
  }

  @inline(__always)
  func isOf(_ transport: TransportProtocol) -> Bool { kind & 15 == transport.rawValue }

  @inline(__always) var internalAddress: IPAddress {
    traits.contains(.isIPv6)
      ? IPAddress(uncheckedHigh: own.0, low: own.1) : IPAddress(ipv4: UInt32(truncatingIfNeeded: own.0))
  }
  @inline(__always) var externalAddress: IPAddress {
    traits.contains(.isIPv6)
      ? IPAddress(uncheckedHigh: own.0, low: own.1) : IPAddress(ipv4: UInt32(truncatingIfNeeded: own.0 >> 32))
  }
  /// The address of the first remote this row was used towards: what it is bound to, as far as ``binding`` says, and its
  /// first permission.
  @inline(__always) var remoteAddress: IPAddress { IPAddress(uncheckedHigh: remoteHigh, low: remoteLow) }

  @inline(__always) var internalEndpoint: Endpoint { Endpoint(internalAddress, internalPort) }
  @inline(__always) var externalEndpoint: Endpoint { Endpoint(externalAddress, externalPort) }
  @inline(__always) var firstRemote: Endpoint { Endpoint(remoteAddress, remotePort) }

  @inline(__always)
  func hasInternal(_ endpoint: Endpoint) -> Bool {
    internalPort == endpoint.port && internalAddress == endpoint.address
  }

  @inline(__always)
  func hasExternal(_ endpoint: Endpoint) -> Bool {
    externalPort == endpoint.port && externalAddress == endpoint.address
  }
}

/// What few packets need of a row of the translation table: plain data, linked to other rows by their numbers.
struct RowDetails: Sendable {
  var createdAt: Instant
  /// The packet that made it; 0 for a static mapping.
  var createdBy: UInt32
  /// TCP connections that are established.
  var established: UInt32 = 0
  /// The first of the permissions beyond the first remote; where outside ports are overloaded, of all.
  var permissions = MappingRow.none
  /// The neighbours among the rows that share this outside endpoint; the second of a free row is the next free one.
  var previousSharer = MappingRow.none
  var nextSharer = MappingRow.none
  /// The inside host's record, where hosts are counted.
  var host = MappingRow.none
  /// The neighbours in the timer's list; see ``TimerLists``.
  var previousInList = MappingRow.none
  var nextInList = MappingRow.none
  /// When the row was put into the timer's list, as a place within its bucket.
  var filed: UInt16 = 0
  /// What connection tracking knows of a TCP flow besides its state.
  var tracked: TrackedConnection.Memory = []
}
