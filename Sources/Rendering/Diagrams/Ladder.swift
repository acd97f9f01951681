// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// The events of a sequence diagram, read from a trace: who handed which packet to whom, and where it ended.
package struct Ladder {
  package struct Event {
    /// The hop at which the packet arrived, or was last seen.
    package var hop: HopReport
    /// The device it came from; nil if there is none: lost on leaving, or still to arrive.
    package var from: String?
    package var label: StyledText
  }

  /// The devices from left to right, only those where something happens.
  package var columns: [String]
  package var events: [Event] = []

  package init(_ report: TraceReport, skipping skipped: String? = nil) {
    let hops = report.trace.filter { $0.node != skipped }
    var nodes = report.columns
    for hop in hops where !nodes.contains(hop.node) { nodes.append(hop.node) }
    let present = Set(hops.map(\.node))
    columns = nodes.filter(present.contains)
    var last: [Int: HopReport] = [:]
    var continued: Set<Int> = []
    for hop in hops.reversed() {
      // A packet that was sent and has no later hop is shown where it is.
      if hop.verdict == .sent, !continued.contains(hop.packet) {
        events.append(Event(hop: hop, from: nil, label: Self.label(hop, tells: true)))
      }
      continued.insert(hop.packet)
    }
    var arrivals: [Event] = []
    var told: Set<Int> = []
    for hop in hops {
      defer { last[hop.packet] = hop }
      if hop.verdict == .sent { continue }
      let from = last[hop.packet].flatMap { $0.node == hop.node ? nil : $0.node }
      if from == nil, hop.verdict != .dropped { continue }
      arrivals.append(Event(hop: hop, from: from, label: Self.label(hop, tells: told.insert(hop.packet).inserted)))
    }
    events = (arrivals + events).sorted { $0.hop.number < $1.hop.number }
  }

  private static func label(_ hop: HopReport, tells: Bool) -> StyledText {
    let number = StyledText("#\(hop.packet)", .heading)
    return tells ? "\(number) \(PacketWords(hop).label(columns: 24))" : number
  }
}

extension TraceReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    if omitted > 0 {
      let kept = forgotten > 0 ? said("; the first \(Count.grouped(forgotten)) are no longer kept") : ""
      page.add(StyledText(said("\(Count.of(omitted, "earlier hop")) not listed\(kept)"), .faint), hanging: 2)
    }
    if trace.isEmpty {
      page.add(said("Nothing has happened yet: \(typed: "send") puts a packet on the wire, \(typed: "step") moves it."))
      return page.text
    }
    switch form {
    case .list: HopList(hops: trace).add(to: &page)
    case .ladder: addLadder(to: &page)
    }
    return page.text
  }

  /// As wide as the terminal allows: with whole labels, with labels on two lines, without the internet where packets
  /// only pass through it, or as a list.
  private func addLadder(to page: inout Page) {
    var candidates = [Ladder(self)]
    let internet = trace.filter { $0.nodeKind == .internet }
    if let name = internet.first?.node, internet.allSatisfy({ $0.verdict == .forwarded }) {
      candidates.append(Ladder(self, skipping: name))
    }
    for ladder in candidates {
      if let drawing = LadderDrawing(ladder, width: page.style.width) {
        drawing.add(to: &page)
        if ladder.columns.count < candidates[0].columns.count {
          page.add(StyledText(said("The internet's column is left out to fit."), .faint))
        }
        return
      }
    }
    LadderList(ladder: candidates[0]).add(to: &page)
  }
}

/// A ladder on a terminal too narrow for columns: one block per arrow.
private struct LadderList {
  let ladder: Ladder

  func add(to page: inout Page) {
    for event in ladder.events {
      let hop = event.hop
      let time = StyledText(SimulatedTime.text(hop.timeMicroseconds), .faint)
      if let from = event.from {
        page.add("\(time) \(from, .name) →\u{A0}\(hop.node, .name)  \(event.label)", hanging: 2)
        page.add(route(hop.from, hop.to), indent: 2)
      } else if hop.verdict == .sent {
        page.add(said("\(time) \(hop.node, .name) ●  \(event.label) in flight"), hanging: 2)
        page.add(route(hop.from, hop.to), indent: 2)
      }
      if let reason = hop.reason {
        let words = StyledText("✗ \(reason.rawValue)", .refused)
        page.add(
          event.from == nil ? said("\(time) \(words) at \(hop.node, .name)") : said("\(words) at \(hop.node, .name)"),
          indent: event.from == nil ? 0 : 2)
      }
    }
  }
}
