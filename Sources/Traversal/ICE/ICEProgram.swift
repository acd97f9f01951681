// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// One end of ICE on a host: it gathers candidates, announces them to the other end through a rendezvous server as they
/// come (RFC 8838), and lets its agent check them.
struct ICEProgram: HostProgram {
  /// The servers that it asks.
  struct Servers: Hashable, Sendable {
    var stun: [Endpoint]
    var turn: Endpoint?
    var rendezvous: Endpoint
  }

  /// The pair by which data goes, as far as a stream needs it.
  struct Outlet: Hashable, Sendable {
    var base: Endpoint
    var remote: Endpoint
    var isRelayed: Bool
  }

  enum Alarm: Int {
    case pressing
    case standing
    case refresh
    case stream
  }

  let servers: Servers
  let ownName: String
  let peerName: String
  private(set) var port: UInt16?
  var agent: ICEAgent?
  private let role: ICEAgent.Role
  var turn: TURNClient?
  var signalling: Signalling
  /// Binding requests by which the host learns how it is seen, each with its source.
  var questions: [(transaction: STUNTransaction, base: Endpoint)] = []
  /// Messages waiting for the TURN server's permission.
  var waiting: [(bytes: [UInt8], base: Endpoint, to: Endpoint)] = []
  var isGathering = false
  var restarts = 0
  /// Nil while there is no pair that may be sent by.
  var outlet: Outlet?
  /// A call's stream by this way.
  var stream: MediaStream?
  /// The names that stand for the ends' own addresses; nil if the addresses are told.
  var names: ICENames?
  /// Endpoints that a server has seen and that are the host's own: with names, they are told as the server's answer.
  var untranslated: [ICECandidate] = []
  /// Whether the other end has told all its candidates.
  var peerIsComplete = false

  /// - Parameter hidesAddresses: Whether names of the local link stand for the host's own addresses.
  init(
    _ role: ICEAgent.Role, name: String, peer: String, servers: Servers, port: UInt16? = nil,
    hidesAddresses: Bool = false, at now: Instant
  ) {
    names = hidesAddresses ? ICENames() : nil
    self.role = role
    self.servers = servers
    self.port = port
    ownName = name
    peerName = peer
    signalling = Signalling(server: servers.rendezvous, name: name, peer: peer, at: now)
  }

  var name: String { "ice" }

  var state: String {
    switch agent?.state {
    case .completed: "connected"
    case .failed: "failed"
    case .running: isGathering ? "gathering" : "checking"
    case nil: "waiting"
    }
  }

