// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// One end of ICE (RFC 8445) for one component of one stream, without sockets and clock: it takes messages and the
/// time, and returns messages to send and events.
public struct ICEAgent: Sendable {
  /// The end that decides which pair is used.
  public enum Role: String, Hashable, Sendable {
    case controlling
    case controlled

    var other: Role { self == .controlling ? .controlled : .controlling }
  }

  /// The credentials that both ends have to know of each other (RFC 8445 §5.3).
  public struct Credentials: Hashable, Sendable {
    public var fragment: String
    public var password: String

    public init(fragment: String, password: String) {
      self.fragment = fragment
      self.password = password
    }

    /// Draws some: 24 bits and 128 (RFC 8445 §5.3).
    public init(using generator: inout SeededGenerator) {
      fragment = String(generator.next() & 0xFFFF_FFFF | 1 << 32, radix: 36)
      password = String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
    }
  }

  public enum State: String, Hashable, Sendable {
    case running
    case completed
    case failed
  }

  /// Messages and events, in their order.
  public enum Output: Hashable, Sendable {
    case send([UInt8], from: Endpoint, to: Endpoint)
    case event(Event)
  }

  public enum Event: Hashable, Sendable {
    /// A candidate was learned from the checks.
    case learned(ICECandidate, isRemote: Bool)
    case pair(ICEPair)
    case check(ICEPair)
    case nominated(ICEPair)
    case selected(ICEPair)
    case switched(to: Role)
    case failed
    /// The peer has not answered for 30 s: nothing more may be sent (RFC 7675 §5.1).
    case consentLost
  }

  /// Ta (RFC 8445 §14.2).
  static let pace = Interval.milliseconds(50)
  static let leastRTO = Interval.milliseconds(500)
  static let mostPairs = 100
  /// The number of failures after which a pair is not tried again when the peer is heard on it. The RFC lets it be
  /// tried each time (§7.3.1.4); if packets get through one way only, both ends would then make each other ask for
  /// ever.
  static let mostFailures = 4
  /// How long a valid pair waits for a better one before it is nominated: a repetition for one that is direct, three
  /// for a relayed one. The RFC leaves it open (§8.1.1).
  static let patience = Interval.milliseconds(600)
  static let relayedPatience = Interval.milliseconds(3_600)
  /// RFC 7675 §5.1.
  static let consentInterval = Interval.seconds(5)
  static let consentLifetime = Interval.seconds(30)

  public internal(set) var role: Role
  public internal(set) var local: Credentials
  public internal(set) var remote: Credentials?
  public internal(set) var state = State.running
  public internal(set) var locals: [ICECandidate] = []
  public internal(set) var remotes: [ICECandidate] = []
  /// In the order of their priorities.
  public internal(set) var pairs: [ICEPair] = []
  /// The pair through which data goes.
  public internal(set) var selected: ICEPair?
  var tiebreaker: UInt64
  var nextPair = 1
  var triggered: [Int] = []
  var checks: [Check] = []
  var outputs: [Output] = []
  /// When the next check may be sent.
  var nextCheck: Instant?
  /// Whether all of its own candidates are known, and all of the peer's.
  var hasAllLocals = false
  var hasAllRemotes = false
  /// Requests that came before the peer's password was known.
  var early: [(pair: Int, nominates: Bool)] = []
  /// Pairs that are nominated as soon as their check has succeeded.
  var nominees: Set<Int> = []
  /// The pair whose check has made a valid one, keyed by the valid one.
  var sources: [Int: Int] = [:]
  var firstValidAt: Instant?
  var hasNominated = false
  var consentExpires: Instant?
  var nextConsent: Instant?

  /// A request that is under way.
  struct Check: Sendable {
    var pair: Int
    var transaction: STUNTransaction
    var nominates: Bool
    var role: Role
    var priority: UInt32
    var base: Endpoint
    var isCancelled = false
    var isConsent = false

    /// An answer still counts; but nothing is sent again, and silence means nothing (RFC 8445 §7.3.1.4).
    mutating func cancel(at now: Instant) {
      isCancelled = true
      transaction.cancel(at: now)
    }
  }

  public init(role: Role, using generator: inout SeededGenerator) {
    self.role = role
    local = Credentials(using: &generator)
    tiebreaker = generator.next()
  }

  /// The outputs so far; each is given once.
  public mutating func takeOutputs() -> [Output] {
    defer { outputs = [] }
    return outputs
  }

  func index(ofPair id: Int) -> Int? { pairs.firstIndex { $0.id == id } }

  // MARK: Candidates

  /// Adds one of its own candidates; one with the address and base of another is redundant (RFC 8445 §5.1.3).
  public mutating func add(local candidate: ICECandidate, at now: Instant) {
    guard !locals.contains(where: { $0.address == candidate.address && $0.base == candidate.base }) else { return }
    locals.append(candidate)
    for remote in remotes where remote.type != .peerReflexive { form(candidate, remote) }
    settle(at: now)
  }

  /// Takes the peer's credentials; the checks begin with them. If there were others, the peer has begun again, and
  /// everything known of it is void.
  public mutating func setRemote(_ credentials: Credentials, at now: Instant) {
    if let remote, remote != credentials { forgetPeer() }
    remote = credentials
    settle(at: now)
  }

