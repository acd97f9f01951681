// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// The events since a step began that the network itself does not record.
package struct StepRecord: Sendable {
  /// The moment after which things count.
  struct Mark: Sendable {
    var hops: Int
    var events: Int
    var lastHop: Hop?
    var clock: Instant

    init(_ network: Network) {
      hops = network.trace.hopCount
      events = network.trace.eventCount
      lastHop = hops > 0 ? network.trace.hops(hops...hops).first : nil
      clock = network.clock
    }

    /// Whether `network` has gone on from here. After `reset` it has not: then everything in it is new.
    func leads(to network: Network) -> Bool {
      let trace = network.trace
      guard trace.hopCount >= hops, trace.eventCount >= events, network.clock >= clock else { return false }
      guard hops > 0, hops >= trace.oldestHop else { return true }
      return trace.hops(hops...hops).first == lastHop
    }
  }

  private let start: Mark
  /// The network as it was then.
  private let beginning: Network
  private(set) var measurements: [any Measurement] = []
  /// Pairs that have been tried, each as it came out last.
  private(set) var pairs: [PairFinding] = []
  /// Commands that showed something.
  private(set) var looked: Set<String> = []

  package init(from network: Network) {
    start = Mark(network)
    beginning = network
  }

  /// Notes a command's result; `name` is the command's own.
  package mutating func note(_ result: CommandResult, name: String?) {
    if let measurement = result.content as? any Measurement { measurements.append(measurement) }
    if let findings = result.content as? any PairFindings {
      let found = findings.pairs
      pairs.removeAll { old in found.contains { $0.a == old.a && $0.b == old.b } }
      pairs += found
    }
    if let name { looked.insert(name) }
  }

  /// The hops since the step began.
  func hops(of network: Network) -> [Hop] {
    let first = (start.leads(to: network) ? start.hops : 0) + 1
    return first <= network.trace.hopCount ? network.trace.hops(first...network.trace.hopCount) : []
  }

  /// The events that programs have reported since the step began.
  func events(of network: Network) -> [ProgramEvent] {
    network.trace.events(from: (start.leads(to: network) ? start.events : 0) + 1)
  }

  /// How far the clock has moved on since the step began.
  func elapsed(in network: Network) -> Interval {
    network.clock - startClock(in: network)
  }

  /// The properties of a device that are not as they were when the step began; nil if there is no such device, then or
  /// now.
  func changed(of name: String, in network: Network) -> [Property]? {
    guard let before = beginning.device(named: name), let now = network.device(named: name) else { return nil }
    let values = before.settings(in: beginning)
    return now.settings(in: network).filter { !values.contains($0) }.map(\.property)
  }

  func startClock(in network: Network) -> Instant { start.leads(to: network) ? start.clock : .zero }
}
