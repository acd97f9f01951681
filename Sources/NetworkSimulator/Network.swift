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

  var devices = SegmentedArray<Device>()
  var hosts = SegmentedArray<Host>()
  var routers = SegmentedArray<Router>()
  /// Devices by their names in lower case.
  var names: [String: DeviceID] = [:]
  var publicAddresses: [IPAddress: DeviceID] = [:]
  var publicRoutes = RouteTable()
  var queue = EventQueue()
  /// Whether a link has, or had, a longest packet: only then can there be pieces of packets.
  var hasSizeLimits = false
  var reassemblies = Reassemblies()
  /// The routers that hold requests to be answered later, in the order of their first.
  var holdingRouters: [Int] = []
  /// What was asked and has not been answered, in the order it was asked.
  var unanswered: [Unanswered] = []
  /// The last packet delivered that can be replied to.
  var lastDelivered: (packet: Packet, number: Int, host: DeviceID)?
  /// Whether packets that reach a host's open UDP port are kept for ``takeDeliveries()``, for programs that answer them.
  public var keepsDeliveries = false
  var deliveries: [Delivery] = []
  /// The number of the next packet, whether it is recorded or not.
  var packetNumber = 0

  /// The address the internet answers from.
  public static let internetAddress = IPAddress(ipv4: 0xC633_6401)  // 198.51.100.1
  package static let internetAddressIPv6 = IPAddress(uncheckedHigh: 0x2001_0DB8_FFFF_0000, low: 1)

  /// An empty network: the internet and nothing else.
  public init(seed: UInt64 = 1) {
    self.seed = seed
    let link = Link(delay: .zero, generator: SeededGenerator(seed: seed, name: "internet", purpose: "link"))
    devices.append(Device(id: .internet, name: "internet", role: .internet, parent: .internet, link: link))
    names["internet"] = .internet
  }

  // MARK: Looking

  /// The device called `name`, compared without case.
  public func device(named name: String) -> Device? { names[name.lowercased()].map { devices[$0.index] } }

  public func device(_ id: DeviceID) -> Device { devices[id.index] }

  /// All devices that there are but the internet, in the order they were made.
  public var allDevices: [Device] { devices.dropFirst().filter { !$0.isRemoved } }

  /// The host's part of device `id`; nil when it is no host.
  public func host(_ id: DeviceID) -> Host? {
    guard case .host(let slot) = devices[id.index].role else { return nil }
    return hosts[slot]
  }

  /// The router's part of device `id`; nil when it is no router.
  public func router(_ id: DeviceID) -> Router? {
    guard case .router(let slot) = devices[id.index].role else { return nil }
    return routers[slot]
  }

  /// The addresses that a device is known by: a host's own, a router's outside ones, the internet's.
  public func addresses(of id: DeviceID) -> [IPAddress] {
    switch devices[id.index].role {
    case .internet: [Self.internetAddress]
    case .host(let slot): hosts[slot].addresses
    case .router(let slot): routers[slot].addresses
    }
  }

  /// The devices with `address`, in the order they were made; several, when private networks repeat each other.
  public func devices(withAddress address: IPAddress) -> [DeviceID] {
    allDevices.map(\.id).filter { addresses(of: $0).contains(address) }
  }

  /// The devices behind router `id`, in the order they were made.
  public func devices(behind id: DeviceID) -> [DeviceID] {
    allDevices.filter { $0.parent == id }.map(\.id)
  }

  /// How much there is to keep, in rows: devices, mappings and packets on their way.
  public var weight: Int {
    routers.reduce(devices.count + queue.count) { $0 + $1.nat.count }
  }

  /// Packets on their way, and those that a router holds to answer later.
  public var inFlight: Int {
    holdingRouters.isEmpty ? queue.count : holdingRouters.reduce(queue.count) { $0 + routers[$1].nat.heldCount }
  }

  /// No device handles a packet before this; nil when nothing is in flight. A packet between two neighbours may be
  /// due at their switch only, so what is due by a given time is asked of ``step(until:)``.
  public var nextEvent: Instant? {
    guard let answer = nextHeldAnswer?.due else { return queue.nextDue }
    return min(queue.nextDue ?? .never, answer)
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
    queue.pending.map {
      PacketInFlight(packet: $0.packet, number: $0.number, from: $0.from, to: $0.to, due: $0.due)
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
      guard let flight = queue.next(until: limit) else { return false }
      clock = max(clock, flight.due)
      if flight.isAtSwitch {
        // The switch is no device, unless the second link loses the packet.
        if crossSecondLink(flight) { continue }
      } else {
        arrive(flight)
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
    for slot in routers.indices {
      let id = routers[slot].id
      guard !devices[id.index].isRemoved else { continue }
      if routers[slot].nat.nextExpiry <= clock { routers[slot].nat.expire(at: clock) }
      let total = routers[slot].nat.expiredTotal
      guard total > routers[slot].reportedExpired else { continue }
      let news = routers[slot].nat.expiredMappings(since: routers[slot].reportedExpired)
      routers[slot].reportedExpired = total
      found += news.map { (id, $0) }
    }
    return found.sorted {
      ($0.mapping.expiresAt ?? .never, $0.router, $0.mapping.id) < (
        $1.mapping.expiresAt ?? .never, $1.router, $1.mapping.id
      )
    }
  }

  /// A datagram that a host received.
  public struct Delivery: Sendable {
    public var host: DeviceID
    public var packet: Packet
    public var number: Int
    public var time: Instant
  }

  /// The datagrams that arrived since this was last asked, in order, where ``keepsDeliveries`` is on.
  public mutating func takeDeliveries() -> [Delivery] {
    guard !deliveries.isEmpty else { return [] }
    defer { deliveries.removeAll(keepingCapacity: true) }
    return deliveries
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
