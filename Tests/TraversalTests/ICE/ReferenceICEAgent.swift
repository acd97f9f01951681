// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Traversal

/// ICE's check list as RFC 8445's text describes it, in arrays that are searched from end to end: no clocks, no bytes.
/// It says which check comes next, and what a message changes; when checks are sent is left to whoever drives it.
struct ReferenceICEAgent {
  struct Pair: Hashable {
    /// The candidate's own address, the address it sends from, and the peer's.
    var local: Endpoint
    var base: Endpoint
    var remote: Endpoint
    var priority: UInt64
    var foundation: String
    var state: ICEPair.State
    var isValid = false
    var failures = 0
  }

  /// A check that may still be answered.
  struct Check {
    var pair: Int
    var role: ICEAgent.Role
    var priority: UInt32
    var nominates: Bool
    var isCancelled = false
  }

  var role: ICEAgent.Role
  var tiebreaker: UInt64
  var isCredentialed = false
  private(set) var locals: [ICECandidate] = []
  private(set) var remotes: [ICECandidate] = []
  private(set) var pairs: [Pair] = []
  private(set) var checks: [STUNMessage.TransactionID: Check] = [:]
  private var triggered: [Int] = []
  /// Pairs to be triggered once the peer's password is known.
  private var early: [(pair: Int, nominates: Bool)] = []
  private var nominees: Set<Int> = []
  /// The pair whose check made a valid one.
  private var madeBy: [Int: Int] = [:]
  private(set) var selected: Int?

  init(role: ICEAgent.Role, tiebreaker: UInt64) {
    self.role = role
    self.tiebreaker = tiebreaker
  }

  // MARK: §6.1.2 Forming the check list

  private func priority(_ local: UInt32, _ remote: UInt32) -> UInt64 {
    let (g, d) = role == .controlling ? (UInt64(local), UInt64(remote)) : (UInt64(remote), UInt64(local))
    // §6.1.2.3: 2^32*MIN(G,D) + 2*MAX(G,D) + (G>D?1:0)
    return (1 << 32) * min(g, d) + 2 * max(g, d) + (g > d ? 1 : 0)
  }

  mutating func add(local candidate: ICECandidate) {
    if locals.contains(where: { $0.address == candidate.address && $0.base == candidate.base }) { return }
    locals.append(candidate)
    for remote in remotes where remote.type != .peerReflexive { form(candidate, remote) }
    settle()
  }

  mutating func add(remote candidate: ICECandidate) {
    if let place = remotes.firstIndex(where: { $0.address == candidate.address }) {
      guard remotes[place].type == .peerReflexive else { return }
      remotes[place] = candidate
      for index in pairs.indices where pairs[index].remote == candidate.address {
        guard let own = self.candidate(of: pairs[index]) else { continue }
        pairs[index].priority = priority(own.priority, candidate.priority)
        pairs[index].foundation = own.foundation + ":" + candidate.foundation
      }
    } else {
      remotes.append(candidate)
    }
    for local in locals where local.type != .peerReflexive { form(local, candidate) }
    settle()
  }

  mutating func setRemote() {
    isCredentialed = true
    settle()
    let waiting = early
    early = []
    for request in waiting { trigger(request.pair, nominates: request.nominates) }
  }

  /// §6.1.2.2 to 6.1.2.4: one family; a reflexive candidate is replaced by its base; no pair twice.
  private mutating func form(_ local: ICECandidate, _ remote: ICECandidate) {
    guard local.address.address.family == remote.address.address.family else { return }
    let isReflexive = local.type == .serverReflexive || local.type == .peerReflexive
    guard let sender = isReflexive ? locals.first(where: { $0.type == .host && $0.address == local.base }) : local
    else {
      return
    }
    if pairs.contains(where: { $0.base == sender.base && $0.remote == remote.address }) { return }
    insert(sender, remote, .frozen)
  }

