// SPDX-License-Identifier: GPL-3.0-or-later

/// A network address translator and the stateful firewall that comes with it (RFC 2663, RFC 4787).
///
/// A value: time is an argument, randomness is a generator passed in, and a copy is a snapshot that shares everything
/// that neither side has changed. Behaviour is a set of independent axes, ``NATBehavior``. IPv6, and IPv4 with
/// ``NATBehavior/translates`` off, pass untranslated through the same table, whose rows then are the firewall's memory
/// of flows; with ``NATBehavior/nat64``, IPv6 hosts have rows with IPv4 outside endpoints there.
///
/// A packet costs constant time at any table size, and so does a mapping's end.
public struct NAT: Sendable {
  /// The axes in force.
  public internal(set) var behavior: NATBehavior
  /// The outside IPv4 addresses, the first being the one that stands for the router.
  public internal(set) var externalAddresses: [IPAddress]

  var rows = RowTable()
  /// The number of mappings, static ones included.
  public internal(set) var count = 0
  var staticCount = 0
  var untranslatedCount = 0
  /// Dynamic rows by kind of binding.
  var boundCounts = BindingCounts()
  /// Whether every IPv4 packet is translated and every row is bound as new rows are: a look-up then succeeds at once or
  /// not at all.
  var isPlain = false
  var lastID: UInt32 = 0

  /// Rows by inside endpoint and binding. ``portSpaces`` has them by outside endpoint.
  var outbound = HashIndex()
  var permissions = PermissionStore()
  var addresses = AddressBook()
  var timers: TimerLists
  var expired = EndedMappings()
  /// The mappings that ended other than by timing out.
  var removed = EndedMappings()
  var hosts = InsideHosts()
  /// The rows made last, on a router whose new flows race, and the flows that have lost such a race.
  var fresh = FreshRows()
  public internal(set) var insertFailures = 0
  /// Inside hosts that have come near the end of their ports, and have not been told of.
  var crowded: [IPAddress] = []
  var externalIndex = HashIndex()
  /// The bounds of the outside addresses; most destinations are outside them.
  var lowestExternal = UInt32.max
  var highestExternal: UInt32 = 0
  /// Whether they are consecutive and in order, like a single one and most pools: then no search is needed.
  var externalsAreConsecutive = false
  /// One per protocol and outside address.
  var portSpaces: [PortSpace] = []
  var restingPorts = RestingPorts()
  var leases = PortLeases()
  /// Outside addresses that are one inside host's each.
  public internal(set) var pairs: [AddressPair] = []
  /// The inside host that gets whatever comes from outside and is nobody's.
  public internal(set) var defaultHost: IPAddress?
  var held = HeldRequests()
  /// Connections that timed out, and whose ends are still to be told.
  var idle: [IdleConnection] = []
  var ownFlows = OwnFlows()
  /// Rows of flows that began outside.
  var forwardedCount = 0
  var sources = SourceChains()
  var fragments = FragmentTracker()
  var gateway = GatewayMemory()
  /// Rows of flows that a text has announced.
  var expectedCount = 0
  /// Whether text is read or, since it once was, sequence numbers differ on the two sides: every packet needs this, so it
  /// must be quick.
  public private(set) var readsText = false
  /// The outside address that the next mapping or the next new host gets.
  var nextExternal = 0

  /// Creates a NAT with an empty table.
  ///
  /// - Parameters:
  ///   - behavior: its axes.
  ///   - externalAddresses: its outside IPv4 addresses; without any it can pass only untranslated packets.
  public init(behavior: NATBehavior = NATBehavior(), externalAddresses: [IPAddress]) {
    self.behavior = behavior
    self.externalAddresses = Self.distinct(externalAddresses)
    timers = TimerLists(behavior.lifetimes)
    indexExternalAddresses()
    noteRows()
    noteGateways()
  }

  mutating func noteGateways() { readsText = !behavior.gateways.isEmpty || !gateway.connections.isEmpty }

