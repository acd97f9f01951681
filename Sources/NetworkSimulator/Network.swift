// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Hosts, routers and the internet, the packets between them, the clock and the trace: the whole simulated world.
///
/// A value: a copy is a snapshot that shares what neither side has changed. Nothing happens by itself; ``step()`` lets
/// the next device handle the next packet. The same seed and the same calls give the same bytes.
public struct Network: Sendable {
  /// The seed of everything random.
  public let seed: UInt64
  public internal(set) var clock = Instant.zero
  public internal(set) var trace = Trace()
  /// Whether hops and packets are recorded. Traffic by the million goes unrecorded.
  public var isTracing = true

  /// All devices by their numbers: what packets need of them, and what people do.
  var nodes = PagedArray<Node>()
  var details = PagedArray<DeviceDetails>()
  var hosts = PagedArray<Host>()
  var routers = PagedArray<Router>()
  /// Devices by their names in lower case.
  var names = SharedDictionary<String, DeviceID>()
  var publicAddresses = SharedDictionary<IPAddress, DeviceID>()
  var publicRoutes = RouteTable()
  /// Where the search for a free documentation address begins: none before it is free.
  var firstFreePublic: [UInt64] = Network.documentationPrefixes.map { _ in 1 }
  /// How many inside networks there are in each 192.168.N.0/24.
  var insideNetworks = [Int](repeating: 0, count: 256)
  var queue = EventQueue<Flight>()
  /// Whether a link has, or had, a longest packet: only then can there be pieces of packets.
  var hasSizeLimits = false
  var reassemblies = Reassemblies()
  /// The routers that hold requests to be answered later, in the order of their first.
  var holdingRouters: [Int] = []
  /// What was asked and has not been answered, in the order it was asked.
  var unanswered: [Unanswered] = []
  /// When routers are to be asked which of their mappings have timed out.
  var alarms = RouterAlarms()
  /// What flights carry.
  var payloads = PayloadStore()
  /// The last packet delivered that can be replied to.
  var lastArrival: Arrival?
  /// Whether a datagram that reaches a host's open port is kept for ``takeDelivery()``, for programs that answer it.
  public var keepsDeliveries = false {
    didSet { hasNewDelivery = false }
  }
  /// Whether ``lastArrival`` is such a datagram, and nobody has taken it yet.
  var hasNewDelivery = false
  /// Packets that links have taken towards the internet.
  public internal(set) var packetsTakenUp = 0
  /// The number of the next packet, whether it is recorded or not.
  var packetNumber = 0

  /// The address the internet answers from.
  public static let internetAddress = IPAddress(ipv4: 0xC633_6401)  // 198.51.100.1
  package static let internetAddressIPv6 = IPAddress(uncheckedHigh: 0x2001_0DB8_FFFF_0000, low: 1)

  /// An empty network: the internet and nothing else.
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

  /// All devices that there are but the internet, in the order they were made.
  public var allDevices: [Device] {
    nodes.indices.dropFirst().filter { !nodes[$0].isRemoved }.map { device(DeviceID($0)) }
  }

  /// The host's part of device `id`; nil when it is no host.
  public func host(_ id: DeviceID) -> Host? {
    guard case .host(let slot) = nodes[id.index].role else { return nil }
    return hosts[slot]
  }

  /// The router's part of device `id`; nil when it is no router.
  public func router(_ id: DeviceID) -> Router? {
    guard case .router(let slot) = nodes[id.index].role else { return nil }
    return routers[slot]
  }

  /// The addresses that a device is known by: a host's own, a router's outside ones, the internet's.
  public func addresses(of id: DeviceID) -> [IPAddress] {
    switch nodes[id.index].role {
    case .internet: [Self.internetAddress]
    case .host(let slot): hosts[slot].addresses
    case .router(let slot): routers[slot].addresses
    }
  }

  /// The devices with `address`, in the order they were made; several, when private networks repeat each other.
  public func devices(withAddress address: IPAddress) -> [DeviceID] {
    var owners = [publicAddresses[address]]
    for slot in routers.indices where routers[slot].neighbors.count > 0 {
      owners.append(routers[slot].neighbors[address])
    }
    // A router answers for more outside addresses than are its own.
    return owners.compactMap(\.self).filter { addresses(of: $0).contains(address) }.sorted()
  }

