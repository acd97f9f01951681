// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// One of two peers that make a hole through their NATs (RFC 5128 §3.3, §3.4): it registers at a rendezvous server,
/// learns where the other is seen, and sends there until both hear each other.
struct PunchProgram: HostProgram {
  enum Alarm: Int { case register, probe, keepalive, stream }

  enum Phase: Hashable, Sendable {
    case registering
    /// It is known to the server and waits for the other.
    case waiting
    case probing
    case open(to: Endpoint)
    /// It hears the other but does not know whether it is heard.
    case oneWay(from: Endpoint)
    case failed
  }

  let peer: String
  let server: Endpoint
  let options: PunchOptions
  private(set) var port: UInt16?
  private(set) var phase = Phase.registering
  /// How the server sees it.
  private(set) var outside: Endpoint?
  /// Where the other is, as the server has told it.
  private var learned: Endpoint?
  /// The targets of its probes: where the other was seen, the predicted ports, and where it was heard from.
  private(set) var targets: [Endpoint] = []
  private(set) var probes = 0
  /// Where the other was heard from.
  private(set) var heardFrom: Endpoint?
  private var registrations = 0
  /// The ports besides its own from which it sends once, so that as many of its router's ports admit the other.
  private var extraPorts: [UInt16] = []
  /// The ports at which, it guesses, the other's router has admitted it.
  private var guesses: GuessedPorts?
  /// The stream that a call has it send, and what it hears of the other's.
  var stream: MediaStream?
  private(set) var local: Endpoint?
  private var serverIsConnected = false
  /// The other ends of its open TCP connections.
  private var connected: [Endpoint] = []

  init(peer: String, server: Endpoint, port: UInt16?, options: PunchOptions) {
    self.peer = peer
    self.server = server
    self.port = port
    self.options = options
  }

  var name: String { "punch" }

  var state: String {
    switch phase {
    case .registering: "registering"
    case .waiting: "waiting"
    case .probing: "probing"
    case .open: "open"
    case .oneWay: "one-way"
    case .failed: "failed"
    }
  }