  /// Takes a packet from one side to the other, rewriting it in place.
  ///
  /// - Parameters:
  ///   - packet: the packet as it arrived; rewritten if it is forwarded, unchanged if it is dropped.
  ///   - side: the side it came from.
  ///   - now: the time, which never goes back.
  ///   - number: the packet's number, remembered by a mapping that it makes.
  ///   - generator: the source of random ports.
  public mutating func translate(
    _ packet: inout Packet, from side: Side, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) -> Translation {
    if now >= timers.earliest || now >= restingPorts.earliest || now >= leases.earliest { expire(at: now) }
    let established =
      side == .inside ? passEstablishedOutbound(&packet, at: now) : passEstablishedInbound(&packet, at: now)
    return established ?? translateAny(&packet, from: side, at: now, number: number, using: &generator)
  }

  @inline(never)
  private mutating func translateAny(
    _ packet: inout Packet, from side: Side, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) -> Translation {
    if behavior.translatesIPv6 {
      return translateWithIPv6(&packet, from: side, at: now, number: number, using: &generator)
    }
    return translateChecked(&packet, from: side, at: now, number: number, using: &generator)
  }

  /// Takes a packet through that stays in its family.
  @inline(__always)
  mutating func translateChecked(
    _ packet: inout Packet, from side: Side, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) -> Translation {
    guard packet.hasForwardableAddresses, !isExternal(packet.source.address) else { return .drop(.invalid, .none) }
    return translateValid(&packet, from: side, at: now, number: number, using: &generator)
  }

  /// Takes a packet through whose addresses have been checked.
  @inline(__always)
  mutating func translateValid(
    _ packet: inout Packet, from side: Side, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) -> Translation {
    if packet.hasTransportFault, behavior.translates || behavior.firewall {
      // A table has no place for it.
      return side == .inside ? untracked(packet) : .drop(.invalid, .none)
    }
    if !pairs.isEmpty, let translation = translatePaired(&packet, from: side, at: now, number: number) {
      return translation
    }
    if packet.icmp.isError {
      return side == .inside ? translateOutboundError(&packet) : translateInboundError(&packet)
    }
    return side == .inside
      ? translateOutbound(&packet, at: now, number: number, using: &generator)
      : translateInbound(&packet, at: now, number: number)
  }

  /// Ends mappings whose time has come by `now`, at most so many, the earliest first; says whether that was all.
  public mutating func expire(at now: Instant, atMost limit: Int) -> Bool {
    for _ in 0..<limit {
      guard now >= timers.earliest, let due = timers.firstDue(by: now, in: &rows) else {
        endRests(at: now)
        return true
      }
      removeRow(due, at: rows[due].expiresAt, .timedOut)
    }
    return false
  }

  /// Ends every mapping whose time has come by `now`.
  public mutating func expire(at now: Instant) {
    _ = expire(at: now, atMost: .max)
  }

  /// Ends leases and ports' rests whose time has come by `now`.
  private mutating func endRests(at now: Instant) {
    if now >= leases.earliest { expireLeases(at: now) }
    while let rested = restingPorts.next(at: now) {
      // A static mapping may have taken it in the meantime.
      let kinds = TransportProtocol.allCases
      let external = Endpoint(externalAddresses[rested.space / kinds.count], rested.port)
      let isInUse = inboundRow(kinds[rested.space % kinds.count], external) != nil
      if !isInUse { portSpaces[rested.space].free(rested.port) }
    }
  }

  /// How many mappings have timed out since the NAT was made.
  public var expiredTotal: Int { expired.total }

  /// The mappings that timed out after the first `count`, in order; the last 4,096 are kept.
  public func expiredMappings(since count: Int) -> [Mapping] { expired.since(count) }

  /// Of the mappings that timed out and of those that ended otherwise the last `limit` each, in order.
  public func endedMappings(atMost limit: Int) -> [Mapping] {
    expired.since(expired.total - limit) + removed.since(removed.total - limit)
  }

