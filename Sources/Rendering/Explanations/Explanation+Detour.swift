// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

// Answers that take another way than their question.
extension Explanation {
  /// Why an answer fits nothing that the deciding device knows: it did not come back the way that the question went.
  static func detour(_ facts: HopFacts, _ detour: DetourReport) -> Explanation {
    let stranger = StyledText(detour.stranger, .name)
    var happened: StyledText = said("This answer took another way: packet #\(detour.question), which it answers, went ")
    happened +=
      said("through ") + names(detour.there) + said(", and the answer came through ") + names(detour.back) + ". "
    if facts.hop.node == detour.stranger {
      happened += said("\(stranger) never saw the question, so it has no row for this connection")
      happened += facts.hop.reason == .firewall ? said(": to its firewall nobody inside has asked. ") : ". "
      happened += said("It dropped the answer.")
    } else if facts.hop.nodeKind == .host {
      happened +=
        facts.hop.source == facts.why.packet.source
        ? said("\(stranger) let it pass as it was, so it came from \(facts.source), to whom \(facts.node) ")
        : said("\(stranger) gave it an address of its own, so it came from \(facts.source), to whom \(facts.node) ")
      happened += said("has not written. It belongs to no connection there.")
    } else {
      happened += said(
        "So it came from \(facts.source), to whom nobody behind \(facts.node) has written: the answer that ")
      happened += said("is awaited has another address.")
    }
    return Explanation(
      happened,
      because: said(
        """
        Routers send each packet by its destination alone, so with two ways out nothing keeps question and answer together. \
        A NAT and a stateful firewall know a connection by having seen its beginning, and only the one that has seen it can \
        pass the rest on.
        """),
      rule: Rule(3022, "1", nil, said("all requests and responses of a session must be routed by the same NAT router")))
  }

  private static func names(_ routers: [String]) -> StyledText {
    routers.enumerated().reduce("") { text, entry in
      let separator = entry.offset == 0 ? "" : entry.offset == routers.count - 1 ? said(" and ") : ", "
      return text + StyledText(separator) + StyledText(entry.element, .name)
    }
  }
}
