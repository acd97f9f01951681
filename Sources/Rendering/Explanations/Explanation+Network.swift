// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

// Decisions of the network itself: routes, hosts and links.
extension Explanation {
  static func privateDestination(_ facts: HopFacts) -> Explanation {
    if let remote = facts.why.embedded, facts.isIPv6 { return embeddedPrivate(facts, remote) }
    var happened: StyledText =
      said("The packet is addressed to \(facts.destinationAddress), \(kind(of: facts.why.destinationScope)). ")
    happened += said("On the internet nobody is there, and no router has a route to it: \(facts.node) dropped it.")
    if let meant = facts.why.meant {
      happened += said(" \(meant, .name) has that address, but only on its own network")
      happened += facts.isIPv6 ? "." : said("; other networks use the same one for other hosts.")
    }
    if let packet = facts.why.toldBy {
      happened += said(
        " The sender has it from the text of packet #\(packet): a NAT had changed that packet's header, and does not read texts."
      )
    }
    return Explanation(
      happened,
      because: meaning(of: facts.why.destinationScope, isIPv6: facts.isIPv6),
      rule: scopeRule(facts))
  }

  static func kind(of scope: AddressScope) -> StyledText {
    switch scope {
    case .private: said("a private address")
    case .shared: said("an address shared inside a provider's network")
    case .linkLocal: said("a link-local address")
    case .loopback: said("the address every host has for itself")
    case .multicast: said("a group's address")
    case .broadcast: said("the address of everybody on one link")
    case .unspecified: said("the address that does not stand for any host")
    case .reserved: said("an address reserved, and unused so far")
    case .documentation, .public: said("an address without a route")
    }
  }

  private static func meaning(of scope: AddressScope, isIPv6: Bool) -> StyledText {
    switch scope {
    case .private where isIPv6:
      said(
        """
        Such an address is for use inside one site. Sites draw their prefixes at random, so hardly any two have the same \
        one; but no router of the internet is told where they are.
        """)
    case .linkLocal: said("An address like that means something on one link only, and every link uses the same ones.")
    case .shared:
      said(
        """
        An address like that means something only inside the network of the provider that gave it to its customers. Every \
        provider uses the same ones.
        """)
    case .private, .documentation, .public:
      said(
        """
        An address like that means something only where it is used, as "the room at the end of the corridor" does. \
        Any number of homes use the same ones, which is how so many hosts get by with so few addresses.
        """)
    case .loopback, .multicast, .broadcast, .unspecified, .reserved:
      said("Addresses like that are set aside; none of them stands for one host that the internet could find.")
    }
  }

  static func scopeRule(_ facts: HopFacts) -> Rule {
    switch (facts.why.destinationScope, facts.isIPv6) {
    case (.private, false), (.public, _), (.documentation, _):
      Rule(
        1918, "3", nil, said("private addresses have no global meaning, and packets to them stay inside an enterprise"))
    case (.private, true): Rule(4193, "4.3", nil, said("local addresses are not forwarded across a site's border"))
    case (.shared, _): Rule(6598, "4", nil, said("packets to the shared space must not cross a provider's boundary"))
    case (.linkLocal, false): Rule(3927, "2.7", nil, said("a packet to a link-local address must not be forwarded"))
    case (.linkLocal, true): Rule(4291, "2.5.6", nil, said("a packet to a link-local address must not be forwarded"))
    case (.multicast, false) where facts.why.hop.destination.address.ipv4Bits >> 8 == 0xE00000:
      Rule(5771, "4", nil, said("packets to 224.0.0.0/24 are for one link, and routers do not forward them"))
    case (.multicast, false): Rule(1112, "4", nil, said("class D addresses stand for groups of hosts"))
    case (.multicast, true): Rule(4291, "2.7", nil, said("a multicast address stands for a group of interfaces"))
    case (_, false): Rule(6890, "2.2.2", nil, said("the registry says which special addresses may be forwarded"))
    case (_, true): Rule(6890, "2.2.3", nil, said("the registry says which special addresses may be forwarded"))
    }
  }

  static func noRoute(_ facts: HopFacts) -> Explanation {
    Explanation(
      said(
        "No route that \(facts.node) has covers \(facts.destinationAddress), so it does not know where to send the packet."
      ),
      because: said("A router forwards by prefixes that it knows. An address that none of them covers leads nowhere."),
      rule: facts.isIPv6
        ? Rule(4443, "3.1", nil, said("the answer is \"no route to destination\"; in natsh there is none"))
        : Rule(
          1812, "5.2.7.1", nil,
          said("a router without a route answers \"network unreachable\"; in natsh it stays silent")))
  }

  static func ttlExpired(_ facts: HopFacts) -> Explanation {
    Explanation(
      said(
        """
        Every router takes one off the packet's time to live (TTL). At \(facts.node) it was used up, so the packet ended \
        there, and an ICMP "time exceeded" goes back to the sender.
        """),
      because:
        said(
          "Without that count a packet caught in a loop of routers would go round for ever. traceroute makes use of it."
        ),
      rule: facts.isIPv6
        ? Rule(4443, "3.3", nil, said("a router drops a packet whose hop limit is used up, and says so"))
        : Rule(1812, "5.3.1", nil, said("a router drops a packet whose TTL is used up, and says so (RFC 792)")))
  }

