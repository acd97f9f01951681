// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

// Decisions of a router's table and filter.
extension Explanation {
  static func noMapping(_ facts: HopFacts) -> Explanation {
    let isFromInside = facts.insideName(facts.why.hop.source) != nil
    let arrival: StyledText =
      isFromInside
      ? said(
        "\(facts.source), which is inside, wrote to \(facts.destination), an outside endpoint of \(facts.node) itself.")
      : said("A packet came to \(facts.node) from outside, for \(facts.destination).")
    return Explanation(
      said("\(arrival) \(history(facts)) \"Who are you?\", and the packet was dropped."),
      because: said(
        """
        Many hosts share the router's address, and only a row says which of them an outside endpoint stands for. Rows \
        are made by packets going out. Without one there is no inside address to write into the packet: \(facts.node) \
        cannot pass it on, because it does not know to whom.
        """),
      rule: facts.isError
        ? Rule(5508, "4.2", "REQ-4", said("an ICMP error about a packet that no mapping knows is dropped"))
        : facts.mappingRule(said("a mapping begins with a packet from an internal endpoint")))
  }

  /// Why there is no row for the packet's destination: there never was one, or it has ended.
  private static func history(_ facts: HopFacts) -> StyledText {
    if let rule = facts.why.mapping, rule.isStatic, facts.why.ended == nil {
      return said(
        """
        There is a forward of that port, row \(rule.id), but it is a rule for new flows: packets from \(facts.source) to it \
        belong to an older flow, \(facts.node)'s own, for as long as packets keep it alive.
        """)
    }
    guard let row = facts.why.mapping, let end = facts.why.ended else {
      if let other = facts.why.otherTransport {
        return said(
          """
          \(facts.node) looked that endpoint up in its table and found no row for \(facts.transport.name). Each protocol has \
          ports of its own: the row that is there is one for \(other.name).
          """)
      }
      return said(
        """
        \(facts.node) looked that endpoint up in its table and found no row: nobody inside ever sent a packet out \
        through it.
        """)
    }
    let time = StyledText(SimulatedTime.text(end.timeMicroseconds))
    let ended: StyledText =
      switch end.cause {
      case .timedOut: said("it timed out")
      case .reset(let packet):
        said(
          "packet #\(packet) ended it: a reset was the only answer to its request, and the router forgets such a flow at once"
        )
      case .reopened(let packet):
        said("packet #\(packet) ended it: it asked for a new connection between the same two ends")
      case .unforwarded: said("'unforward' removed that static mapping")
      case .released: said("\(row.inside, .address), which had asked for it, gave it up")
      case .replaced: said("a static mapping of \(row.inside, .address) took its place")
      case .addressRemoved: said("\(facts.node) lost that outside address")
      case .emptied: said("\(facts.node)'s table was emptied, as a restart and some settings do")
      }
    return said(
      """
      \(facts.node) looked that endpoint up in its table and found no row any more. It had one, row \(row.id), which \
      belonged to \(row.inside, .address), until \(time): \(ended). The router itself has forgotten it; only natsh remembers.
      """)
  }

  static func filtered(_ facts: HopFacts) -> Explanation {
    let filtering = facts.why.filteringBehavior ?? .addressAndPortDependent
    var happened: StyledText =
      said("\(facts.node) has a row for \(facts.destination)")
    if let row = facts.why.mapping {
      happened += said(": row \(row.id), which belongs to \(row.inside, .address). But this packet comes from ")
      happened += said("\(facts.source), and the row admits \(admitted(row.permitted).joined(separator: ", "))")
      happened += lastWord(on: row.permitted)
    } else {
      happened += said(", but this packet comes from \(facts.source), and the row does not admit that sender.")
    }
    if facts.isAdmittedNow {
      happened = said(
        """
        \(facts.node) had a row for \(facts.destination) that did not admit \(facts.source) at that time. It does now: \
        the same packet, sent again, would come in.
        """)
    }
    return Explanation(
      happened,
      because: said(
        """
        \(facts.node)'s filtering is \(filtering.name, .heading): \(meaning(ofFiltering: filtering)) A stranger who has \
        found out the endpoint still does not get in. Reaching the right door and being let in are two questions, \
        and the second one is the filter's.\(mappingsPart(facts))
        """),
      rule: facts.filteringRule)
  }

  /// If each destination gets a row of its own, sending first does not help: the mapping is the cause.
  private static func mappingsPart(_ facts: HopFacts) -> StyledText {
    guard facts.translates, let mapping = facts.why.mappingBehavior, mapping != .endpointIndependent,
      facts.why.mapping?.isStatic != true
    else { return "" }
    return said(
      """
       The mapping plays its part too: it is \(mapping.name, .heading), so what the host inside sends to \
      \(facts.source) leaves by another row, with an outside endpoint of its own, and this row admits no more than before.
      """)
  }

