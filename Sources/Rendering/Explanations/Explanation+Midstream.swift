// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

// Connections that a router no longer knows.
extension Explanation {
  /// A reset by which a router tells both ends that it has forgotten their connection.
  static func idleReset(_ facts: HopFacts, _ row: MappingReport) -> Explanation {
    let router = StyledText(facts.why.packet.origin, .name)
    var happened: StyledText = said("\(router) made this reset itself, because row \(row.id) timed out")
    if let end = facts.why.ended { happened += said(" at \(SimulatedTime.text(end.timeMicroseconds))") }
    happened += said(
      ": nothing had passed between the two ends for too long. Each of them gets one, as if the other had ")
    happened += said("broken off.")
    return Explanation(
      happened,
      because: said(
        """
        A router that only forgets a quiet connection leaves two ends that believe in it: the next segment vanishes, and \
        its sender waits. A reset tells them at once, and they can begin a new one.
        """),
      rule: Rule(5382, "5", "REQ-5", said("an idle established connection keeps its mapping for at least 2 h 4 min")))
  }

  /// A connection that its ends believe to be open, and the router no longer knows.
  static func midstream(_ facts: HopFacts) -> Explanation {
    var happened: StyledText = said("\(facts.node) has no row for the connection that this segment is part of")
    if let row = facts.why.mapping, let end = facts.why.ended {
      happened += said(": row \(row.id) timed out at \(SimulatedTime.text(end.timeMicroseconds))")
    }
    happened += said(". Here only a SYN makes a row, ")
    if facts.why.midstream == .reset {
      happened += said("and whoever goes on talking gets a reset")
      if let packet = facts.why.answeredBy { happened += said(", packet #\(packet)") }
      happened += "."
    } else {
      happened += said("and nobody is told: to its sender the connection seems to freeze.")
    }
    return Explanation(
      happened,
      because: said(
        """
        TCP says nothing while nobody has anything to say, and a router cannot tell a quiet connection from a dead one. \
        Programs that are quiet for long send keepalives, more often than the timeout.
        """),
      rule: Rule(5382, "5", "REQ-5", said("an idle established connection keeps its mapping for at least 2 h 4 min")))
  }
}
