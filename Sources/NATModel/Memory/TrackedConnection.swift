// SPDX-License-Identifier: GPL-3.0-or-later

/// A TCP connection as netfilter's connection tracking knows it, by the flags of its segments.
///
/// Its states and their order are those of the kernel's net/netfilter/nf_conntrack_proto_tcp.c. The inside is the side
/// from which the flow began, the original direction there. Sequence numbers are assumed to be right: windows are not
/// checked, an acknowledgement is assumed to cover everything that was sent, and data to be new.
struct TrackedConnection {
  /// The kinds of segments that connection tracking distinguishes. Others, such as SYN with FIN, are not segments.
  enum Segment: UInt16 {
    case request = 1
    case answer
    case end
    case data
    case reset

    init?(_ flags: TCPFlags) {
      switch flags.subtracting([.psh, .ece, .cwr]) {
      case [.syn], [.syn, .urg]: self = .request
      case [.syn, .ack]: self = .answer
      case [.fin, .ack], [.fin, .ack, .urg]: self = .end
      case [.ack], [.ack, .urg]: self = .data
      case [.rst], [.rst, .ack]: self = .reset
      default: return nil
      }
    }

    /// Whether it can begin a flow. Data can too: the router may have been restarted (`nf_conntrack_tcp_loose`).
    var canBegin: Bool { self == .request || self == .data }
  }

  /// The meaning of a segment for the connection it belongs to.
  enum Outcome: Hashable {
    /// It belongs here; the connection now lives as long as ones of this class.
    case accepted(LifetimeClass)
    /// It may belong here or not. It passes, and changes no lifetime.
    case ignored
    /// It passes, and is the connection's last.
    case ended
    /// It does not belong here.
    case invalid
    /// It begins a new connection between the same ends; this one is over.
    case reopens
  }

  typealias Phase = ConnectionState.Phase

  /// The memory besides the phase, in one word.
  struct Memory: OptionSet {
    var rawValue: UInt16
    /// The last segment that was accepted or ignored, in the low bits.
    static let lastSegment = Memory(rawValue: 7)
    static let lastFromOutside = Memory(rawValue: 8)
    /// The side was the first to finish.
    static let insideFinishedFirst = Memory(rawValue: 16)
    static let outsideFinishedFirst = Memory(rawValue: 32)
    /// The side has sent something that the other has not acknowledged.
    static let insideIsUnacknowledged = Memory(rawValue: 64)
    static let outsideIsUnacknowledged = Memory(rawValue: 128)
    static let isSimultaneous = Memory(rawValue: 256)
    /// It has been open, with valid segments both ways.
    static let isAssured = Memory(rawValue: 512)
    /// The next acknowledgement may belong to a request that was ignored (RFC 5961 §4).
    static let expectsChallenge = Memory(rawValue: 1024)
    /// The last acknowledgement carried nothing, it came from the outside, and nothing has been ignored since.
    static let lastWasBare = Memory(rawValue: 2048)
    static let lastBareFromOutside = Memory(rawValue: 4096)
    /// How often it has been repeated, up to three.
    static let repetitions = Memory(rawValue: 3 << 13)
    static let oneRepetition = Memory(rawValue: 1 << 13)
  }

  private(set) var phase: Phase
  private(set) var memory: Memory
  /// The number that the last acknowledgement named, if it carried nothing.
  private(set) var acknowledged: UInt32
  /// Whether anything has come from outside.
  private let isAnswered: Bool

  /// A new connection.
  init() { self.init(ConnectionState(), [], acknowledged: 0, isAnswered: false) }

  init(_ state: ConnectionState, _ memory: Memory, acknowledged: UInt32, isAnswered: Bool) {
    // A connection whose beginning went unseen is like any other, once begun.
    phase = state.phase == .midStream ? .established : state.phase
    self.memory = memory
    self.acknowledged = acknowledged
    self.isAnswered = isAnswered
  }

  /// The state to be kept, now that a segment has passed.
  func state(answered: Bool) -> ConnectionState {
    ConnectionState(phase == .established && !answered ? .midStream : phase)
  }