  // MARK: The server

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    port = try host.open(options.transport, port)
    guard let port, let address = host.address(towards: server.address) else {
      throw .noAddress(server.address.family, host: host.hostName)
    }
    local = Endpoint(address, port)
    register(&host)
  }

  private mutating func register(_ host: inout ProgramContext) {
    guard let local, registrations < PunchOptions.mostRegistrations else {
      return fail("no-answer-from-the-server", &host)
    }
    registrations += 1
    let message = RendezvousMessage.register(name: host.hostName, peer: peer, local: local)
    switch options.transport {
    case .tcp where !serverIsConnected:
      host.abandonConnection(from: local, to: server)
      do throws(HostError) { try host.connect(from: local.port, to: server) } catch {
        return fail("cannot-connect", &host)
      }
    case .tcp: host.sendData(message.payload, from: local, to: server)
    default: host.send(message.payload, from: local, to: server)
    }
    host.setTimer(Alarm.register.rawValue, after: PunchOptions.interval, .pressing)
  }

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) {
    switch Alarm(rawValue: timer) {
    case .register: register(&host)
    case .probe: probe(&host)
    case .keepalive:
      guard case .open(let remote) = phase, let local else { return }
      say(hasHeard: true, from: local, to: remote, &host)
      host.setTimer(timer, after: PunchOptions.keepalive, .standing)
    case .stream: sendPiece(&host)
    case nil: return
    }
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    if delivery.remote == server {
      hearServer(delivery, &host)
    } else if delivery.transport == .udp {
      guard let payload = delivery.payload, !hear(payload, at: host.now),
        case .probe(peer, let hasHeard)? = RendezvousMessage(payload)
      else {
        return
      }
      hear(delivery, hasHeard: hasHeard, &host)
    } else {
      hearConnection(delivery, &host)
    }
  }

  private mutating func hearServer(_ delivery: Delivery, _ host: inout ProgramContext) {
    switch delivery.content {
    case .opened:
      serverIsConnected = true
      registrations -= 1
      register(&host)
    case .datagram(let payload), .data(let payload):
      switch RendezvousMessage(payload) {
      case .seen(let endpoint):
        outside = endpoint
        guard phase == .registering else { return }
        phase = .waiting
        host.tell("registered", ["local": EventValue(local), "outside": .endpoint(endpoint)])
        // The other may still be registering: it goes on asking, at the rate of an impatient person.
        host.setTimer(Alarm.register.rawValue, after: PunchOptions.interval, .pressing)
      case .peer(peer, let outside, let inside): learn(outside, inside, &host)
      case .peer, .register, .probe, nil: return
      }
    case .closed, .reset, .error: return
    }
  }

  private mutating func learn(_ outside: Endpoint, _ inside: Endpoint, _ host: inout ProgramContext) {
    switch phase {
    case .registering, .waiting:
      host.cancelTimer(Alarm.register.rawValue)
      phase = .probing
      aim(at: outside, inside, &host)
      if options.birthdayPorts > 0 {
        guesses = GuessedPorts(using: &host.generator)
        for _ in 1..<options.birthdayPorts {
          if let port = try? host.open(.udp) { extraPorts.append(port) }
        }
      }
      host.setTimer(Alarm.probe.rawValue, after: options.wait, .pressing)
    case .probing where heardFrom == nil && outside != learned:
      // The other has moved: whatever was sent to where it was is lost.
      if let local { for target in targets { host.abandonConnection(from: local, to: target) } }
      aim(at: outside, inside, &host)
      guard probes > 0 else { return }
      probes = 0
      host.setTimer(Alarm.probe.rawValue, after: .zero, .pressing)
    case .probing, .open, .oneWay, .failed: return
    }
  }

  /// Takes as targets what the server says about the other.
  private mutating func aim(at outside: Endpoint, _ inside: Endpoint, _ host: inout ProgramContext) {
    host.tell("learned", ["peer": .text(peer), "remote": .endpoint(outside), "inside": .endpoint(inside)])
    learned = outside
    targets = [outside]
    // Two hosts behind one outside address may be neighbours, who do not need a hole (RFC 5128 §3.3.3).
    if outside.address == self.outside?.address, inside != outside { targets.insert(inside, at: 0) }
    for step in 0..<options.predictedPorts {
      guard let port = UInt16(exactly: Int(outside.port) + step + 1) else { break }
      targets.append(Endpoint(outside.address, port))
    }
  }

  // MARK: The other

  private mutating func probe(_ host: inout ProgramContext) {
    guard let local else { return }
    guard probes < options.mostRounds else { return giveUp(&host) }
    probes += 1
    var wait = PunchOptions.interval
    if !connected.isEmpty {
      // What is open is not given up; the greeting, its own or the other's, may have been lost.
      for remote in connected { greet(remote, from: local, hasHeard: false, &host) }
    } else if let heardFrom {
      probe(heardFrom, from: local, &host)
    } else if options.birthdayPorts == 0 || probes == 1 {
      for target in targets { probe(target, from: local, &host) }
      for port in extraPorts { probe(targets[0], from: Endpoint(local.address, port), &host) }
      if options.birthdayPorts > 0 { wait = PunchOptions.guessInterval }
    } else if let drawn = guesses?.drawn, drawn < PunchOptions.mostBirthdayPorts, let port = guesses?.next() {
      probe(Endpoint(targets[0].address, port), from: local, &host)
      wait = PunchOptions.guessInterval
    }
    host.setTimer(Alarm.probe.rawValue, after: wait, .pressing)
  }

  /// The number of the guess that the other has answered, counted from 1; nil if none has been.
  var luckyGuess: Int? { heardFrom.flatMap { guesses?.number(of: $0.port) } }

  private func probe(_ target: Endpoint, from local: Endpoint, _ host: inout ProgramContext) {
    if options.transport == .tcp {
      host.abandonConnection(from: local, to: target)
      _ = try? host.connect(from: local.port, to: target)
    } else {
      let timeToLive = options.beginsWithLowTTL && probes == 1 ? PunchOptions.lowTTL : 64
      say(hasHeard: heardFrom != nil, from: local, to: target, timeToLive: timeToLive, &host)
    }
    host.tell(
      "probe", ["local": .endpoint(local), "remote": .endpoint(target), "number": .number(probes)], about: .lastSent)
  }

  private func say(
    hasHeard: Bool, from local: Endpoint, to remote: Endpoint, timeToLive: UInt8 = 64, _ host: inout ProgramContext
  ) {
    let message = RendezvousMessage.probe(name: host.hostName, hasHeard: hasHeard)
    host.send(message.payload, from: local, to: remote, timeToLive: timeToLive)
  }

  private mutating func hear(_ delivery: Delivery, hasHeard: Bool, _ host: inout ProgramContext) {
    let isFirst = heardFrom == nil
    heardFrom = delivery.remote
    local = delivery.local
    if case .open = phase { return }
    // A peer that has heard goes on sending, or the other would never hear.
    if isFirst || !hasHeard { say(hasHeard: true, from: delivery.local, to: delivery.remote, &host) }
    if hasHeard { open(to: delivery.remote, &host) }
  }

  /// A connection is open both ways as soon as it is open. Both may ask at once, so there may be more than one, and some
  /// are reset when an answer comes from elsewhere: each is greeted on, and the first greeting that comes decides.
  private mutating func hearConnection(_ delivery: Delivery, _ host: inout ProgramContext) {
    switch delivery.content {
    case .opened:
      heardFrom = delivery.remote
      connected.append(delivery.remote)
      greet(delivery.remote, from: delivery.local, hasHeard: true, &host)
    case .data(let payload):
      guard case .probe(peer, let hasHeard)? = RendezvousMessage(payload) else { return }
      heardFrom = delivery.remote
      // Who has not heard it asks again.
      if !hasHeard { greet(delivery.remote, from: delivery.local, hasHeard: true, &host) }
      if case .open = phase { return }
      open(to: delivery.remote, &host)
    // It goes on trying where the other was heard from.
    case .closed, .reset: connected.removeAll { $0 == delivery.remote }
    case .datagram, .error: return
    }
  }

  private func greet(_ remote: Endpoint, from local: Endpoint, hasHeard: Bool, _ host: inout ProgramContext) {
    host.sendData(
      RendezvousMessage.probe(name: host.hostName, hasHeard: hasHeard).payload, from: local, to: remote)
  }

  private mutating func open(to remote: Endpoint, _ host: inout ProgramContext) {
    phase = .open(to: remote)
    host.cancelTimer(Alarm.probe.rawValue)
    host.cancelTimer(Alarm.register.rawValue)
    for port in extraPorts where port != local?.port { host.close(.udp, port) }
    extraPorts = []
    host.tell("open", ["local": EventValue(local), "remote": .endpoint(remote), "direction": .text("both")])
    if options.transport == .udp {
      host.setTimer(Alarm.keepalive.rawValue, after: PunchOptions.keepalive, .standing)
    }
  }

  private mutating func giveUp(_ host: inout ProgramContext) {
    // Over TCP nobody hears who is not heard: what has opened without a greeting is not the other.
    guard let heardFrom, options.transport == .udp else { return fail("nothing-heard", &host) }
    phase = .oneWay(from: heardFrom)
    host.tell("open", ["local": EventValue(local), "remote": .endpoint(heardFrom), "direction": .text("in")])
  }

  private mutating func fail(_ reason: String, _ host: inout ProgramContext) {
    phase = .failed
    host.cancelTimer(Alarm.probe.rawValue)
    host.tell("failed", ["reason": .text(reason)])
    host.finish()
  }
}