  static func portClosed(_ facts: HopFacts) -> Explanation {
    let port = facts.destinationPort
    let answer: StyledText = facts.transport == .tcp ? "a RST" : said("an ICMP \"port unreachable\"")
    let isRouter = facts.hop.nodeKind == .router
    return Explanation(
      said(
        """
        The packet reached \(facts.node), and no program there listens on \(facts.transport.name) port \(port). It \
        answers with \(answer).
        """),
      because: isRouter
        ? said(
          "An address finds the machine, a port the program. The packet was for the router itself, so there was nothing to translate."
        )
        : said(
          """
          An address finds the host, a port the program. No NAT is to blame here: the host itself turned the packet away.
          """),
      rule: facts.transport == .tcp
        ? Rule(9293, "3.5.2", nil, said("a segment for a connection that does not exist is answered with a reset"))
        : facts.isIPv6
          ? Rule(4443, "3.1", nil, said("a host without a listener answers \"port unreachable\""))
          : Rule(1122, "4.1.3.1", nil, said("a host without a listener answers \"port unreachable\"")))
  }

  static func noSuchHost(_ facts: HopFacts) -> Explanation {
    if let remote = facts.why.embedded, facts.isIPv6 { return untranslated(facts, remote) }
    let sought = (facts.why.hop.newDestination ?? facts.why.hop.destination).address
    return Explanation(
      said("\(sought, .address) belongs to a network that \(facts.node) reaches, but no host there has that address."),
      because:
        said(
          "A route leads to a network, not to a host. On the last link some host must answer to the address; none did."),
      rule: facts.isIPv6
        ? Rule(
          4443, "3.1", nil,
          said("a router that finds nobody there answers \"address unreachable\"; in natsh it stays silent")
        )
        : Rule(
          1812, "5.2.7.1", nil,
          said("a router that finds nobody there answers \"host unreachable\"; in natsh it stays silent")))
  }

  static func loss(_ facts: HopFacts) -> Explanation {
    Explanation(
      said("The packet left \(facts.node) and was lost on the link. Nobody is told."),
      because: said(
        """
        The internet promises no delivery, only an effort. Whoever needs certainty asks again until an answer comes, as \
        TCP does. So that you see each loss, hosts in natsh send nothing twice, unless you say `set HOST retransmission on`.
        """),
      rule: facts.isIPv6
        ? nil : Rule(791, "1.4", nil, said("the internet protocol is not a reliable communication facility")))
  }

  static func queueFull(_ facts: HopFacts) -> Explanation {
    let link = facts.why.lostOn ?? facts.nodeName
    return Explanation(
      said(
        """
        Packets come to \(link, .name)'s link faster than its rate lets them out. Up to 100 ms' worth of them wait in a queue; it \
        was full, so this packet was dropped.
        """),
      because:
        said(
          "A queue evens out a burst, not a rate that is too high. When it is full, the last to come is the first to go."
        ),
      rule: Rule(7567, "2", nil, said("a queue of bounded length drops what does not fit, \"tail drop\"")))
  }

  static func tooBig(_ facts: HopFacts) -> Explanation {
    let link = facts.why.lostOn ?? facts.nodeName
    let lost = lostReport(facts)
    let limit: StyledText =
      facts.hop.nodeKind == .host
      ? said("\(facts.node)'s link, or the whole path as an ICMP error has reported it, carries fewer.")
      : said("\(link, .name)'s link carries fewer: its MTU.")
    return Explanation(
      said(
        """
        The packet is \(facts.hop.length) bytes long, and \(limit) A router could have cut it into \
        fragments, but \(facts.isIPv6 ? said("in IPv6 only the sender may") : said("the packet forbids it (DF, do not fragment)")). The \
        sender is told, with the length that would pass.\(lost ?? "")
        """),
      because: said(
        """
        Fragments cost: one that is lost loses the whole packet, and only the first has the ports that a NAT needs. So \
        hosts would rather learn how long a packet may be on the whole path and send none that is longer.
        """),
      rule: facts.isIPv6
        ? Rule(8200, "5", nil, said("routers do not fragment; a packet that is too big is answered by an ICMPv6 error"))
        : facts.why.hop.nodeKind == .router && facts.translates
          ? Rule(
            4787, "10", "REQ-13", said("a NAT answers \"fragmentation needed\" when DF is set, and fragments when not"))
          : Rule(1191, "4", nil, said("a router answers \"fragmentation needed\", with the next link's MTU")))
  }

