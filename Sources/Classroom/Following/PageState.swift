// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import NATModel
import Rendering
import Shell

/// The page's view of a session at one moment: each key of its JSON with its value, already encoded, so that two
/// moments are compared key by key.
struct PageState: Sendable {
  /// Facts that the session itself does not have.
  struct Moment: Sendable {
    /// The last command carried out; empty before the first.
    var command = ""
    /// The one before it.
    var previous = ""
    /// The latest events of programs since then.
    var events: [EventReport] = []
    /// The error in the last line; nil if it went well.
    var error: String?
    /// The question to the audience, if it is not the lesson's.
    var question: QuestionJSON?

    /// Goes on to the next command.
    mutating func note(_ command: String, error: String? = nil) {
      previous = self.command
      self.command = command
      self.error = error
      events = []
    }

    /// Takes note of what a command brought about.
    mutating func keep(_ result: CommandResult) {
      events = result.activity?.events.suffix(PageState.mostHops) ?? []
    }
  }

  struct Entry: Hashable, Sendable {
    var key: String
    var json: String
  }

  /// In the order in which they are written.
  private(set) var entries: [Entry] = []

  /// The most devices, tables, rows of a table, packets on their way and hops that a page gets.
  static let mostDevices = 200
  static let mostTables = 12
  static let mostRows = 40
  static let mostFlights = 100
  static let mostHops = 60

  init(of session: Session, at moment: Moment) {
    let sight = Sight(of: session)
    add("clock_us", session.clock.microseconds)
    add("prompt", Prompt(of: session).plain)
    add("command", moment.command)
    add("previous", moment.previous)
    add("error", moment.error)
    add("devices", sight.devices)
    add("devices_left_out", sight.devicesLeftOut)
    add("flights", sight.flights)
    add("hops", sight.hops)
    add("events", moment.events)
    add("tables", sight.tables)
    let lesson = session.lessonSight
    add("lesson", lesson.map(LessonJSON.init))
    add("question", moment.question ?? lesson?.question.map(QuestionJSON.init))
    // The keys that a class adds.
    for key in Self.classKeys { add(key, String?.none) }
  }

  /// The class, whose network it is where it is not the teacher's, what is asked of the class, and whether the network is the
  /// copy on which what was right is proved.
  static let classKeys = ["class", "shown", "asked", "proof"]
  /// The keys that are about the network alone.
  private static let networkKeys: Set = [
    "clock_us", "devices", "devices_left_out", "flights", "hops", "events", "tables",
  ]

  /// The command that was carried out last, as JSON.
  var command: String? { entries.first { $0.key == "command" }?.json }

  /// The same with another value of a key that it has.
  func with(_ key: String, _ value: some Encodable) -> PageState {
    var copy = self
    guard let place = entries.firstIndex(where: { $0.key == key }) else { return copy }
    copy.entries[place].json = JSONRenderer().line(for: value)
    return copy
  }

  /// The same with another state's network.
  func onNetwork(of other: PageState) -> PageState {
    var copy = self
    for (place, entry) in other.entries.enumerated() where Self.networkKeys.contains(entry.key) {
      copy.entries[place] = entry
    }
    return copy
  }

  private mutating func add(_ key: String, _ value: some Encodable) {
    entries.append(Entry(key: key, json: JSONRenderer().line(for: value)))
  }

  /// The whole, as one JSON object.
  func snapshot(sequence: Int) -> String { Self.object(entries, sequence: sequence) }

  /// The differences from an earlier moment, as one JSON object; nil if there are none.
  func change(since earlier: PageState, sequence: Int) -> String? {
    let changed = zip(entries, earlier.entries).filter { $0 != $1 }.map(\.0)
    return changed.isEmpty ? nil : Self.object(changed, sequence: sequence)
  }

  private static func object(_ entries: [Entry], sequence: Int) -> String {
    "{\"sequence\":\(sequence)" + entries.map { ",\"\($0.key)\":\($0.json)" }.joined() + "}"
  }
}

/// The session as commands that look at it show it. They run on a copy, so that `table` still tells what is new since
/// the learner last looked.
private struct Sight {
  struct Device: Encodable {
    var name: String
    var kind: DeviceKind
    var address: String?
    var addresses: [String]
    var inside: String?
    var behind: String?
    var translates: Bool
  }

  struct Table: Encodable {
    var router: String
    var mappings: [MappingReport]
    /// The rows that ended last; nil if none has.
    var ended: [EndedRow]?
    var leftOut: Int

    enum CodingKeys: String, CodingKey {
      case router, mappings, ended
      case leftOut = "left_out"
    }
  }

  /// A row that is no longer there, and how it ended.
  struct EndedRow: Encodable {
    enum How: String, Encodable {
      case timedOut = "timed-out"
      case removed, emptied
    }

    var id: Int
    var external: Endpoint
    var how: How

    init?(_ mapping: Mapping) {
      guard let end = mapping.end else { return nil }
      (id, external) = (mapping.id, mapping.external)
      how =
        switch end.cause {
        case .timedOut: .timedOut
        case .emptied: .emptied
        default: .removed
        }
    }
  }

  /// A hop with its sentence.
  struct HopJSON: Encodable {
    var hop: HopReport

    private enum CodingKeys: String, CodingKey {
      case sentence
      case why = "reason_words"
    }

    func encode(to encoder: any Encoder) throws {
      try hop.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(hop.sentence, forKey: .sentence)
      try container.encodeIfPresent(hop.reasonSentence, forKey: .why)
    }
  }

  var devices: [Device] = []
  var devicesLeftOut = 0
  var flights: [MapReport.Flight] = []
  var tables: [Table] = []
  var hops: [HopJSON] = []

  init(of session: Session) {
    var copy = session
    copy.companion = nil
    copy.monitor = nil
    if let map: MapReport = Self.show("map", in: &copy) {
      devices = map.nodes.prefix(PageState.mostDevices).map { node in
        Device(
          name: node.name, kind: node.kind, address: node.addresses.first?.description,
          addresses: node.addresses.map(\.description), inside: node.lan.first?.description, behind: node.behind,
          translates: node.translates)
      }
      devicesLeftOut = map.nodes.count - devices.count
      flights = Array(map.flights.prefix(PageState.mostFlights))
    }
    if let report: TablesReport = Self.show("table", in: &copy), case .all(let all) = report {
      tables = all.prefix(PageState.mostTables).map { table in
        let rows = table.mappings.suffix(PageState.mostRows).map { row in
          var row = row
          row.change = nil
          return row
        }
        let ended = session.network.device(named: table.router).flatMap { session.network.router($0.id) }?
          .nat.endedMappings(atMost: PageState.mostRows).compactMap(EndedRow.init)
        return Table(
          router: table.router, mappings: rows, ended: ended.flatMap { $0.isEmpty ? nil : $0 },
          leftOut: table.mappings.count - rows.count)
      }
    }
    if let report: TraceReport = Self.show("trace \(PageState.mostHops)", in: &copy) {
      hops = report.trace.map(HopJSON.init)
    }
  }

  private static func show<Report: ResultContent>(_ line: String, in session: inout Session) -> Report? {
    guard let statement = try? Statement.statements(in: line).first,
      let result = try? session.execute(statement)
    else { return nil }
    return result.content as? Report
  }
}
