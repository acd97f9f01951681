// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// One rule of netfilter, as iptables and nftables both write it.
struct NetfilterRule: Sendable {
  /// A condition that may be turned round.
  struct Match<Value: Sendable>: Sendable {
    var values: [Value]
    var isNegated = false
  }

  /// The map in which a rule looks up the new endpoint.
  struct Lookup: Sendable {
    /// What it looks up: `l4proto`, `daddr`, `dport` and the like.
    var key: [String]
    /// Nil if the rule itself has the elements.
    var name: String?
    var elements: [NetfilterMap.Element] = []
  }

  struct Translation: Sendable {
    var addresses: [IPAddress] = []
    var ports: ClosedRange<UInt16>?
    var isRandom = false
    var isPersistent = false
    /// The ports are numbered one after another, from this one.
    var firstInSequence: UInt16?
  }

  enum Action: Sendable {
    case accept
    case drop
    case reject(with: String)
    case masquerade(Translation)
    case source(Translation)
    case destination(Translation)
    /// `snat to … map` or `dnat to … map`.
    case sourceByMap(Lookup)
    case destinationByMap(Lookup)
    /// `NETMAP`: a whole prefix for another.
    case netmap(IPPrefix)
    case redirect
    case fullCone
    case jump([String], isSpread: Bool)
    /// Back to the calling chain.
    case leave
    case clampMSS
    case untrack
    /// A helper of connection tracking for the flow, by its name.
    case help(String)
    /// An element added to a set, or its timer begun again.
    case remember(in: String, key: [String], timeout: Interval?)
    case count(above: Int, perHost: Bool)
    /// Nothing that decides about a packet.
    case nothing
    case other(String)
  }

  var line: Int
  var inInterface: Match<String>?
  var outInterface: Match<String>?
  var source: Match<IPPrefix>?
  var destination: Match<IPPrefix>?
  /// The destination must be one of the router's own addresses.
  var isForRouter = false
  /// Empty is any.
  var transports: [TransportProtocol] = []
  var ports: Match<ClosedRange<UInt16>>?
  /// The states of connection tracking, and the statuses.
  var states: Match<String>?
  var statuses: Match<String>?
  /// A set that holds who may come in, and whether it goes by the sender's address.
  var permission: (set: String, bySender: Bool)?
  var isIPv6 = false
  /// It is one of several chains' rules among which packets are spread.
  var isAlternative = false
  /// Conditions that natsh has nothing for.
  var unknown: [String] = []
  var action = Action.nothing

  init(line: Int) { self.line = line }

  /// The rule with the conditions of the one that jumped to it.
  func within(_ outer: NetfilterRule) -> NetfilterRule {
    var rule = self
    rule.inInterface = inInterface ?? outer.inInterface
    rule.outInterface = outInterface ?? outer.outInterface
    rule.source = source ?? outer.source
    rule.destination = destination ?? outer.destination
    rule.isForRouter = isForRouter || outer.isForRouter
    rule.ports = ports ?? outer.ports
    rule.states = states ?? outer.states
    rule.statuses = statuses ?? outer.statuses
    rule.permission = permission ?? outer.permission
    rule.isIPv6 = isIPv6 || outer.isIPv6
    rule.isAlternative = isAlternative || outer.isAlternative
    if transports.isEmpty { rule.transports = outer.transports }
    rule.unknown = outer.unknown + unknown
    return rule
  }

  /// Whether nothing but interfaces and the address family limits it.
  var isUnconditional: Bool {
    source == nil && destination == nil && !isForRouter && transports.isEmpty && ports == nil && states == nil
      && statuses == nil && permission == nil && unknown.isEmpty
  }
}

/// Endpoints by endpoints, as rules look them up.
struct NetfilterMap: Sendable {
  struct Element: Sendable {
    var line: Int
    /// The parts of the key and of the value.
    var key: [String]
    var value: [String]
  }

  var elements: [Element] = []
  /// Whether rules add to it.
  var isDynamic = false
}

/// The chains of a ruleset.
struct NetfilterChains: Sendable {
  enum Hook: String, CaseIterable, Sendable {
    case prerouting, input, forward, output, postrouting, ingress, egress
  }

  struct Chain: Sendable {
    var line: Int
    /// Nil is one that is only jumped to.
    var hook: Hook?
    /// `nat`, `filter`, `raw` and so on.
    var type = ""
    var drops = false
    var rules: [NetfilterRule] = []
  }

  /// By table and name.
  var chains: [String: Chain] = [:]
  /// Their order in the file.
  var order: [String] = []
  var maps: [String: NetfilterMap] = [:]
  /// The kinds of connection tracking's helpers by their names.
  var helpers: [String: String] = [:]
  /// Conntrack's timeouts in seconds by their parameters, as `sysctl` prints them, with the line.
  var timeouts: [String: (line: Int, seconds: Int64)] = [:]
  /// The line that says so; nil if none does.
  var forwardsPackets: Int?
  /// Lines outside of rules that are not read, and why.
  var unread: [(line: Int, why: String)] = []
  /// Whether the tables are those that natsh exports.
  var isExport = false

  private static let deepestJump = 16
  private static let mostRules = 100_000

  /// The rules of all chains at that hook, with those that they jump to.
  func rules(at hook: Hook, type: String? = nil) -> [NetfilterRule] {
    var found: [NetfilterRule] = []
    var steps = 0
    for name in order {
      guard let chain = chains[name], chain.hook == hook, type == nil || chain.type == type else { continue }
      add(name, to: &found, within: nil, depth: 0, &steps)
    }
    return found
  }

  private func add(
    _ name: String, to found: inout [NetfilterRule], within outer: NetfilterRule?, depth: Int, _ steps: inout Int
  ) {
    guard depth < Self.deepestJump, let chain = chains[name] else { return }
    let table = name.prefix { $0 != "/" }
    for rule in chain.rules {
      steps += 1
      guard steps < Self.mostRules else { return }
      var whole = outer.map(rule.within) ?? rule
      if case .jump(let targets, let isSpread) = rule.action {
        if targets.count > 1 { whole.isAlternative = true }
        if isSpread { found.append(whole) }
        for target in targets { add("\(table)/\(target)", to: &found, within: whole, depth: depth + 1, &steps) }
      } else {
        found.append(whole)
      }
    }
  }

  /// Takes a line of `sysctl`'s or of an exported script; false if it is none.
  mutating func takeParameter(_ line: SourceLine) -> Bool {
    var words = line.text.split { $0 == " " || $0 == "=" || $0 == "\t" }
    if words.first == "setting" { words.removeFirst() }
    guard words.count == 2, let value = Int64(words[1]) else { return false }
    let name = words[0].replacing("/", with: ".")
    guard name.hasPrefix("net.") else { return false }
    if name == "net.ipv4.ip_forward", value == 1 { forwardsPackets = line.number }
    if let parameter = name.split(separator: ".").last, parameter.hasPrefix("nf_conntrack_") {
      timeouts[String(parameter.dropFirst("nf_conntrack_".count))] = (line.number, value)
    }
    return true
  }
}
