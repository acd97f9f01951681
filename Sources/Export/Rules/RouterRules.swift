// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A router's NAT and firewall as nftables rules, and the differences in Linux's behaviour.
///
/// netfilter translates flow by flow and knows no mapping that outlives a flow or serves several. So the contents of
/// natsh's table are kept separately in maps that the rules themselves fill: `outbound` from inside to outside
/// endpoint, which makes mapping endpoint-independent (RFC 4787 §4.1), and `inbound` the other way, which lets
/// strangers in (§5).
struct RouterRules {
  /// A setting that Linux follows differently, or not at all.
  struct Difference {
    var setting: String
    var text: String
  }

  let behavior: NATBehavior
  let preset: NATPreset
  /// The outside addresses used for translation, the router's own first.
  let addresses: [IPAddress]
  let forwards: [Mapping]
  /// Outside addresses that are one inside host's each, and the host that gets what is nobody's.
  let pairs: [AddressPair]
  let defaultHost: IPAddress?
  /// Rules that drop packets.
  let filters: [RouterFilter]
  /// Whether SYNs' maximum segment size is lowered to what the next link carries.
  let clampsSegmentSize: Bool
  /// The interfaces' names.
  let outside: String
  let inside = InterfaceNames.inside

  init(_ router: Router, outside: String) {
    behavior = router.nat.behavior
    preset = router.preset
    addresses = router.nat.externalAddresses
    forwards = router.nat.mappings.filter(\.isStatic)
    pairs = router.nat.behavior.translates ? router.nat.pairs : []
    defaultHost = router.nat.behavior.translates ? router.nat.defaultHost : nil
    filters = router.filters
    clampsSegmentSize = router.clampsSegmentSize
    self.outside = outside
  }

  var translates: Bool { behavior.translates && !addresses.isEmpty }
  /// Whether an inside endpoint's outside endpoint is the same from flow to flow.
  var keepsMappings: Bool { translates && behavior.mapping != .addressAndPortDependent }
  /// Whether anybody but the flow's own remote is let in; netfilter always admits a flow's own.
  var admitsOthers: Bool {
    translates && (behavior.effectiveFiltering != .addressAndPortDependent || behavior.hairpinning)
  }
  /// Whether senders are admitted by address.
  var admitsByAddress: Bool { admitsOthers && behavior.effectiveFiltering == .addressDependent }
  var usesMaps: Bool { keepsMappings || admitsOthers }

  /// The outside addresses that hosts share.
  var sharedAddresses: [IPAddress] {
    addresses.filter { address in !pairs.contains { $0.external == address } }
  }

  /// The outside addresses as nftables' set.
  var addressSet: String { "{ " + addresses.map(\.description).joined(separator: ", ") + " }" }

  /// The rules as `nft -f` reads them; `$(ports FIRST COUNT)` in them is expanded by the shell.
  var lines: [String] { (translates || !forwards.isEmpty ? natTable : []) + helperTable + clampTable + filterTable }

  /// The internet answers pings and nothing else.
  static let internet = [
    "table inet natsh {",
    "  chain input {",
    "    type filter hook input priority filter; policy drop;",
    "    iifname \"lo\" accept",
    "    meta l4proto { icmp, ipv6-icmp } accept",
    "  }",
    "}",
  ]

  // MARK: The table that translates

  private var natTable: [String] {
    ["table ip natsh {"]
      + RuleText.indented(
        maps + assignChains
          + RuleText.chain("prerouting", "type nat hook prerouting priority dstnat;", prerouting)
          + RuleText.chain("postrouting", "type nat hook postrouting priority srcnat;", postrouting)
          + (usesMaps
            ? outwardChain + RuleText.chain("remember", "type filter hook postrouting priority srcnat + 10;", remember)
            : [])
          + (usesMaps && behavior.refresh == .both
            ? RuleText.chain("refresh", "type filter hook forward priority filter - 10;", refresh) : []))
      + ["}"]
  }

  private static let protocols = "meta l4proto { tcp, udp }"
  private static let endpoint = "inet_proto . ipv4_addr . inet_service"

  private var maps: [String] {
    var lines: [String] = []
    func dynamic(_ kind: String, _ name: String, _ type: String) {
      lines.append("\(kind) \(name) { type \(type); flags dynamic,timeout; size 65535; }")
    }
    if keepsMappings {
      let key = behavior.mapping == .addressDependent ? Self.endpoint + " . ipv4_addr" : Self.endpoint
      dynamic("map", "outbound", "\(key) : ipv4_addr . inet_service")
    }
    if admitsOthers { dynamic("map", "inbound", "\(Self.endpoint) : ipv4_addr . inet_service") }
    if admitsByAddress { dynamic("set", "permitted", Self.endpoint + " . ipv4_addr") }
    if !forwards.isEmpty {
      lines += element("forwards", forwards.map { ($0.transport, $0.external, $0.internal) })
      lines += element("forwarded", outboundForwards.map { ($0.transport, $0.internal, $0.external) })
    }
    return lines
  }

  /// If there are several forwards to one inside endpoint, its own packets leave by the first.
  private var outboundForwards: [Mapping] {
    var seen: Set<String> = []
    return forwards.filter { seen.insert("\($0.transport.name) \($0.internal)").inserted }
  }

