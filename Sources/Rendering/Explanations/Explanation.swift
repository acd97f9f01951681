// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// Why a packet fared as it did, in plain words: the same text for `why`, its JSON, the page and the tutor.
package struct Explanation: Hashable, Sendable {
  /// The device's observation and action.
  package var happened: StyledText
  /// Why it acts like this.
  package var because: StyledText
  /// The document that says so; nil if none does.
  package var rule: Rule?
  /// Changes that would lead to another outcome.
  package var remedies: [Commands.Remedy] = []

  /// A requirement or a section of an RFC.
  package struct Rule: Hashable, Sendable, Encodable {
    package var rfc: Int
    package var section: String
    /// `REQ-8`; nil if no numbered requirement says it.
    package var requirement: String?
    /// Its content in our own words.
    package var says: String

    init(_ rfc: Int, _ section: String, _ requirement: String? = nil, _ says: String) {
      self.rfc = rfc
      self.section = section
      self.requirement = requirement
      self.says = says
    }

    /// `RFC 4787 §5, REQ-8`.
    package var reference: String {
      "RFC\u{A0}\(rfc) §\(section)" + (requirement.map { ", \($0)" } ?? "")
    }
  }

  init(_ happened: StyledText, because: StyledText, rule: Rule? = nil) {
    self.happened = happened
    self.because = because
    self.rule = rule
  }

  /// The explanation of a packet's last hop.
  package init(of why: WhyReport) {
    let facts = HopFacts(why)
    self = Self.decided(facts)
    if let answer = Self.answer(facts) { happened += answer }
    addRewrites(why)
    for changed in why.changedPorts { happened += Self.changedPort(changed, facts) }
    remedies = why.remedies
  }

  /// Why a router that keeps ports gave the packet another.
  private static func changedPort(_ changed: ChangedPortReport, _ facts: HopFacts) -> StyledText {
    let router = StyledText(changed.router, .name)
    var taken: StyledText = said(" \(router) would have kept port \(changed.port), but that was taken: ")
    switch (changed.mapping, changed.packet) {
    case (let row?, let packet?): taken += said("by row \(row), which packet #\(packet) had made.")
    case (let row?, nil): taken += said("by row \(row), a static mapping.")
    case (nil, let packet?):
      taken +=
        said(
          "packet #\(packet) had come from that destination to that port and was \(router)'s own, which holds the pair."
        )
    case (nil, nil): taken += said("by a flow of \(router)'s own.")
    }
    return taken
  }

  /// The answer of a router that tells the sender of a packet that it turned it away.
  private static func answer(_ facts: HopFacts) -> StyledText? {
    if let time = facts.why.answerAtMicroseconds {
      return said(
        """
         \(facts.node) reports what it refuses, but has not done so yet: both sides may be opening this connection at once, and the \
        inside's SYN may be on its way. If none has come by \(SimulatedTime.text(time)), \(facts.source) gets an ICMP \
        "port unreachable" (RFC\u{A0}5382 §4.3, REQ-4).
        """)
    }
    let isOwn = [.noMapping, .filtered, .expired, .firewall, .hairpinOff, .invalid].contains(facts.hop.reason)
    if facts.why.answersAsHost, isOwn, let packet = facts.why.answeredBy {
      return said(
        """
         A packet that belongs to no flow of a host inside is \(facts.node)'s own, and nobody listens there: it answered \
        as a host does, with packet \(packet).
        """)
    }
    let isRefusal = [.noMapping, .filtered, .expired, .firewall, .portsExhausted, .tableFull].contains(facts.hop.reason)
    guard isRefusal, let packet = facts.why.answeredBy else { return nil }
    return said(" \(facts.node) reports what it refuses: packet \(packet), an ICMP error, told \(facts.source) so.")
  }

  private static func decided(_ facts: HopFacts) -> Explanation {
    let why = facts.why
    if why.isIdleReset, let row = why.mapping { return Self.idleReset(facts, row) }
    if let detour = why.detour { return Self.detour(facts, detour) }
    guard let reason = why.hop.reason else {
      return why.hop.verdict == .delivered ? Self.delivered(facts) : Self.inFlight(facts)
    }
    return switch reason {
    case .noMapping: Self.noMapping(facts)
    case .filtered: Self.filtered(facts)
    case .expired: Self.expired(facts)
    case .firewall: Self.firewall(facts)
    case .hairpinOff: Self.hairpinOff(facts)
    case .portsExhausted: Self.portsExhausted(facts)
    case .insertFailed: Self.insertFailed(facts)
    case .tableFull: Self.tableFull(facts)
    case .privateDestination: Self.privateDestination(facts)
    case .noRoute: Self.noRoute(facts)
    case .ttlExpired: Self.ttlExpired(facts)
    case .portClosed: Self.portClosed(facts)
    case .timeWait: Self.timeWait(facts)
    case .noSuchHost: Self.noSuchHost(facts)
    case .blocked: Self.blocked(facts)
    case .loss: Self.loss(facts)
    case .tooBig: Self.tooBig(facts)
    case .queueFull: Self.queueFull(facts)
    case .invalid: Self.invalid(facts)
    }
  }
}