  /// Adds a candidate of the peer's, even after checks have begun (RFC 8838).
  public mutating func add(remote candidate: ICECandidate, at now: Instant) {
    if let known = remotes.firstIndex(where: { $0.address == candidate.address }) {
      // It was heard before it was announced: now its type is known.
      guard remotes[known].type == .peerReflexive else { return }
      remotes[known] = candidate
      for index in pairs.indices where pairs[index].remote.address == candidate.address {
        pairs[index].remote = candidate
        pairs[index].priority = priority(pairs[index].local, candidate)
      }
    } else {
      remotes.append(candidate)
    }
    for local in locals where local.type != .peerReflexive { form(local, candidate) }
    settle(at: now)
  }

  /// Notes that all of its own candidates, or all of the peer's, are known: until then, it does not give up.
  public mutating func finishCandidates(ofPeer: Bool, at now: Instant) {
    if ofPeer { hasAllRemotes = true } else { hasAllLocals = true }
    settle(at: now)
  }

  /// Pairs two candidates, the base in place of a reflexive one, if they are not a pair yet (RFC 8445 §6.1.2.4).
  private mutating func form(_ candidate: ICECandidate, _ remote: ICECandidate) {
    guard state != .completed, candidate.address.address.family == remote.address.address.family else { return }
    let isLinkLocal = candidate.base.address.scope == .linkLocal
    guard !remote.address.address.isLinkLocalIPv6 || isLinkLocal,
      !candidate.base.address.isLinkLocalIPv6
        || remote.address.address.scope == .linkLocal
    else { return }
    var sender = candidate
    if candidate.type.isReflexive {
      guard let base = locals.first(where: { $0.type == .host && $0.address == candidate.base }) else { return }
      sender = base
    }
    guard !pairs.contains(where: { $0.local.base == sender.base && $0.remote.address == remote.address }) else {
      return
    }
    insert(sender, remote, .frozen)
    if pairs.count > Self.mostPairs { pairs.removeLast() }
  }

  /// Puts a pair where its priority belongs.
  @discardableResult
  mutating func insert(_ local: ICECandidate, _ remote: ICECandidate, _ state: ICEPair.State) -> Int {
    let pair = ICEPair(
      id: nextPair, local: local, remote: remote, priority: priority(local, remote), state: state)
    nextPair += 1
    let place = pairs.firstIndex { $0.priority < pair.priority } ?? pairs.endIndex
    pairs.insert(pair, at: place)
    outputs.append(.event(.pair(pair)))
    return pair.id
  }

  func priority(_ local: ICECandidate, _ remote: ICECandidate) -> UInt64 {
    role == .controlling
      ? ICEPair.priority(controlling: local.priority, controlled: remote.priority)
      : ICEPair.priority(controlling: remote.priority, controlled: local.priority)
  }

  /// Takes the other role, on which the priorities depend (RFC 8445 §7.3.1.1).
  mutating func switchRole() {
    role = role.other
    (hasNominated, nominees) = (false, [])
    for index in pairs.indices { pairs[index].priority = priority(pairs[index].local, pairs[index].remote) }
    pairs.sort { ($0.priority, $1.id) > ($1.priority, $0.id) }
    outputs.append(.event(.switched(to: role)))
  }

  /// Starts the pairs that may begin, and the pacing.
  mutating func settle(at now: Instant) {
    guard state == .running else { return }
    pairs.sort { ($0.priority, $1.id) > ($1.priority, $0.id) }
    unfreeze()
    if remote != nil, nextCheck == nil, !triggered.isEmpty || pairs.contains(where: { $0.state == .waiting }) {
      nextCheck = now
    }
    if remote != nil, !early.isEmpty {
      let waiting = early
      early = []
      for request in waiting { trigger(request.pair, nominates: request.nominates, at: now) }
    }
  }

  /// Unfreezes the first frozen pair of each foundation without a check under way (RFC 8445 §6.1.2.6).
  mutating func unfreeze() {
    var busy = Set(pairs.filter { $0.state == .waiting || $0.state == .inProgress }.map(\.foundation))
    for index in pairs.indices where pairs[index].state == .frozen && busy.insert(pairs[index].foundation).inserted {
      pairs[index].state = .waiting
    }
  }

  // MARK: Beginning again

  /// Begins again with new credentials; roles stay (RFC 8445 §9). The selected pair carries data until another one is
  /// selected.
  public mutating func restart(using generator: inout SeededGenerator) {
    local = Credentials(using: &generator)
    remote = nil
    state = .running
    forgetPeer()
    (locals, hasAllLocals, consentExpires, nextConsent) = ([], false, nil, nil)
  }

  /// Forgets what is known of the peer, and all that came of it.
  private mutating func forgetPeer() {
    (remotes, pairs, triggered, checks, early) = ([], [], [], [], [])
    (hasAllRemotes, hasNominated, nominees, sources) = (false, false, [], [:])
    (nextCheck, firstValidAt) = (nil, nil)
  }
}

extension IPAddress {
  fileprivate var isLinkLocalIPv6: Bool { !isIPv4 && scope == .linkLocal }
}
