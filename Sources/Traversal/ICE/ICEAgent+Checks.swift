// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The client's side of connectivity checks: pacing, sending, repeating, giving up (RFC 8445 §6.1.4, §14).
extension ICEAgent {
  /// When something is to be done, if nothing comes first, and whether that is a standing timer.
  public var nextDue: (at: Instant, isStanding: Bool)? {
    let answers = checks.map(\.transaction.due).min()
    if state == .running {
      return [answers, nextCheck, nominationDue].compactMap { $0 }.min().map { ($0, false) }
    }
    return [answers, nextConsent, consentExpires].compactMap { $0 }.min().map { ($0, true) }
  }

  /// Does whatever is due.
  public mutating func wake(at now: Instant, using generator: inout SeededGenerator) {
    repeatChecks(at: now)
    if state == .running {
      if let due = nextCheck, now >= due { performCheck(at: now, using: &generator) }
      if let due = nominationDue, now >= due { nominate(at: now) }
      conclude(at: now)
    } else if state == .completed {
      keepConsent(at: now, using: &generator)
    }
  }

  private mutating func repeatChecks(at now: Instant) {
    for index in checks.indices.reversed() {
      let check = checks[index]
      guard now >= check.transaction.due else { continue }
      switch checks[index].transaction.wake(at: now) {
      case .send(let bytes, let destination): outputs.append(.send(bytes, from: check.base, to: destination))
      case .wait: continue
      case .timedOut:
        checks.remove(at: index)
        if !check.isCancelled, !check.isConsent { fail(check) }
      }
    }
  }

  /// The next check whose turn it is; if there is none, pacing pauses.
  private mutating func performCheck(at now: Instant, using generator: inout SeededGenerator) {
    while let id = triggered.first {
      triggered.removeFirst()
      guard let index = index(ofPair: id) else { continue }
      return sendCheck(index, at: now, using: &generator)
    }
    if !pairs.contains(where: { $0.state == .waiting }) { unfreeze() }
    guard let index = pairs.firstIndex(where: { $0.state == .waiting }) else {
      nextCheck = nil
      return
    }
    sendCheck(index, at: now, using: &generator)
  }

  private mutating func sendCheck(_ index: Int, at now: Instant, using generator: inout SeededGenerator) {
    nextCheck = now + Self.pace
    guard send(pairs[index], nominates: nominates(index), at: now, using: &generator) else { return }
    setState(index, .inProgress)
  }

  /// Whether a check of the pair says that it is chosen.
  func nominates(_ index: Int) -> Bool {
    role == .controlling && hasNominated && nominees.contains(pairs[index].id)
  }

  /// Sends a request on a pair.
  @discardableResult
  private mutating func send(
    _ pair: ICEPair, nominates: Bool, isConsent: Bool = false, at now: Instant,
    using generator: inout SeededGenerator
  ) -> Bool {
    guard let remote else { return false }
    let preference = UInt16(truncatingIfNeeded: pair.local.priority >> 8)
    let priority = ICECandidate.priority(.peerReflexive, localPreference: preference)
    var attributes: [STUNAttribute] = [
      .username("\(remote.fragment):\(local.fragment)"), .priority(priority),
      role == .controlling ? .iceControlling(tiebreaker) : .iceControlled(tiebreaker),
    ]
    if nominates { attributes.append(.useCandidate) }
    let request = STUNMessage.request(.binding, attributes, using: &generator)
    let bytes = request.encoded(signedWith: shortTermKey(password: remote.password), withFingerprint: true)
    let schedule =
      isConsent ? Retransmission(initial: Self.leastRTO, most: 1, patience: Self.consentInterval) : schedule
    var transaction = STUNTransaction(
      request.transaction, request: bytes, to: pair.remote.address, at: now, schedule: schedule)
    if case .send(let bytes, let destination) = transaction.wake(at: now) {
      outputs.append(.send(bytes, from: pair.local.base, to: destination))
    }
    checks.append(
      Check(
        pair: pair.id, transaction: transaction, nominates: nominates, role: role, priority: priority,
        base: pair.local.base, isConsent: isConsent))
    return true
  }

  /// RTO grows with what is under way (RFC 8445 §14.3).
  private var schedule: Retransmission {
    let active = pairs.count { $0.state == .waiting || $0.state == .inProgress }
    let rto = Self.pace.microseconds * Int64(pairs.count) * Int64(active)
    return .stun(rto: max(Self.leastRTO, Interval(microseconds: rto)))
  }

