// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Nanoseconds per packet against mappings, drawn as SVG. Its colours follow the reader's theme, light or dark.
struct Plot {
  struct Line {
    var name: String
    /// A class of the style sheet.
    var style: String
    var points: [(size: Int, value: Double)]
  }

  var lines: [Line]

  init(_ found: Measurements) {
    lines = [
      ("established, outbound", "a", Row.outbound), ("established, inbound", "b", .inbound),
      ("refused: filtered", "c", .filtered), ("bare look-up", "d", .lookUp),
    ].map { name, style, row in
      Line(
        name: name, style: style,
        points: found.sizes(of: row).compactMap { size in
          found[row, size].map { (size, $0.value) }
        })
    }
  }

  private static let width = 720.0
  private static let height = 380.0
  private static let left = 56.0
  private static let right = 160.0
  private static let top = 44.0
  private static let bottom = 48.0

  private static let style = """
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24292f }
    .title { font-size: 15px; font-weight: 600 } .small { font-size: 12px; fill: #57606a }
    .grid { stroke: #d0d7de; stroke-width: 1 } polyline { fill: none; stroke-width: 2.5; stroke-linejoin: round }
    .a { stroke: #0969da } .b { stroke: #8250df } .c { stroke: #bc4c00 } .d { stroke: #6e7781; stroke-dasharray: 5 4 }
    circle.a, text.a { fill: #0969da; stroke: none } circle.b, text.b { fill: #8250df; stroke: none }
    circle.c, text.c { fill: #bc4c00; stroke: none } circle.d, text.d { fill: #6e7781; stroke: none }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d }
      .a { stroke: #4493f8 } .b { stroke: #ab7df8 } .c { stroke: #f0883e } .d { stroke: #9198a1 }
      circle.a, text.a { fill: #4493f8 } circle.b, text.b { fill: #ab7df8 }
      circle.c, text.c { fill: #f0883e } circle.d, text.d { fill: #9198a1 }
    }
    """

  /// The drawing.
  var svg: String {
    let points = lines.flatMap(\.points)
    let sizes = Set(points.map(\.size)).sorted()
    guard let first = sizes.first, let last = sizes.last, first < last else { return "" }
    let step = Self.step(for: points.map(\.value).max() ?? 1)
    let highest = step * ((points.map(\.value).max() ?? 1) / step).rounded(.up)
    func x(_ size: Int) -> String {
      let share = (log(Double(size)) - log(Double(first))) / (log(Double(last)) - log(Double(first)))
      return String(format: "%.1f", Self.left + share * (Self.width - Self.left - Self.right))
    }
    func y(_ value: Double, _ shift: Double = 0) -> String {
      let share = value / highest
      return String(format: "%.1f", shift + Self.height - Self.bottom - share * (Self.height - Self.top - Self.bottom))
    }
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" "
        + "aria-label=\"Nanoseconds a packet against mappings in the table\">",
      "<style>\n\(Self.style)\n</style>",
      "<text class=\"title\" x=\"\(Self.left)\" y=\"22\">Nanoseconds a packet, by mappings in the table</text>",
    ]
    for value in stride(from: 0, through: highest, by: step) {
      parts.append(
        "<line class=\"grid\" x1=\"\(x(first))\" x2=\"\(x(last))\" y1=\"\(y(value))\" y2=\"\(y(value))\"/>"
          + "<text class=\"small\" text-anchor=\"end\" x=\"\(Self.left - 8)\" y=\"\(y(value, 4))\">\(Int(value))</text>"
      )
    }
    for size in sizes {
      parts.append(
        "<text class=\"small\" text-anchor=\"middle\" x=\"\(x(size))\" y=\"\(Self.height - Self.bottom + 20)\">"
          + "\(Self.short(size))</text>")
    }
    let names = placedNames(highest: highest)
    for line in lines {
      let path = line.points.map { "\(x($0.size)),\(y($0.value))" }.joined(separator: " ")
      parts.append("<polyline class=\"\(line.style)\" points=\"\(path)\"/>")
      if line.style != "d" {
        parts += line.points.map {
          "<circle class=\"\(line.style)\" cx=\"\(x($0.size))\" cy=\"\(y($0.value))\" r=\"3.5\"/>"
        }
      }
      let place = names[line.name] ?? 0
      parts.append(
        "<text class=\"\(line.style)\" x=\"\(Self.width - Self.right + 10)\" y=\"\(String(format: "%.1f", place + 4))\">"
          + "\(line.name)</text>")
    }
    return parts.joined(separator: "\n") + "\n</svg>\n"
  }

  /// The place of each line's name: at its end, but no two upon each other.
  private func placedNames(highest: Double) -> [String: Double] {
    var places: [String: Double] = [:]
    var lowestFree = -Double.infinity
    for line in lines.sorted(by: { ($0.points.last?.value ?? 0) > ($1.points.last?.value ?? 0) }) {
      let share = (line.points.last?.value ?? 0) / highest
      let wanted = Self.height - Self.bottom - share * (Self.height - Self.top - Self.bottom)
      places[line.name] = max(wanted, lowestFree)
      lowestFree = max(wanted, lowestFree) + 17
    }
    return places
  }

  /// The distance of the lines across: 1, 2 or 5 times a power of ten, five of them or a few more.
  private static func step(for highest: Double) -> Double {
    let power = pow(10, floor(log10(highest / 5)))
    return [1, 2, 5, 10].map { $0 * power }.first { highest / $0 <= 7 } ?? 10 * power
  }

  /// `64k`
  private static func short(_ size: Int) -> String {
    size >= 1_000_000 ? "\(size / 1_000_000)M" : size >= 1_000 ? "\(size / 1_000)k" : String(size)
  }
}
