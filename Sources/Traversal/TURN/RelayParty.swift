// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// One end of a conversation through a TURN server. The client borrows an endpoint from the server and tells the other
/// end about it; the other end sends there as it would send to anybody, and need not know what TURN is.
struct RelayParty: HostProgram {
  enum Part: Hashable, Sendable {
    case client(of: Endpoint)
    case peer
  }

  private enum Alarm: Int {
    case turn
    case signalling
    case refresh
    case greeting
  }

  let part: Part
  /// Whether either end has IPv6, so that one endpoint may not do for both.
  private let usesIPv6: Bool
  let ownName: String
  private(set) var port: UInt16?
  private(set) var state = "waiting"
  private var turn: TURNClient?
  private var signalling: Signalling
  /// The other end: for the client, as the server sees it; for the peer, the endpoint lent to the client.
  private var remote: Endpoint?
  private var heard = 0
  private var greetings = 0

  init(_ part: Part, name: String, peer: String, rendezvous: Endpoint, usesIPv6: Bool = false, at now: Instant) {
    self.part = part
    self.usesIPv6 = usesIPv6
    ownName = name
    signalling = Signalling(server: rendezvous, name: name, peer: peer, at: now)
  }

  var name: String {
    switch part {
    case .client: "turn-client"
    case .peer: "relay-peer"
    }
  }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    port = try host.open(.udp)
    if case .client(let server) = part {
      var client = TURNClient(
        server: server, username: ownName, password: TURNServer.password, wantsBothFamilies: usesIPv6)
      client.allocate(at: host.now, using: &host.generator)
      turn = client
    }
    advance(&host)
  }

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) {
    switch Alarm(rawValue: timer) {
    case .refresh: refresh(&host)
    case .greeting: greet(&host)
    case .turn, .signalling, nil: break
    }
    advance(&host)
  }

  // MARK: What is due

  /// Sends whatever is due, and sets the timers for the next step.
  private mutating func advance(_ host: inout ProgramContext) {
    guard let port else { return }
    if var turn, case .client(let server) = part {
      let (outgoing, events) = turn.wake(at: host.now)
      for bytes in outgoing { host.send(Payload(bytes: bytes), from: port, to: server) }
      if let due = turn.nextDue { host.setTimer(Alarm.turn.rawValue, after: due - host.now, .pressing) }
      self.turn = turn
      for event in events { take(event, &host) }
    }
    let (message, event) = signalling.wake(at: host.now)
    if let message { host.send(Payload(bytes: message), from: port, to: signalling.server) }
    if event == .gaveUp, remote == nil { fail(said("rendezvous does not answer"), &host) }
    if let due = signalling.nextDue { host.setTimer(Alarm.signalling.rawValue, after: due - host.now, .pressing) }
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard case .datagram(let payload) = delivery.content, let bytes = payload.bytes else { return }
    if let (events, answer) = signalling.receive(bytes, from: delivery.remote, at: host.now) {
      if let answer, let port { host.send(Payload(bytes: answer), from: port, to: signalling.server) }
      for event in events { take(event, &host) }
    } else if case .client(let server) = part, delivery.remote == server, var turn {
      let events = turn.receive(bytes, at: host.now, using: &host.generator) ?? []
      self.turn = turn
      for event in events { take(event, &host) }
    } else if part == .peer, delivery.remote == remote {
      hear(&host, from: delivery.remote, String(decoding: bytes, as: UTF8.self))
    }
    advance(&host)
  }

  // MARK: What has happened

  private mutating func take(_ event: Signalling.Event, _ host: inout ProgramContext) {
    switch event {
    case .registered(let seen):
      host.tell("registered", ["mapped": .endpoint(seen), "server": .endpoint(signalling.server)])
      if part == .peer { signalling.publish("endpoint:\(seen)", at: host.now) }
    case .heard(let body):
      let endpoints = body.split(separator: "\n").filter { $0.hasPrefix("endpoint:") }
        .compactMap { Endpoint(String($0.dropFirst("endpoint:".count))) }
      // The family in which the client knows this end.
      let family = signalling.seen?.address.family
      guard let endpoint = endpoints.first(where: { $0.address.family == family }) ?? endpoints.first else { return }
      // At another endpoint it has to be greeted again.
      if remote != endpoint { (heard, greetings) = (0, 0) }
      remote = endpoint
      host.tell("learned", ["peer": .text(signalling.peer), "endpoint": .endpoint(endpoint)])
      if part == .peer { greet(&host) } else { bind(&host) }
    case .gaveUp: break
    }
  }

  /// Asks for the permission, and for the channel that makes messages short, for the other end as the rendezvous server
  /// sees it.
  private mutating func bind(_ host: inout ProgramContext) {
    guard let remote, turn?.relayed.isEmpty == false else { return }
    turn?.permit(remote.address, at: host.now, using: &host.generator)
  }

  private mutating func take(_ event: TURNClient.Event, _ host: inout ProgramContext) {
    switch event {
    case .challenged(let code):
      host.tell("challenged", ["code": .number(Int(code.rawValue)), "reason": .text(code.phrase)])
    case .allocated(let relayed, let mapped, let lifetime):
      host.tell(
        "allocated",
        ["relayed": .endpoint(relayed), "mapped": EventValue(mapped), "lifetime_s": .number(Int(lifetime))])
      let endpoints = turn?.relayed.map { "endpoint:\($0)" } ?? []
      signalling.publish(endpoints.joined(separator: "\n"), at: host.now)
      host.setTimer(Alarm.refresh.rawValue, after: Self.refreshInterval, .standing)
      bind(&host)
    case .permitted(let address):
      host.tell("permission", ["peer": .address(address)])
      // The first words go before there is a channel, as an indication.
      if let remote { say(said("hello from \(ownName)"), to: remote, &host) }
      if let remote { turn?.bind(remote, at: host.now, using: &host.generator) }
    case .bound(let peer, let number):
      host.tell("channel", ["peer": .endpoint(peer), "channel": .number(Int(number))])
    case .refreshed(let lifetime): host.tell("refreshed", ["lifetime_s": .number(Int(lifetime))])
    case .refused(let code, let method, _):
      host.tell(
        "refused",
        ["code": .number(Int(code.rawValue)), "reason": .text(code.phrase), "method": .text(method.name)])
      if turn?.isAllocating == true {
        // It begins anew, perhaps at another endpoint of its router.
        signalling.registerAgain(at: host.now)
      } else if method != .refresh {
        fail("\(code)", &host)
      }
    case .timedOut(let method): fail(said("\(method.name) was not answered"), &host)
    case .data(let bytes, let peer): hear(&host, from: peer, String(decoding: bytes, as: UTF8.self))
    }
  }

  /// Less than the lifetimes of the allocation and the permissions (RFC 8656 §3.2, §9).
  private static let refreshInterval = Interval.seconds(240)

  private mutating func refresh(_ host: inout ProgramContext) {
    guard state != "failed" else { return }
    turn?.refresh(at: host.now, using: &host.generator)
    if let remote { turn?.bind(remote, at: host.now, using: &host.generator) }
    host.setTimer(Alarm.refresh.rawValue, after: Self.refreshInterval, .standing)
  }

  // MARK: Talking

  /// The peer's first words go to the server's endpoint, which discards them until the client has given permission.
  private mutating func greet(_ host: inout ProgramContext) {
    guard part == .peer, let remote, let port, heard == 0, greetings < Retransmission.stun.most else { return }
    greetings += 1
    host.send(Payload(bytes: Array(said("hello from \(ownName)").utf8)), from: port, to: remote)
    host.setTimer(Alarm.greeting.rawValue, after: Retransmission.stun.wait(after: greetings), .pressing)
  }

  private func say(_ text: String, to peer: Endpoint, _ host: inout ProgramContext) {
    guard let port, let turn else { return }
    let bytes = turn.wrap(Array(text.utf8), to: peer, using: &host.generator)
    host.send(Payload(bytes: bytes), from: port, to: turn.server)
  }

  private mutating func hear(_ host: inout ProgramContext, from peer: Endpoint, _ text: String) {
    heard += 1
    host.tell("heard", ["from": .endpoint(peer), "text": .text(text)])
    if state == "waiting" {
      state = "relayed"
      host.tell("open", ["remote": .endpoint(peer), "direction": .text("both")], about: .arrival)
      host.cancelTimer(Alarm.greeting.rawValue)
    }
    guard text.hasPrefix("hello") else { return }
    let answer = said("welcome, says \(ownName)")
    if part == .peer, let port {
      host.send(Payload(bytes: Array(answer.utf8)), from: port, to: peer)
    } else {
      say(answer, to: peer, &host)
    }
  }

  private mutating func fail(_ reason: String, _ host: inout ProgramContext) {
    guard state != "failed" else { return }
    state = "failed"
    host.tell("failed", ["reason": .text(reason)])
    host.finish()
  }
}