extension PunchProgram: StreamCarrier {
  static var streamTimer: Int { Alarm.stream.rawValue }
  var peerName: String { peer }
  var way: TrafficReport.Way { .punched }

  var hasWay: Bool {
    if case .open = phase { options.transport == .udp } else { false }
  }

  mutating func carry(_ piece: RTPPacket, _ host: inout ProgramContext) {
    guard case .open(let remote) = phase, let local else { return }
    host.send(piece.payload, from: local, to: remote)
  }
}

extension PunchProgram {
  /// Its events in words.
  static let description = ProgramDescription(
    "punch", summary: said("makes a hole through its NAT towards a peer, with a rendezvous server's help"),
    events: [
      "registered": ["local", "outside"], "learned": ["peer", "remote", "inside"],
      "probe": ["local", "remote", "number"], "open": ["local", "remote", "direction"], "failed": ["reason"],
    ]
  ) { event in
    func text(_ key: String) -> String { event.data[key]?.text ?? "?" }
    return switch event.event {
    case "registered": said("the server sees it as \(text("outside"))")
    case "learned": said("\(text("peer")) is seen at \(text("remote"))")
    case "probe": said("try \(text("number")), to \(text("remote"))")
    case "open" where text("direction") == "both": said("open both ways: \(text("local")) and \(text("remote"))")
    case "open": said("it hears \(text("remote")), but is not heard there")
    case "failed" where text("reason") == "nothing-heard": said("nothing was heard from the other side; given up")
    case "failed": said("given up: \(text("reason").replacing("-", with: " "))")
    default: nil
    }
  }
}