  private func element(_ name: String, _ pairs: [(TransportProtocol, Endpoint, Endpoint)]) -> [String] {
    ["map \(name) {", "  type \(Self.endpoint) : ipv4_addr . inet_service", "  elements = {"]
      + pairs.enumerated().map { place, pair in
        let (transport, key, value) = pair
        let comma = place == pairs.count - 1 ? "" : ","
        return "    \(transport.name) . \(key.address) . \(key.port) : \(value.address) . \(value.port)\(comma)"
      } + ["  }", "}"]
  }

  /// One chain for each outside address: which port a new mapping gets (RFC 4787 §4.2).
  private var assignChains: [String] {
    guard translates else { return [] }
    return sharedAddresses.enumerated().flatMap { place, address -> [String] in
      var rules: [String]
      switch behavior.portAssignment {
      case .sequential(let first):
        let next = "numgen inc mod \(Self.count(from: first)) map $(ports \(first) \(Self.count(from: first)))"
        rules = ["udp", "tcp"].map { "meta l4proto \($0) snat ip to \(address) : \(next)" }
      case .blocks(_, let range):
        rules = ["\(Self.protocols) snat ip to \(address) : \(range.lowerBound)-\(range.upperBound)"]
      case .random(let range):
        let ports = "\(range.lowerBound)-\(range.upperBound)"
        rules = ["\(Self.protocols) snat ip to \(address) : \(ports) fully-random"]
      case .overloadWithin(let range):
        rules = ["\(Self.protocols) snat ip to \(address) : \(range.lowerBound)-\(range.upperBound)"]
      case .preserve, .overload, .preserveOrRefuse: rules = []
      }
      // Without a port, netfilter keeps the inside port (or an echo's identifier) while that identifies the flow.
      rules.append("snat ip to \(address)")
      return RuleText.chain("assign\(place)", nil, rules)
    }
  }

  /// How many ports are numbered before numbering starts again.
  private static func count(from first: UInt16) -> Int { min(65_536 - Int(first), 4_096) }

  private var assign: String {
    guard sharedAddresses.count > 1 else { return "jump assign0" }
    let choice = behavior.pooling == .paired ? "jhash ip saddr" : "numgen inc"
    let verdicts = sharedAddresses.indices.map { "\($0) : jump assign\($0)" }.joined(separator: ", ")
    return "\(choice) mod \(sharedAddresses.count) vmap { \(verdicts) }"
  }

  private var prerouting: [String] { wholeAddresses + singlePorts + defaultRules }

  /// An address pair rewrites one address for the other, whatever the protocol.
  private var wholeAddresses: [String] {
    pairs.flatMap { pair -> [String] in
      let rule = "dnat ip to \(pair.inside)"
      let turned = "iifname \"\(inside)\" ip daddr \(pair.external) ct mark set 1 \(rule)"
      return (behavior.hairpinning ? [turned] : []) + ["iifname \"\(outside)\" ip daddr \(pair.external) \(rule)"]
    }
  }

  /// What no other rule has sent elsewhere.
  private var defaultRules: [String] {
    guard let defaultHost else { return [] }
    let rule = "\(Self.protocols) ip daddr \(addressSet)"
    let turned = "iifname \"\(inside)\" \(rule) ct mark set 1 dnat ip to \(defaultHost)"
    return (behavior.hairpinning ? [turned] : []) + ["iifname \"\(outside)\" \(rule) dnat ip to \(defaultHost)"]
  }

  private var singlePorts: [String] {
    let key = "meta l4proto . ip daddr . th dport"
    var lines: [String] = []
    let turns = translates && behavior.hairpinning
    // Mark 1 is a packet turned round, which has to leave from an outside endpoint as well (RFC 4787 §6).
    if !forwards.isEmpty {
      if turns {
        lines.append("iifname \"\(inside)\" \(Self.protocols) ct mark set 1 dnat ip to \(key) map @forwards")
      }
      lines.append("iifname \"\(outside)\" \(Self.protocols) dnat ip to \(key) map @forwards")
    }
    guard admitsOthers else { return lines }
    if turns {
      lines.append(
        "iifname \"\(inside)\" \(Self.protocols) ip daddr \(addressSet) ct mark set 1 dnat ip to \(key) map @inbound")
    }
    switch behavior.effectiveFiltering {
    case .endpointIndependent:
      lines.append("iifname \"\(outside)\" \(Self.protocols) dnat ip to \(key) map @inbound")
    case .addressDependent:
      lines.append(
        "iifname \"\(outside)\" \(Self.protocols) \(key) . ip saddr @permitted dnat ip to \(key) map @inbound")
    case .addressAndPortDependent: break
    }
    return lines
  }

  private var postrouting: [String] {
    guard translates else { return [] }
    var lines: [String] = []
    let turned =
      behavior.hairpinning ? ["oifname \"\(outside)\"", "oifname \"\(inside)\" ct mark 1"] : ["oifname \"\(outside)\""]
    for way in turned {
      lines += pairs.map { "\(way) ip saddr \($0.inside) snat ip to \($0.external)" }
      if !forwards.isEmpty {
        lines.append("\(way) \(Self.protocols) snat ip to meta l4proto . ip saddr . th sport map @forwarded")
      }
      if keepsMappings {
        let key = behavior.mapping == .addressDependent ? " . ip daddr" : ""
        lines.append("\(way) \(Self.protocols) snat ip to meta l4proto . ip saddr . th sport\(key) map @outbound")
      }
      lines.append("\(way) \(assign)")
    }
    return lines
  }
}