  mutating func setState(_ index: Int, _ state: ICEPair.State) {
    guard pairs[index].state != state else { return }
    pairs[index].state = state
    if state == .failed { pairs[index].failures += 1 }
    outputs.append(.event(.check(pairs[index])))
  }

  /// Enqueues a check before all ordinary ones (RFC 8445 §7.3.1.4).
  mutating func enqueue(_ index: Int, at now: Instant) {
    let id = pairs[index].id
    if !triggered.contains(id) { triggered.append(id) }
    setState(index, .waiting)
    if nextCheck == nil { nextCheck = now }
  }

  /// A check has failed; so has its pair, unless another check of it is under way.
  mutating func fail(_ check: Check) {
    guard let index = index(ofPair: check.pair), !checks.contains(where: { $0.pair == check.pair && !$0.isCancelled })
    else { return }
    if check.nominates || (role == .controlled && nominees.contains(check.pair)) {
      // The RFC lets the whole list fail; another valid pair may still work.
      pairs[index].isValid = false
      nominees.remove(check.pair)
      hasNominated = false
    }
    setState(index, .failed)
  }

  /// An ICMP error about a request to `destination` from `base` says that nobody is there (RFC 8445 §7.2.5.2.2).
  public mutating func refused(from base: Endpoint, to destination: Endpoint, at now: Instant) {
    for index in checks.indices.reversed()
    where checks[index].base == base && checks[index].transaction.server == destination && !checks[index].isConsent {
      fail(checks.remove(at: index))
    }
    conclude(at: now)
  }

  // MARK: Concluding

  /// The best of the valid pairs.
  private var bestValid: ICEPair? { pairs.first { $0.isValid } }

  /// When the controlling agent nominates a pair: at once if no better one can come, else after a while.
  private var nominationDue: Instant? {
    guard role == .controlling, !hasNominated, let firstValidAt, let best = bestValid else { return nil }
    let isOpen = pairs.contains {
      $0.priority > best.priority && [.frozen, .waiting, .inProgress].contains($0.state)
    }
    guard isOpen || !(hasAllLocals && hasAllRemotes) else { return firstValidAt }
    return firstValidAt + (best.path == .relayed ? Self.relayedPatience : Self.patience)
  }

  /// Repeats the check of the best pair, with USE-CANDIDATE (RFC 8445 §8.1.1).
  private mutating func nominate(at now: Instant) {
    guard let best = bestValid, let index = index(ofPair: best.id) else { return }
    hasNominated = true
    nominees.insert(best.id)
    triggered.insert(best.id, at: 0)
    if nextCheck == nil { nextCheck = now }
    setState(index, .waiting)
  }

  /// A pair has been nominated: data goes through it, and everything else ends (RFC 8445 §8.1.2).
  mutating func select(_ index: Int, at now: Instant) {
    guard state == .running else { return }
    pairs[index].isNominated = true
    let pair = pairs[index]
    outputs.append(.event(.nominated(pair)))
    selected = pair
    state = .completed
    triggered = []
    nextCheck = nil
    for index in checks.indices { checks[index].cancel(at: now) }
    consentExpires = now + Self.consentLifetime
    nextConsent = now + Self.consentInterval
    outputs.append(.event(.selected(pair)))
  }

  /// Gives up if everything has been tried (RFC 8445 §7.2.5.4). The controlled agent waits as long as a pair is valid.
  mutating func conclude(at now: Instant) {
    guard state == .running, hasAllLocals, hasAllRemotes, remote != nil, triggered.isEmpty, bestValid == nil,
      pairs.allSatisfy({ $0.state == .failed || $0.state == .succeeded })
    else { return }
    state = .failed
    // One from before it began again has had its time.
    selected = nil
    nextCheck = nil
    outputs.append(.event(.failed))
  }

  // MARK: Consent

  private mutating func keepConsent(at now: Instant, using generator: inout SeededGenerator) {
    guard let pair = selected, let expires = consentExpires else { return }
    if now >= expires {
      state = .failed
      (consentExpires, nextConsent, checks) = (nil, nil, [])
      outputs.append(.event(.consentLost))
      return
    }
    guard let due = nextConsent, now >= due else { return }
    send(pair, nominates: false, isConsent: true, at: now, using: &generator)
    // From 0.8 to 1.2 times the interval, so that requests do not coincide (RFC 7675 §5.1).
    let spread = Int64(generator.below(UInt64(Self.consentInterval.microseconds) * 4 / 10 + 1))
    nextConsent = now + Interval(microseconds: Self.consentInterval.microseconds * 8 / 10 + spread)
  }
}
