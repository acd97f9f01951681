// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Incoming messages: requests, which are answered, and responses (RFC 8445 §7.2.5, §7.3).
extension ICEAgent {
  /// Takes a datagram that came to `base`, one of the agent's own endpoints or a relayed one; false if it is not ICE's.
  public mutating func receive(
    _ bytes: [UInt8], at base: Endpoint, from source: Endpoint, at now: Instant,
    using generator: inout SeededGenerator
  ) -> Bool {
    guard let received = try? ReceivedSTUNMessage(decoding: bytes[...]), received.message.method == .binding,
      received.hasRightFingerprint == true
    else { return false }
    switch received.message.kind {
    case .request: answer(received, at: base, from: source, at: now, using: &generator)
    case .success, .error:
      guard checks.contains(where: { $0.transaction.id == received.message.transaction }) else { return false }
      take(received, at: base, from: source, at: now, using: &generator)
    case .indication: break
    }
    return true
  }

  // MARK: Requests

  private mutating func answer(
    _ received: ReceivedSTUNMessage, at base: Endpoint, from source: Endpoint, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    let request = received.message
    let key = shortTermKey(password: local.password)
    func refuse(_ code: STUNErrorCode, _ attributes: [STUNAttribute] = [], signed: Bool) {
      let bytes = request.refusal(code, attributes).encoded(signedWith: signed ? key : nil, withFingerprint: true)
      outputs.append(.send(bytes, from: base, to: source))
    }
    guard received.hasIntegrity, let username = request.username else { return refuse(.badRequest, signed: false) }
    guard username.hasPrefix(local.fragment + ":"), received.isSigned(with: key) else {
      return refuse(.unauthenticated, signed: false)
    }
    let unknown = request.unknownRequiredTypes()
    guard unknown.isEmpty else {
      return refuse(.unknownAttribute, [.unknownAttributes(unknown)], signed: true)
    }
    guard !request.isMalformed, let priority = request.priority else { return refuse(.badRequest, signed: true) }
    if let theirs = conflict(request) {
      if (tiebreaker >= theirs) == (role == .controlling) { return refuse(.roleConflict, signed: true) }
      switchRole()
    }
    let response = request.response([.xorMappedAddress(source)]).encoded(signedWith: key, withFingerprint: true)
    outputs.append(.send(response, from: base, to: source))
    // An agent that has given up is revived by a peer that is heard after all.
    guard state == .running || state == .failed && selected == nil else { return }
    guard let own = locals.first(where: { $0.address == base && !$0.type.isReflexive }) else { return }
    let known = pairs.first { $0.local.address == own.address && $0.remote.address == source }?.id
    guard known != nil || pairs.count < Self.mostPairs else { return }
    let remoteCandidate = remotes.first { $0.address == source } ?? learn(source, priority)
    let id = known ?? insert(own, remoteCandidate, .frozen)
    let nominates = request.has(.useCandidate) && role == .controlled
    if remote == nil { return early.append((id, nominates)) }
    trigger(id, nominates: nominates, at: now)
  }

  /// The peer's tiebreaker, if it claims the same role (RFC 8445 §7.3.1.1).
  private func conflict(_ request: STUNMessage) -> UInt64? {
    request.first {
      switch ($0, role) {
      case (.iceControlling(let value), .controlling), (.iceControlled(let value), .controlled): value
      default: nil
      }
    }
  }

  /// The source of a request that nobody has announced: a peer-reflexive candidate (RFC 8445 §7.3.1.3).
  private mutating func learn(_ source: Endpoint, _ priority: UInt32) -> ICECandidate {
    let candidate = ICECandidate(
      .peerReflexive, source, base: source, priority: priority, foundation: "p\(source)")
    remotes.append(candidate)
    outputs.append(.event(.learned(candidate, isRemote: true)))
    return candidate
  }

  /// Checks the other way as soon as possible: the peer's request has shown that it can work (RFC 8445 §7.3.1.4).
  mutating func trigger(_ id: Int, nominates: Bool, at now: Instant) {
    guard let index = index(ofPair: id) else { return }
    if nominates { nominees.insert(id) }
    if pairs[index].state == .succeeded {
      if nominates { selectValid(of: index, at: now) }
      return
    }
    guard pairs[index].failures < Self.mostFailures else { return }
    state = .running
    for check in checks.indices where checks[check].pair == id { checks[check].cancel(at: now) }
    enqueue(index, at: now)
  }