extension Explanation: Encodable {
  private enum CodingKeys: String, CodingKey { case explanation, because, rule, remedies }

  private struct RemedyJSON: Encodable {
    var kind: Commands.Remedy.Kind
    var words: String
    var command: String?
    var commands: [String]
  }

  package func encode(to encoder: any Encoder) throws {
    func plain(_ text: StyledText) -> String { text.plain.replacing("\u{A0}", with: " ") }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(plain(happened), forKey: .explanation)
    try container.encode(plain(because), forKey: .because)
    try container.encode(rule, forKey: .rule)
    try container.encode(
      remedies.map {
        RemedyJSON(kind: $0.kind, words: plain($0.words), command: $0.commands.first, commands: $0.commands)
      }, forKey: .remedies)
  }
}

/// The facts of a packet's last hop as the explanations name them.
struct HopFacts {
  let why: WhyReport
  var hop: HopReport { why.hop }
  var node: StyledText { why.hop.place }
  var nodeName: String { why.hop.node }
  var source: StyledText { StyledText(why.hop.from, .address) }
  var destination: StyledText { StyledText(why.hop.to, .address) }
  /// The port that the packet is for; empty if it has none.
  var destinationPort: String { why.hop.destination.portText }
  var destinationAddress: StyledText { StyledText(why.hop.destination.address, .address) }
  var transport: TransportProtocol { why.hop.transport }
  var isIPv6: Bool { !why.hop.destination.address.isIPv4 }
  /// Whether the deciding router changes addresses: IPv6 is never translated.
  var translates: Bool { (why.translates ?? true) && !isIPv6 }

  init(_ why: WhyReport) { self.why = why }

  /// Whether the row now admits the sender that it refused.
  var isAdmittedNow: Bool {
    guard let row = why.mapping, row.expiredAtMicroseconds == nil else { return false }
    return row.permitted.admits(why.hop.source)
  }

  /// The inside host of that address; nil if the deciding router has none.
  func insideName(_ end: PacketEnd) -> String? {
    why.insideHosts.first { $0.address == end.address }?.name
  }

  /// Whether the packet is an ICMP error about another one.
  var isError: Bool { hop.icmp?.isError ?? false }

  /// The document that speaks about this transport's mappings.
  func mappingRule(_ says: String) -> Explanation.Rule {
    switch transport {
    case .udp: .init(4787, "4.1", nil, says)
    case .tcp: .init(5382, "4.1", nil, says)
    case .icmp where isError:
      .init(5508, "4.2", nil, said("an ICMP error is translated by the mapping of the packet it quotes"))
    case .icmp: .init(5508, "3.1", "REQ-1", said("a ping from inside is let out, and its answer in"))
    }
  }

  /// The document that speaks about the senders that a mapping lets in.
  var admissionRule: Explanation.Rule {
    let says = said("filtering decides which outside senders a mapping lets in")
    return switch transport {
    case .udp: .init(4787, "5", nil, says)
    case .tcp: .init(5382, "4.3", nil, says)
    case .icmp: mappingRule(says)
    }
  }

  /// RFC 6092 is written for IPv6; no document speaks of IPv4 without translation.
  func firewallRule(_ section: String, _ recommendation: String?, _ says: String) -> Explanation.Rule {
    .init(6092, section, recommendation, isIPv6 ? says : says + said(" (said of IPv6; the same in IPv4 without NAT)"))
  }

  /// The recommendation for a firewall that refuses ICMP; nil in IPv4.
  var pingRule: Explanation.Rule? {
    guard isIPv6 else { return nil }
    return isError
      ? .init(6092, "3.2.1", "REC-10", said("an ICMP error that fits no known flow is not passed on"))
      : .init(4890, "4.3.1", nil, said("a firewall should let IPv6 pings pass; this one is stricter, as many are"))
  }

  /// The document that speaks about this transport's inbound packets.
  var filteringRule: Explanation.Rule? {
    let says = said(
      "endpoint-independent filtering where openness matters most, address-dependent where strictness does")
    return switch (transport, translates) {
    case (.tcp, false): firewallRule("3.3.1", "REC-33", says)
    case (.udp, false): firewallRule("3.2.3", "REC-17", says)
    case (.icmp, false): pingRule
    case (.udp, true): .init(4787, "5", "REQ-8", says)
    case (.tcp, true): .init(5382, "4.3", "REQ-3", says)
    case (.icmp, true): .init(5508, "3.1", "REQ-1", said("the queries of the host inside decide what may come back"))
    }
  }
}
