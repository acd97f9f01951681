// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Video calls between pairs of users, directly or through a server: the programs on their hosts, and what they measure.
///
/// Users 0 and 1 call each other, 2 and 3, and so on; each sends one stream. Directly, the first of a pair sends to
/// where it was told the other is, and the other answers to wherever that came from. Through a server, both register
/// there first, which opens their routers for it, and the server passes each one's packets on to the other.
///
/// The programs live as long as ``run(in:watchedBy:)`` does. What they leave in the network is what packets leave:
/// mappings, counters and the trace.
public struct Traffic: Sendable {
  /// One end of a call.
  public struct User: Sendable {
    /// Nil is whichever host gets the first packet.
    public var host: DeviceID?
    /// What it registers under.
    public var name: String
    public var port: UInt16
    /// Where it sends its stream; for the called one of a direct call, where the caller is heard from.
    public var remote: Endpoint?

    /// When the stream began.
    var startedAt: Instant?
    var sent = 0
    var registrations = 0
    /// Where the server hears it from.
    var outside: Endpoint?
    /// Whether it knows from the server that the other is there, and whether the server has ever said so.
    var isTold = false
    var wasAnswered = false

    public init(host: DeviceID?, name: String, port: UInt16, remote: Endpoint?) {
      self.host = host
      self.name = name
      self.port = port
      self.remote = remote
    }
  }

  /// The host that passes packets on, and the port it does so from.
  public struct Server: Sendable {
    public var host: DeviceID
    public var port: UInt16

    /// The port of relays (RFC 8656 §5).
    public static let standardPort: UInt16 = 3_478

    public init(host: DeviceID, port: UInt16 = standardPort) {
      self.host = host
      self.port = port
    }
  }

  static let registrationInterval = Interval.milliseconds(500)
  /// As often as a STUN client asks (RFC 8489 §6.2.1).
  static let mostRegistrations = 7

  var plan: StreamPlan
  var users: [User]
  let server: Server?
  /// Whether the pairs begin one after another within a packet's time, as real ones would, rather than all at once.
  let isStaggered: Bool

  var timers = TimerQueue()
  var result: TrafficResult
  /// Which user's host a device is, by the device's number; ``nobody`` is none's.
  var roles: [Int32] = []
  var usersByName: [String: Int] = [:]
  /// The packet sent last by anybody before the programs began, and the last hop looked at.
  var firstPacket = Int.max
  var lastHop = 0

  static let nobody: Int32 = -1
  static let relay: Int32 = -2

  /// - Parameter users: An even number of them.
  public init(users: [User], server: Server? = nil, plan: StreamPlan, isStaggered: Bool = false) {
    self.users = users
    self.server = server
    self.plan = plan
    self.isStaggered = isStaggered
    result = TrafficResult(plan: plan)
    if server != nil { result.server = ServerLoad() }
  }

  /// Runs until all is said and nothing is in flight any more.
  ///
  /// - Parameter monitor: Asked every thousand events; false hangs up: no stream then gets longer than the longest is,
  ///   so that the run ends as one with a shorter plan would have.
  /// - Returns: what was measured; nil where it was stopped before any stream began, and then `network` is to be put
  ///   back to what it was.
  public mutating func run(
    in network: inout Network, watchedBy monitor: ((RunProgress) -> Bool)? = nil
  ) -> TrafficResult? {
    let keptDeliveries = network.keepsDeliveries
    let opened = prepare(&network)
    var events = 0
    let firstNumber = network.nextPacketNumber
    while true {
      let nextTimer = timers.nextDue
      if network.step(until: nextTimer) {
        if let delivery = network.takeDelivery() { receive(delivery, &network) }
      } else if let timer = timers.next() {
        if isObsolete(timer) { continue }
        network.moveClock(to: nextTimer)
        wake(timer, &network)
      } else {
        break
      }
      if network.isTracing { countDrops(network) }
      events += 1
      if events & 1_023 == 0, let monitor, !result.wasStopped {
        if !monitor(network.progress(after: events, since: firstNumber)), !hangUp() { return nil }
      }
    }
    network.keepsDeliveries = keptDeliveries
    for (host, port) in opened { network.stopListening(host, .udp, port: port) }
    result.plan = plan
    result.server?.length = plan.length
    return result
  }

  /// Opens the programs' ports and sets their first timers; returns the ports that were not open before.
  private mutating func prepare(_ network: inout Network) -> [(DeviceID, UInt16)] {
    network.keepsDeliveries = true
    lastHop = network.trace.hopCount
    firstPacket = network.nextPacketNumber
    var opened: [(DeviceID, UInt16)] = []
    func occupy(_ host: DeviceID?, _ port: UInt16, as role: Int) {
      guard let host else { return }
      let index = Int(host.rawValue)
      while roles.count <= index { roles.append(Self.nobody) }
      roles[index] = Int32(truncatingIfNeeded: role)
      if network.host(host)?.portPolicy == .bound, network.listen(host, .udp, port: port) {
        opened.append((host, port))
      }
    }
    if let server { occupy(server.host, server.port, as: Int(Self.relay)) }
    let packetTime = plan.offset(after: 1).microseconds
    for user in users.indices {
      occupy(users[user].host, users[user].port, as: user)
      let wait = isStaggered ? packetTime * Int64(user & ~1) / Int64(users.count) : 0
      let start = network.clock + Interval(microseconds: wait)
      if server != nil {
        usersByName[users[user].name] = user
        timers.add(.register, of: user, at: start)
      } else if user & 1 == 0 {
        timers.add(.talk, of: user, at: start)
      }
    }
    return opened
  }

  /// Ends the streams where the longest has got to; false where none has begun.
  private mutating func hangUp() -> Bool {
    let longest = users.reduce(0) { max($0, $1.sent) }
    guard longest > 0 else { return false }
    plan = plan.shortened(to: longest)
    result.wasStopped = true
    return true
  }

  /// Looks at the hops since it last did for packets of the programs that were dropped.
  private mutating func countDrops(_ network: Network) {
    while lastHop < network.trace.hopCount {
      lastHop += 1
      guard let hop = network.trace.hop(lastHop), hop.verdict == .dropped, hop.packet >= firstPacket,
        hop.transport == .udp, let reason = hop.reason
      else { continue }
      result.count(.dropped(reason), at: hop.node)
    }
  }
}