  // MARK: Responses

  private mutating func take(
    _ received: ReceivedSTUNMessage, at base: Endpoint, from source: Endpoint, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    guard let place = checks.firstIndex(where: { $0.transaction.id == received.message.transaction }), let remote
    else { return }
    let check = checks[place]
    // Unsigned or wrongly signed, it is ignored (RFC 8489 §9.1.4).
    guard received.isSigned(with: shortTermKey(password: remote.password)) else { return }
    checks.remove(at: place)
    guard source == check.transaction.server, base == check.base else { return fail(check) }
    if received.message.kind == .error {
      return refused(check, received.message, at: now, using: &generator)
    }
    guard received.message.unknownRequiredTypes().isEmpty, let mapped = received.message.mappedAddress else {
      return fail(check)
    }
    if check.isConsent {
      consentExpires = now + Self.consentLifetime
      return
    }
    succeed(check, mapped, at: now)
  }

  private mutating func refused(
    _ check: Check, _ refusal: STUNMessage, at now: Instant, using generator: inout SeededGenerator
  ) {
    guard refusal.errorCode == .roleConflict, state == .running else { return fail(check) }
    // Asked once more in the other role (RFC 8445 §7.2.5.1).
    if role == check.role {
      switchRole()
      tiebreaker = generator.next()
    }
    if let index = index(ofPair: check.pair) { enqueue(index, at: now) }
  }

  private mutating func succeed(_ check: Check, _ mapped: Endpoint, at now: Instant) {
    guard state == .running, let index = index(ofPair: check.pair) else { return }
    var valid = index
    let own = pairs[index].local
    if mapped != own.address {
      // The valid pair's own end is the mapped address (RFC 8445 §7.2.5.3.2).
      let candidate = locals.first { $0.address == mapped && $0.base == own.base } ?? learn(mapped, own, check.priority)
      let remote = pairs[index].remote
      if let known = pairs.firstIndex(where: {
        $0.local.address == mapped && $0.local.base == own.base && $0.remote.address == remote.address
      }) {
        valid = known
      } else {
        let id = insert(candidate, remote, .inProgress)
        valid = self.index(ofPair: id) ?? index
      }
    }
    let validID = pairs[valid].id
    if let index = self.index(ofPair: check.pair) { setState(index, .succeeded) }
    pairs[valid].isValid = true
    setState(valid, .succeeded)
    sources[validID] = check.pair
    // A check that was to replace the one that has been answered after all is not sent: nothing further is done about a
    // pair that has succeeded (RFC 8445 §7.3.1.4), unless it is chosen.
    let done = [check.pair, validID].filter { id in self.index(ofPair: id).map { !nominates($0) } ?? true }
    triggered.removeAll { done.contains($0) }
    if firstValidAt == nil { firstValidAt = now }
    let foundation = self.index(ofPair: check.pair).map { pairs[$0].foundation }
    for index in pairs.indices where pairs[index].state == .frozen && pairs[index].foundation == foundation {
      setState(index, .waiting)
    }
    if nextCheck == nil, pairs.contains(where: { $0.state == .waiting }) { nextCheck = now }
    if check.nominates || (role == .controlled && nominees.contains(check.pair)) {
      if let valid = self.index(ofPair: validID) { select(valid, at: now) }
    }
  }

  private mutating func learn(_ mapped: Endpoint, _ own: ICECandidate, _ priority: UInt32) -> ICECandidate {
    let candidate = ICECandidate(
      .peerReflexive, mapped, base: own.base, priority: priority, foundation: "p" + own.foundation)
    locals.append(candidate)
    outputs.append(.event(.learned(candidate, isRemote: false)))
    return candidate
  }

  /// The valid pair that the check of this one has made.
  private mutating func selectValid(of index: Int, at now: Instant) {
    let id = pairs[index].id
    let made = pairs.firstIndex { $0.isValid && sources[$0.id] == id }
    if let made { select(made, at: now) }
  }
}
