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
      nat.flows.map { ForeignFlow($0, nat.behavior.nat64, at: now) }
      + nat.heldFlows(at: now).map { ForeignFlow($0, at: now) }
    switch self {
    case .conntrack: return flows.compactMap(\.conntrack)
    case .cisco:
      let rows = flows.compactMap(\.cisco) + CiscoRow.rules(of: nat)
      return rows.isEmpty ? [] : [CiscoRow.head] + rows.map(\.line)
    case .pf: return flows.map(\.pf)
    }
  }
}

/// One flow of a table, as other tools see it.
struct ForeignFlow {
  var transport: TransportProtocol
  var inside: Endpoint
  var outside: Endpoint
  var remote: Endpoint
  /// The remote as the inside host knows it, if that is another endpoint.
  var insideRemote: Endpoint?
  var state: String?
  /// The side that asked for the connection, or has finished first.
  var actor: Side
  var isAnswered: Bool
  var isAssured = false
  var packetsOut = 0
  var packetsIn = 0
  var secondsLeft: Int64
  /// The remote began it.
  var beganOutside = false

  init(_ flow: MappedFlow, _ embedding: EmbeddingPrefix?, at now: Instant) {
    let mapping = flow.mapping
    transport = mapping.transport
    (inside, outside, remote) = (mapping.internal, mapping.external, flow.remote)
    if transport == .icmp { remote.port = outside.port }
    (state, actor) = (flow.state, flow.actor)
    (isAnswered, isAssured) = (flow.isAnswered, flow.isAssured)
    (packetsOut, packetsIn) = (mapping.packetsOut, mapping.packetsIn)
    secondsLeft = max(0, ((mapping.expiresAt ?? now) - now).microseconds / 1_000_000)
    beganOutside = mapping.isForwarded
    if !inside.address.isIPv4, remote.address.isIPv4, let embedding {
      insideRemote = Endpoint(embedding.embed(remote.address), remote.port)
    }
  }

  /// A datagram from outside that the router has taken for itself.
  init(_ own: OwnFlow, at now: Instant) {
    transport = .udp
    (inside, outside, remote) = (own.external, own.external, own.remote)
    (actor, isAnswered, beganOutside) = (.outside, false, true)
    packetsIn = 1
    secondsLeft = max(0, (own.expiresAt - now).microseconds / 1_000_000)
  }

  private var isIPv4: Bool { inside.address.isIPv4 }

  // MARK: conntrack

  private static let kernelStates = [
    "syn-sent": "SYN_SENT", "simultaneous-open": "SYN_SENT2", "syn-received": "SYN_RECV", "established": "ESTABLISHED",
    "mid-stream": "ESTABLISHED", "fin-wait": "FIN_WAIT", "close-wait": "CLOSE_WAIT", "last-ack": "LAST_ACK",
    "time-wait": "TIME_WAIT", "closed": "CLOSE",
  ]

  /// A tuple as conntrack writes it.
  private func tuple(_ from: Endpoint, _ to: Endpoint, isAnswer: Bool = false) -> String {
    let ends = "src=\(from.address) dst=\(to.address)"
    guard transport == .icmp else { return "\(ends) sport=\(from.port) dport=\(to.port)" }
    let type = isIPv4 ? (isAnswer ? 0 : 8) : isAnswer ? 129 : 128
    return "\(ends) type=\(type) code=0 id=\(isAnswer ? outside.port : inside.port)"
  }

  /// Nil for a flow between the families, which connection tracking does not have.
  var conntrack: String? {
    guard insideRemote == nil else { return nil }
    let (number, name) =
      switch transport {
      case .udp: (17, "udp")
      case .tcp: (6, "tcp")
      case .icmp: isIPv4 ? (1, "icmp") : (58, "icmpv6")
      }
    let state = transport == .tcp ? " " + (self.state.flatMap { Self.kernelStates[$0] } ?? "NONE") : ""
    let (origin, answer) =
      beganOutside
      ? (tuple(remote, outside), tuple(inside, remote, isAnswer: true))
      : (tuple(inside, remote), tuple(remote, outside, isAnswer: true))
    let marks = isAnswered ? (" ", isAssured ? " [ASSURED]" : "") : (" [UNREPLIED] ", "")
    return "\(name.padded(to: 8)) \(number) \(secondsLeft)\(state) \(origin)\(marks.0)\(answer)\(marks.1) mark=0 use=1"
  }

  // MARK: cisco

  /// Nil for what is not translated from IPv4 to IPv4.
  var cisco: CiscoRow? {
    guard isIPv4, outside != inside || beganOutside else { return nil }
    // An echo's identifier is one on each side.
    let near = transport == .icmp ? Endpoint(remote.address, inside.port) : remote
    return CiscoRow(
      kind: transport.name, insideGlobal: "\(outside)", insideLocal: "\(inside)", outsideLocal: "\(near)",
      outsideGlobal: "\(remote)")
  }

