// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// `birthday`: how often guessing found a way, beside what the formula says.
struct BirthdayReport: ResultContent {
  struct Point: Encodable {
    var guesses: Int
    /// The share of runs, from 0 to 1, in which one of so many guesses was right.
    var measured: Double
    var formula: Double
  }

  var ports: Int
  var runs: Int
  var wasStopped: Bool
  var points: [Point]

  private enum CodingKeys: String, CodingKey { case birthday }
  private enum ValueKeys: String, CodingKey { case ports, first, last, runs, points, stopped }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var values = container.nestedContainer(keyedBy: ValueKeys.self, forKey: .birthday)
    try values.encode(ports, forKey: .ports)
    try values.encode(GuessedPorts.range.lowerBound, forKey: .first)
    try values.encode(GuessedPorts.range.upperBound, forKey: .last)
    try values.encode(runs, forKey: .runs)
    try values.encode(points, forKey: .points)
    if wasStopped { try values.encode(true, forKey: .stopped) }
  }
}

extension BirthdayReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    let range = GuessedPorts.range
    page.add(
      said(
        """
        \(Count.of(runs, "run")): one side opens \(Count.grouped(ports)) ports of the \(Count.grouped(range.count)) from \
        \(range.lowerBound) to \(range.upperBound), and the other guesses.
        """), hanging: 2)
    if wasStopped { page.add(said("You stopped it; these are the runs until then.")) }
    page.addGap()
    addPlot(to: &page)
    page.addGap()
    page.add(
      said(
        """
        With 256 ports, half of the pairs get through within 174 guesses: at a hundred a second, that takes \
        \(Self.seconds(174)) s. If both routers drew their ports at random, a guess would have to be right at both ends: with \
        256 ports and 2,048 guesses that happens about once in 10,000 times, so only a relay is left.
        """))
    return page.text
  }

  /// One bar for each number of guesses: what was measured, and a mark where the formula has it.
  private func addPlot(to page: inout Page) {
    let (bar, mark) = page.style.usesUnicode ? ("█", "│") : ("#", "|")
    page.add(said("share that got through: \(bar, .changed) measured, \(mark, .refreshed) by the formula"), indent: 2)
    let room = max(min(page.style.width, 100) - 44, 10)
    for point in points {
      let measured = Int(point.measured * Double(room) + 0.5)
      let expected = min(Int(point.formula * Double(room) + 0.5), room - 1)
      var line =
        StyledText.spaces(2) + StyledText(said("\(Count.grouped(point.guesses)) guesses")).padded(to: 14, .right) + " "
      for column in 0..<room {
        if column == expected {
          line += StyledText(mark, .refreshed)
        } else {
          line += column < measured ? StyledText(bar, .changed) : " "
        }
      }
      line += said(" \(Percentage.text(point.measured)), formula \(Percentage.text(point.formula))")
      page.addLine(line)
    }
  }

  private static func seconds(_ guesses: Int) -> String {
    let tenths = guesses * Int(PunchOptions.guessInterval.microseconds) / 100_000
    return "\(tenths / 10).\(tenths % 10)"
  }
}