  private var last: Segment? { Segment(rawValue: memory.intersection(.lastSegment).rawValue) }
  private func wasLast(_ segment: Segment, fromOutside: Bool) -> Bool {
    last == segment && memory.contains(.lastFromOutside) == fromOutside
  }

  private mutating func remember(_ segment: Segment, fromOutside: Bool) {
    memory.subtract([.lastSegment, .lastFromOutside])
    memory.formUnion(Memory(rawValue: segment.rawValue))
    if fromOutside { memory.insert(.lastFromOutside) }
  }

  private enum Step {
    case to(Phase)
    case ignored
    case invalid
  }

  /// Updates the state for `segment`, which is what `packet` is.
  mutating func see(_ segment: Segment, _ packet: Packet, fromOutside: Bool) -> Outcome {
    let carriesData = packet.payload.length > 0
    var old = phase
    var next: Phase
    switch step(segment, fromOutside: fromOutside) {
    case .invalid: return .invalid
    case .to(.synSent) where old == .timeWait || old == .closed:
      let hasClosed = !memory.isDisjoint(with: [.insideFinishedFirst, .outsideFinishedFirst])
      if hasClosed || wasLast(.reset, fromOutside: fromOutside) { return .reopens }
      return ignore(segment, fromOutside: fromOutside)
    case .ignored:
      // An answer to a request that was ignored: the two ends know better, and this follows them.
      guard segment == .answer, wasLast(.request, fromOutside: !fromOutside) else {
        return ignore(segment, fromOutside: fromOutside)
      }
      old = .synSent
      next = .synReceived
      memory.subtract([
        .expectsChallenge, .insideFinishedFirst, .outsideFinishedFirst, .insideIsUnacknowledged,
        .outsideIsUnacknowledged,
      ])
    case .to(let phase): next = phase
    }
    switch next {
    case .timeWait where old == .lastAck && memory.contains(.expectsChallenge):
      if segment == .data, wasLast(.request, fromOutside: !fromOutside) {
        memory.remove(.expectsChallenge)
        return .ignored
      }
    case .simultaneousOpen: memory.insert(.isSimultaneous)
    case .synReceived where fromOutside && segment == .data && memory.contains(.isSimultaneous): next = .established
    case .closed where segment == .reset && staysOpen(old, fromOutside: fromOutside): next = old
    default: break
    }
    acknowledge(segment, fromOutside: fromOutside, carriesData: carriesData && old != .none)
    if segment == .data {
      countRepetition(of: packet.acknowledgementNumber, fromOutside: fromOutside, carriesData: carriesData)
    }
    remember(segment, fromOutside: fromOutside)
    if next == .finWait, old != next { memory.insert(fromOutside ? .outsideFinishedFirst : .insideFinishedFirst) }
    phase = next
    if !isAnswered {
      if segment == .reset { return .ended }
      // A repeated request does not keep the flow alive.
      if segment == .request, old == .synSent { return .ignored }
    } else if next == .established, old == .synReceived || old == .established {
      memory.insert(.isAssured)
    }
    return .accepted(lifetimeClass(after: segment))
  }

  private mutating func ignore(_ segment: Segment, fromOutside: Bool) -> Outcome {
    remember(segment, fromOutside: fromOutside)
    memory.remove(.lastWasBare)
    if segment == .request, !fromOutside {
      memory.subtract([.isSimultaneous, .expectsChallenge])
      if phase == .lastAck { memory.insert(.expectsChallenge) }
    }
    return .ignored
  }

  /// A reset in the middle of an open connection counts only if it comes right after everything that its sender has
  /// sent.
  private func staysOpen(_ old: Phase, fromOutside: Bool) -> Bool {
    guard old == .established, memory.contains(.isAssured), last != .request else { return false }
    let isUnacknowledged = memory.contains(fromOutside ? .outsideIsUnacknowledged : .insideIsUnacknowledged)
    return isUnacknowledged && !wasLast(.data, fromOutside: fromOutside)
  }