  /// The devices behind router `id`, in the order they were made.
  public func devices(behind id: DeviceID) -> [DeviceID] {
    guard details[id.index].childCount > 0 else { return [] }
    return nodes.indices.dropFirst().filter { nodes[$0].parent == id && !nodes[$0].isRemoved }
      .map { DeviceID($0) }
  }

  /// How much there is to keep, in rows: devices, mappings and packets on their way. It costs the number of routers.
  public var weight: Int {
    routers.reduce(nodes.count + queue.count) { $0 + $1.nat.count }
  }

  /// Packets on their way, and those that a router holds to answer later.
  public var inFlight: Int {
    holdingRouters.isEmpty ? queue.count : holdingRouters.reduce(queue.count) { $0 + routers[$1].nat.heldCount }
  }

  /// No device handles a packet before this; nil when nothing is in flight. A packet between two neighbours may be
  /// due at their switch only, so what is due by a given time is asked of ``step(until:)``.
  public var nextEvent: Instant? {
    let due = min(queue.nextDue, nextHeldAnswer?.due ?? .never)
    return due < .never ? due : nil
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

  /// Lets the next device handle the next packet; the clock moves to that moment.
  ///
  /// - Parameter limit: what is due later is left alone.
  /// - Returns: whether there was one.
  @discardableResult
  public mutating func step(until limit: Instant = .never) -> Bool {
    while true {
      if !holdingRouters.isEmpty, answerHeldRequest(until: limit) { return true }
      guard let queued = queue.next(until: limit) else { return false }
      defer { payloads.release(queued.item.contents) }
      clock = max(clock, queued.due)
      if queued.item.leg.isAtSwitch {
        // The switch is no device, unless the second link loses the packet.
        if crossSecondLink(queued.item) { continue }
      } else {
        arrive(queued.item)
      }
      return true
    }
  }

  /// Moves the clock on to `target`; every event due by then must have been handled (see ``step(until:)``).
  public mutating func moveClock(to target: Instant) {
    clock = max(clock, target)
  }

  /// The mappings of all routers that have timed out since this was last asked, in the order they did.
  public mutating func takeExpired() -> [(router: DeviceID, mapping: Mapping)] {
    var found: [(router: DeviceID, mapping: Mapping)] = []
    var asked: [Int] = []
    while let (slot, due) = alarms.next(until: clock) {
      // An earlier one, set later, may have come instead of it.
      guard routers[slot].alarm <= due else { continue }
      routers[slot].alarm = .never
      let id = routers[slot].id
      guard !nodes[id.index].isRemoved else { continue }
      if routers[slot].nat.nextExpiry <= clock { routers[slot].nat.expire(at: clock) }
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

  /// When a flight reached the host that it was for.
  struct Arrival: Sendable {
    let flight: Flight
    let time: Instant
  }

  /// The last packet delivered that can be replied to.
  var lastDelivered: Delivery? {
    lastArrival.map { arrival in
      let headers = arrival.flight.headers
      return Delivery(
        host: arrival.flight.to, number: arrival.flight.number, time: arrival.time, transport: headers.transport,
        source: headers.source, destination: headers.destination, payload: payloads[arrival.flight.contents])
    }
  }

  /// A packet that a host received.
  public struct Delivery: Sendable {
    public var host: DeviceID
    public var number: Int
    public var time: Instant
    public var transport: TransportProtocol
    public var source: Endpoint
    public var destination: Endpoint
    public var payload: Payload
  }

  /// Something asked that nothing has answered.
  public struct Unanswered: Hashable, Sendable {
    public enum Question: Hashable, Sendable {
      case connect
      case ping
    }
    public var host: DeviceID
    public var question: Question
    public var packet: Int
    /// The ends of the conversation as the host knows them; an echo's ports are its identifier.
    var local: Endpoint
    var remote: Endpoint
  }

  /// What was asked and, now that nothing is in flight, will not be answered any more. Each is told once.
  public mutating func takeUnanswered() -> [Unanswered] {
    guard inFlight == 0 else { return [] }
    defer { unanswered = [] }
    return unanswered
  }
}