  @discardableResult
  private mutating func insert(_ local: ICECandidate, _ remote: ICECandidate, _ state: ICEPair.State) -> Int {
    pairs.append(
      Pair(
        local: local.address, base: local.base, remote: remote.address,
        priority: priority(local.priority, remote.priority),
        foundation: local.foundation + ":" + remote.foundation, state: state))
    return pairs.count - 1
  }

  private func candidate(of pair: Pair) -> ICECandidate? {
    locals.first { $0.address == pair.local && $0.base == pair.base }
  }

  /// The pairs' numbers by priority, the highest first; of two alike the older one.
  private var ordered: [Int] {
    pairs.indices.sorted { (pairs[$0].priority, $1) > (pairs[$1].priority, $0) }
  }

  /// §6.1.2.6: of each foundation that nothing is known of, the best pair may go.
  private mutating func settle() {
    for index in ordered where pairs[index].state == .frozen {
      let isBusy = pairs.contains {
        $0.foundation == pairs[index].foundation && ($0.state == .waiting || $0.state == .inProgress)
      }
      if !isBusy { pairs[index].state = .waiting }
    }
  }

  // MARK: §6.1.4.2 Performing checks

  /// The pair whose turn it is: the first triggered one, else the best that waits, else the best that is frozen.
  mutating func next() -> Int? {
    if !triggered.isEmpty { return triggered.removeFirst() }
    if !pairs.contains(where: { $0.state == .waiting }) { settle() }
    return ordered.first { pairs[$0].state == .waiting }
  }

  /// Whether a check of the pair says that it is chosen.
  func nominates(_ pair: Int) -> Bool { role == .controlling && nominees.contains(pair) }

  /// The pair's check has been sent.
  mutating func sent(_ id: STUNMessage.TransactionID, _ pair: Int, nominates: Bool) {
    let own = candidate(of: pairs[pair])
    // §7.1.1: the priority that a peer-reflexive candidate would have.
    let priority = 110 << 24 | (own?.priority ?? 0) & 0x00FF_FF00 | 255
    checks[id] = Check(pair: pair, role: role, priority: priority, nominates: nominates)
    pairs[pair].state = .inProgress
  }

  /// The controlling agent's choice (§8.1.1): a pair that is valid, checked once more.
  mutating func nominate(_ pair: Int) {
    nominees.insert(pair)
    triggered.insert(pair, at: 0)
    pairs[pair].state = .waiting
  }

  /// Nobody has answered.
  mutating func timedOut(_ id: STUNMessage.TransactionID) {
    guard let check = checks.removeValue(forKey: id), !check.isCancelled else { return }
    fail(check)
  }

  /// §7.2.5.2.2: an ICMP error says that nobody is there.
  mutating func refused(from base: Endpoint, to remote: Endpoint) {
    for (id, check) in checks where pairs[check.pair].base == base && pairs[check.pair].remote == remote {
      checks[id] = nil
      fail(check)
    }
  }

  /// §7.2.5.4: everything has been tried, and nothing works.
  var hasFailed: Bool {
    selected == nil && triggered.isEmpty
      && pairs.allSatisfy { !$0.isValid && ($0.state == .failed || $0.state == .succeeded) }
  }

  private mutating func fail(_ check: Check) {
    if checks.values.contains(where: { $0.pair == check.pair && !$0.isCancelled }) { return }
    if check.nominates || role == .controlled && nominees.contains(check.pair) {
      pairs[check.pair].isValid = false
      nominees.remove(check.pair)
    }
    if pairs[check.pair].state != .failed { pairs[check.pair].failures += 1 }
    pairs[check.pair].state = .failed
  }

  // MARK: §7.3 Requests

