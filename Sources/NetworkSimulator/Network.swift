// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Hosts, routers and the internet, the packets between them, the clock and the trace: the whole simulated world.
///
/// A value: a copy is a snapshot that shares everything that neither side has changed. Nothing happens by itself;
/// ``step()`` lets the next device handle the next packet. The same seed and the same calls give the same bytes.
public struct Network: Sendable {
  /// The seed of all random choices.
  public let seed: UInt64
  public internal(set) var clock = Instant.zero
  public internal(set) var trace = Trace()
  /// Whether hops and packets are recorded. Traffic by the million goes unrecorded.
  public var isTracing = true

  /// All devices by their numbers, in two parts: for packets, and for people.
  var nodes = PagedArray<Node>()
  var details = PagedArray<DeviceDetails>()
  var hosts = PagedArray<Host>()
  var routers = PagedArray<Router>()
  /// Devices by their names in lower case.
  var names = SharedDictionary<String, DeviceID>()
  var publicAddresses = SharedDictionary<IPAddress, DeviceID>()
  /// The networks that are reached as they are, and the routers that have them.
  var networksInside = RouteTable()
  /// Where the search for a free documentation address begins: none before it is free.
  var firstFreePublic: [UInt64] = Network.documentationPrefixes.map { _ in 1 }
  /// How many inside networks there are in each 192.168.N.0/24.
  var insideNetworks = [Int](repeating: 0, count: 256)
  var queue = EventQueue<Flight>()
  /// Whether a link has, or had, an MTU: only then can there be fragments.
  package internal(set) var hasSizeLimits = false
  var reassemblies = Reassemblies()
  /// The routers that hold requests to be answered later, ordered by their first.
  var holdingRouters: [Int] = []
  /// Routes that devices were given; most networks have none.
  var staticRoutes: [DeviceID: [StaticRoute]] = [:]
  /// Second gateways, each with the router whose inside network it shares.
  var sharedWith: [DeviceID: DeviceID] = [:]
  /// Whether a router clamps, or clamped, the maximum segment size.
  var hasClamping = false
  /// Whether a router has, or had, rules that drop packets.
  var hasFilters = false
  /// The routers that reset idle connections.
  var resettingRouters: [Int] = []
  /// The routers that give each inside host ports of its own.
  var blockRouters: [Int] = []
  /// The hosts that wait for an acknowledgement of what they would send again.
  var retransmittingHosts: [DeviceID] = []
  var unanswered = UnansweredQuestions()
  /// The times at which routers are to be asked for timed-out mappings.
  var alarms = RouterAlarms()
  /// The payloads of flights.
  var payloads = PayloadStore()
  /// The last packet delivered that can be replied to.
  var lastArrival: Arrival?
  var programStore = ProgramStore()
  /// The copies of the network that are kept under names.
  public internal(set) var worlds = Worlds()
  /// A program that any host begins when a packet that it answers comes to a port without an owner; nil for none.
  public var standby: (any HostProgram)?
  /// The last delivery to a port that is the driver's, until it is taken.
  var driverDelivery: Delivery?
  /// The packets for hosts whose stack is outside, until they are taken.
  var outsideArrivals: [OutsideArrival] = []
  /// Packets that links have taken towards the internet.
  public internal(set) var packetsTakenUp = 0
  /// What routers make of what hosts ask them; nil lets none answer.
  public var routerProgram: (any RouterProgram)?
  /// The number of the next packet, whether it is recorded or not.
  var packetNumber = 0

  /// The address the internet answers from.
  public static let internetAddress = IPAddress(ipv4: 0xC633_6401)  // 198.51.100.1
  package static let internetAddressIPv6 = IPAddress(uncheckedHigh: 0x2001_0DB8_FFFF_0000, low: 1)

  /// An empty network: only the internet.
  public init(seed: UInt64 = 1) {
    self.seed = seed
    add(Node(role: .internet, parent: .internet, delay: .zero), named: "internet")
    names["internet"] = .internet
  }

  // MARK: Looking

  /// The device called `name`, compared without case.
  public func device(named name: String) -> Device? { names[name.lowercased()].map { device($0) } }

  public func device(_ id: DeviceID) -> Device {
    Device(id: id, node: nodes[id.index], details: details[id.index])
  }

  /// All devices except the internet, in the order they were made.
  public var allDevices: [Device] {
    nodes.indices.dropFirst().filter { !nodes[$0].isRemoved }.map { device(DeviceID($0)) }
  }

  /// The host's part of device `id`; nil if it is not a host.
  public func host(_ id: DeviceID) -> Host? {
    guard case .host(let slot) = nodes[id.index].role else { return nil }
    return hosts[slot]
  }

  /// The router's part of device `id`; nil if it is not a router.
  public func router(_ id: DeviceID) -> Router? {
    guard case .router(let slot) = nodes[id.index].role else { return nil }
    return routers[slot]
  }

  /// The addresses by which a device is known: a host's own, a router's outside ones, the internet's.
  public func addresses(of id: DeviceID) -> [IPAddress] {
    switch nodes[id.index].role {
    case .internet: [Self.internetAddress]
    case .host(let slot): hosts[slot].addresses
    case .router(let slot): routers[slot].addresses
    }
  }

  /// The devices with `address`, in the order they were made; there are several if private networks repeat each other.
  public func devices(withAddress address: IPAddress) -> [DeviceID] {
    var owners = [publicAddresses[address]]
    for slot in routers.indices where routers[slot].neighbors.count > 0 {
      owners.append(routers[slot].neighbors[address])
    }
    // A router also answers for outside addresses besides its own.
    return owners.compactMap(\.self).filter { id in
      addresses(of: id).contains(address) || host(id)?.alternateAddresses.contains(address) == true
    }.sorted()
  }