  static func invalid(_ facts: HopFacts) -> Explanation {
    if let fault = facts.why.fault { return invalid(facts, fault) }
    if facts.transport == .tcp, facts.hop.nodeKind == .host { return strayAtHost(facts) }
    if facts.why.midstream != .pickedUp, facts.transport == .tcp, facts.hop.flags?.contains(.syn) == false {
      return midstream(facts)
    }
    return Explanation(
      facts.transport == .tcp
        ? said(
          "The segment fits no connection that \(facts.node) follows, as far as it has seen them, so it is dropped.")
        : said("The packet fits nothing that \(facts.node) knows, so it is dropped."),
      because: facts.transport == .icmp
        ? said(
          "An ICMP error must quote a packet that the receiver knows of; this one quotes none. Anybody could have made it up."
        )
        : said("A router that follows connections knows which segments can come next. This one cannot."),
      rule: facts.transport == .icmp
        ? Rule(5508, "4.2", "REQ-4", said("an ICMP error is passed on only if its quoted packet fits a mapping"))
        : facts.transport == .tcp
          ? Rule(7857, "2", nil, said("a NAT follows each connection from its SYN to its last FIN or RST")) : nil)
  }

  /// A segment that does not fit any connection of a host, and its fate on the way.
  private static func strayAtHost(_ facts: HopFacts) -> Explanation {
    let rule = Rule(9293, "3.10.7", nil, said("a host judges a segment by the state of its connection"))
    let onTheWay = facts.why.trace.first { $0.nodeKind == .router && $0.mappingChange == .created }
    if let router = onTheWay, let source = router.newSource, facts.hop.flags?.contains(.syn) == false {
      return Explanation(
        said(
          """
          \(facts.node) has no connection with \(source, .address). \(router.node, .name) had forgotten the connection that the \
          segment is part of, took it for a new flow, and gave it a new outside endpoint: \(source, .address).
          """),
        because: said(
          """
          For TCP both ends' addresses and ports are the connection. A NAT that forgets an open one and gives it another \
          port has broken it, though neither end has done anything wrong.
          """), rule: rule)
    }
    if facts.hop.source.address.scope == .private || facts.hop.source.address.scope == .shared,
      let router = facts.why.trace.first(where: { $0.nodeKind == .router && $0.verdict == .forwarded })
    {
      return Explanation(
        said(
          """
          \(facts.node) has no connection with \(facts.source). The segment left \(router.node, .name) untranslated: it fits no \
          connection that the router follows, and nothing there drops such segments, so its private source stayed in it.
          """),
        because: said("Linux passes on what its connection tracking calls invalid, unless a rule drops it."),
        rule: Rule(7857, "2", nil, said("a NAT follows each connection from its SYN to its last FIN or RST")))
    }
    return Explanation(
      said("The segment reached \(facts.node), which has no connection that it fits, so it is dropped."),
      because: said("A segment must fit the connection that it claims to be part of."), rule: rule)
  }

  static func delivered(_ facts: HopFacts) -> Explanation {
    let crossed = facts.why.trace.filter { $0.verdict == .translated }
    var happened: StyledText = said(
      "The packet reached \(facts.node), which has the address \(facts.destinationAddress)")
    let port = facts.destinationPort
    if facts.transport != .icmp, !port.isEmpty { happened += said(" and takes packets on port \(port)") }
    happened += "."
    if let meant = facts.why.meant {
      happened += said(" \(meant, .name) has the same address, but in another network: this packet was not for it.")
    }
    func shown(_ end: PacketEnd) -> String { facts.transport == .icmp ? withIdentifier(end) : end.description }
    for hop in crossed {
      let row: StyledText = hop.mapping.map { said("row \($0) of \(hop.node, .name)") } ?? StyledText(hop.node, .name)
      if let source = hop.newSource {
        happened += said(" By \(row) its source \(shown(hop.source), .address) became \(shown(source), .address).")
      }
      if let destination = hop.newDestination {
        happened +=
          said(" By \(row) its destination \(shown(hop.destination), .address) became \(shown(destination), .address).")
      }
    }
    if let across = crossed.first(where: \.changesFamily) { return delivered(facts, happened, across) }
    if let exchanged = crossed.first(where: { !$0.source.address.isIPv4 }) {
      return delivered(facts, happened, exchanging: exchanged)
    }
    let inbound = crossed.contains { $0.newDestination != nil }
    if inbound {
      var because: StyledText = said("A host inside had sent first, or a port is forwarded: so there was a row, ")
      because += said("and the row admits this sender.")
      return Explanation(
        happened, because: because,
        rule: facts.admissionRule)
    }
    if !crossed.isEmpty {
      return Explanation(
        happened,
        because: said(
          """
          Packets from inside may go out. \(facts.node) sees the outside endpoint \(facts.source) and never the \
          private one; that is where an answer must go.
          """),
        rule: facts.mappingRule(said("a NAT gives an inside endpoint an outside one")))
    }
    return Explanation(
      happened,
      because: said(
        "No address was changed on the way and no filter refused it: every device knew a way to that address."),
      rule: !facts.isIPv6 ? Rule(1122, "3.3.1", nil, said("a host sends to its neighbour or to a router")) : nil)
  }

  static func inFlight(_ facts: HopFacts) -> Explanation {
    Explanation(
      said(
        "The packet is still on its way: \(facts.node) was the last to handle it, at \(SimulatedTime.text(facts.hop.timeMicroseconds))."
      ),
      because: said("Nothing has decided its fate yet."))
  }
}
