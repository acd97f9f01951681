// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

// What a router's table and filter decide.
extension Explanation {
  static func noMapping(_ facts: HopFacts) -> Explanation {
    let port = facts.destinationPort
    let isFromInside = facts.insideName(facts.why.hop.source) != nil
    let arrival: StyledText =
      isFromInside
      ? "\(facts.source), which is inside, wrote to \(facts.destination), an outside endpoint of \(facts.node) itself."
      : "A packet came to \(facts.node) from outside, for \(facts.destination)."
    return Explanation(
      """
      \(arrival) \(facts.node) looked that endpoint up in its table and found no row: nobody inside ever sent a packet \
      out through it. "Who are you?", and the packet was dropped.
      """,
      because: """
        Many hosts share the router's address, and only a row says which of them an outside endpoint stands for. Rows \
        are made by packets going out. Without one there is no inside address to write into the packet: \(facts.node) \
        does not refuse to pass it on, it does not know to whom.
        """,
      rule: facts.isError
        ? Rule(5508, "4.2", "REQ-4", "an ICMP error about a packet that no mapping knows is dropped")
        : facts.mappingRule("a mapping begins with a packet from an internal endpoint"),
      remedies: openingRemedies(facts, port: port, isFromInside: isFromInside))
  }

  /// How a host inside can be reached: it sends first, or a port is forwarded to it.
  private static func openingRemedies(_ facts: HopFacts, port: String, isFromInside: Bool) -> [Remedy] {
    let host = facts.why.insideHosts.first {
      $0.address.isIPv4 != facts.isIPv6 && $0.address != facts.why.hop.source.address
    }
    guard let host else { return [Remedy("put a host behind \(facts.node) that can send first", "help host")] }
    var remedies: [Remedy] = []
    if !isFromInside {
      remedies.append(
        Remedy(
          "\(host.name, .name) sends to \(facts.source) first: that makes a row, which admits the answers",
          facts.sendOut(from: PacketEnd(host.address, facts.hop.destination.port), to: facts.hop.source)))
    }
    remedies.append(
      Remedy(
        isFromInside
          ? "rows tell which outside endpoints there are" : "the row then tells which outside endpoint to write to",
        "table \(facts.nodeName)"))
    if facts.transport != .icmp {
      remedies.append(
        Remedy(
          "or a static mapping sends this port to one host for good",
          "forward \(facts.nodeName) \(facts.transport.name) \(port) to \(host.name):\(port)"))
    }
    return remedies
  }

  static func filtered(_ facts: HopFacts) -> Explanation {
    let filtering = facts.why.filteringBehavior ?? .addressAndPortDependent
    var happened: StyledText =
      "\(facts.node) has a row for \(facts.destination)"
    if let row = facts.why.mapping {
      happened += ": row \(row.id), which belongs to \(row.internal, .address). But this packet comes from "
      happened += "\(facts.source), and the row admits \(admitted(row.permitted).joined(separator: ", "))"
      happened += lastWord(on: row.permitted)
    } else {
      happened += ", but this packet comes from \(facts.source), and the row does not admit that sender."
    }
    if facts.isAdmittedNow {
      happened = """
        \(facts.node) had a row for \(facts.destination) that did not admit \(facts.source) at that time. It does now: \
        the same packet, sent again, would come in.
        """
    }
    var remedies: [Remedy] = []
    if let inside = facts.inside, facts.insideName(facts.hop.source) != nil {
      // A packet that was turned round: what counts is its sender's outside endpoint.
      remedies.append(
        Remedy(
          "\(inside, .address) sends to the outside endpoint of \(facts.source) first, which the table tells",
          "table \(facts.nodeName)"))
    } else if let inside = facts.inside, !facts.isAdmittedNow {
      remedies.append(
        Remedy(
          "\(inside, .address) sends to \(facts.source) first: then the row admits it",
          facts.sendOut(from: inside, to: facts.hop.source)))
    }
    let address = facts.hop.source.address
    if filtering == .addressAndPortDependent, facts.isAddressKnown {
      remedies.append(contentsOf: sameSourceRemedy(facts))
      remedies.append(
        Remedy(
          "or a filter asks for the address alone: \(address, .address) has been sent to, if not this port of it",
          "set \(facts.nodeName) filtering address-dependent"))
    }
    remedies.append(
      Remedy(
        "or a filter asks for nothing and admits every sender, friend or stranger",
        "set \(facts.nodeName) filtering endpoint-independent"))
    return Explanation(
      happened,
      because: """
        \(facts.node)'s filtering is \(filtering.name, .heading): \(meaning(ofFiltering: filtering)) A stranger who has \
        found out the endpoint still does not get in. Reaching the right door and being let in are two questions, \
        and the second one is the filter's.
        """,
      rule: facts.filteringRule(
        udp: recommendation, tcp: recommendation,
        icmp: "the queries of the host inside decide what may come back", firewall: recommendation),
      remedies: remedies)
  }

