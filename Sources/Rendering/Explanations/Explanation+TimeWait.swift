// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

// Connections that are remembered after their end.
extension Explanation {
  /// A source port that is used again too early.
  static func timeWait(_ facts: HopFacts) -> Explanation {
    var happened: StyledText = said(
      "\(facts.node) has had a connection with \(facts.source) on this port, closed it first, ")
    happened += said("and still remembers it: TIME_WAIT. This SYN has the same address and port, and its sequence ")
    happened += said(
      "number does not come after the old ones, so it may be a part of the old connection. \(facts.node) ")
    happened += said("answers with an acknowledgement of the old connection, which the sender resets.")
    return Explanation(
      happened,
      because: said(
        """
        Segments can be late. Whoever closes first waits until all old ones must be gone, so that none of them ends up in \
        a new connection between the same ports. A NAT that gives a port to the next flow too early, or a client that always \
        uses the same port, meets this.
        """),
      rule: Rule(
        9293, "3.10.7.4", nil, said("in TIME-WAIT a SYN is accepted if its sequence number is beyond the old ones")))
  }
}