  /// The words for an end that has found a way or given up.
  static let lastStates: Set = ["connected", "failed"]

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    port = try host.open(.udp, port)
    if names != nil { try host.open(.udp, MulticastDNS.port) }
    agent = ICEAgent(role: role, using: &host.generator)
    gather(&host)
    advance(&host)
  }

  // MARK: Gathering

  /// Finds out by which endpoints it may be reached (RFC 8445 §5.1.1), one request per Ta.
  mutating func gather(_ host: inout ProgramContext) {
    guard let port else { return }
    isGathering = true
    questions = []
    waiting = []
    untranslated = []
    // IPv6 first, if there are both (RFC 8421).
    let addresses = host.addresses.sorted { !$0.isIPv4 && $1.isIPv4 }
    var turnsAfter = Interval.zero
    for (index, address) in addresses.enumerated() {
      let base = Endpoint(address, port)
      let preference = UInt16.max - UInt16(clamping: index)
      if let name = names?.name(of: address, using: &host.generator) {
        host.tell("named", ["address": .address(address), "name": .text(name)])
      }
      add(ICECandidate(.host, base, base: base, localPreference: preference), &host)
      for server in servers.stun where server.address.family == address.family {
        let request = STUNMessage.request(.binding, using: &host.generator)
        questions.append(
          (
            STUNTransaction(
              request.transaction, request: request.encoded(), to: server, at: host.now + turnsAfter,
              schedule: .stun(rto: .milliseconds(500), rc: 5)), base
          ))
        turnsAfter = turnsAfter + ICEAgent.pace
      }
    }
    if turn?.relayed.isEmpty == false {
      // What it has borrowed it may go on using (RFC 8445 §9), if it still has it; the server lends no second to it.
      turn?.refresh(at: host.now + turnsAfter, using: &host.generator)
    } else if let server = servers.turn {
      var client = TURNClient(
        server: server, username: ownName, password: TURNServer.password,
        wantsBothFamilies: addresses.contains { !$0.isIPv4 })
      client.allocate(at: host.now + turnsAfter, using: &host.generator)
      turn = client
    }
    finishGathering(&host)
  }

  mutating func add(_ candidate: ICECandidate, _ host: inout ProgramContext) {
    let count = agent?.locals.count
    agent?.add(local: candidate, at: host.now)
    guard agent?.locals.count != count else { return }
    host.tell(
      "candidate",
      [
        "type": .text(candidate.type.rawValue), "address": .endpoint(candidate.address),
        "base": .endpoint(candidate.base), "priority": .number(Int(candidate.priority)),
      ])
    publish(&host)
  }

  mutating func finishGathering(_ host: inout ProgramContext) {
    guard isGathering, questions.isEmpty, turn?.isAllocating != true else { return }
    isGathering = false
    agent?.finishCandidates(ofPeer: false, at: host.now)
    publish(&host)
  }

  /// Tells the other end everything known by now.
  mutating func publish(_ host: inout ProgramContext) {
    guard let agent else { return }
    var description = ICEDescription(
      credentials: agent.local, candidates: agent.locals.filter { $0.type != .peerReflexive },
      isComplete: !isGathering)
    if let names { description.hide(by: names, untranslated) }
    signalling.publish(description.text, at: host.now)
  }

  /// Begins again with new credentials and new candidates (RFC 8445 §9).
  mutating func restart(_ host: inout ProgramContext) {
    restarts += 1
    agent?.restart(using: &host.generator)
    names?.forgetOthers()
    peerIsComplete = false
    signalling.registerAgain(at: host.now)
    host.tell("restart", ["number": .number(restarts)])
    gather(&host)
  }

  // MARK: What is due

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) {
    // Nothing else is due when a piece is: streams are most of what happens.
    if timer == Alarm.stream.rawValue { return sendPiece(&host) }
    if timer == Alarm.refresh.rawValue { refresh(&host) }
    agent?.wake(at: host.now, using: &host.generator)
    advance(&host)
  }

  /// Carries out the wishes of the agent and the clients until there are none, and sets the timers.
  mutating func advance(_ host: inout ProgramContext) {
    guard let port else { return }
    for index in questions.indices.reversed() {
      switch questions[index].transaction.wake(at: host.now) {
      case .send(let bytes, let server):
        host.send(Payload(bytes: bytes), from: questions[index].base, to: server)
      case .wait: continue
      case .timedOut: questions.remove(at: index)
      }
    }
    if var client = turn {
      let (outgoing, events) = client.wake(at: host.now)
      turn = client
      for bytes in outgoing { host.send(Payload(bytes: bytes), from: port, to: client.server) }
      for event in events { take(event, &host) }
    }
    finishGathering(&host)
    askForNames(&host)
    let (message, event) = signalling.wake(at: host.now)
    if let message { host.send(Payload(bytes: message), from: port, to: signalling.server) }
    if event == .gaveUp, agent?.remote == nil {
      host.tell("failed", ["reason": .text(said("rendezvous: \(peerName) could not be reached"))])
    }
    agent?.wake(at: host.now, using: &host.generator)
    carryOut(&host)
    noteOutlet()
    setTimers(&host)
  }

  private func setTimers(_ host: inout ProgramContext) {
    var pressing = questions.lazy.map(\.transaction.due).min()
    for due in [turn?.nextDue, signalling.nextDue, names?.nextDue] {
      if let due { pressing = min(pressing ?? due, due) }
    }
    var standing: Instant?
    if let due = agent?.nextDue {
      if due.isStanding { standing = due.at } else { pressing = min(pressing ?? due.at, due.at) }
    }
    for (alarm, due, urgency) in [
      (Alarm.pressing, pressing, TimerUrgency.pressing), (Alarm.standing, standing, TimerUrgency.standing),
    ] {
      if let due {
        host.setTimer(alarm.rawValue, after: due - host.now, urgency)
      } else {
        host.cancelTimer(alarm.rawValue)
      }
    }
  }

  private static let refreshInterval = Interval.seconds(240)

  /// Announces an endpoint that the server lends, and keeps it; an IPv6 one before an IPv4 one (RFC 8421).
  mutating func addRelay(_ relayed: Endpoint, _ host: inout ProgramContext) {
    let isSecond = relayed.address.isIPv4 && turn?.relayed.contains { !$0.address.isIPv4 } == true
    add(
      ICECandidate(
        .relayed, relayed, base: relayed, server: turn?.server.address, localPreference: .max - (isSecond ? 1 : 0)),
      &host)
    keepRelay(&host)
  }

  private func keepRelay(_ host: inout ProgramContext) {
    host.setTimer(Alarm.refresh.rawValue, after: Self.refreshInterval, .standing)
  }

  private mutating func refresh(_ host: inout ProgramContext) {
    guard turn?.relayed.isEmpty == false, agent?.state != .failed else { return }
    // A relay that carries no data is released (RFC 8445 §8.3.1).
    guard agent?.state != .completed || agent?.selected?.local.type == .relayed else {
      turn?.refresh(lifetime: 0, at: host.now, using: &host.generator)
      return
    }
    turn?.refresh(at: host.now, using: &host.generator)
    if let peer = agent?.selected?.remote.address {
      turn?.bind(peer, at: host.now, using: &host.generator)
    }
    keepRelay(&host)
  }
}
