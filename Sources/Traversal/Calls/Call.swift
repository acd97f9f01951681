// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A video call between two hosts of a network, directly or through a relay: two or three programs that are begun, run
/// to their end and examined.
///
/// They leave in the network only what packets leave: mappings, counters and the trace.
public struct Call: Sendable {
  /// A host and its program's port.
  public struct Party: Hashable, Sendable {
    public var host: DeviceID
    public var port: UInt16

    public init(host: DeviceID, port: UInt16) {
      self.host = host
      self.port = port
    }
  }

  public enum Path: Hashable, Sendable {
    /// The caller sends there. Nil means whichever host that turns out to be.
    case direct(to: Endpoint, called: Party?)
    /// Both introduce themselves to the relay.
    case relayed(called: Party, by: Party, address: IPAddress, calledAddress: IPAddress)
  }

  /// The port of relays (RFC 8656 §5).
  public static let relayPort: UInt16 = 3_478

  public let caller: Party
  public let path: Path
  public let plan: StreamPlan

  public init(caller: Party, path: Path, plan: StreamPlan) {
    self.caller = caller
    self.path = path
    self.plan = plan
  }

  /// Runs until everything has been said and nothing is in flight any more.
  ///
  /// - Parameter monitor: Asked every thousand events; false hangs up: no stream then gets longer than the longest is,
  ///   so that the run ends as one with a shorter plan would have.
  /// - Returns: the measurements; nil if it was stopped before any stream began, and then `network` must be restored.
  /// - Throws: `portInUse` if another program has one of the ports; `network` must then be restored as well.
  public func run(
    in network: inout Network, watchedBy monitor: ((RunProgress) -> Bool)? = nil
  ) throws(HostError) -> TrafficResult? {
    var run = CallRun(of: self, in: network)
    try run.begin(&network)
    let firstNumber = network.nextPacketNumber
    var events = 0
    while network.step() {
      run.look(at: network)
      events += 1
      if events & 1_023 == 0, let monitor, !run.wasStopped,
        !monitor(network.progress(after: events, since: firstNumber)), !run.hangUp(&network)
      {
        return nil
      }
    }
    return run.end(&network)
  }
}

/// A call while it runs.
private struct CallRun {
  let call: Call
  var plan: StreamPlan
  var wasStopped = false
  private var parties: [Int] = []
  private var relay: Int?
  private var relayHost: DeviceID?
  private var losses = TrafficLosses()
  private var watch: HopWatch
  /// Bits that the relay sent but its own link did not take.
  private var unsentBits: Int64 = 0
  /// The program that stood by before.
  private let standby: (any HostProgram)?

  init(of call: Call, in network: Network) {
    self.call = call
    plan = call.plan
    watch = HopWatch(network)
    standby = network.standby
  }

  mutating func begin(_ network: inout Network) throws(HostError) {
    switch call.path {
    case .direct(let remote, let called):
      if let called {
        parties.append(try network.start(CallParty(.called, port: called.port, plan: plan), on: called.host))
      } else {
        network.standby = CallParty(.called, port: nil, plan: plan)
      }
      parties.append(
        try network.start(CallParty(.caller(to: remote), port: call.caller.port, plan: plan), on: call.caller.host))
    case .relayed(let called, let server, let address, let calledAddress):
      relay = try network.start(CallRelay(port: server.port), on: server.host)
      relayHost = server.host
      for (party, address) in [(call.caller, address), (called, calledAddress)] {
        let guest = CallParty(.guest(of: Endpoint(address, server.port)), port: party.port, plan: plan)
        parties.append(try network.start(guest, on: party.host))
      }
    }
    look(at: network)
  }

  /// Looks at the hops since the last call for packets of the programs that were dropped or went astray.
  mutating func look(at network: Network) {
    while let hop = watch.next(in: network) {
      switch hop.verdict {
      case .dropped:
        losses.count(.dropped(hop.reason ?? .invalid), at: hop.node)
        if hop.node == relayHost, let record = network.trace.packet(hop.packet), record.origin == relayHost,
          let piece = RTPPacket(record.packet.payload)
        {
          unsentBits += Int64(piece.length) * 8
        }
      case .delivered:
        guard network.trace.packet(hop.packet).map({ RTPPacket($0.packet.payload) != nil }) == true,
          hop.node != relayHost, !isParty(hop.node, network)
        else { continue }
        losses.count(.strayed, at: hop.node)
      case .sent, .forwarded, .translated: continue
      }
    }
  }

  private func isParty(_ host: DeviceID, _ network: Network) -> Bool {
    if host == call.caller.host { return true }
    switch call.path {
    case .direct(_, let called?): return host == called.host
    case .direct(_, nil): return network.programs(on: host).contains { $0.name == "call" }
    case .relayed(let called, _, _, _): return host == called.host
    }
  }

  /// The programs that talk, including one that answered without being told.
  private func members(_ network: Network) -> [Int] {
    guard case .direct(_, nil) = call.path else { return parties }
    let others = network.programs().filter { $0.name == "call" && $0.isRunning && !parties.contains($0.id) }
    return parties + others.map(\.id)
  }

  /// Ends the streams where the longest has got to; false if none has begun.
  mutating func hangUp(_ network: inout Network) -> Bool {
    let members = members(network)
    let longest = members.compactMap { network.program($0, as: CallParty.self)?.media.sent }.max() ?? 0
    guard longest > 0 else { return false }
    plan = plan.shortened(to: longest)
    wasStopped = true
    for member in members {
      _ = network.instruct(member, as: CallParty.self) { [plan] party, _ in party.media.plan = plan }
    }
    if let waiting = network.standby as? CallParty, waiting.part == .called {
      network.standby = CallParty(.called, port: nil, plan: plan)
    }
    return true
  }

  /// Collects the measurements and ends the programs.
  mutating func end(_ network: inout Network) -> TrafficResult {
    network.standby = standby
    var result = TrafficResult(plan: plan)
    result.wasStopped = wasStopped
    result.losses = losses.all
    for member in members(network) {
      if let party = network.program(member, as: CallParty.self) { result.add(party.media) }
      network.forget(member)
    }
    if let relay {
      result.server = network.program(relay, as: CallRelay.self)?.load
      result.server?.outgoing.uncount(unsentBits)
      result.server?.length = plan.length
      network.forget(relay)
    }
    return result
  }
}
