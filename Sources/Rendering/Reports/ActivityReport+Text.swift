// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension ActivityReport: TextRenderable {
  /// The most hops listed to people; if there are more, the last ones.
  private static let mostListed = 2_000

  /// The hops and the rows that timed out, in the order they happened.
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    if hops.isEmpty, events.isEmpty, expired.isEmpty, omittedHops == 0 {
      page.add(said("The clock is at \(SimulatedTime.text(timeMicroseconds))."))
      return page.text
    }
    if isToldByConclusions {
      addConclusions(to: &page)
      return page.text
    }
    let listed = Array(hops.suffix(Self.mostListed))
    let omitted = omittedHops + hops.count - listed.count
    HopList(hops: listed, events: events.suffix(Self.mostListed), expired: expired.suffix(Self.mostListed)).add(
      to: &page)
    if expired.count > Self.mostListed {
      page.add(StyledText(said("\(Count.of(expired.count - Self.mostListed, "more row")) timed out"), .faint))
    }
    if omitted > 0 {
      page.add(
        StyledText(said("\(Count.of(omitted, "more hop")) not listed: "), .faint)
          + "\(typed: "stats")\(said(" counts them all."), .faint)")
    }
    // A drop raises a question: say where its answer is, once, for the last of them.
    if let last = hops.last(where: { $0.verdict == .dropped }) {
      let ended = hops.last { $0.verdict == .dropped || $0.verdict == .delivered }
      let command = ended?.number == last.number ? "why" : "why \(last.packet)"
      page.add("\(said("Type "), .faint)\(typed: command)\(said(" for the rule behind it."), .faint)")
    }
    return page.text
  }
}
