// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension TablesReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    switch self {
    case .one(let table): TableDrawing(table: table, room: page.mostListed).add(to: &page)
    case .all(let tables):
      if tables.isEmpty {
        page.add(said("There is no router, so there is no table: \(typed: "router home-a") makes one."))
      }
      // Together they show as many rows as one would, but a few each.
      let room = max(page.mostListed / max(tables.count, 1), 8)
      for table in tables.prefix(page.mostListed / 8) {
        page.addGap()
        TableDrawing(table: table, room: room).add(to: &page)
      }
      let more = tables.count - page.mostListed / 8
      if more > 0 {
        page.addGap()
        page.add(said("and \(Count.of(more, "more table")): \(typed: "table ROUTER") shows any of them."))
      }
    }
    return page.text
  }
}

/// One router's table: the admitted senders in a column of their own if there is room, else on a line of their own, and
/// on a narrow terminal each row as a block.
private struct TableDrawing {
  let table: TableReport
  private let rows: [MappingReport]
  // Needed for each row, so computed only once.
  private let hasRemote: Bool
  private let hasState: Bool

  /// The number of older rows not shown.
  private let leftOut: Int

  init(table: TableReport, room: Int) {
    self.table = table
    rows = table.mappings.suffix(room) + table.expired.suffix(room)
    leftOut = table.mappings.count + table.expired.count - rows.count
    hasRemote = rows.contains { $0.remote != nil }
    hasState = rows.contains { $0.state != nil }
  }

  func add(to page: inout Page) {
    addHeader(to: &page)
    defer {
      addWholeAddresses(to: &page)
      addHeld(to: &page)
    }
    if rows.isEmpty { return addEmpty(to: &page) }
    let full = fullTable
    let short = shortTable
    if full.fits(page) {
      full.add(to: &page)
    } else if short.fits(page) {
      short.add(to: &page)
    } else {
      for row in rows { addBlock(row, to: &page) }
    }
    if leftOut > 0 { page.add(StyledText(said("\(Count.of(leftOut, "older row")) not shown"), .faint), indent: 2) }
    addLegend(to: &page)
  }

  private func addHeader(to page: inout Page) {
    var header: StyledText = said("\(table.router, .name)'s table: ")
    if table.mappings.isEmpty {
      header += said("no rows")
    } else {
      header += StyledText(Count.of(table.mappings.count, "row"))
    }
    page.add(header)
    if table.isPlain { return page.add("\(plainWords, .faint)", indent: 2) }
    page.add(
      table.translates
        ? "\(said("mapping \(table.mappingBehavior.name), filtering \(table.filteringBehavior.name)"), .faint)"
        : "\(said("nat off, filtering \(table.filteringBehavior.name)"), .faint)",
      indent: 2)
  }

  /// The router's behaviour, for learners who do not know the words for it yet.
  private var plainWords: String {
    let admitted =
      switch table.filteringBehavior {
      case .endpointIndependent: said("anybody outside may send to an outside endpoint that has a row")
      case .addressDependent: said("only those that the inside has sent to may send back, from any port of theirs")
      case .addressAndPortDependent:
        said("only those that the inside has sent to may send back, from the very port it sent to")
      }
    guard table.translates else { return said("nothing is translated; \(admitted)") }
    let kept =
      switch table.mappingBehavior {
      case .endpointIndependent: said("an inside endpoint keeps one outside endpoint, whoever it sends to")
      case .addressDependent:
        said("an inside endpoint gets a different outside endpoint for every address that it sends to")
      case .addressAndPortDependent:
        said("an inside endpoint gets a different outside endpoint for every endpoint that it sends to")
      }
    return "\(kept); \(admitted)"
  }

  /// Hosts that get more than rows say.
  private func addWholeAddresses(to page: inout Page) {
    if let failures = table.insertFailures {
      page.add(
        said("insert_failed: \(Count.of(failures, "new flow")) lost a race for an outside port"), indent: 2, hanging: 4)
    }
    for pair in table.pairs ?? [] {
      page.add(
        said("\(pair.external, .address) is \(pair.internal, .address)'s alone, both ways and port for port"),
        indent: 2,
        hanging: 4)
    }
    addBlocks(to: &page)
    if let dmz = table.dmz {
      page.add(said("what comes from outside and has no row here goes to \(dmz, .address)"), indent: 2, hanging: 4)
    }
  }

  /// The ports of each host; if there are many, the fullest.
  private func addBlocks(to page: inout Page) {
    guard let blocks = table.blocks, !blocks.isEmpty else { return }
    let most = 12
    let fullest = blocks.count > most ? Array(blocks.sorted { $0.used > $1.used }.prefix(most)) : blocks
    for block in fullest {
      let isFull = block.used >= block.size
      let isNearlyFull = block.used * 4 >= block.size * 3
      page.add(
        said(
          """
          ports \(block.first) to \(block.last) of \(block.external, .address) are \(block.internal, .address)'s: \
          \(block.used) of \(block.size) in use\(isFull ? said(", all of them") : isNearlyFull ? said(", nearly all") : "")
          """), indent: 2, hanging: 4)
    }
    if blocks.count > most {
      page.add(
        StyledText(said("\(Count.of(blocks.count - most, "host")) with fewer in use not shown"), .faint), indent: 2)
    }
  }

