// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// `table --as FORM`: routers' tables in the form that another tool prints, one flow per line.
public struct ForeignTable: ResultContent {
  public enum Form: String, Encodable, Sendable, CaseIterable {
    /// `conntrack -L` of conntrack-tools.
    case conntrack
    /// `show ip nat translations` of Cisco IOS.
    case cisco
    /// `pfctl -s state` of OpenBSD and FreeBSD.
    case pf
  }

  public struct Router: Encodable, Sendable {
    public var name: String
    public var lines: [String]
  }

  public var form: Form
  public var routers: [Router]
}

extension ForeignTable.Form {
  /// The lines for a router's table; including the router's own pairs, if it keeps any.
  func lines(of nat: NAT, at now: Instant) -> [String] {
    let flows =
      nat.mappings.flatMap { ForeignFlow.flows(of: $0, at: now) }
      + nat.heldFlows(at: now).map { ForeignFlow($0, at: now) }
    switch self {
    case .conntrack: return flows.compactMap(\.conntrack)
    case .cisco:
      let head = "Pro Inside global         Inside local          Outside local         Outside global"
      return flows.isEmpty ? [] : [head] + flows.compactMap(\.cisco)
    case .pf: return flows.compactMap(\.pf)
    }
  }
}

/// One flow of a table, as other tools see it: a row has one for each remote that it was used towards.
private struct ForeignFlow {
  var transport: TransportProtocol
  var inside: Endpoint
  var outside: Endpoint
  /// Nil for a static mapping.
  var remote: Endpoint?
  var state: String?
  var isAnswered: Bool
  var secondsLeft: Int64
  /// The remote began it.
  var beganOutside = false
  /// It ends at the router itself.
  var isOwn = false

  static func flows(of mapping: Mapping, at now: Instant) -> [ForeignFlow] {
    let remotes: [Endpoint?] =
      switch mapping.permitted {
      case .endpoints(let endpoints): endpoints
      case .addresses(let addresses): addresses.map { Endpoint($0, 0) }
      case .anyone: if case .endpoint(let endpoint)? = mapping.remote { [endpoint] } else { [nil] }
      }
    // What is expected is in a list of its own there.
    if mapping.state == "expected" { return [] }
    return remotes.map { remote in
      ForeignFlow(
        transport: mapping.transport, inside: mapping.internal, outside: mapping.external, remote: remote,
        state: mapping.state, isAnswered: mapping.packetsIn > 0 && mapping.packetsOut > 0,
        secondsLeft: mapping.expiresAt.map { max(0, ($0 - now).microseconds / 1_000_000) } ?? 0,
        beganOutside: mapping.isForwarded)
    }
  }

  // MARK: conntrack

  private static let kernelStates = [
    "syn-sent": "SYN_SENT", "simultaneous-open": "SYN_SENT2", "syn-received": "SYN_RECV", "established": "ESTABLISHED",
    "mid-stream": "ESTABLISHED", "fin-wait": "FIN_WAIT", "close-wait": "CLOSE_WAIT", "last-ack": "LAST_ACK",
    "time-wait": "TIME_WAIT", "closed": "CLOSE",
  ]

  /// A tuple as conntrack writes it.
  private func tuple(_ from: Endpoint, _ to: Endpoint, type: Int) -> String {
    let ends = "src=\(from.address) dst=\(to.address)"
    if transport == .icmp { return "\(ends) type=\(type) code=0 id=\(type == 8 ? inside.port : outside.port)" }
    return "\(ends) sport=\(from.port) dport=\(to.port)"
  }

  /// Rules are not in conntrack's table.
  var conntrack: String? {
    guard let remote else { return nil }
    let (number, name) = transport == .udp ? (17, "udp") : transport == .tcp ? (6, "tcp") : (1, "icmp")
    let label = name.padding(to: 8) + " \(number) \(secondsLeft)"
    let state = transport == .tcp ? " " + (self.state.flatMap { Self.kernelStates[$0] } ?? "NONE") : ""
    let (origin, answer) =
      beganOutside
      ? (tuple(remote, outside, type: 8), tuple(inside, remote, type: 0))
      : (tuple(inside, remote, type: 8), tuple(remote, outside, type: 0))
    // A TCP connection is assured once it is open.
    let isOpening = ["syn-sent", "simultaneous-open", "syn-received"].contains(self.state)
    let marks =
      isAnswered ? (" ", transport == .icmp || isOpening ? "" : " [ASSURED]") : (" [UNREPLIED] ", "")
    return "\(label)\(state) \(origin)\(marks.0)\(answer)\(marks.1) mark=0 use=1"
  }

  // MARK: cisco

  var cisco: String? {
    if isOwn { return nil }
    let far = remote.map(\.description) ?? "---"
    let columns = [outside.description, inside.description, far].map { $0.padding(to: 22) }
    return "\(transport.name.padding(to: 4))\(columns.joined())\(far)"
  }

  // MARK: pf

  private static let pfStates = [
    "syn-sent": "SYN_SENT:CLOSED", "syn-received": "SYN_SENT:ESTABLISHED", "established": "ESTABLISHED:ESTABLISHED",
    "fin-wait": "FIN_WAIT_1:ESTABLISHED", "close-wait": "FIN_WAIT_2:CLOSE_WAIT", "last-ack": "FIN_WAIT_2:LAST_ACK",
    "time-wait": "TIME_WAIT:TIME_WAIT", "closed": "CLOSED:CLOSED", "mid-stream": "ESTABLISHED:NO_TRAFFIC",
    "simultaneous-open": "SYN_SENT:SYN_SENT",
  ]

  var pf: String? {
    guard let remote, !isOwn else { return nil }
    let state: String =
      switch transport {
      case .tcp: self.state.flatMap { Self.pfStates[$0] } ?? "CLOSED:CLOSED"
      case .udp: isAnswered ? "MULTIPLE:MULTIPLE" : "SINGLE:NO_TRAFFIC"
      case .icmp: "0:0"
      }
    let arrow = beganOutside ? "<-" : "->"
    return "all \(transport.name) \(outside) (\(inside)) \(arrow) \(remote)       \(state)"
  }
}

extension ForeignFlow {
  init(_ own: OwnFlow, at now: Instant) {
    self.init(
      transport: .udp, inside: own.external, outside: own.external, remote: own.remote, state: nil, isAnswered: false,
      secondsLeft: max(0, (own.expiresAt - now).microseconds / 1_000_000), beganOutside: true, isOwn: true)
  }
}

extension String {
  /// The text padded with spaces to at least `width` columns.
  fileprivate func padding(to width: Int) -> String {
    count < width ? self + String(repeating: " ", count: width - count) : self
  }
}
