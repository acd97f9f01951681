// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

// Answers that take another way than their question.
extension Explanation {
  /// Why an answer fits nothing that the deciding device knows: it did not come back the way that the question went.
  static func detour(_ facts: HopFacts, _ detour: DetourReport) -> Explanation {
    let stranger = StyledText(detour.stranger, .name)
    var happened: StyledText = "This answer took another way: packet #\(detour.question), which it answers, went "
    happened += "through " + names(detour.there) + ", and the answer came through " + names(detour.back) + ". "
    if facts.hop.node == detour.stranger {
      happened += "\(stranger) never saw the question, so it has no row for this connection"
      happened += facts.hop.reason == .firewall ? ": to its firewall nobody inside has asked. " : ". "
      happened += "It dropped the answer."
    } else if facts.hop.nodeKind == .host {
      let isAsSent = facts.hop.source == facts.why.packet.source
      happened += "\(stranger) \(isAsSent ? "let it pass as it was" : "gave it an address of its own"), "
      happened += "so it came from \(facts.source), to whom \(facts.node) "
      happened += "has not written. It belongs to no connection there."
    } else {
      happened += "So it came from \(facts.source), to whom nobody behind \(facts.node) has written: the answer that "
      happened += "is awaited has another address."
    }
    return Explanation(
      happened,
      because: """
        Routers send each packet by its destination alone, so with two ways out nothing keeps question and answer together. \
        A NAT and a stateful firewall know a connection by having seen its beginning, and only the one that has seen it can \
        pass the rest on.
        """,
      rule: Rule(3022, "1", nil, "all requests and responses of a session must be routed by the same NAT router"))
  }

  private static func names(_ routers: [String]) -> StyledText {
    routers.enumerated().reduce("") { text, entry in
      let separator = entry.offset == 0 ? "" : entry.offset == routers.count - 1 ? " and " : ", "
      return text + StyledText(separator) + StyledText(entry.element, .name)
    }
  }
}
