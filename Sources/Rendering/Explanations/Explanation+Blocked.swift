// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

// Packets that a rule drops, and what follows from that.
extension Explanation {
  static func blocked(_ facts: HopFacts) -> Explanation {
    var happened: StyledText = said(
      "\(facts.node) has a rule that drops \(facts.transport.name) packets like this one, ")
    happened += said("whoever they come from and whatever its table says. Nobody is told.")
    guard facts.isError, let about = facts.why.packet.about else {
      return Explanation(
        happened,
        because: said(
          """
          Such a rule knows a packet by its header alone. It is simple, and hits everything that looks the same, wanted or \
          not.
          """),
        rule: facts.transport == .icmp
          ? Rule(5508, "4", nil, said("a NAT passes ICMP errors on for the sessions that it translates")) : nil)
    }
    happened += said(" It was a report about packet #\(about), whose sender does not learn of it now.")
    return Explanation(
      happened,
      because: said(
        """
        ICMP is how the network answers. Whoever drops all of it also drops the report that a packet was too long for a \
        link: its sender goes on sending packets of that length, and each of them vanishes.
        """),
      rule: Rule(
        2923, "2.1", nil, said("a path-MTU black hole: connections open, and stall with the first long packet")))
  }

  /// What became of the report that a packet is too long.
  static func lostReport(_ facts: HopFacts) -> StyledText? {
    guard let place = facts.why.answerLostAt, let packet = facts.why.answeredBy else { return nil }
    return said(
      """
       But that report, packet #\(packet), ended at \(place, .name): the sender has learned nothing, and its next long packet \
      will vanish as well. This is a path-MTU black hole.
      """)
  }
}
