// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// A ladder with one lifeline per device, and arrows with the endpoints as they are on that wire.
///
///            alice                   home-a
///              │ 192.168.1.10:5000     │
///       1ms    │──#1 "hello"──────────▶│
///              │→ 88.90.100.110:4000   │
struct LadderDrawing {
  private let ladder: Ladder
  private let width: Int
  private let timeWidth: Int
  private let left: Int
  private let pitch: Int
  /// Whether both endpoints fit on one line above the arrow.
  private let hasWholeLabels: Bool

  /// Nil if the columns would be too narrow for the endpoints.
  init?(_ ladder: Ladder, width: Int) {
    guard let first = ladder.columns.first, let last = ladder.columns.last else { return nil }
    let times = ladder.events.map { SimulatedTime.text($0.hop.timeMicroseconds).count }.max() ?? 0
    let left = times + 1 + max(DisplayWidth.of(first) / 2, 1)
    let room = width - 1 - left - DisplayWidth.of(last) / 2
    let names = (ladder.columns.map(DisplayWidth.of).max() ?? 0) + 2
    let sources = ladder.events.map { DisplayWidth.of($0.hop.from) }.max() ?? 0
    let destinations = ladder.events.map { DisplayWidth.of($0.hop.to) }.max() ?? 0
    let gaps = max(ladder.columns.count - 1, 1)
    let whole = max(sources + destinations + 7, names)
    let split = max(sources + 2, destinations + 4, names)
    if room / gaps >= whole {
      (pitch, hasWholeLabels) = (whole, true)
    } else if room / gaps >= split {
      (pitch, hasWholeLabels) = (min(room / gaps, split + 4), false)
    } else {
      return nil
    }
    self.ladder = ladder
    self.width = width
    self.left = left
    timeWidth = times
  }

  func add(to page: inout Page) {
    var canvas = Canvas(for: page)
    for (index, name) in ladder.columns.enumerated() {
      canvas.draw(StyledText(name, .name), row: 0, column: max(x(index) - DisplayWidth.of(name) / 2, 0))
    }
    var row = 1
    for event in ladder.events { row = draw(event, row: row, on: &canvas) }
    canvas.add(to: &page)
  }

  private func x(_ column: Int) -> Int { left + column * pitch }

  private func drawLifelines(row: Int, on canvas: inout Canvas) {
    for index in ladder.columns.indices { canvas.draw(StyledText("│", .faint), row: row, column: x(index)) }
  }

  /// Draws an event from `row` down and gives the next free row.
  private func draw(_ event: Ladder.Event, row: Int, on canvas: inout Canvas) -> Int {
    var row = row
    guard let to = ladder.columns.firstIndex(of: event.hop.node) else { return row }
    let time = StyledText(SimulatedTime.text(event.hop.timeMicroseconds), .faint).padded(to: timeWidth, .right)
    if let from = event.from.flatMap({ ladder.columns.firstIndex(of: $0) }), from != to {
      let start = min(x(from), x(to))
      let end = max(x(from), x(to))
      drawLifelines(row: row, on: &canvas)
      let source = StyledText(event.hop.from, .address)
      let destination = StyledText(event.hop.to, .address)
      canvas.draw(hasWholeLabels ? "\(source) → \(destination)" : source, row: row, column: start + 2)
      row += 1
      drawLifelines(row: row, on: &canvas)
      canvas.draw(time, row: row, column: 0)
      canvas.draw(StyledText(String(repeating: "─", count: end - start - 1)), row: row, column: start + 1)
      canvas.draw(event.label.truncated(to: pitch - 6), row: row, column: start + 3)
      if from < to {
        canvas.draw("▶", row: row, column: end - 1)
      } else {
        canvas.draw("◀", row: row, column: start + 1)
      }
      row += 1
      if !hasWholeLabels {
        drawLifelines(row: row, on: &canvas)
        canvas.draw("→ \(destination)", row: row, column: start + 1)
        row += 1
      }
    } else if event.hop.verdict == .sent {
      drawLifelines(row: row, on: &canvas)
      canvas.draw(time, row: row, column: 0)
      drawNote(said("● \(event.label) in flight"), at: to, row: row, on: &canvas)
      row += 1
    }
    if let reason = event.hop.reason {
      drawLifelines(row: row, on: &canvas)
      if event.from == nil { canvas.draw(time, row: row, column: 0) }
      drawNote(StyledText("✗ \(reason.rawValue)", .refused), at: to, row: row, on: &canvas)
      row += 1
    }
    return row
  }

  /// Writes on a lifeline and to its right, or to its left if there is no room.
  private func drawNote(_ note: StyledText, at column: Int, row: Int, on canvas: inout Canvas) {
    if x(column) + note.width <= width {
      canvas.draw(note, row: row, column: x(column))
    } else {
      canvas.draw(note, row: row, column: x(column) - note.width + 1)
    }
  }
}
