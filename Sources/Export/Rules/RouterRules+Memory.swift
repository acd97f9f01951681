// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The rules' memory of passing packets, once they are translated.
extension RouterRules {
  /// Packets on their way out: each keeps its mapping alive (RFC 4787 §4.3, REQ-6).
  var remember: [String] {
    let turned = behavior.hairpinning ? "oifname \"\(inside)\" ct mark and 1 == 1 jump outward" : nil
    return ["oifname \"\(outside)\" jump outward"] + (turned.map { [$0] } ?? [])
  }

  /// The chain that ``remember`` jumps to. The side that began a flow decides which of conntrack's tuples has the
  /// inside endpoint.
  var outwardChain: [String] {
    var rules = closing
    for direction in ["original", "reply"] {
      // The packet has its outside source by then.
      let insideEndpoint = "ct \(direction) ip saddr . ct \(direction) proto-src"
      rules += updates(
        direction, outsideEndpoint: "ip saddr . th sport", insideEndpoint: insideEndpoint, remote: "ip daddr")
    }
    return RuleText.chain("outward", nil, rules)
  }

  /// Packets on their way in, if they keep a mapping alive as well.
  var refresh: [String] {
    var rules: [String] = []
    for direction in ["original", "reply"] {
      rules += updates(
        direction, outsideEndpoint: "ct \(direction) ip daddr . ct \(direction) proto-dst",
        insideEndpoint: "ip daddr . th dport", remote: "ip saddr"
      ).map { "iifname \"\(outside)\" ct status dnat,snat \($0)" }
    }
    return closing + rules
  }

  /// Mark 2 is a TCP connection that has begun to close.
  private var closing: [String] { ["tcp flags & (fin | rst) != 0 ct mark set ct mark or 2"] }

  private func updates(
    _ direction: String, outsideEndpoint: String, insideEndpoint: String, remote: String
  ) -> [String] {
    lifetimes.flatMap { condition, lifetime -> [String] in
      let start = "ct direction \(direction) \(condition)"
      let timeout = "timeout \(RuleText.time(lifetime))"
      var rules: [String] = []
      if keepsMappings {
        let bound = behavior.mapping == .addressDependent ? " . \(remote)" : ""
        rules.append(
          "\(start) update @outbound { meta l4proto . \(insideEndpoint)\(bound) \(timeout) : \(outsideEndpoint) }")
      }
      if admitsOthers {
        rules.append(
          "\(start) update @inbound { meta l4proto . \(outsideEndpoint) \(timeout) : \(insideEndpoint) }")
      }
      if admitsByAddress {
        rules.append("\(start) update @permitted { meta l4proto . \(outsideEndpoint) . \(remote) \(timeout) }")
      }
      return rules
    }
  }

  /// How to recognise a packet's class, and how long its mapping lives (RFC 4787 §4.3, RFC 5382 §5).
  private var lifetimes: [(condition: String, lifetime: Interval)] {
    let lifetimes = behavior.lifetimes
    var classes: [(String, Interval)] = []
    if let stream = lifetimes.udpStream, stream != lifetimes.udp {
      classes.append(("meta l4proto udp ct status and seen-reply == 0", lifetimes.udp))
      classes.append(("meta l4proto udp ct status seen-reply", stream))
    } else {
      classes.append(("meta l4proto udp", lifetimes.udp))
    }
    let established = "ct status assured ct mark and 2 == 0"
    classes.append(("meta l4proto tcp ct status and assured == 0", lifetimes.tcpTransitory))
    classes.append(("meta l4proto tcp \(established)", lifetimes.tcpEstablished))
    classes.append(("meta l4proto tcp ct mark and 2 == 2", lifetimes.tcpTransitory))
    return classes
  }

  /// conntrack's own timeouts, which the kernel counts in seconds; nothing if they equal the kernel's.
  var settings: [Plan.Setting] {
    let lifetimes = behavior.lifetimes
    guard behavior.lifetimes != NATPreset.linux.behavior.lifetimes, !lines.isEmpty else { return [] }
    var settings: [(String, Interval)] = [
      ("udp_timeout", lifetimes.udp), ("udp_timeout_stream", lifetimes.udpStream ?? lifetimes.udp),
      ("icmp_timeout", lifetimes.icmp), ("icmpv6_timeout", lifetimes.icmp),
      ("tcp_timeout_established", lifetimes.tcpEstablished),
    ]
    let states = lifetimes.tcpStates
    let own = [
      ("syn_sent", states.synSent), ("syn_recv", states.synReceived), ("fin_wait", states.finWait),
      ("close_wait", states.closeWait), ("last_ack", states.lastAck), ("time_wait", states.timeWait),
      ("close", states.closed),
    ]
    for (state, lifetime) in own { settings.append(("tcp_timeout_\(state)", lifetime ?? lifetimes.tcpTransitory)) }
    if let lifetime = states.unacknowledged {
      settings += [("tcp_timeout_unacknowledged", lifetime), ("tcp_timeout_max_retrans", lifetime)]
    }
    return settings.map { Plan.Setting(path: "net/netfilter/nf_conntrack_\($0.0)", value: RuleText.seconds($0.1)) }
  }
}
