// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

extension ActivityReport: TextRenderable {
  /// The hops and the rows that timed out, in the order they happened.
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    if hops.isEmpty, expired.isEmpty, omittedHops == 0 {
      page.add("The clock is at \(SimulatedTime.text(timeMicroseconds)).")
      return page.text
    }
    HopList(hops: hops, expired: expired).add(to: &page)
    if omittedHops > 0 {
      page.add(
        StyledText("\(Count.of(omittedHops, "more hop")) not listed: ", .faint)
          + "\(typed: "stats")\(" counts them all.", .faint)")
    }
    // A drop is a question: say where its answer is, once, for the last of them.
    if let last = hops.last(where: { $0.verdict == .dropped }) {
      let ended = hops.last { $0.verdict == .dropped || $0.verdict == .delivered }
      let command = ended?.number == last.number ? "why" : "why \(last.packet)"
      page.add("\("Type ", .faint)\(typed: command)\(" for the rule behind it.", .faint)")
    }
    return page.text
  }
}