  /// The end of a sentence that has said whom a row admits.
  private static func lastWord(on permitted: Mapping.Permitted) -> StyledText {
    let count =
      switch permitted {
      case .anyone: 1
      case .addresses(let addresses): addresses.count
      case .endpoints(let endpoints): endpoints.count
      }
    return count == 1 ? said(" alone.") : count == 0 ? said(" at all.") : "."
  }

  private static func meaning(ofFiltering filtering: EndpointDependence) -> StyledText {
    switch filtering {
    case .addressDependent:
      said("a row admits only addresses that its inside host has sent to, from any port of theirs.")
    case .endpointIndependent: said("a row admits everybody.")
    case .addressAndPortDependent: said("a row admits only an address and port that its inside host has sent to.")
    }
  }

  static func expired(_ facts: HopFacts) -> Explanation {
    var happened: StyledText = said("\(facts.node) had a row for \(facts.destination)")
    if let row = facts.why.mapping {
      happened += said(" (row \(row.id), of \(row.inside, .address))")
      if let time = row.expiredAtMicroseconds { happened += said(" until \(SimulatedTime.text(time))") }
    }
    happened += said(
      ". \(endOfLife(facts)); this packet came at \(SimulatedTime.text(facts.hop.timeMicroseconds)), too late. ",
      "The router itself cannot tell this from no-mapping: it has forgotten. Only natsh remembers, to tell you.")
    if facts.why.mapping?.isStatic == true {
      return Explanation(
        happened,
        because: said(
          """
          A host that asks for a port may be switched off and never say that it no longer needs it. So a router lends a \
          port for a time, and whoever still wants it asks again.
          """),
        rule: Rule(
          6886, "3.3", nil,
          said("a client begins to renew a mapping when half of its lifetime is over; one not renewed is removed")))
    }
    let connections = said("for at least 2 h 4 min, others for 4 min")
    let rule: Rule? =
      switch (facts.transport, facts.translates) {
      case (.udp, false):
        facts.firewallRule(
          "3.2.3", "REC-14", said("a firewall remembers a UDP flow for at least 2 minutes, 5 by default"))
      case (.tcp, false):
        facts.firewallRule(
          "3.3.1", "REC-35", said("a firewall remembers an idle established connection \(connections)"))
      case (.icmp, false): nil
      case (.udp, true):
        Rule(4787, "4.3", "REQ-5", said("a UDP mapping lives for at least 2 minutes, with 5 or more recommended"))
      case (.tcp, true):
        Rule(5382, "5", "REQ-5", said("an idle established connection keeps its mapping \(connections)"))
      case (.icmp, true): Rule(5508, "3.2", "REQ-2", said("a query's mapping lives for at least 60 seconds"))
      }
    return Explanation(
      happened,
      because: said(
        """
        A router cannot know when two programs are done: UDP has no goodbye, and a crashed program says none. Ports and \
        memory are limited, so a row that nobody uses is removed after a while.
        """),
      rule: rule)
  }

  /// Why a row timed out. A closed or reset connection is kept for a short while only.
  private static func endOfLife(_ facts: HopFacts) -> StyledText {
    if facts.why.mapping?.isStatic == true {
      return said("A host inside had asked for it for a time, and not for longer when that was over")
    }
    return switch facts.why.mapping?.state {
    case "closed": said("The connection had been reset, so the row was kept for a short while only, and thrown away")
    case "time-wait", "last-ack":
      said("Both sides had closed the connection, so the row was kept for a short while only, and thrown away")
    default: said("Nothing kept it alive, so it timed out and was thrown away")
    }
  }

  static func firewall(_ facts: HopFacts) -> Explanation {
    if let inside = facts.why.insideEndpoint { return firewallBehindPrefix(facts, inside) }
    return Explanation(
      said(
        """
        \(facts.node) does not translate here: \(facts.destination) is the inside host's own address, and the way to it is \
        known. But nothing inside had asked for a packet from \(facts.source), so the firewall dropped it.
        """),
      because: said(
        """
        No NAT does not mean no protection. The firewall keeps a list of the flows that hosts inside began, and admits \
        only the answers to them. The difference: here the packet could have been delivered.
        """),
      rule: facts.transport == .icmp
        ? facts.pingRule
        : facts.firewallRule("2", nil, said("packets that nobody inside has asked for are not passed on")))
  }

