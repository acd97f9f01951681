// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import Traversal

/// The agent and the reference in random histories: candidates that come late, requests of friends and strangers,
/// answers right, wrong, late or never. After each step both have the same check list.
struct ICEReferenceTests {
  struct History {
    var generator: SeededGenerator
    var agent: ICEAgent
    var reference: ReferenceICEAgent
    let peer: ICEAgent.Credentials
    var now = Instant.zero
    var hosts: [Endpoint] = []
    /// How often each request was sent, and whence and where.
    var requests: [STUNMessage.TransactionID: (from: Endpoint, to: Endpoint, times: Int)] = [:]
    var order: [STUNMessage.TransactionID] = []
    var compared = 0

    init(seed: UInt64) {
      generator = SeededGenerator(seed: seed)
      let role = generator.below(2) == 0 ? ICEAgent.Role.controlling : .controlled
      agent = ICEAgent(role: role, using: &generator)
      reference = ReferenceICEAgent(role: role, tiebreaker: agent.tiebreaker)
      peer = ICEAgent.Credentials(using: &generator)
    }

    private mutating func below(_ limit: Int) -> Int { Int(generator.below(UInt64(limit))) }
    private mutating func pick<Element>(_ all: [Element]) -> Element { all[below(all.count)] }

    private func endpoint(_ network: UInt32, _ host: Int, _ port: Int) -> Endpoint {
      Endpoint(IPAddress(ipv4: network << 24 | UInt32(host)), UInt16(port))
    }

    // MARK: Steps

    mutating func step() throws {
      switch below(10) {
      case 0: addLocal()
      case 1: addRemote()
      case 2 where agent.remote == nil:
        agent.setRemote(peer, at: now)
        reference.setRemote()
      case 3, 4: try receiveRequest()
      case 5, 6: try answerRequest()
      case 7 where below(4) == 0: refuse()
      default: try wait(.milliseconds(Int64(below(10) == 0 ? 9_000 : below(240))))
      }
      try settle(expecting: nil)
    }

    private mutating func addLocal() {
      let candidate: ICECandidate
      switch below(3) {
      case 0 where !hosts.isEmpty:
        candidate = ICECandidate(
          .serverReflexive, endpoint(49, 1, 1_000 + below(3)), base: pick(hosts), server: IPAddress(ipv4: 1))
      case 1:
        let relayed = endpoint(203, 1, 50_000 + below(2))
        candidate = ICECandidate(.relayed, relayed, base: relayed, server: IPAddress(ipv4: 1))
      default:
        let own = endpoint(10, 1 + below(2), 5_000)
        if !hosts.contains(own) { hosts.append(own) }
        candidate = ICECandidate(.host, own, base: own, localPreference: UInt16(65_535 - below(2)))
      }
      agent.add(local: candidate, at: now)
      reference.add(local: candidate)
    }

    private mutating func addRemote() {
      let type = pick([ICECandidate.Kind.host, .serverReflexive, .relayed])
      let address = endpoint(88, 1 + below(3), 4_000 + below(2))
      let candidate = ICECandidate(
        type, address, base: address, server: IPAddress(ipv4: 2), localPreference: UInt16(65_535 - below(3)))
      agent.add(remote: candidate, at: now)
      reference.add(remote: candidate)
    }

    private mutating func wait(_ length: Interval) throws {
      let end = now + length
      while agent.state == .running, let due = agent.nextDue?.at, due <= end {
        now = max(now, due)
        agent.wake(at: now, using: &generator)
        try settle(expecting: nil)
      }
      now = end
    }

    private mutating func receiveRequest() throws {
      let bases = agent.locals.filter { $0.type == .host || $0.type == .relayed }.map(\.address)
      guard !bases.isEmpty else { return }
      let base = pick(bases)
      let source = endpoint(below(4) == 0 ? 77 : 88, 1 + below(3), 4_000 + below(2))
      let isOther = below(8) != 0
      let claims = isOther ? agent.role.other : agent.role
      let theirs = generator.next()
      let priority = UInt32(1 + below(1 << 30))
      let nominates = claims == .controlling && below(6) == 0
      let isRight = below(8) != 0
      var attributes: [STUNAttribute] = [
        .username("\(agent.local.fragment):\(peer.fragment)"), .priority(priority),
        claims == .controlling ? .iceControlling(theirs) : .iceControlled(theirs),
      ]
      if nominates { attributes.append(.useCandidate) }
      let request = STUNMessage.request(.binding, attributes, using: &generator)
      let key = shortTermKey(password: isRight ? agent.local.password : "guess")
      let before = agent.pairs
      let isTaken = agent.receive(
        request.encoded(signedWith: key, withFingerprint: true), at: base, from: source, at: now, using: &generator)
      #expect(isTaken)
      guard isRight else {
        #expect(agent.pairs == before)
        return try settle(expecting: .unauthenticated, answers: request.transaction)
      }
      let refusal = reference.request(
        at: base, from: source, claims: claims, theirs, priority: priority, nominates: nominates)
      try settle(expecting: refusal, answers: request.transaction)
    }

