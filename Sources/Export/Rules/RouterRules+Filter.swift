// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The firewall: the packets let in besides those that belong to a flow from inside.
extension RouterRules {
  /// An address family in nftables' terms.
  private struct Family {
    let name: String
    let addressType: String
    let match: String
    let set: String
  }

  private static let ipv4 = Family(name: "ip", addressType: "ipv4_addr", match: "meta nfproto ipv4", set: "opened4")
  private static let ipv6 = Family(name: "ip6", addressType: "ipv6_addr", match: "meta nfproto ipv6", set: "opened6")

  /// The families that are routed untranslated: IPv6 always.
  private var untranslated: [Family] { translates ? [Self.ipv6] : [Self.ipv4, Self.ipv6] }

  /// Whether untranslated packets are let in by a memory of what was sent out, and to whom.
  private var opens: Bool { behavior.firewall && behavior.filtering != .addressAndPortDependent }

  /// Empty if nothing is filtered or translated.
  var filterTable: [String] {
    guard translates || behavior.firewall else { return dropTable }
    return dropTable + ["table inet natsh {"]
      + RuleText.indented(
        sets + RuleText.chain("forward", "type filter hook forward priority filter; policy drop;", forward)
          + RuleText.chain("input", "type filter hook input priority filter; policy accept;", input)) + ["}"]
  }

  /// A SYN's maximum segment size is lowered to what its route carries.
  var clampTable: [String] {
    guard clampsSegmentSize else { return [] }
    return ["table inet natsh_mss {"]
      + RuleText.indented(
        RuleText.chain(
          "forward", "type filter hook forward priority mangle;", ["tcp flags syn tcp option maxseg size set rt mtu"]))
      + ["}"]
  }

  /// Connection tracking's helpers, which read the texts of FTP and SIP; a flow gets one as it begins.
  var helperTable: [String] {
    let helpers: [(ApplicationGateways, String, TransportProtocol, UInt16)] = [
      (.ftp, "ftp", .tcp, ApplicationGateways.ftpPort), (.sip, "sip", .udp, ApplicationGateways.sipPort),
    ]
    let wanted = translates ? helpers.filter { behavior.gateways.contains($0.0) } : []
    if wanted.isEmpty { return [] }
    let objects = wanted.map { "ct helper \($0.1) { type \"\($0.1)\" protocol \($0.2.name); l3proto ip; }" }
    let rules = wanted.map { "\($0.2.name) dport \($0.3) ct helper set \"\($0.1)\"" }
    return ["table ip natsh_helpers {"]
      + RuleText.indented(
        objects + RuleText.chain("prerouting", "type filter hook prerouting priority filter;", rules))
      + ["}"]
  }

  /// Rules that drop packets, ahead of translation and of everything else.
  private var dropTable: [String] {
    if filters.isEmpty { return [] }
    let rules = filters.flatMap { filter -> [String] in
      // Neighbour discovery is a link's own business.
      if filter.transport == .icmp { return ["meta l4proto icmp drop", "icmpv6 type != \(Self.neighbors) drop"] }
      let name = filter.transport.name
      return [filter.port.map { "\(name) dport \($0) drop" } ?? "meta l4proto \(name) drop"]
    }
    return ["table inet natsh_drop {"]
      + RuleText.indented(RuleText.chain("prerouting", "type filter hook prerouting priority raw;", rules)) + ["}"]
  }

  private var sets: [String] {
    var lines: [String] = []
    if opens {
      for family in untranslated {
        let remote = behavior.filtering == .addressDependent ? " . \(family.addressType)" : ""
        lines.append(
          "set \(family.set) { type inet_proto . \(family.addressType) . inet_service\(remote); "
            + "flags dynamic,timeout; size 65535; }")
      }
    }
    if behavior.maximumMappingsPerHost != nil {
      lines.append("set crowded { type ipv4_addr; flags dynamic; size 65535; }")
    }
    return lines
  }

  private var forward: [String] {
    let (out, into) = ("iifname \"\(inside)\" oifname \"\(outside)\"", "iifname \"\(outside)\"")
    var lines: [String] = []
    // A packet that conntrack cannot place would leave untranslated.
    if behavior.firewall, behavior.untracked == .dropped { lines.append("ct state invalid drop") }
    if let most = behavior.maximumMappingsPerHost {
      lines.append("\(out) ct state new add @crowded { ip saddr ct count over \(most) } drop")
    }
    if let most = behavior.maximumMappings { lines.append("\(out) ct state new ct count over \(most) drop") }
    let byAddress = behavior.filtering == .addressDependent
    if opens {
      for family in untranslated {
        for (transport, lifetime) in [("udp", behavior.lifetimes.udp), ("tcp", behavior.lifetimes.tcpEstablished)] {
          let remote = byAddress ? " . \(family.name) daddr" : ""
          lines.append(
            "\(out) meta l4proto \(transport) update @\(family.set) { meta l4proto . \(family.name) saddr . "
              + "th sport\(remote) timeout \(RuleText.time(lifetime)) }")
        }
      }
    }
    if behavior.firewall, behavior.untracked == .passed { lines.append("\(into) ct state invalid drop") }
    lines += ["ct state established,related accept", "iifname \"\(inside)\" accept", "\(into) ct status dnat accept"]
    for family in untranslated {
      if !behavior.firewall {
        lines.append("\(into) \(family.match) accept")
      } else if opens {
        let remote = byAddress ? " . \(family.name) saddr" : ""
        lines.append(
          "\(into) meta l4proto { tcp, udp } meta l4proto . \(family.name) daddr . th dport\(remote) "
            + "@\(family.set) accept")
      }
    }
    if behavior.rejection == .icmp { lines.append("\(into) \(Self.reject)") }
    return lines
  }

  private static let reject = "reject with icmpx type admin-prohibited"

  /// Rules for packets to the router itself.
  private var input: [String] {
    let into = "iifname \"\(outside)\""
    // The kernel's own stack answers for closed ports.
    if behavior.rejection == .asHost { return [] }
    var lines = ["ct state established,related accept", "meta l4proto ipv6-icmp icmpv6 type \(Self.neighbors) accept"]
    if translates {
      // From inside, its outside address answers pings; other packets are to be turned round, or are for nobody.
      lines.append("iifname \"\(inside)\" ip daddr \(addressSet) icmp type echo-request accept")
      lines.append("iifname \"\(inside)\" ip daddr \(addressSet) drop")
    }
    if !behavior.firewall { lines += untranslated.map { "\(into) \($0.match) accept" } }
    lines.append("\(into) \(behavior.rejection == .icmp ? Self.reject : "drop")")
    return lines
  }

  /// Neighbour discovery on a link (RFC 4861) does not count as a packet from outside.
  private static let neighbors = "{ nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert }"
}