  /// The pairs of endpoints that are the router's own for a while; if there are many, the latest.
  private func addHeld(to page: inout Page) {
    guard let held = table.held, !held.isEmpty else { return }
    let most = 12
    page.addGap()
    page.add(
      said(
        """
        \(table.router, .name) itself keeps \(Count.of(held.count, "pair")) of endpoints, since the packets that came there were for \
        nobody inside. As long as it does, no host inside gets such an outside endpoint towards the same remote:
        """), indent: 2)
    for pair in held.suffix(most) {
      page.add(
        said(
          """
          udp \(pair.external, .address) ⇄\u{A0}\(pair.remote, .address), by packet #\(pair.createdBy), \
          \(SimulatedTime.text(pair.expiresInMicroseconds)) left
          """), indent: 4, hanging: 6)
    }
    if held.count > most {
      page.add(StyledText(said("\(Count.of(held.count - most, "older one")) not shown"), .faint), indent: 4)
    }
  }

  private func addEmpty(to page: inout Page) {
    page.add(
      table.translates
        ? said(
          """
          A row is made when a host behind \(table.router, .name) sends a packet out: \(typed: "send HOST ADDRESS:PORT"), \
          then \(typed: "step").
          """)
        : said(
          """
          \(table.router, .name) does not translate; a row is only noted here when a host behind it sends a packet out, so \
          that the firewall knows the answer.
          """), indent: 2)
  }

  // MARK: columns

  private var fullTable: TextTable {
    var columns = leadColumns
    if hasRemote { columns.append(.init(said("bound to"))) }
    columns.append(.init(said("admits")))
    var result = TextTable(columns + tailColumns)
    for row in rows {
      result.addRow(lines: lead(row) + (hasRemote ? [[remote(row)]] : []) + [admitted(row.permitted)] + tail(row))
    }
    return result
  }

  /// The full table without the columns of remote endpoints, which get lines below their row instead.
  private var shortTable: TextTable {
    var result = TextTable(leadColumns + tailColumns)
    let inside = rows.map { DisplayWidth.of($0.inside) }.max() ?? 0
    for row in rows {
      var cells = lead(row) + tail(row)
      // The inside column says "bound to", and the next column names the remote.
      if hasRemote {
        cells[2].append(StyledText(said("bound to")).padded(to: inside, .right))
        cells[3].append(remote(row))
      }
      let whom = admitted(row.permitted)
      cells[2] += whom.indices.map { $0 == 0 ? StyledText(said("admits")).padded(to: inside, .right) : "" }
      cells[3] += whom
      result.addRow(lines: cells)
    }
    return result
  }

  private func remote(_ row: MappingReport) -> StyledText {
    row.remote.map { StyledText($0, .address) } ?? said("any remote")
  }

  private var leadColumns: [TextTable.Column] {
    [.init(said("row"), .right), .init(""), .init(said("inside")), .init(said("outside"))]
  }

  private var tailColumns: [TextTable.Column] {
    var columns: [TextTable.Column] = [.init(said("time left"), .right)]
    if hasState { columns.append(.init(said("state"))) }
    return columns + [.init(said("out"), .right), .init(said("in"), .right)]
  }

  private func lead(_ row: MappingReport) -> [[StyledText]] {
    [
      [mark(row) + "\(row.id)"], [StyledText(row.transport.name)], [StyledText(row.inside, .address)],
      [StyledText(row.outside, .address)],
    ]
  }

  private func tail(_ row: MappingReport) -> [[StyledText]] {
    var cells: [[StyledText]] = [[timeLeft(row)]]
    if hasState { cells.append([StyledText(row.state ?? "")]) }
    return cells + [[StyledText(Count.grouped(row.packetsOut))], [StyledText(Count.grouped(row.packetsIn))]]
  }

  private func timeLeft(_ row: MappingReport) -> StyledText {
    if row.change == .expired || row.expiredAtMicroseconds != nil { return StyledText(said("timed out"), .expired) }
    if row.isStatic { return row.expiresInMicroseconds.map { said("leased, \(SimulatedTime.text($0))") } ?? "static" }
    return row.expiresInMicroseconds.map { StyledText(SimulatedTime.text($0)) } ?? said("no limit")
  }

  private func mark(_ row: MappingReport) -> StyledText {
    switch change(of: row) {
    case .new: StyledText("+ ", .new)
    case .refreshed: StyledText("~ ", .refreshed)
    case .expired: StyledText("- ", .expired)
    case nil: "  "
    }
  }

  private func change(of row: MappingReport) -> RowChange? {
    row.change ?? (row.expiredAtMicroseconds == nil ? nil : .expired)
  }

  // MARK: blocks

  private func addBlock(_ row: MappingReport, to page: inout Page) {
    page.addGap()
    page.add("\(mark(row))\(said("row \(row.id)"), .heading) \(row.transport.name)", hanging: 2)
    page.add(said("inside   \(row.inside, .address)"), indent: 2, hanging: 4)
    page.add(said("outside  \(row.outside, .address)"), indent: 2, hanging: 4)
    if hasRemote { page.add(said("bound to \(remote(row))"), indent: 2, hanging: 4) }
    page.add(said("admits   \(admitted(row.permitted).joined(separator: ", "))"), indent: 2, hanging: 11)
    var life = timeLeft(row)
    if row.expiresInMicroseconds != nil, change(of: row) != .expired { life += said(" left") }
    if let state = row.state { life += ", \(state)" }
    page.add(
      life + said(", \(Count.grouped(row.packetsOut)) out, \(Count.grouped(row.packetsIn)) in"), indent: 2, hanging: 4)
  }

  private func addLegend(to page: inout Page) {
    let changes = Set(rows.compactMap(change(of:)))
    let words: [(RowChange, StyledText)] = [
      (.new, said("\("+", .new)\u{A0}new")), (.refreshed, said("\("~", .refreshed)\u{A0}refreshed")),
      (.expired, said("\("-", .expired)\u{A0}timed\u{A0}out")),
    ]
    let shown = words.filter { changes.contains($0.0) }.map(\.1)
    guard !shown.isEmpty else { return }
    page.add(shown.joined(separator: "  ") + StyledText(said("  since you last looked"), .faint), indent: 2)
  }
}
