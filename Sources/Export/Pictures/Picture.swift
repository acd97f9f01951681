// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// A session's present network, for those who draw it: the map, the ladder and the tables.
struct Picture {
  var nodes: [MapReport.Node] = []
  var flights: [MapReport.Flight] = []
  var ladder: Ladder?
  var tables: [TableReport] = []
  /// The map and the ladder as the shell shows them, without colour.
  var mapText = ""
  var ladderText = ""
  /// The devices behind each router; nil is the internet.
  private var behind: [String?: [MapReport.Node]] = [:]

  init(_ session: Session) {
    // A copy, so that the learner's own next `table` still shows what is new since their last.
    var copy = session
    copy.companion = nil
    let renderer = TextRenderer(style: .plain)
    func result(_ word: String) -> CommandResult? {
      guard let statement = try? Statement.statements(in: word).first else { return nil }
      return try? copy.execute(statement)
    }
    if let map = result("map") {
      mapText = renderer.text(for: map)
      if let map = map.content as? MapReport {
        (nodes, flights) = (map.nodes, map.flights)
        behind = Dictionary(grouping: nodes, by: \.behind)
      }
    }
    if let trace = result("ladder"), let report = trace.content as? TraceReport, !report.trace.isEmpty {
      ladderText = renderer.text(for: trace)
      ladder = Ladder(report)
    }
    if let tables = result("table")?.content as? TablesReport {
      switch tables {
      case .one(let table): self.tables = [table]
      case .all(let all): self.tables = all
      }
    }
  }

  /// The devices behind a router; nil is the internet.
  func nodes(behind router: String?) -> [MapReport.Node] { behind[router] ?? [] }

  /// The lines on a router or a host below its name.
  static func lines(of node: MapReport.Node) -> [String] {
    let addresses = node.addresses.map(\.description).joined(separator: ", ")
    guard node.kind == .router else { return [addresses] }
    let inside = node.lan.map { said("inside \($0)") }
    let rows =
      node.translates ? (node.mappingCount == 0 ? said("no rows") : Count.of(node.mappingCount, "row")) : "nat off"
    return [said("outside \(addresses)")] + inside + [rows]
  }

  /// A table's columns, and its rows in reading order: `udp`, inside, outside, admitted senders, time left.
  static var tableColumns: [String] { ["", said("inside"), said("outside"), said("admits"), said("ends in")] }

  static func cells(of row: MappingReport) -> [String] {
    let admitted =
      switch row.permitted {
      case .anyone: said("everyone")
      case .addresses(let addresses): addresses.map(\.description).joined(separator: ", ")
      case .endpoints(let endpoints): endpoints.map(\.description).joined(separator: ", ")
      }
    let left =
      row.expiredAtMicroseconds != nil
      ? said("ended") : row.expiresInMicroseconds.map(SimulatedTime.text) ?? said("never")
    return [row.transport.name, row.internal.description, row.external.description, admitted, left]
  }

  /// The most rows shown of one table.
  static let mostRows = 200

  /// An arrow's words: `#1 "hello"`.
  static func label(_ event: Ladder.Event) -> String { event.label.plain }

  static func route(_ event: Ladder.Event) -> String { "\(event.hop.source) → \(event.hop.destination)" }
}
