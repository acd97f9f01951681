// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

extension LessonNotice: TextRenderable {
  package func text(style: TextStyle) -> String {
    var page = Page(style: ProseText.reading(style))
    switch self {
    case .finished(let place, let summary, let next, let course):
      page.add(said("\("✓", .new) That was \"\(place.title, .heading)\": \(StyledText(summary.words))."))
      if let course { Self.add(course, to: &page) }
      if let next {
        page.add(said("\(typed: "next") opens the next lesson, \(next, .name); \(typed: "lessons") lists them all."))
      } else if course == nil {
        page.add(said("\(typed: "lessons") lists them all. The network is yours to play with."))
      }
    case .left(let place):
      page.add(
        said(
          "You have left \"\(place.title, .heading)\" at step \(place.step); \(typed: "lesson \(place.lesson)") comes back."
        ))
    case .playing:
      page.add(
        said(
          "This is a copy of the lesson's network: do with it what you like. \(typed: "play end") brings the lesson's back."
        )
      )
    case .backFromPlaying(let place): page.add(said("Back at step \(place.step) of \"\(place.title, .heading)\"."))
    }
    return page.text
  }

  /// Says that all lessons are done, what the learner can do now, and how to keep a record.
  private static func add(_ course: Certificate, to page: inout Page) {
    page.addGap()
    page.add(said("\(said("You have done all \(Count.of(course.rows.count, "lesson"))."), .heading) You can now"))
    for ability in course.rows.compactMap(\.objectives.first) {
      page.add(
        StyledText(ability.prefix(1).lowercased() + ability.dropFirst()),
        after: StyledText(page.style.usesUnicode ? "• " : "* "), later: .spaces(2))
    }
    page.add(
      said(
        "Of \(Count.of(course.questions, "question")) you got \(course.rightAtFirst) right first time. \(typed: "progress export certificate.svg") keeps a record as a picture; a name that ends in .txt makes it text."
      )
    )
    page.add(said("The network is yours to play with; \(typed: "help start") and \(typed: "glossary") show more."))
  }
}

extension LessonSummary {
  /// `all 7 steps done, 3 of 4 questions right first time`.
  fileprivate var words: String {
    var parts = [
      done == steps ? said("all \(Count.of(steps, "step")) done") : said("\(done) of \(Count.of(steps, "step")) done")
    ]
    if questions > 0 { parts.append(said("\(rightAtFirst) of \(Count.of(questions, "question")) right first time")) }
    if skipped > 0 { parts.append(said("\(skipped) skipped")) }
    return parts.joined(separator: ", ")
  }
}

extension LessonListReport: ReadingText {
  package func text(style: TextStyle) -> String {
    var page = Page(style: style)
    // Both together would not fit beside each other on most terminals.
    var table = TextTable(
      [.init(""), .init(said("lesson"))]
        + (showsDetails
          ? [
            .init(said("done"), .right), .init(said("right first time"), .right), .init(said("hints"), .right),
            .init(said("skipped"), .right),
          ] : [.init(said("title")), .init(said("min"), .right), .init(said("done"), .right)]))
    for entry in lessons {
      let mark: StyledText =
        entry.summary.finished
        ? StyledText("✓", .new) : entry.current ? StyledText(">", .name) : StyledText(entry.at == nil ? "" : "·")
      let summary = entry.summary
      let isNew = entry.at == nil
      let done = StyledText(isNew ? "" : "\(summary.done)/\(summary.steps)")
      var cells: [StyledText] = [mark, StyledText(entry.id, .command)]
      if showsDetails {
        let right = summary.questions == 0 ? "" : "\(summary.rightAtFirst)/\(summary.questions)"
        cells += [done] + [right, String(summary.hints), String(summary.skipped)].map { StyledText(isNew ? "" : $0) }
      } else {
        cells += [StyledText(entry.title), StyledText(entry.minutes.map(String.init) ?? ""), done]
      }
      table.addRow(cells)
    }
    table.add(to: &page)
    for problem in problems { page.add(StyledText(problem.description, .faint), hanging: 2) }
    page.addGap()
    if lessons.allSatisfy(\.summary.finished) {
      page.add(said("You have done them all. \(typed: "progress export certificate.svg") keeps a record."))
    } else {
      page.add(
        said("\(typed: "lesson") goes on with yours or begins the next; \(typed: "lesson ID") begins any other."))
    }
    return page.text
  }
}