  private mutating func acknowledge(_ segment: Segment, fromOutside: Bool, carriesData: Bool) {
    let (own, others): (Memory, Memory) =
      fromOutside
      ? (.outsideIsUnacknowledged, .insideIsUnacknowledged) : (.insideIsUnacknowledged, .outsideIsUnacknowledged)
    memory.remove(others)
    // Counting begins with a side's first segment.
    if carriesData || segment == .end, !fromOutside || isAnswered { memory.insert(own) }
  }

  /// Counts acknowledgements in a row that say nothing new, which are taken for retransmissions. After three, until
  /// another one comes, the connection is not kept as an open one (`nf_conntrack_tcp_max_retrans`). Segments of another
  /// kind are not counted, and do not end the count.
  private mutating func countRepetition(of number: UInt32, fromOutside: Bool, carriesData: Bool) {
    let isSame =
      memory.contains(.lastWasBare) && memory.contains(.lastBareFromOutside) == fromOutside
      && memory.contains(.lastFromOutside) == fromOutside && acknowledged == number
    if isSame, !carriesData {
      if !isRepeating { memory.rawValue += Memory.oneRepetition.rawValue }
      return
    }
    memory.subtract([.lastWasBare, .lastBareFromOutside, .repetitions])
    guard !carriesData else { return }
    memory.insert(.lastWasBare)
    if fromOutside { memory.insert(.lastBareFromOutside) }
    acknowledged = number
  }

  private var isRepeating: Bool { memory.isSuperset(of: .repetitions) }

  private func lifetimeClass(after segment: Segment) -> LifetimeClass {
    // Every other state's lifetime is shorter than those that shorten an open connection's.
    guard phase == .established else { return segment == .reset ? .tcpClosed : ConnectionState(phase).lifetimeClass }
    // `nf_conntrack_tcp_timeout_max_retrans` is as long as `nf_conntrack_tcp_timeout_unacknowledged`.
    if isRepeating { return .tcpUnacknowledged }
    if segment == .reset { return .tcpClosed }
    let waits = !memory.isDisjoint(with: [.insideIsUnacknowledged, .outsideIsUnacknowledged]) || !isAnswered
    return waits ? .tcpUnacknowledged : .tcpEstablished
  }

  private func step(_ segment: Segment, fromOutside: Bool) -> Step {
    switch segment {
    case .request: request(fromOutside: fromOutside)
    case .answer: answer(fromOutside: fromOutside)
    case .end: end
    case .data: data(fromOutside: fromOutside)
    case .reset: phase == .none ? .invalid : .to(.closed)
    }
  }

  private func request(fromOutside: Bool) -> Step {
    switch phase {
    case .none: fromOutside ? .invalid : .to(.synSent)
    case .synSent: .to(fromOutside ? .simultaneousOpen : .synSent)
    case .simultaneousOpen: .to(.simultaneousOpen)
    case .timeWait: .to(.synSent)
    case .closed: fromOutside ? .invalid : .to(.synSent)
    default: fromOutside ? .invalid : .ignored
    }
  }

  private func answer(fromOutside: Bool) -> Step {
    switch (phase, fromOutside) {
    case (.none, _): .invalid
    case (.simultaneousOpen, _), (.synSent, true), (.synReceived, false): .to(.synReceived)
    case (_, true): .ignored
    case (_, false): .invalid
    }
  }

  private var end: Step {
    switch phase {
    case .none, .midStream, .synSent, .simultaneousOpen: .invalid
    case .synReceived, .established: .to(.finWait)
    case .finWait, .closeWait, .lastAck: .to(.lastAck)
    case .timeWait, .closed: .to(phase)
    }
  }

  private func data(fromOutside: Bool) -> Step {
    switch phase {
    case .none: fromOutside ? .invalid : .to(.established)
    case .synSent, .simultaneousOpen: fromOutside ? .ignored : .invalid
    case .synReceived: .to(fromOutside ? .synReceived : .established)
    case .established, .midStream: .to(.established)
    case .finWait, .closeWait: .to(.closeWait)
    case .lastAck, .timeWait: .to(.timeWait)
    case .closed: .to(.closed)
    }
  }
}
