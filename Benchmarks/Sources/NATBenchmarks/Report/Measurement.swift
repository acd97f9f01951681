// SPDX-License-Identifier: GPL-3.0-or-later

/// One measured number.
struct Measurement: Codable {
  var row: Row
  /// Mappings, hosts or users, if the row is measured at several sizes.
  var size: Int?
  var value: Double
  /// Its ratio to its yardstick, measured in the same rounds.
  var ratio: Double?
}

/// A thing that is measured. The raw value is its name wherever it is printed.
enum Row: String, Codable, CaseIterable {
  case lookUp = "bare look-up"
  case chainedLookUp = "bare look-up, chained"
  case outbound = "established, outbound"
  case inbound = "established, inbound"
  case filtered = "refused: filtered"
  case noMapping = "refused: no-mapping"
  case newMapping = "new mapping"
  case endOfMapping = "a mapping's end"
  case bytes = "bytes a mapping"
  case longestPause = "longest pause while growing"
  case untraced = "end to end, trace off"
  case traced = "end to end, trace on"
  case crowd = "crowd, a packet"
  case crowdTime = "crowd of 1,000 via a server for 10s"
  case iceCall = "an ICE call"
  case icePacket = "ICE crowd, a packet"
  case iceCrowdTime = "ICE crowd of 1,000 for 10s"
  case matrix = "matrix of behaviours"
  case building = "building hosts"
  case undo = "undo among hosts"
  case firstPrompt = "first prompt"
  case sqlitePrompt = "first prompt of sqlite3"

  /// The unit of its value.
  var unit: String {
    switch self {
    case .lookUp, .chainedLookUp, .outbound, .inbound, .filtered, .noMapping, .newMapping, .endOfMapping, .untraced,
      .traced, .crowd, .icePacket:
      "ns"
    case .bytes: "bytes"
    case .longestPause, .iceCall, .matrix, .undo, .firstPrompt, .sqlitePrompt: "ms"
    case .crowdTime, .iceCrowdTime, .building: "s"
    }
  }

  /// Whether the check examines its ratio to its yardstick.
  var isGuarded: Bool {
    switch self {
    case .outbound, .inbound, .filtered, .noMapping, .newMapping, .endOfMapping, .untraced, .traced, .crowd,
      .iceCall, .icePacket, .firstPrompt:
      true
    default: false
    }
  }
}

/// All measurements of one run.
struct Measurements {
  var all: [Measurement] = []

  subscript(row: Row, size: Int? = nil) -> Measurement? {
    all.last { $0.row == row && $0.size == size }
  }

  /// The sizes at which a row was measured, the smallest first.
  func sizes(of row: Row) -> [Int] {
    all.filter { $0.row == row }.compactMap(\.size).sorted()
  }

  /// Replaces the measurement of the same row and size.
  mutating func add(_ measurement: Measurement) {
    all.removeAll { $0.row == measurement.row && $0.size == measurement.size }
    all.append(measurement)
  }
}