  /// The mapping that had the outside endpoint `external` last, and has ended.
  public func endedMapping(_ transport: TransportProtocol, external: Endpoint) -> Mapping? {
    expired.find(transport, external) ?? removed.find(transport, external)
  }

  /// The pairs of endpoints that are the router's own at `now`, in the order they began (``RejectionStyle/asHost``).
  public func heldFlows(at now: Instant) -> [OwnFlow] { ownFlows.all(at: now) }

  /// All mappings in the order they were made. This takes time in proportion to the table.
  public var mappings: [Mapping] {
    rows.indices.filter { !rows[$0].traits.contains(.isFree) }.map { mapping(row: $0) }.sorted { $0.id < $1.id }
  }

  /// The `limit` mappings that were made last, in the order they were made. This takes a look at each row, and no more
  /// for those that are not among them.
  public func newestMappings(_ limit: Int) -> [Mapping] {
    guard count > limit else { return mappings }
    let ids = rows.indices.compactMap {
      rows[$0].traits.contains(.isFree) ? nil : UInt64(rows[$0].id) << 32 | UInt64($0)
    }
    return ids.sorted().suffix(limit).map { mapping(row: Int(UInt32(truncatingIfNeeded: $0))) }
  }

  /// The mapping numbered `id`, if it is still there. This takes time in proportion to the table.
  public func mapping(id: Int) -> Mapping? {
    rows.indices.first { !rows[$0].traits.contains(.isFree) && rows[$0].id == UInt32(truncatingIfNeeded: id) }
      .map { mapping(row: $0) }
  }

  /// The mapping with the outside endpoint `external`; if several share it, the one used towards `remote`.
  public func mapping(_ transport: TransportProtocol, external: Endpoint, towards remote: Endpoint) -> Mapping? {
    var nat = self
    let known = Endpoint(behavior.prefixTranslation?.inward(external.address) ?? external.address, external.port)
    return nat.inboundRow(transport, known, from: nat.word(remote, transport)).map { mapping(row: $0) }
  }

  /// No mapping times out before this, though the next one may do so a little later; ``Instant/never`` if none will.
  public var nextExpiry: Instant { min(timers.earliest, leases.earliest) }

  /// A remote endpoint as rows and filters know it: ICMP has no remote port.
  @inline(__always)
  mutating func word(_ remote: Endpoint, _ transport: TransportProtocol) -> EndpointWord {
    addresses.word(Self.remote(remote, transport))
  }

  @inline(__always)
  static func remote(_ endpoint: Endpoint, _ transport: TransportProtocol) -> Endpoint {
    transport == .icmp ? Endpoint(endpoint.address, 0) : endpoint
  }

  /// Whether `address` is one of the outside addresses.
  @inline(__always)
  func isExternal(_ address: IPAddress) -> Bool { externalPosition(of: address) != nil }

  /// The addresses without repetitions: each has ports of its own.
  static func distinct(_ addresses: [IPAddress]) -> [IPAddress] {
    var seen: Set<IPAddress> = []
    return addresses.filter { seen.insert($0).inserted }
  }

  mutating func indexExternalAddresses() {
    externalIndex = HashIndex()
    lowestExternal = externalAddresses.map(\.ipv4Bits).min() ?? .max
    highestExternal = externalAddresses.map(\.ipv4Bits).max() ?? 0
    externalsAreConsecutive =
      !externalAddresses.isEmpty
      && externalAddresses.enumerated().allSatisfy {
        $0.element.isIPv4 && $0.element.ipv4Bits == lowestExternal &+ UInt32(truncatingIfNeeded: $0.offset)
      }
    for (position, address) in externalAddresses.enumerated() {
      externalIndex.insert(KeyHash.value(of: address), row: position)
    }
    let spaces = externalAddresses.count * TransportProtocol.allCases.count
    while portSpaces.count < spaces { portSpaces.append(PortSpace()) }
  }
}