  /// Who sends without naming a port sends from a new one each time, which a filter takes for a stranger's.
  private static func sameSourceRemedy(_ facts: HopFacts) -> [Remedy] {
    guard facts.transport == .udp, let known = facts.admittedPorts.first else { return [] }
    let isUntranslated = facts.why.packet.source == facts.hop.source
    return [
      Remedy(
        "or the packet comes from port \(known), which is admitted: a send that names no port takes a new one each time",
        isUntranslated ? "send \(facts.why.packet.origin):\(known) \(facts.hop.destination)" : nil)
    ]
  }

  static let recommendation =
    "endpoint-independent filtering where openness matters most, address-dependent where strictness does"

  /// How a sentence ends that has told whom a row admits.
  private static func lastWord(on permitted: Mapping.Permitted) -> StyledText {
    let count =
      switch permitted {
      case .anyone: 1
      case .addresses(let addresses): addresses.count
      case .endpoints(let endpoints): endpoints.count
      }
    return count == 1 ? " alone." : count == 0 ? " at all." : "."
  }

  private static func meaning(ofFiltering filtering: EndpointDependence) -> StyledText {
    switch filtering {
    case .addressDependent: "a row admits only addresses that its inside host has sent to, from any port of theirs."
    case .endpointIndependent: "a row admits everybody."
    case .addressAndPortDependent: "a row admits only an address and port that its inside host has sent to."
    }
  }

  static func expired(_ facts: HopFacts) -> Explanation {
    var happened: StyledText = "\(facts.node) had a row for \(facts.destination)"
    if let row = facts.why.mapping {
      happened += " (row \(row.id), of \(row.internal, .address))"
      if let time = row.expiredAtMicroseconds { happened += " until \(SimulatedTime.text(time))" }
    }
    happened += """
      . Nothing kept it alive, so it timed out and was thrown away; this packet came at \
      \(SimulatedTime.text(facts.hop.timeMicroseconds)), too late. The router itself cannot tell this from \
      no-mapping: it has forgotten. Only natsh remembers, to tell you.
      """
    var remedies: [Remedy] = []
    if let row = facts.why.mapping, facts.translates {
      remedies.append(
        Remedy(
          "the inside host sends again: that makes a new row, perhaps with another outside port",
          facts.sendOut(from: PacketEnd(row.internal), to: facts.hop.source)))
    }
    remedies.append(
      Remedy(
        "it sends a little something more often than the timeout, as programs do with keepalives; or the timeout is longer",
        facts.transport == .udp ? "set \(facts.nodeName) udp-timeout 10m" : nil))
    let connections = "2 h 4 min at least, others 4 min"
    let rule: Rule? =
      switch (facts.transport, facts.translates) {
      case (.udp, false):
        facts.firewallRule(
          "3.2.3", "REC-14", "what a firewall knows of a UDP flow lives 2 minutes at least, 5 by default")
      case (.tcp, false):
        facts.firewallRule("3.3.1", "REC-35", "a firewall remembers an idle established connection \(connections)")
      case (.icmp, false): nil
      case (.udp, true):
        Rule(4787, "4.3", "REQ-5", "a UDP mapping lives 2 minutes at least, 5 or more by recommendation")
      case (.tcp, true):
        Rule(5382, "5", "REQ-5", "an idle established connection keeps its mapping \(connections)")
      case (.icmp, true): Rule(5508, "3.2", "REQ-2", "a query's mapping lives 60 seconds at least")
      }
    return Explanation(
      happened,
      because: """
        A router cannot know when two programs are done: UDP has no goodbye, and a crashed program says none. Ports and \
        memory are few, so a row that nobody uses goes after a while.
        """,
      rule: rule, remedies: remedies)
  }

