// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Asks a STUN server how the host looks from outside, once or by all of RFC 5780's tests.
struct STUNClient: HostProgram {
  let server: Endpoint
  private(set) var port: UInt16?
  private var discovery: BehaviorDiscovery?
  private let discovers: Bool
  private(set) var state = "waiting"
  private var transaction: STUNTransaction?
  private var test: BehaviorDiscovery.Test?
  /// The answer to a request that was sent more than once, until its other answers have come or are overdue.
  private var settling: Settling?
  private var asked = (first: Instant.zero, last: Instant.zero)
  /// Whether a repeated request has had fewer answers than it was sent: silence may be loss as well.
  private var hasLostPackets = false

  /// A server answers each repetition, so whoever counts the answers can tell a long way from a bad one.
  private struct Settling {
    var answer: BehaviorDiscovery.Answer
    var answers = 1
  }

  /// - Parameter discovers: whether it goes on to find out the behaviour of the routers on the way.
  init(server: Endpoint, port: UInt16?, discovers: Bool) {
    self.server = server
    self.port = port
    self.discovers = discovers
  }

  var name: String { "stun-client" }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    guard let address = host.address(towards: server.address) else {
      throw .noAddress(server.address.family, host: host.hostName)
    }
    let number = try host.open(.udp, port)
    port = number
    if discovers {
      let plan = BehaviorDiscovery(server: server, local: Endpoint(address, number))
      discovery = plan
      ask(plan.opening, &host)
    } else {
      ask(BehaviorDiscovery.Request(test: .reachable, destination: server, attributes: []), &host)
    }
  }

  private mutating func ask(_ request: BehaviorDiscovery.Request, _ host: inout ProgramContext) {
    let message = STUNMessage.request(.binding, request.attributes, using: &host.generator)
    transaction = STUNTransaction(
      message.transaction, request: message.encoded(), to: request.destination, at: host.now)
    test = request.test
    asked.first = host.now
    wake(0, &host)
  }

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) {
    if settling != nil { return settle(&host) }
    guard var current = transaction, let port, let test else { return }
    let step = current.wake(at: host.now)
    transaction = current
    switch step {
    case .send(let bytes, let destination):
      asked.last = host.now
      host.send(Payload(bytes: bytes), from: port, to: destination)
      host.setTimer(0, after: current.due - host.now, .pressing)
    case .wait: host.setTimer(0, after: current.due - host.now, .pressing)
    case .timedOut:
      if discovery == nil {
        host.tell("timed-out", ["server": .endpoint(server), "requests": .number(current.sent)], about: .lastSent)
        end("failed", &host)
      } else {
        conclude(test, .silence, &host)
      }
    }
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    if case .error(let kind, let reporter, _) = delivery.content { return hear(kind, reporter, delivery.remote, &host) }
    guard let bytes = delivery.bytes, let current = transaction, let test,
      let message = try? STUNMessage(decoding: bytes[...]),
      current.isAnswered(by: message, from: delivery.remote, anySource: test != .reachable)
    else { return }
    if settling != nil { return countAnswer(&host) }
    host.cancelTimer(0)
    if message.kind == .error {
      let code = message.errorCode ?? .serverError
      if discovery == nil {
        host.tell("refused", ["code": .number(Int(code.rawValue)), "server": .endpoint(server)])
        return end("failed", &host)
      }
      return take(.refused(code), &host)
    }
    guard let mapped = message.mappedAddress else { return take(.silence, &host) }
    let local = delivery.local
    if test == .reachable {
      host.tell(
        "mapped-address", ["local": .endpoint(local), "mapped": .endpoint(mapped), "server": .endpoint(server)])
      guard discovery != nil else { return end("done", &host) }
    }
    take(.mapped(mapped, other: message.otherAddress), &host)
  }

  /// Goes on after an answer: at once, or, if the request was repeated, when it is known what became of the others.
  private mutating func take(_ answer: BehaviorDiscovery.Answer, _ host: inout ProgramContext) {
    settling = Settling(answer: answer)
    guard let transaction, transaction.sent > 1 else { return settle(&host) }
    // The last one has the time that this one took, and some more.
    let due = asked.last + (host.now - asked.first) + transaction.schedule.initial
    host.setTimer(0, after: due - host.now, .pressing)
  }

  private mutating func countAnswer(_ host: inout ProgramContext) {
    settling?.answers += 1
    if let settling, let transaction, settling.answers >= transaction.sent { settle(&host) }
  }

  private mutating func settle(_ host: inout ProgramContext) {
    guard let settled = settling, let test else { return }
    host.cancelTimer(0)
    if settled.answers < transaction?.sent ?? 0 { hasLostPackets = true }
    (settling, transaction) = (nil, nil)
    conclude(test, settled.answer, &host)
  }

  /// A hard error ends a transaction (RFC 8489 §6.2.1); for one of discovery's tests it counts as silence.
  private mutating func hear(
    _ kind: ICMPKind, _ reporter: IPAddress, _ destination: Endpoint, _ host: inout ProgramContext
  ) {
    guard let current = transaction, let test, destination == current.server, kind.isHardError else { return }
    if settling != nil { return countAnswer(&host) }
    host.cancelTimer(0)
    transaction = nil
    if discovery == nil {
      host.tell("failed", ["reason": .text(kind.name), "from": .address(reporter), "server": .endpoint(server)])
      return end("failed", &host)
    }
    conclude(test, .silence, &host)
  }

  private mutating func conclude(
    _ test: BehaviorDiscovery.Test, _ answer: BehaviorDiscovery.Answer, _ host: inout ProgramContext
  ) {
    guard var plan = discovery else { return end("failed", &host) }
    let step = plan.next(after: test, answer)
    discovery = plan
    var result = EventValue.null
    switch answer {
    case .mapped(let endpoint, _): result = .endpoint(endpoint)
    case .refused(let code): result = .number(Int(code.rawValue))
    case .silence: break
    }
    host.tell(
      "test",
      [
        "test": .text(test.rawValue), "answer": result,
        "uncertain": .flag(answer == .silence && hasLostPackets),
      ])
    switch step {
    case .ask(let request): ask(request, &host)
    case .found(let findings):
      host.tell(
        "behavior",
        [
          "mapping": EventValue(findings.mapping?.name), "filtering": EventValue(findings.filtering?.name),
          "translated": .flag(!findings.isUntranslated), "lossy": .flag(hasLostPackets),
          "doubts": .list(findings.doubts.map { .text($0.rawValue) }),
        ])
      end("done", &host)
    case .failed(let failure):
      if failure == .noAnswer {
        host.tell("timed-out", ["server": .endpoint(server)])
      } else {
        host.tell("failed", ["reason": .text(failure.rawValue), "server": .endpoint(server)])
      }
      end("failed", &host)
    }
  }

  private mutating func end(_ state: String, _ host: inout ProgramContext) {
    self.state = state
    transaction = nil
    host.finish()
  }
}

extension ICMPKind {
  /// Whether the error means that nobody will ever answer (RFC 1122 §4.2.3.9): there is no such port or host, or
  /// somebody forbids it. Fragmentation and an expired time to live are not of that kind.
  var isHardError: Bool {
    switch self {
    case .portUnreachable, .administrativelyProhibited, .hostUnreachable, .networkUnreachable: true
    case .none, .echoRequest, .echoReply, .fragmentationNeeded, .timeExceeded: false
    }
  }
}