  static func hairpinOff(_ facts: HopFacts) -> Explanation {
    let rule =
      switch facts.transport {
      case .udp: Rule(4787, "6", "REQ-9", said("a NAT must support hairpinning"))
      case .tcp: Rule(5382, "7.2", "REQ-8", said("a NAT must support hairpinning"))
      case .icmp:
        Rule(5508, "5", "REQ-7", said("ICMP errors must be turned round; pings only where ports are left alone"))
      }
    return Explanation(
      said(
        """
        \(facts.source) is inside, and \(facts.destination) is an outside endpoint of \(facts.node) itself. For a host inside \
        to get the packet, it would have to turn round in the router, as a hairpin does; \(facts.node) \
        \(facts.why.hairpinsForwardsOnly ? said("does that for forwarded ports only, and this is not one") : said("does not do that")).
        """),
      because: said(
        """
        Both rewrites, the source's and the destination's, would fall on one packet that never leaves the house. Many \
        cheap routers leave that out, and two neighbours who know only each other's outside endpoints cannot talk.
        """),
      rule: rule)
  }

  static func portsExhausted(_ facts: HopFacts) -> Explanation {
    let alone = said("a NAT must not give one outside port to two inside endpoints at once")
    let rule: Rule? =
      switch facts.transport {
      case .udp: Rule(4787, "4.2.1", "REQ-3", alone)
      case .tcp: Rule(5382, "7.1", "REQ-7", alone)
      case .icmp: nil
      }
    if let block = facts.why.portBlock {
      return Explanation(
        said(
          """
          \(facts.source) wanted out. \(facts.node) gives each host inside ports of its own, and \
          \(StyledText(block.internal, .address)) has used up its \(block.size): \(block.first) to \(block.last) of \
          \(StyledText(block.external, .address)). Others may have some left, but those are theirs.
          """),
        because: said(
          """
          With a block for each host, no host takes the ports of the others, and who had a port follows from its number alone. \
          The price is that one who opens many connections runs out first, while most ports lie idle.
          """),
        rule: Rule(6888, "3", "REQ-4", said("a carrier's NAT must be able to limit the ports of each subscriber")))
    }
    switch facts.why.portAssignment {
    case .preserveOrRefuse:
      return Explanation(
        said(
          """
          \(facts.source) wanted out, and \(facts.node) gives a flow outside the port that it has inside, or none. That port \
          is another flow's already.
          """),
        because: said(
          """
          A program that must be reached at one port of its own gets exactly that, as long as it is the only one inside that \
          wants it. The second gets nothing, where another router would give it some other port.
          """),
        rule: rule)
    case .overloadWithin(let ports):
      return Explanation(
        said(
          """
          \(facts.source) wanted out, and \(facts.node) has only the outside ports \(ports.lowerBound) to \
          \(ports.upperBound). Each of them is in use already towards \(facts.destination).
          """),
        because: said(
          """
          Shared ports serve several hosts at once, as long as these talk to different remotes: the remote's endpoint tells \
          whose answer comes back. Towards one remote, each flow needs a port of its own.
          """),
        rule: nil)
    case .random(let ports):
      return Explanation(
        said(
          """
          \(facts.source) wanted out, and \(facts.node) has only the outside ports \(ports.lowerBound) to \
          \(ports.upperBound). Each of them is in use.
          """),
        because: said("All hosts inside share these ports, and a row keeps its port until it times out."), rule: rule)
    default: break
    }
    return Explanation(
      said(
        """
        \(facts.source) wanted out, and \(facts.node) wanted to give it an outside port. Every port that it could give is \
        in use, so there is no endpoint for answers to come back to.
        """),
      because:
        said(
          "An address has 65,535 ports for each protocol, all hosts inside share them, and a row keeps its port until it times out."
        ),
      rule: rule)
  }

  static func insertFailed(_ facts: HopFacts) -> Explanation {
    var happened: StyledText = said("\(facts.source) wanted out with a new flow, and at the very same instant ")
    happened += facts.why.rival.map { said("packet #\($0) did so too") } ?? said("another packet did so too")
    happened += said(
      ". Both chose the same outside port, because neither was in the table yet; the other one was inserted ")
    happened += said("first, and \(facts.node) dropped this one.")
    if let count = facts.why.insertFailures, count > 0 {
      happened += said(" Its counter insert_failed is at \(count).")
    }
    return Explanation(
      happened,
      because: said(
        """
        netfilter chooses a port when a packet comes and inserts the flow when it leaves, so packets on two processors do not \
        see each other in between. Nobody is told: the sender waits for its retransmission, a second for TCP and five for \
        many resolvers.
        """),
      rule: Rule(
        4787, "4.2.1", "REQ-3", said("two flows must not share one outside port, so one of them has to give way")))
  }

  static func tableFull(_ facts: HopFacts) -> Explanation {
    Explanation(
      said(
        """
        \(facts.source) wanted out, which would make a new row; but \(facts.node)'s table is full, or this host has \
        used up its share of it.
        """),
      because: said(
        """
        A row is memory and, on a carrier's NAT, a port that other customers cannot have. A limit for each host keeps \
        one of them from taking everything.
        """),
      rule: Rule(6888, "3", "REQ-4", said("a carrier's NAT must be able to limit the ports of each subscriber")))
  }
}