  static func firewall(_ facts: HopFacts) -> Explanation {
    Explanation(
      """
      \(facts.node) does not translate here: \(facts.destination) is the inside host's own address, and the way to it is \
      known. But nothing inside had asked for a packet from \(facts.source), so the firewall dropped it.
      """,
      because: """
        No NAT does not mean no protection. The firewall keeps a list of the flows that hosts inside began, and admits \
        their answers alone. The difference: here the packet could have been delivered.
        """,
      rule: facts.transport == .icmp
        ? facts.pingRule : facts.firewallRule("2", nil, "what nobody inside has asked for is not passed on"),
      remedies: [
        Remedy(
          "the host inside sends first",
          facts.sendOut(from: facts.hop.destination, to: facts.hop.source)),
        Remedy("or nothing is filtered at all", "set \(facts.nodeName) firewall off"),
      ])
  }

  static func hairpinOff(_ facts: HopFacts) -> Explanation {
    let rule =
      switch facts.transport {
      case .udp: Rule(4787, "6", "REQ-9", "a NAT must support hairpinning")
      case .tcp: Rule(5382, "7.2", "REQ-8", "a NAT must support hairpinning")
      case .icmp: Rule(5508, "5", "REQ-7", "ICMP errors must be turned round; pings only where ports are left alone")
      }
    return Explanation(
      """
      \(facts.source) is inside, and \(facts.destination) is \(facts.node)'s own outside endpoint, which stands for a \
      host inside as well. The packet would have to turn round in the router, as a hairpin does; \(facts.node) does not do that.
      """,
      because: """
        Both rewrites, the source's and the destination's, would fall to one packet that never leaves the house. Many \
        cheap routers leave that out, and two neighbours who know only each other's outside endpoints cannot talk.
        """,
      rule: rule,
      remedies: [
        Remedy("the router learns to turn packets round", "set \(facts.nodeName) hairpinning on"),
        Remedy("or the two use their inside addresses, which on one network reach further than they look"),
      ])
  }

  static func portsExhausted(_ facts: HopFacts) -> Explanation {
    let alone = "a NAT must not give one outside port to two inside endpoints at once"
    let rule: Rule? =
      switch facts.transport {
      case .udp: Rule(4787, "4.2.1", "REQ-3", alone)
      case .tcp: Rule(5382, "7.1", "REQ-7", alone)
      case .icmp: nil
      }
    return Explanation(
      """
      \(facts.source) wanted out, and \(facts.node) wanted to give it an outside port. Every port that it could give is \
      in use, so there is no endpoint for answers to come back to.
      """,
      because:
        "An address has 65,535 ports for each protocol, all hosts inside share them, and a row keeps its port until it times out.",
      rule: rule,
      remedies: [
        Remedy("rows that time out give their ports back", "table \(facts.nodeName)"),
        Remedy("more ports to choose from", "set \(facts.nodeName) ports random 1024 65535"),
        Remedy("more outside addresses, each with ports of its own", "set \(facts.nodeName) addresses ADDRESS…"),
      ])
  }

  static func tableFull(_ facts: HopFacts) -> Explanation {
    Explanation(
      """
      \(facts.source) wanted out, which would make a new row; but \(facts.node)'s table is full, or this host has \
      used up its share of it.
      """,
      because: """
        A row is memory and, on a carrier's NAT, a port that other customers cannot have. A limit for each host keeps \
        one of them from taking everything.
        """,
      rule: Rule(6888, "3", "REQ-4", "a carrier's NAT must be able to limit the ports of each subscriber"),
      remedies: [
        Remedy("rows that time out make room", "table \(facts.nodeName)"),
        Remedy("or the limits rise", "set \(facts.nodeName) max-mappings-per-host unlimited"),
        Remedy("both of them, if need be", "set \(facts.nodeName) max-mappings unlimited"),
      ])
  }
}
