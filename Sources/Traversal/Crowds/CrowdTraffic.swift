// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// The video calls of a crowd: pairs' packets by the million, so they do not run as programs but in a loop around the
/// network, which drives every user's port itself.
///
/// Users 0 and 1 call each other, 2 and 3, and so on; each sends one stream, as two programs of a ``Call`` would.
struct CrowdTraffic: Sendable {
  /// One end of a call.
  struct User: Sendable {
    var host: DeviceID
    /// The name in its introduction.
    var name: String
    /// The destination of its stream.
    var remote: Endpoint

    /// When the stream began.
    var startedAt: Instant?
    var sent = 0
    var introductions = 0
    /// The endpoint from which the server hears it.
    var outside: Endpoint?
    /// Whether it knows from the server that the other is there, and whether the server has ever said so.
    var isTold = false
    var wasAnswered = false

    init(host: DeviceID, name: String, remote: Endpoint) {
      self.host = host
      self.name = name
      self.remote = remote
    }
  }

  /// A host's part in the crowd.
  enum Role: Sendable {
    case user(Int)
    case server
    case nobody
  }

  static let port: UInt16 = 5_000

  var plan: StreamPlan
  var users: [User]
  /// The host that passes packets on; nil if the users talk directly.
  let server: DeviceID?

  var timers = TimerQueue()
  var result: TrafficResult
  /// By the devices' numbers.
  var roles: [Role] = []

  /// - Parameter users: An even number of them.
  init(users: [User], server: DeviceID? = nil, plan: StreamPlan) {
    self.users = users
    self.server = server
    self.plan = plan
    result = TrafficResult(plan: plan)
    if server != nil { result.server = ServerLoad() }
  }

  /// Runs until everything has been said and nothing is in flight any more.
  ///
  /// - Parameter monitor: Asked every thousand events; false hangs up: no stream then gets longer than the longest is,
  ///   so that the run ends as one with a shorter plan would have.
  /// - Returns: the measurements; nil if it was stopped before any stream began.
  mutating func run(in network: inout Network, watchedBy monitor: ((RunProgress) -> Bool)? = nil) -> TrafficResult? {
    prepare(&network)
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
      events += 1
      if events & 1_023 == 0, let monitor, !result.wasStopped {
        if !monitor(network.progress(after: events, since: firstNumber)), !hangUp() { return nil }
      }
    }
    result.plan = plan
    result.server?.length = plan.length
    return result
  }

  /// Takes the ports and sets the first timers: the pairs begin one after another within a packet's time, as real ones
  /// would, rather than all at once.
  private mutating func prepare(_ network: inout Network) {
    func occupy(_ host: DeviceID, _ port: UInt16, as role: Role) {
      let index = Int(host.rawValue)
      while roles.count <= index { roles.append(.nobody) }
      roles[index] = role
      network.own(host, .udp, port: port)
    }
    if let server { occupy(server, Call.relayPort, as: .server) }
    let packetTime = plan.offset(after: 1).microseconds
    for user in users.indices {
      occupy(users[user].host, Self.port, as: .user(user))
      let wait = packetTime * Int64(user & ~1) / Int64(users.count)
      let start = network.clock + Interval(microseconds: wait)
      if server != nil {
        timers.add(.introduce, of: user, at: start)
      } else if user & 1 == 0 {
        timers.add(.talk, of: user, at: start)
      }
    }
  }

  /// Ends the streams where the longest has got to; false if none has begun.
  private mutating func hangUp() -> Bool {
    let longest = users.reduce(0) { max($0, $1.sent) }
    guard longest > 0 else { return false }
    plan = plan.shortened(to: longest)
    result.wasStopped = true
    return true
  }
}