extension RelayParty {
  static let descriptions = [
    ProgramDescription(
      "turn-client", summary: said("borrows an endpoint from a TURN server"), events: events, words: words),
    ProgramDescription(
      "relay-peer", summary: said("talks to somebody through a TURN server"), events: events, words: words),
  ]

  private static let events: KeyValuePairs = [
    "registered": ["mapped", "server"], "learned": ["peer", "endpoint"], "challenged": ["code", "reason"],
    "allocated": ["relayed", "mapped", "lifetime_s"], "permission": ["peer"], "channel": ["peer", "channel"],
    "refreshed": ["lifetime_s"], "refused": ["code", "reason", "method"], "heard": ["from", "text"],
    "open": ["remote", "direction"], "failed": ["reason"],
  ]

  static func words(_ event: EventReport) -> String? {
    func value(_ key: String) -> String { event.data[key]?.text ?? "" }
    switch event.event {
    case "registered": return said("is known to the rendezvous server as \(value("mapped"))")
    case "learned": return said("learns that \(value("peer")) can be reached at \(value("endpoint"))")
    case "challenged":
      return said("is asked who it is (\(value("code")) \(value("reason"))), and asks again with its name")
    case "allocated": return said("has \(value("relayed")) for \(value("lifetime_s")) s")
    case "permission": return said("can be reached from \(value("peer")), through the server")
    case "channel": return said("calls \(value("peer")) channel \(value("channel"))")
    case "refreshed": return said("has it for \(value("lifetime_s")) s more")
    case "refused": return said("was refused: \(value("method")) \(value("code")) \(value("reason"))")
    case "heard": return said("hears \"\(value("text"))\" from \(value("from"))")
    case "open": return said("can talk both ways with \(value("remote"))")
    case "failed": return said("fails: \(value("reason"))")
    default: return nil
    }
  }
}
