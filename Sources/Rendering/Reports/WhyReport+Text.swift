// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension WhyReport: WordedContent {
  var words: Explanation { Explanation(of: self) }
}

extension WhyReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    let explanation = Explanation(of: self)
    var page = Page(style: style)
    page.add(headline, hanging: 2)
    page.addGap()
    page.add(explanation.happened, indent: 2)
    for event in events ?? [] {
      page.add(said("\(event.program, .faint) there: \(event.sentence)"), indent: 2, hanging: 4)
    }
    page.addGap()
    page.add(explanation.because, indent: 2)
    if let rule = explanation.rule {
      page.addGap()
      page.add("\(rule.reference, .heading): \(rule.says).", indent: 2, hanging: 4)
    }
    if !explanation.remedies.isEmpty {
      page.addGap()
      page.addHeading(hop.verdict == .dropped ? said("What would change it") : said("What next"))
      for remedy in explanation.remedies {
        page.add(remedy.words, after: "  · ", later: "    ")
        if !remedy.commands.isEmpty {
          page.add(StyledText(remedy.commands.joined(separator: "; "), .command), indent: 6, hanging: 8)
        }
      }
    }
    return page.text
  }

  private var headline: StyledText {
    var text: StyledText = said("Packet #\(packet.number) \(PacketWords(packet).label(columns: 30)), ")
    text += route(packet.from, packet.to) + ": "
    switch hop.verdict {
    case .delivered: text += said("\(said("✓ delivered"), .new) to \(hop.place)")
    case .dropped: text += said("\(said("✗ dropped"), .refused) by \(hop.place)")
    case .sent, .forwarded, .translated: return text + said("in flight")
    }
    text += said(" at \(SimulatedTime.text(hop.timeMicroseconds))")
    if let reason = hop.reason { text += ": \(reason.rawValue, .refused)" }
    return text
  }
}