    /// Answers one of the requests that wait: rightly, from elsewhere, as a refusal, or with another signature.
    private mutating func answerRequest() throws {
      let waiting = order.filter { id in agent.checks.contains { $0.transaction.id == id } }
      guard !waiting.isEmpty, let remote = agent.remote else { return }
      let id = pick(waiting)
      guard let (base, destination, _) = requests[id] else { return }
      var request = STUNMessage.request(.binding, using: &generator)
      request.transaction = id
      let mapped = below(3) == 0 ? endpoint(49, 1, 1_000 + below(3)) : base
      let source = below(10) == 0 ? endpoint(88, 9, 9) : destination
      let refusal = below(8) == 0 ? pick([STUNErrorCode.roleConflict, .badRequest, .serverError]) : nil
      let isSigned = below(10) != 0
      let answer = refusal.map { request.refusal($0) } ?? request.response([.xorMappedAddress(mapped)])
      let key = shortTermKey(password: isSigned ? remote.password : "guess")
      _ = agent.receive(
        answer.encoded(signedWith: key, withFingerprint: true), at: base, from: source, at: now, using: &generator)
      guard isSigned else { return }
      let outcome: ReferenceICEAgent.Answer =
        source != destination ? .asymmetric : refusal.map { .error($0) } ?? .success(mapped: mapped)
      reference.response(to: id, outcome, tiebreaker: agent.tiebreaker)
    }

    /// Says that nobody is there, where one of the requests that wait went to.
    private mutating func refuse() {
      let waiting = order.filter { id in agent.checks.contains { $0.transaction.id == id } }
      guard !waiting.isEmpty, let (base, destination, _) = requests[pick(waiting)] else { return }
      agent.refused(from: base, to: destination, at: now)
      reference.refused(from: base, to: destination)
    }

    /// No more candidates come, and no more answers: both come to the same end, and a failed one may be revived.
    mutating func end() throws {
      if agent.remote == nil {
        agent.setRemote(peer, at: now)
        reference.setRemote()
      }
      agent.finishCandidates(ofPeer: false, at: now)
      agent.finishCandidates(ofPeer: true, at: now)
      for _ in 0..<3 {
        agent.wake(at: now, using: &generator)
        try settle(expecting: nil)
        try wait(.seconds(20_000))
        guard agent.state != .completed else { return }
        #expect((agent.state == .failed) == reference.hasFailed)
        try receiveRequest()
      }
    }

    // MARK: Comparing

    /// Takes what the agent sends, holds it against what the reference says, and compares the lists.
    private mutating func settle(expecting refusal: STUNErrorCode?, answers id: STUNMessage.TransactionID? = nil) throws
    {
      // Nobody has answered a request that was repeated to its end (RFC 8489 §6.2.1: seven times).
      for (id, check) in reference.checks where !agent.checks.contains(where: { $0.transaction.id == id }) {
        guard agent.state != .completed else { break }
        #expect(check.isCancelled || requests[id]?.times == 7)
        reference.timedOut(id)
      }
      var isAnswered = false
      for output in agent.takeOutputs() {
        switch output {
        case .send(let bytes, let from, let to):
          let message = try STUNMessage(decoding: bytes[...])
          guard message.kind == .request else {
            isAnswered = true
            #expect(message.transaction == id && message.errorCode == refusal)
            continue
          }
          try take(message, from, to)
        case .event(.check(let pair)):
          guard pair.state == .waiting, reference.pairs[pair.id - 1].state != .waiting else { continue }
          #expect(reference.role == .controlling && reference.pairs[pair.id - 1].isValid)
          reference.nominate(pair.id - 1)
        case .event(.selected(let pair)): #expect(reference.selected == pair.id - 1)
        case .event(.failed): #expect(reference.hasFailed)
        case .event: break
        }
      }
      #expect(isAnswered == (id != nil))
      #expect(agent.role == reference.role && agent.tiebreaker == reference.tiebreaker)
      #expect((agent.state == .completed) == (reference.selected != nil))
      guard agent.state == .running else { return }
      let real = agent.pairs.sorted { $0.id < $1.id }.map {
        ReferenceICEAgent.Pair(
          local: $0.local.address, base: $0.local.base, remote: $0.remote.address, priority: $0.priority,
          foundation: $0.foundation, state: $0.state, isValid: $0.isValid, failures: $0.failures)
      }
      #expect(real == reference.pairs)
      compared += real.count
    }

    private mutating func take(_ message: STUNMessage, _ from: Endpoint, _ to: Endpoint) throws {
      let id = message.transaction
      if requests[id] != nil {
        requests[id]?.times += 1
        return
      }
      let turn = reference.next()
      let next = try #require(turn, "a check that is nobody's turn")
      let pair = reference.pairs[next]
      #expect(pair.base == from && pair.remote == to)
      #expect(message.has(.useCandidate) == reference.nominates(next))
      reference.sent(id, next, nominates: reference.nominates(next))
      #expect(message.priority == reference.checks[id]?.priority)
      #expect(message.username == "\(peer.fragment):\(agent.local.fragment)")
      let role: STUNAttribute =
        reference.role == .controlling
        ? .iceControlling(reference.tiebreaker) : .iceControlled(reference.tiebreaker)
      #expect(message.attributes.contains(role))
      requests[id] = (from, to, 1)
      order.append(id)
    }
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>) func theAgentHasTheReferencesCheckList(seed: UInt64) throws {
    var history = History(seed: seed)
    for _ in 0..<160 where history.agent.state == .running { try history.step() }
    try history.end()
    #expect(history.compared > 0)
  }
}