  /// The devices behind router `id`, in the order they were made.
  public func devices(behind id: DeviceID) -> [DeviceID] {
    guard details[id.index].childCount > 0 else { return [] }
    return nodes.indices.dropFirst().filter { nodes[$0].parent == id && !nodes[$0].isRemoved }
      .map { DeviceID($0) }
  }

  /// The amount of data to keep, in rows: devices, mappings and packets on their way. This takes time in proportion to
  /// the routers.
  public var weight: Int {
    routers.reduce(nodes.count + queue.count + programStore.entries.count) { $0 + $1.nat.count }
  }

  /// Hosts and routers that there are.
  package var deviceCount: Int { nodes.indices.dropFirst().count { !nodes[$0].isRemoved } }

  /// What it takes of the memory, about: the trace, and what there is to keep.
  package var approximateBytes: Int {
    min(trace.hopCount, Trace.hopCapacity) * 128 + min(trace.packetCount, Trace.packetCapacity) * 256 + weight * 400
  }

  /// Packets on their way, and those that a router holds to answer later.
  public var inFlight: Int {
    holdingRouters.isEmpty ? queue.count : holdingRouters.reduce(queue.count) { $0 + routers[$1].nat.heldCount }
  }

  /// A packet on a link, for drawing.
  public struct PacketInFlight: Sendable {
    public var packet: Packet
    public var number: Int
    public var from: DeviceID
    public var to: DeviceID
    public var due: Instant
  }

  /// The packets on their way, the next to arrive first.
  public var packetsInFlight: [PacketInFlight] {
    queue.pending.map { queued in
      PacketInFlight(
        packet: queued.item.packet(in: payloads), number: queued.item.number, from: queued.item.from,
        to: queued.item.to, due: queued.due)
    }
  }

  // MARK: Time

  /// Lets the next device handle the next packet, or wakes the next program whose timer makes it send or tell
  /// something; the clock moves to that moment. Packets come before timers that are due at the same time.
  ///
  /// - Parameter limit: later events are left alone. Without a limit, programs' standing timers run out only while
  ///   something else is to happen (``isBusy``).
  /// - Returns: whether there was one.
  @discardableResult
  public mutating func step(until limit: Instant = .never) -> Bool {
    while true {
      let nextTimer = programStore.nextDue
      let bound = min(limit, nextTimer)
      if !holdingRouters.isEmpty, answerHeldRequest(until: bound) { return true }
      if !resettingRouters.isEmpty, limit < .never || isBusy, resetIdleConnection(until: bound) { return true }
      if !retransmittingHosts.isEmpty, retransmit(until: bound) { return true }
      if let queued = queue.next(until: bound) {
        defer { payloads.release(queued.item.contents) }
        clock = max(clock, queued.due)
        if queued.item.leg.isAtSwitch {
          // The switch is not a device, unless the second link loses the packet.
          if crossSecondLink(queued.item) { continue }
        } else {
          arrive(queued.item)
        }
        return true
      }
      guard nextTimer <= limit, nextTimer < .never, limit < .never || isBusy else { return false }
      if wakeNext() { return true }
    }
  }

  /// Moves the clock on to `target`; every event due by then must have been handled (see ``step(until:)``).
  public mutating func moveClock(to target: Instant) {
    clock = max(clock, target)
  }

  /// The mappings of all routers that have timed out since the last call, in order.
  public mutating func takeExpired() -> [(router: DeviceID, mapping: Mapping)] { takeExpired { _ in true } ?? [] }

  /// The mappings of all routers that have timed out since the last call, in order.
  ///
  /// - Parameter goesOn: asked now and then, with the number found so far; false stops it.
  /// - Returns: nil if it was stopped; the network must then be put back to what it was.
  public mutating func takeExpired(
    while goesOn: (_ ended: Int) -> Bool
  ) -> [(router: DeviceID, mapping: Mapping)]? {
    let piece = 1_024
    var ended = 0
    var found: [(router: DeviceID, mapping: Mapping)] = []
    var asked: [Int] = []
    while let (slot, due) = alarms.next(until: clock) {
      // An earlier one, set later, may have come instead of it.
      guard routers[slot].alarm <= due else { continue }
      routers[slot].alarm = .never
      let id = routers[slot].id
      guard !nodes[id.index].isRemoved else { continue }
      while routers[slot].nat.nextExpiry <= clock, !routers[slot].nat.expire(at: clock, atMost: piece) {
        ended += piece
        guard goesOn(ended) else { return nil }
      }
      asked.append(slot)
      let total = routers[slot].nat.expiredTotal
      guard total > routers[slot].reportedExpired else { continue }
      let news = routers[slot].nat.expiredMappings(since: routers[slot].reportedExpired)
      routers[slot].reportedExpired = total
      found += news.map { (id, $0) }
    }
    for slot in asked { setAlarm(slot) }
    return found.sorted {
      ($0.mapping.expiresAt ?? .never, $0.router, $0.mapping.id) < (
        $1.mapping.expiresAt ?? .never, $1.router, $1.mapping.id
      )
    }
  }

  /// The inside hosts that have come near the end of their ports since the last call, with their routers.
  public mutating func takeCrowded() -> [(router: DeviceID, block: PortBlock)] {
    blockRouters.flatMap { slot in
      let id = routers[slot].id
      return routers[slot].nat.takeCrowded().map { (id, $0) }
    }
  }

  /// The questions that, now that nothing is in flight, will no longer be answered. Each is reported once.
  public mutating func takeUnanswered() -> [Unanswered] {
    guard inFlight == 0, retransmittingHosts.isEmpty else { return [] }
    return unanswered.takeAll()
  }
}
