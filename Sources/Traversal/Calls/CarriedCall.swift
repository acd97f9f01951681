// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A call by a way that programs at both ends have opened already, and go on keeping open.
struct CarriedCall<Carrier: StreamCarrier> {
  /// The two programs, the caller's first.
  let ends: [Int]
  var plan: StreamPlan
  /// The TURN server on the way, where there is one.
  var relay: Int?

  /// Runs until all is said and nothing is in flight any more.
  ///
  /// - Parameter monitor: Asked every thousand events; false hangs up.
  mutating func run(
    in network: inout Network, watchedBy monitor: ((RunProgress) -> Bool)?
  ) -> TrafficResult {
    var watch = HopWatch(network)
    var losses = TrafficLosses()
    var wasStopped = false
    let firstNumber = network.nextPacketNumber
    let before = load(in: network)
    for end in ends {
      network.instruct(end, as: Carrier.self) { [plan] program, host in program.beginStream(plan, &host) }
    }
    var events = 0
    while network.step() {
      while network.isTracing, let hop = watch.next(in: network) {
        if hop.verdict == .dropped { losses.count(.dropped(hop.reason ?? .invalid), at: hop.node) }
      }
      events += 1
      if events & 1_023 == 0, let monitor, !wasStopped,
        !monitor(network.progress(after: events, since: firstNumber))
      {
        hangUp(&network)
        wasStopped = true
      }
    }
    var result = TrafficResult(plan: plan)
    result.wasStopped = wasStopped
    result.losses = losses.all
    for stream in ends.compactMap({ network.program($0, as: Carrier.self)?.stream }) { result.add(stream) }
    if let before { result.server = load(in: network)?.since(before, length: plan.length) }
    return result
  }

  private func load(in network: Network) -> ServerLoad? {
    relay.flatMap { network.program($0, as: TURNServer.self)?.load }
  }

  /// Ends both streams where the longer one has got to.
  private mutating func hangUp(_ network: inout Network) {
    let longest = ends.compactMap { network.program($0, as: Carrier.self)?.stream?.sent }.max() ?? 0
    plan = plan.shortened(to: max(longest, 1))
    for end in ends {
      network.instruct(end, as: Carrier.self) { [plan] program, _ in program.stream?.plan = plan }
    }
  }
}

/// Looks through the hops of packets that were sent after it began, in their order.
struct HopWatch: Sendable {
  private let firstPacket: Int
  private var last: Int

  init(_ network: Network) {
    firstPacket = network.nextPacketNumber
    last = network.trace.hopCount
  }

  /// The next hop of a UDP packet; nil if there is none yet.
  mutating func next(in network: Network) -> Hop? {
    while last < network.trace.hopCount {
      last += 1
      if let hop = network.trace.hop(last), hop.packet >= firstPacket, hop.transport == .udp { return hop }
    }
    return nil
  }
}