  // MARK: pf

  /// The states of the inside's and the outside's end as pf has them, which goes by the segments that have passed.
  private var pfStates: (inside: String, outside: String) {
    let (first, second): (String, String)
    switch transport {
    case .icmp: return ("0", "0")
    case .udp:
      // Several packets from both make a conversation; which of them came first, a mapping does not know any more.
      let (sent, answered) = beganOutside ? (packetsIn, packetsOut) : (packetsOut, packetsIn)
      first = answered > 0 ? "MULTIPLE" : "SINGLE"
      second = answered == 0 ? "NO_TRAFFIC" : sent > 1 ? "MULTIPLE" : "SINGLE"
      return beganOutside ? (second, first) : (first, second)
    case .tcp:
      switch state {
      case "syn-sent", "mid-stream": (first, second) = ("SYN_SENT", "CLOSED")
      case "simultaneous-open": (first, second) = ("SYN_SENT", "SYN_SENT")
      case "syn-received": (first, second) = ("ESTABLISHED", "SYN_SENT")
      case "established": (first, second) = ("ESTABLISHED", "ESTABLISHED")
      case "fin-wait": (first, second) = ("CLOSING", "ESTABLISHED")
      case "close-wait": (first, second) = ("FIN_WAIT_2", "ESTABLISHED")
      case "last-ack": (first, second) = ("FIN_WAIT_2", "CLOSING")
      case "time-wait": (first, second) = ("FIN_WAIT_2", "FIN_WAIT_2")
      case "closed": (first, second) = ("TIME_WAIT", "TIME_WAIT")
      default: (first, second) = ("CLOSED", "CLOSED")
      }
    }
    return actor == .inside ? (first, second) : (second, first)
  }

  private static func pf(_ endpoint: Endpoint) -> String {
    let port = endpoint.port
    guard port != 0 else { return "\(endpoint.address)" }
    return endpoint.address.isIPv4 ? "\(endpoint.address):\(port)" : "\(endpoint.address)[\(port)]"
  }

  /// The state of pf on the router's outside interface. What the router translates is in parentheses: for a flow that began
  /// inside its source there, else the destination with which it came.
  var pf: String {
    let name = transport == .icmp && !isIPv4 && insideRemote == nil ? "ipv6-icmp" : transport.name
    let (near, behind) = beganOutside ? (inside, outside) : (outside, inside)
    let own = near == behind ? Self.pf(near) : "\(Self.pf(near)) (\(Self.pf(behind)))"
    let far = Self.pf(remote) + (insideRemote.map { " (\(Self.pf($0)))" } ?? "")
    return
      "all \(name) \(own) \(beganOutside ? "<-" : "->") \(far)       \(pfStates.inside):\(pfStates.outside)"
  }
}

/// A line of `show ip nat translations`.
struct CiscoRow {
  var kind: String
  var insideGlobal: String
  var insideLocal: String
  var outsideLocal = "---"
  var outsideGlobal = "---"

  static let head = CiscoRow(
    kind: "Pro", insideGlobal: "Inside global", insideLocal: "Inside local", outsideLocal: "Outside local",
    outsideGlobal: "Outside global"
  ).line

  /// The rules, which are there without any flow: forwards, addresses that are one host's, and the host that gets the
  /// rest.
  static func rules(of nat: NAT) -> [CiscoRow] {
    let forwards = nat.mappings.filter { $0.isStatic && !$0.isUntranslated && $0.internal.address.isIPv4 }
    let rest = nat.defaultHost.flatMap { host in nat.externalAddresses.first.map { ($0, host) } }
    return forwards.map {
      CiscoRow(kind: $0.transport.name, insideGlobal: "\($0.external)", insideLocal: "\($0.internal)")
    }
      + (nat.pairs.map { ($0.external, $0.inside) } + (rest.map { [$0] } ?? [])).map {
        CiscoRow(kind: "---", insideGlobal: "\($0.0)", insideLocal: "\($0.1)")
      }
  }

  /// Each column begins at its place, or a space after the one before.
  var line: String {
    var line = kind
    for (place, text) in [(4, insideGlobal), (26, insideLocal), (48, outsideLocal), (70, outsideGlobal)] {
      line = (line + " ").padded(to: place) + text
    }
    return line
  }
}

extension String {
  /// The text padded with spaces to at least `width` columns.
  fileprivate func padded(to width: Int) -> String {
    count < width ? self + String(repeating: " ", count: width - count) : self
  }
}
