// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A flow as a table has it: the kernel's, or natsh's.
struct TrackedFlow: Hashable {
  var transport: TransportProtocol
  /// Where it began: an inside host, or a remote whose packet came first and is the router's own.
  var origin: Endpoint
  var remote: Endpoint
  /// The router's outside endpoint.
  var outside: Endpoint
  /// TCP's state, in natsh's word.
  var state: String?
  /// Whether anything has come back, and whether it is taken for a conversation.
  var isAnswered: Bool
  var isAssured: Bool
  /// In whole seconds.
  var secondsLeft: Int

  /// Whether both say the same, allowing for the time that passed between reading the two.
  func agrees(with other: TrackedFlow) -> Bool {
    var same = other
    same.secondsLeft = secondsLeft
    return self == same && abs(secondsLeft - other.secondsLeft) <= 1
  }

  private static let states = [
    "SYN_SENT": "syn-sent", "SYN_SENT2": "simultaneous-open", "SYN_RECV": "syn-received", "ESTABLISHED": "established",
    "FIN_WAIT": "fin-wait", "CLOSE_WAIT": "close-wait", "LAST_ACK": "last-ack", "TIME_WAIT": "time-wait",
    "CLOSE": "closed",
  ]

  /// Reads the kernel's table.
  static func all(in table: String) -> [TrackedFlow] {
    table.split(separator: "\n").compactMap { TrackedFlow(kernel: $0) }
  }

  /// Reads a line of /proc/net/nf_conntrack; nil if it is about something that natsh does not record: what inside hosts
  /// exchange with the router itself, and pings of it.
  init?(kernel line: Substring) {
    let words = line.split(separator: " ").map(String.init)
    guard words.count > 5, let transport = TransportProtocol.allCases.first(where: { $0.name == words[2] }),
      let seconds = Int(words[4])
    else { return nil }
    func values(_ key: String) -> [String] {
      words.filter { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
    }
    let addresses = zip(values("src"), values("dst")).compactMap { pair in
      IPAddress(pair.0).flatMap { source in IPAddress(pair.1).map { (source, $0) } }
    }
    guard addresses.count == 2 else { return nil }
    let isEcho = transport == .icmp
    let from = values(isEcho ? "id" : "sport").compactMap { UInt16($0) }
    let to = values(isEcho ? "id" : "dport").compactMap { UInt16($0) }
    guard from.count == 2, to.count == 2 else { return nil }
    self.transport = transport
    origin = Endpoint(addresses[0].0, from[0])
    remote = Endpoint(addresses[0].1, isEcho ? 0 : to[0])
    outside = Endpoint(addresses[1].1, to[1])
    secondsLeft = seconds
    (isAnswered, isAssured) = (!words.contains("[UNREPLIED]"), words.contains("[ASSURED]"))
    if transport == .tcp {
      state = Self.states[words[5]]
      if state == "established", words.contains("[UNREPLIED]") { state = "mid-stream" }
    }
    if World.prefix.contains(addresses[1].0), World.pool.contains(addresses[0].1) {
      // It came by a forward: it began outside.
      outside = remote
      remote = origin
      origin = Endpoint(addresses[1].0, from[1])
    } else if World.pool.contains(addresses[0].1) || addresses[0].1 == World.inside {
      guard transport == .udp, !World.prefix.contains(origin.address) else { return nil }
      outside = remote
      remote = origin
    }
  }

  init(_ flow: MappedFlow, at now: Instant) {
    let mapping = flow.mapping
    transport = mapping.transport
    origin = mapping.internal
    outside = mapping.external
    remote = flow.remote
    state = flow.state
    (isAnswered, isAssured) = (flow.isAnswered, flow.isAssured)
    secondsLeft = Int(((mapping.expiresAt ?? .never) - now).microseconds / 1_000_000)
  }
}
