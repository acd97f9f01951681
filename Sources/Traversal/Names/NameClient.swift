// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Carries out an errand: asks for a name's addresses and sends there, or opens a connection to the address that answers
/// first (RFC 8305, "happy eyeballs").
struct NameClient: HostProgram {
  /// An attempt to open a connection.
  private struct Attempt: Hashable, Sendable {
    var local: Endpoint
    var remote: Endpoint
    var hasFailed = false
  }

  private enum Alarm {
    static let question = 0
    static let nextAttempt = 1
    static let patience = 2
  }

  /// How long the next address waits for the one before (RFC 8305 §5, the Connection Attempt Delay).
  static let attemptDelay = Interval.milliseconds(250)
  /// How long the last attempt is waited for; nothing is sent twice.
  static let patience = Interval.seconds(10)
  /// Questions are repeated once, as resolvers of common systems do.
  static let schedule = Retransmission(initial: .seconds(5), most: 2, patience: .seconds(5))

  let errand: Errand
  private(set) var port: UInt16?
  private(set) var state = "asking"
  /// Questions without an answer.
  private var asked: [UInt16: DNSMessage.RecordType] = [:]
  private var rounds = 0
  private var found: [IPAddress] = []
  private var code = DNSMessage.Code.noError
  /// Addresses that have not been tried.
  private var left: [IPAddress] = []
  private var attempts: [Attempt] = []
  private var begun = Instant.zero

  init(_ errand: Errand) { self.errand = errand }

  var name: String { if case .name = errand.destination { "resolver" } else { "connector" } }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    switch errand.destination {
    case .addresses(let addresses):
      beginRace(addresses, &host)
      // Whoever typed the command hears why the first attempt cannot be made.
      try attemptNext(&host)
      awaitAnswer(&host)
    case .name(_, let server):
      guard host.address(towards: server.address) != nil else {
        throw .noAddress(server.address.family, host: host.hostName)
      }
      port = try host.open(.udp)
      var id = UInt16(truncatingIfNeeded: host.generator.next())
      for family in host.addresses.map(\.family) {
        asked[id] = DNSMessage.RecordType(family)
        id &+= UInt16(truncatingIfNeeded: host.generator.next() | 1)
      }
      ask(&host)
    }
  }

  // MARK: The name

  private mutating func ask(_ host: inout ProgramContext) {
    guard case .name(let name, let server) = errand.destination, let port else { return }
    rounds += 1
    // IPv6 first, as RFC 8305 §3 wants it.
    for (id, type) in asked.sorted(by: { $0.value.rawValue > $1.value.rawValue }) {
      host.send(Payload(bytes: DNSMessage(question: name, type, id: id).encoded()), from: port, to: server)
    }
    host.tell("asks", ["name": .text(name), "server": .endpoint(server)], about: .lastSent)
    host.setTimer(Alarm.question, after: Self.schedule.wait(after: rounds), .pressing)
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    switch delivery.content {
    case .datagram:
      guard case .name(let name, let server) = errand.destination, delivery.remote == server,
        let message = delivery.bytes.flatMap({ DNSMessage(decoding: $0) }), message.isAnswer,
        DNSName.folded(message.name) == DNSName.folded(name), asked[message.id]?.rawValue == message.type
      else { return }
      asked[message.id] = nil
      if message.code != .noError { code = message.code }
      found += message.addresses
      if asked.isEmpty { conclude(&host) }
    case .error(let kind, _, _) where delivery.transport == .udp && kind.isHardError:
      guard !asked.isEmpty else { return }
      fail("unreachable", &host)
    case .opened: win(delivery, &host)
    case .reset: lose(delivery.remote, &host)
    case .error(let kind, _, _) where kind.isHardError: lose(delivery.remote, &host)
    case .data, .closed, .error: return
    }
  }

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) {
    switch timer {
    case Alarm.question where rounds < Self.schedule.most: ask(&host)
    // One family's answer is enough.
    case Alarm.question: found.isEmpty ? fail("timed-out", &host) : conclude(&host)
    case Alarm.nextAttempt: attempt(&host)
    default: fail("timed-out", &host)
    }
  }

  private mutating func conclude(_ host: inout ProgramContext) {
    host.cancelTimer(Alarm.question)
    guard case .name(let name, let server) = errand.destination else { return }
    guard !found.isEmpty else {
      return fail(code == .noError ? "no-address" : code.word, &host)
    }
    for address in found {
      host.tell("resolved", ["name": .text(name), "address": .address(address), "server": .endpoint(server)])
    }
    act(found, &host)
  }

  private mutating func fail(_ reason: String, _ host: inout ProgramContext) {
    var data: EventData = ["reason": .text(reason)]
    if case .name(let name, let server) = errand.destination {
      data = ["name": .text(name), "reason": .text(reason), "server": .endpoint(server)]
    }
    for attempt in attempts { host.abandonConnection(from: attempt.local, to: attempt.remote) }
    host.tell("failed", data, about: attempts.isEmpty ? .arrival : .nothing)
    state = "failed"
    host.finish()
  }

  // MARK: What it was for

  private mutating func act(_ addresses: [IPAddress], _ host: inout ProgramContext) {
    let usable = addresses.filter { host.address(towards: $0) != nil }
    guard let first = usable.first(where: \.isIPv4) ?? usable.first else { return fail("no-address", &host) }
    let connected = usable.first {
      errand.action.usesConnection
        && host.isConnected(port: errand.localPort, to: Endpoint($0, errand.remotePort))
    }
    if errand.action == .connect, Set(usable.map(\.family)).count > 1 {
      beginRace(usable, &host)
      return attempt(&host)
    }
    host.act(errand.action, from: errand.localPort, to: Endpoint(connected ?? first, errand.remotePort))
    state = "done"
    host.finish()
  }

  // MARK: The race

  private mutating func beginRace(_ addresses: [IPAddress], _ host: inout ProgramContext) {
    // IPv6 first, then in turn (RFC 8305 §4).
    let (six, four) = (addresses.filter { !$0.isIPv4 }, addresses.filter(\.isIPv4))
    left = (0..<max(six.count, four.count)).flatMap {
      Array(six.dropFirst($0).prefix(1) + four.dropFirst($0).prefix(1))
    }
    begun = host.now
    state = "connecting"
  }

  /// Tries the next address for which the host can open a connection.
  private mutating func attempt(_ host: inout ProgramContext) {
    var reason = "refused"
    while !left.isEmpty {
      do throws(HostError) {
        try attemptNext(&host)
        break
      } catch {
        if attempts.isEmpty { reason = error.word }
      }
    }
    guard attempts.contains(where: { !$0.hasFailed }) else { return fail(reason, &host) }
    awaitAnswer(&host)
  }

  private mutating func attemptNext(_ host: inout ProgramContext) throws(HostError) {
    let remote = Endpoint(left.removeFirst(), errand.remotePort)
    let local = try host.connect(from: errand.localPort, to: remote)
    attempts.append(Attempt(local: local, remote: remote))
    host.tell("attempt", ["number": .number(attempts.count), "remote": .endpoint(remote)], about: .lastSent)
  }

  private func awaitAnswer(_ host: inout ProgramContext) {
    if left.isEmpty {
      host.setTimer(Alarm.patience, after: Self.patience, .pressing)
    } else {
      host.setTimer(Alarm.nextAttempt, after: Self.attemptDelay, .pressing)
    }
  }

  private mutating func win(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard attempts.contains(where: { $0.local == delivery.local && $0.remote == delivery.remote }) else { return }
    for attempt in attempts where attempt.remote != delivery.remote {
      host.abandonConnection(from: attempt.local, to: attempt.remote)
    }
    let waited = (host.now - begun).microseconds / 1_000
    host.tell(
      "connected",
      [
        "remote": .endpoint(delivery.remote), "local": .endpoint(delivery.local),
        "after_ms": .number(Int(waited)), "attempts": .number(attempts.count),
      ])
    state = "done"
    host.finish()
  }

  /// An address that refuses makes way for the next at once (RFC 8305 §5).
  private mutating func lose(_ remote: Endpoint, _ host: inout ProgramContext) {
    guard let place = attempts.firstIndex(where: { $0.remote == remote && !$0.hasFailed }) else { return }
    attempts[place].hasFailed = true
    host.cancelTimer(Alarm.nextAttempt)
    if !left.isEmpty { return attempt(&host) }
    if attempts.allSatisfy(\.hasFailed) { fail("refused", &host) }
  }
}