  /// What a request is answered with: nil is success.
  mutating func request(
    at base: Endpoint, from source: Endpoint, claims: ICEAgent.Role, _ theirs: UInt64, priority: UInt32, nominates: Bool
  ) -> STUNErrorCode? {
    // §7.3.1.1
    if claims == role {
      let keepsRole = role == .controlling ? tiebreaker >= theirs : tiebreaker < theirs
      if keepsRole { return .roleConflict }
      switchRole()
    }
    guard let own = locals.first(where: { $0.address == base && ($0.type == .host || $0.type == .relayed) }) else {
      return nil
    }
    // §7.3.1.3
    let known = pairs.firstIndex { $0.local == own.address && $0.remote == source }
    var remote = remotes.first { $0.address == source }
    if remote == nil {
      let learned = ICECandidate(.peerReflexive, source, base: source, priority: priority, foundation: "p\(source)")
      remotes.append(learned)
      remote = learned
    }
    guard let remote else { return nil }
    let pair = known ?? insert(own, remote, .frozen)
    let isNominated = nominates && role == .controlled
    if isCredentialed { trigger(pair, nominates: isNominated) } else { early.append((pair, isNominated)) }
    return nil
  }

  /// §7.3.1.4, §7.3.1.5
  private mutating func trigger(_ pair: Int, nominates: Bool) {
    if nominates { nominees.insert(pair) }
    if pairs[pair].state == .succeeded {
      if nominates, let valid = ordered.first(where: { pairs[$0].isValid && madeBy[$0] == pair }) { selected = valid }
      return
    }
    // The RFC would try it each time; here four failures are enough.
    if pairs[pair].failures >= 4 { return }
    for (id, check) in checks where check.pair == pair { checks[id]?.isCancelled = true }
    enqueue(pair)
  }

  private mutating func enqueue(_ pair: Int) {
    if !triggered.contains(pair) { triggered.append(pair) }
    pairs[pair].state = .waiting
  }

  private mutating func switchRole() {
    role = role == .controlling ? .controlled : .controlling
    nominees = []
    for index in pairs.indices {
      guard let own = candidate(of: pairs[index]),
        let remote = remotes.first(where: { $0.address == pairs[index].remote })
      else { continue }
      pairs[index].priority = priority(own.priority, remote.priority)
    }
  }

  // MARK: §7.2.5 Responses

  enum Answer {
    case success(mapped: Endpoint)
    case error(STUNErrorCode)
    /// §7.2.5.2.1: it came from elsewhere, or to elsewhere.
    case asymmetric
  }

  /// - Parameter tiebreaker: The agent's new one, if its role changes.
  mutating func response(to id: STUNMessage.TransactionID, _ answer: Answer, tiebreaker: UInt64) {
    guard let check = checks.removeValue(forKey: id) else { return }
    switch answer {
    case .error(.roleConflict):
      if role == check.role {
        switchRole()
        self.tiebreaker = tiebreaker
      }
      enqueue(check.pair)
    case .error, .asymmetric: fail(check)
    case .success(let mapped): succeed(check, mapped)
    }
  }

  private mutating func succeed(_ check: Check, _ mapped: Endpoint) {
    let asked = pairs[check.pair]
    var valid = check.pair
    // §7.2.5.3.1, §7.2.5.3.2
    if mapped != asked.local {
      var own = locals.first { $0.address == mapped && $0.base == asked.base }
      if own == nil, let sender = candidate(of: asked) {
        let learned = ICECandidate(
          .peerReflexive, mapped, base: asked.base, priority: check.priority, foundation: "p" + sender.foundation)
        locals.append(learned)
        own = learned
      }
      guard let own, let remote = remotes.first(where: { $0.address == asked.remote }) else { return }
      valid =
        pairs.firstIndex { $0.local == mapped && $0.base == asked.base && $0.remote == asked.remote }
        ?? insert(own, remote, .inProgress)
    }
    // §7.2.5.3.3
    pairs[check.pair].state = .succeeded
    pairs[valid].state = .succeeded
    pairs[valid].isValid = true
    madeBy[valid] = check.pair
    // §7.3.1.4: nothing further is done about a pair that has succeeded, even if a new check of it was waiting for its
    // turn when the answer came.
    let done = [check.pair, valid].filter { !nominates($0) }
    triggered.removeAll { done.contains($0) }
    for index in pairs.indices where pairs[index].state == .frozen && pairs[index].foundation == asked.foundation {
      pairs[index].state = .waiting
    }
    // §7.2.5.3.4
    if check.nominates || role == .controlled && nominees.contains(check.pair) { selected = valid }
  }
}
