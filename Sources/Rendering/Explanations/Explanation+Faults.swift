// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

// Packets that no device passes on, whatever their destination.
extension Explanation {
  static func invalid(_ facts: HopFacts, _ fault: PacketFault) -> Explanation {
    switch fault {
    case .destination: badDestination(facts)
    case .directedBroadcast: directedBroadcast(facts)
    case .source: badSource(facts)
    case .ownSource:
      Explanation(
        said(
          "The packet says that it comes from \(facts.source), and that is \(facts.node) itself, which did not send it."
        ),
        because: said("Whoever sent it gave a false address, so that the answer would go astray or round and round."),
        rule: Rule(1812, "5.3.8", nil, said("a router may drop what cannot come from where it says it does")))
    case .mixedFamilies:
      Explanation(
        said("The packet goes from an IPv4 address to an IPv6 one, or the other way round; no header can say that."),
        because: said("A packet has one version, and both of its addresses are of that version."),
        rule: Rule(791, "3.1", nil, said("the header has one version field")))
    case .portZero:
      Explanation(
        said("The packet is from or for port 0. No program has that port, so no answer could reach its sender."),
        because: said("A row for it would take up a place in the table that nobody can use."),
        rule: Rule(6335, "6", nil, said("port 0 is reserved")))
    case .tcpFlags:
      Explanation(
        said(
          "The segment's control bits contradict each other: no TCP opens, ends and breaks off a connection at once, or ",
          "says nothing at all."),
        because: said("Such segments are made by hand, to find out how a host or a firewall reacts to them."),
        rule: Rule(9293, "3.1", nil, said("SYN opens, FIN ends, RST resets, and all later segments carry ACK")))
    case .message:
      Explanation(
        said("The packet is ICMP without a message, or carries an ICMP message without being ICMP."),
        because: said("It contains nothing that a table could look up."),
        rule: Rule(1122, "3.2.2", nil, said("an ICMP message of unknown type is silently discarded")))
    }
  }

  private static func badDestination(_ facts: HopFacts) -> Explanation {
    let isRouter = facts.hop.nodeKind == .router
    var happened: StyledText = said("The packet is addressed to \(facts.destinationAddress), ")
    happened += "\(kind(of: facts.why.destinationScope)). "
    happened +=
      isRouter
      ? said("\(facts.node) does not pass on packets for such an address, and makes no row for them.")
      : said("It does not leave \(facts.node)'s link, and nobody there listens to such an address in natsh.")
    let rule: Rule =
      switch (facts.why.destinationScope, facts.isIPv6) {
      case (.broadcast, _): Rule(1812, "5.3.5.1", nil, said("a packet to 255.255.255.255 must not be forwarded"))
      case (.multicast, _), (.linkLocal, _): scopeRule(facts)
      case (_, false):
        Rule(1812, "5.3.7", nil, said("a router should not forward a packet with an invalid destination"))
      case (.loopback, true): Rule(4291, "2.5.3", nil, said("a packet to ::1 never leaves its node"))
      case (_, true): Rule(4291, "2.5.2", nil, said("the unspecified address must not be a destination"))
      }
    return Explanation(
      happened, because: said("One packet to such an address could reach everybody, nobody or the wrong one."),
      rule: rule)
  }

  private static func directedBroadcast(_ facts: HopFacts) -> Explanation {
    let sought = (facts.why.hop.newDestination ?? facts.why.hop.destination).address
    var happened: StyledText = said(
      "\(sought, .address) is the first or the last address of a network: it stands for the ")
    happened += said("network or for all its hosts, and no single host has it.")
    return Explanation(
      happened,
      because: said(
        """
        One packet to all hosts of a network would bring an answer from each of them to whoever is said to have sent it. \
        So routers let none in, and in natsh no host listens to those on its own link.
        """),
      rule: facts.hop.nodeKind == .host
        ? Rule(
          1122, "3.2.1.3", nil, said("an address with all zeros or all ones in its host part does not belong to a host")
        )
        : Rule(2644, "3", nil, said("a router must not let in packets to all hosts of a network unless told to")))
  }

  private static func badSource(_ facts: HopFacts) -> Explanation {
    Explanation(
      said("The packet says that it comes from \(facts.source), an address from which no packet travels."),
      because: said("An answer could not find its way back, so whoever sent it wanted something other than an answer."),
      rule: facts.isIPv6
        ? Rule(4291, "2.5.2", nil, said("a router must not forward what comes from an address of no node"))
        : Rule(1812, "5.3.7", nil, said("a router should not forward a packet with an invalid source")))
  }
}