extension NameClient {
  static let descriptions = [
    ProgramDescription(
      "resolver", summary: said("asks for a name's addresses, and then sends what it was asked to send"),
      events: [
        "asks": ["name", "server"], "resolved": ["name", "address", "server"], "attempt": ["number", "remote"],
        "connected": ["remote", "local", "after_ms", "attempts"], "failed": ["name", "reason", "server"],
      ],
      words: words),
    ProgramDescription(
      "connector", summary: said("opens a connection to whichever address answers first (RFC 8305)"),
      events: [
        "attempt": ["number", "remote"], "connected": ["remote", "local", "after_ms", "attempts"],
        "failed": ["name", "reason", "server"],
      ], words: words),
  ]

  private static let words: @Sendable (EventReport) -> String? = { event in
    func value(_ key: String) -> String { event.data[key]?.text ?? "?" }
    switch event.event {
    case "asks": return said("asks \(value("server")) for \(value("name"))")
    case "resolved": return said("learns from \(value("server")) that \(value("name")) is \(value("address"))")
    case "attempt": return said("tries \(value("remote")), address number \(value("number"))")
    case "connected":
      return said("is connected to \(value("remote")), the first to answer, after \(value("after_ms")) ms")
    case "failed":
      switch value("reason") {
      case "timed-out": return said("has had no answer and gives up")
      case "unreachable": return said("cannot reach \(value("server")) and gives up")
      case "NXDOMAIN": return said("learns from \(value("server")) that there is no \(value("name"))")
      case "no-address": return said("gets no address for \(value("name")) that it could send to")
      case "refused": return said("was refused by every address")
      case let reason: return said("gives up: \(reason)")
      }
    default: return nil
    }
  }
}
