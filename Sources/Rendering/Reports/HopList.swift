// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// Hops as people follow them: one line each, with the endpoints before and after one below the other, if the terminal
/// is wide enough for every fact; else each hop as a small block.
///
///        1ms #1 home-a     translated 192.168.1.10:5000 → 88.90.100.110:4000
///                       source becomes 49.36.10.25:62000 → 88.90.100.110:4000
package struct HopList {
  var hops: [HopReport]
  var events: [EventReport] = []
  var expired: [MappingReport] = []

  package init(hops: [HopReport], events: [EventReport] = [], expired: [MappingReport] = []) {
    self.hops = hops
    self.events = events
    self.expired = expired
  }

  private enum Entry {
    case hop(HopReport)
    case event(EventReport)
    case expiry(MappingReport)
  }

  package func add(to page: inout Page) {
    let columns = Columns(hops: hops, expired: expired)
    let isWide = columns.width <= page.style.width
    var introduced: Set<Int> = []
    for entry in entries {
      switch entry {
      case .event(let event): addEvent(event, columns: isWide ? columns : nil, to: &page)
      case .expiry(let row): addExpiry(row, columns: isWide ? columns : nil, to: &page)
      case .hop(let hop):
        // A packet's text is shown where the packet starts and ends, and where it is first seen, if that does not need
        // a line of its own.
        let isFirst = introduced.insert(hop.packet).inserted
        let isEnd = (hop.verdict == .sent || hop.verdict == .delivered) && hop.fragment == nil
        let label = isFirst || isEnd ? PacketWords(hop).label() : nil
        if isWide {
          addLine(hop, label: label, needsLabel: isEnd, columns: columns, to: &page)
        } else {
          addBlock(hop, label: isEnd ? label : nil, to: &page)
        }
      }
    }
  }

  /// Hops, events and expiries in order of time: a row times out before a packet of the same moment comes, and an event
  /// follows the hop that caused it.
  private var entries: [Entry] {
    var entries: [Entry] = []
    var rows = expired[...]
    var told = events[...]
    func addEvents(before hop: HopReport?) {
      while let event = told.first, hop.map({ event.afterHop < $0.number }) ?? true {
        while let row = rows.first, row.expiredAtMicroseconds ?? 0 <= event.timeMicroseconds {
          entries.append(.expiry(row))
          rows = rows.dropFirst()
        }
        entries.append(.event(event))
        told = told.dropFirst()
      }
    }
    for hop in hops {
      addEvents(before: hop)
      while let row = rows.first, row.expiredAtMicroseconds ?? 0 <= hop.timeMicroseconds {
        entries.append(.expiry(row))
        rows = rows.dropFirst()
      }
      entries.append(.hop(hop))
    }
    addEvents(before: nil)
    return entries + rows.map(Entry.expiry)
  }

  /// The widths of the columns, the same from one step to the next while names and times are short.
  private struct Columns {
    var time = 5
    var packet = 2
    var node = 8
    var verdict = 10
    var source = 0
    var destination = 0

    init(hops: [HopReport], expired: [MappingReport]) {
      for row in expired {
        time = max(time, SimulatedTime.text(row.expiredAtMicroseconds ?? 0).count)
      }
      for hop in hops {
        time = max(time, SimulatedTime.text(hop.timeMicroseconds).count)
        packet = max(packet, "#\(hop.packet)".count)
        node = max(node, DisplayWidth.of(hop.node))
        source = max(source, DisplayWidth.of(hop.from), DisplayWidth.of(hop.fromAfter))
        destination = max(
          destination, DisplayWidth.of(hop.to), DisplayWidth.of(hop.toAfter))
      }
    }

    /// Where the node's name begins.
    var start: Int { time + 2 + packet + 1 }
    /// Where the endpoints begin.
    var gutter: Int { start + node + 3 + verdict + 1 }
    var width: Int { gutter + source + 3 + destination }
  }

  private func head(_ hop: HopReport, _ columns: Columns) -> StyledText {
    let time = StyledText(SimulatedTime.text(hop.timeMicroseconds), .faint)
    let packet = StyledText("#\(hop.packet)", .faint)
    let verdict: StyledText = "\(hop.verdict.mark, hop.verdict.role) \(hop.verdict.rawValue, hop.verdict.role)"
    return time.padded(to: columns.time, .right) + "  " + packet.padded(to: columns.packet) + " "
      + StyledText(hop.node, .name).padded(to: columns.node) + " " + verdict.padded(to: columns.verdict + 2) + " "
  }

  private func addLine(
    _ hop: HopReport, label: StyledText?, needsLabel: Bool, columns: Columns, to page: inout Page
  ) {
    let source = StyledText(hop.from, .address).padded(to: columns.source)
    var line = head(hop, columns) + "\(source) → \(hop.to, .address)"
    var note = needsLabel ? label : nil
    if let label, page.shown(line).width + 2 + page.shown(label).width <= page.style.width {
      line += "  " + label
      note = nil
    }
    page.addLine(line)
    if let note { page.add(note, indent: columns.gutter) }
    if let change = changeWords(hop) {
      let source = StyledText(hop.fromAfter, hop.from == hop.fromAfter ? .faint : .changed)
      let destination = StyledText(hop.toAfter, hop.to == hop.toAfter ? .faint : .changed)
      page.addLine(
        change.padded(to: columns.gutter - 1, .right) + " "
          + "\(source.padded(to: columns.source)) → \(destination)")
    }
    for note in notes(hop) {
      page.add(note, indent: columns.start, hanging: columns.start + 2)
    }
  }

  private func addBlock(_ hop: HopReport, label: StyledText?, to page: inout Page) {
    var head: StyledText =
      "\(SimulatedTime.text(hop.timeMicroseconds), .faint) \("#\(hop.packet)", .faint) \(hop.node, .name) "
    if hop.verdict.mark != " " { head += "\(hop.verdict.mark, hop.verdict.role) " }
    head += "\(hop.verdict.rawValue, hop.verdict.role)"
    page.add(head, hanging: 2)
    page.add(route(hop.from, hop.to), indent: 2)
    if let label { page.add(label, indent: 2, hanging: 4) }
    if let change = changeWords(hop) {
      page.add(change, indent: 2, hanging: 4)
      let source = StyledText(hop.fromAfter, hop.from == hop.fromAfter ? .faint : .changed)
      let destination = StyledText(hop.toAfter, hop.to == hop.toAfter ? .faint : .changed)
      page.add("\(source) →\u{A0}\(destination)", indent: 2)
    }
    for note in notes(hop) { page.add(note, indent: 2, hanging: 4) }
  }

  /// `+ row 1, source becomes`: which row changed which field; nil if the header stayed as it was.
  private func changeWords(_ hop: HopReport) -> StyledText? {
    let field: String
    switch (hop.newSource != nil, hop.newDestination != nil) {
    case (true, true): field = said("both become")
    case (true, false): field = said("source becomes")
    case (false, true): field = said("destination becomes")
    case (false, false): return nil
    }
    // A new row is announced on a line of its own.
    guard let row = hop.mapping, hop.mappingChange != .created else { return StyledText(field, .changed) }
    return said("\(rowMark(hop))row \(row), \(field, .changed)")
  }

  private func rowMark(_ hop: HopReport) -> StyledText {
    switch hop.mappingChange {
    case .refreshed: StyledText("~ ", .refreshed)
    case .created, nil: ""
    }
  }

  /// The new row, the row used if the header does not show it, the reason for a drop.
  private func notes(_ hop: HopReport) -> [StyledText] {
    var notes: [StyledText] = []
    if let row = hop.mapping {
      let isTranslated = hop.newSource != nil || hop.newDestination != nil
      switch hop.mappingChange {
      case .created:
        let whom = hop.permitted.map { admitted($0, limit: 3).joined(separator: ", ") }
        // A hairpinned packet may have made a row and still have been dropped: the row is not in its header.
        notes.append(
          said("\(said("+ row \(row)"), .new) is new") + (whom.map { said(": packets from \($0) may come in") } ?? ""))
      case .refreshed where !isTranslated: notes.append(said("\(said("~ row \(row)"), .refreshed) lives longer"))
      case nil where !isTranslated && hop.verdict != .dropped: notes.append(said("row \(row) admits it"))
      case .refreshed, nil: break
      }
    }
    if let old = hop.maximumSegmentSize, let new = hop.newMaximumSegmentSize {
      notes.append(said("the MSS in it was \(old) and becomes \("\(new)", .changed)"))
    }
    if let piece = hop.fragment { notes.append(words(for: piece, of: hop)) }
    if let words = hop.reasonWords { notes.append(words) }
    return notes
  }

  private func words(for piece: FragmentReport, of hop: HopReport) -> StyledText {
    // An IPv6 fragment has an extension header of 8 bytes besides.
    let header = hop.source.address.isIPv4 ? 20 : 48
    let last = piece.offset + hop.length - header - 1
    let place = piece.offset == 0 ? said(", with the ports") : piece.hasMore ? "" : said(", the last")
    return said("a fragment: bytes \(piece.offset) to \(last) of packet \(hop.packet)\(place)")
  }

  private func addEvent(_ event: EventReport, columns: Columns?, to page: inout Page) {
    let words: StyledText = "\(event.host, .name) \(event.program, .faint): \(event.sentence)"
    let indent = columns?.start ?? 2
    page.add(words, after: .spaces(indent) + (page.style.usesUnicode ? "› " : "> "), later: .spaces(indent + 2))
  }

  private func addExpiry(_ row: MappingReport, columns: Columns?, to page: inout Page) {
    let time = StyledText(SimulatedTime.text(row.expiredAtMicroseconds ?? 0), .faint)
    let router = row.router.map { StyledText($0, .name) } ?? ""
    let words: StyledText = said("\(said("- row \(row.id)"), .expired) timed out: \(sides(row))")
    if let columns {
      page.add(
        words,
        after: time.padded(to: columns.time, .right) + .spaces(columns.packet + 3) + router.padded(to: columns.node)
          + "   ",
        later: .spaces(columns.start + columns.node + 5))
    } else {
      page.add("\(time) \(router) \(words)", hanging: 2)
    }
  }
}
