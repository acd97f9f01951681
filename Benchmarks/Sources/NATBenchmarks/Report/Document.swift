// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// docs/performance.md, of which the parts between markers come from a run: `<!-- measured: NAME -->` to
/// `<!-- end -->`.
struct Document {
  enum Failure: Error {
    case noMarker(String)
    case notANumber(line: String)
  }

  var text: String

  private static func opening(_ name: String) -> String { "<!-- measured: \(name) -->\n" }
  private static let closing = "<!-- end -->"

  private func range(of name: String) throws -> Range<String.Index> {
    guard let opening = text.range(of: Self.opening(name)),
      let closing = text.range(of: Self.closing, range: opening.upperBound..<text.endIndex)
    else { throw Failure.noMarker(name) }
    return opening.upperBound..<closing.lowerBound
  }

  /// Replaces the document's measurements with new ones.
  mutating func fill(with found: Measurements, machine: String) throws {
    for (name, content) in [
      ("machine", machine), ("targets", Self.targets(found)), ("mappings", Self.mappings(found)),
      ("simulator", Self.simulator(found)), ("ratios", Self.ratios(found)),
    ] {
      text.replaceSubrange(try range(of: name), with: "\n\(content)\n\n")
    }
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    let lines = [header, header.indices.map { $0 == 0 ? "---" : "---:" }] + rows
    return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private static func targets(_ found: Measurements) -> String {
    let lines = Target.all(in: found).map { target in
      [
        target.work, target.goal, target.outcome?.measured ?? "not measured",
        target.outcome.map { $0.isMet ? "yes" : "**no**" } ?? "-",
      ]
    }
    let head = "| work, at \(grouped(Target.size)) mappings | to reach | measured | met |\n| --- | --- | --- | --- |\n"
    return head + lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private static let natRows: [Row] = [
    .lookUp, .chainedLookUp, .outbound, .inbound, .filtered, .noMapping, .newMapping, .endOfMapping,
  ]

  private static func mappings(_ found: Measurements) -> String {
    let sizes = found.sizes(of: .outbound)
    var rows = natRows.map { row in
      [row.rawValue] + sizes.map { size in found[row, size].map { decimal($0.value) } ?? "" }
    }
    rows.append([Row.bytes.rawValue] + sizes.map { size in found[.bytes, size].map { whole($0.value) } ?? "" })
    return table(["ns, at so many mappings"] + sizes.map { grouped($0) }, rows)
  }

  private static func simulator(_ found: Measurements) -> String {
    let rows: [[String]] = found.all.compactMap { measurement in
      switch measurement.row {
      case .untraced, .traced:
        let perSecond = millions(1e9 / measurement.value)
        return [
          measurement.row.rawValue + ", \(grouped(measurement.size ?? 0)) mappings",
          "\(whole(measurement.value)) ns a packet: \(perSecond) packets/s",
        ]
      case .crowd: return ["crowd of \(grouped(measurement.size ?? 0))", "\(whole(measurement.value)) ns a packet"]
      case .crowdTime: return ["crowd 1000 via server for 10s", "\(decimal(measurement.value)) s"]
      case .iceCall: return ["an ICE call, from its homes to its first pieces", "\(decimal(measurement.value)) ms"]
      case .icePacket: return ["a packet of such a call", "\(whole(measurement.value)) ns"]
      case .iceCrowdTime: return ["crowd 1000 ice for 10s", "\(decimal(measurement.value)) s"]
      case .matrix: return ["matrix behaviors", "\(decimal(measurement.value)) ms"]
      case .building:
        return ["building \(grouped(measurement.size ?? 0)) hosts by commands", "\(decimal(measurement.value)) s"]
      case .undo: return ["undo on that network", "\(decimal(measurement.value)) ms"]
      case .longestPause:
        return [
          "longest pause while a NAT grows to \(grouped(measurement.size ?? 0)) mappings",
          "\(decimal(measurement.value)) ms",
        ]
      case .firstPrompt, .sqlitePrompt: return [measurement.row.rawValue, "\(decimal(measurement.value)) ms"]
      default: return nil
      }
    }
    return table(["work", "measured"], rows)
  }

  private static func ratios(_ found: Measurements) -> String {
    let rows: [[String]] = found.all.compactMap { measurement in
      guard measurement.row.isGuarded, let ratio = measurement.ratio else { return nil }
      return [measurement.row.rawValue, measurement.size.map { grouped($0) } ?? "", String(format: "%.2f", ratio)]
    }
    return table(["row", "mappings", "times its yardstick"], rows)
  }

  /// The ratios that the document promises.
  func promises() throws -> Measurements {
    var found = Measurements()
    for line in text[try range(of: "ratios")].split(separator: "\n").dropFirst(2) {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard cells.count == 5, let row = Row(rawValue: cells[1]), let ratio = Double(cells[3]) else {
        throw Failure.notANumber(line: String(line))
      }
      let size = Int(cells[2].replacingOccurrences(of: ",", with: ""))
      found.add(Measurement(row: row, size: size, value: .nan, ratio: ratio))
    }
    return found
  }
}
