// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering

extension LessonNotice: TextRenderable {
  package func text(style: TextStyle) -> String {
    var page = Page(style: ProseText.reading(style))
    switch self {
    case .finished(let place, let skipped, let next):
      page.add(
        "\("✓", .new) That was \"\(place.title, .heading)\"\(skipped == 0 ? "" : ", with \(Count.of(skipped, "step")) skipped")."
      )
      if let next {
        page.add("The next one is \(typed: "lesson \(next)"); \(typed: "lessons") lists them all.")
      } else {
        page.add("\(typed: "lessons") lists them all. The network is yours to play with.")
      }
    case .left(let place):
      page.add(
        "You have left \(place.title, .heading) at step \(place.step); \(typed: "lesson \(place.lesson)") comes back.")
    case .playing:
      page.add(
        "This is a copy of the lesson's network: do with it what you like. \(typed: "play end") brings the lesson's back."
      )
    case .backFromPlaying(let place): page.add("Back at step \(place.step) of \(place.title, .heading).")
    }
    return page.text
  }
}

extension LessonListReport: ReadingText {
  package func text(style: TextStyle) -> String {
    var page = Page(style: style)
    var table = TextTable([
      .init(""), .init("lesson"), .init("title"), .init("min", .right), .init("done", .right),
    ])
    if showsDetails { table.columns += [.init("hints", .right), .init("skipped", .right)] }
    for entry in lessons {
      let mark: StyledText =
        entry.finished
        ? StyledText("✓", .new) : entry.current ? StyledText(">", .name) : StyledText(entry.at == nil ? "" : "·")
      var cells: [StyledText] = [
        mark, StyledText(entry.id, .command), StyledText(entry.title),
        StyledText(entry.minutes.map(String.init) ?? ""),
        StyledText(entry.at == nil ? "" : "\(entry.done)/\(entry.steps)"),
      ]
      if showsDetails {
        cells += [entry.hints, entry.skipped].map { StyledText(entry.at == nil ? "" : String($0)) }
      }
      table.addRow(cells)
    }
    table.add(to: &page)
    for problem in problems { page.add(StyledText(problem.description, .faint), hanging: 2) }
    page.addGap()
    let first = lessons.first { !$0.finished }?.id ?? lessons.first?.id ?? "ID"
    page.add("\(typed: "lesson \(first)") begins it, or goes on with it.")
    return page.text
  }
}
