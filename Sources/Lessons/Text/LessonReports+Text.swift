// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

extension StepReport: ReadingText {
  package func text(style: TextStyle) -> String {
    let style = ProseText.reading(style)
    let prose = ProseText(style: style)
    var page = Page(style: style)
    if let question = skippedQuestion {
      page.add(said("Skipped. The answer was: \(question.choices[question.answer - 1].text)."))
      prose.add(Prose.read(question.because), to: &page)
      page.addGap()
    }
    if let skipped { Self.add(skipped, to: &page) }
    if !achieved.isEmpty { page.add("\(said("✓ Done."), .new) \(StyledText(TutorRemark.sentences(achieved)))") }
    if putBack {
      page.add(
        achieved.isEmpty
          ? said("The next step begins with a network of its own; yours has been tidied away for it.")
          : said(
            "That was your own way. The next step begins with a network of its own; yours has been tidied away for it.")
      )
    }
    if let lesson {
      addOpening(lesson, to: &page)
      if place.step == 1 { prose.add(lesson.introduction, to: &page) }
    }
    page.addGap()
    page.addHeading(said("Step \(place.step) of \(place.steps): \(step.title)"))
    prose.add(step.prose, to: &page)
    if !problems.isEmpty {
      page.addGap()
      TutorRemark.add(.broken(problems), to: &page, prose)
    }
    if let question = step.prediction { add(question, to: &page, prose) }
    if let missing {
      page.addGap()
      TutorRemark.add(.notYet(missing, isCheck: true), to: &page, prose)
    }
    if let standing {
      page.addGap()
      TutorRemark.add(.mayGoOn(standing, isLast: place.step == place.steps), to: &page, prose)
    }
    return page.text
  }

  private var standing: TutorRemark.Standing? {
    if step.isForReading { return .reading }
    if isDone { return .done }
    return wasDone ? .doneBefore : nil
  }

  private func addOpening(_ lesson: Lesson, to page: inout Page) {
    page.addGap()
    page.addHeading(lesson.title)
    let facts = lesson.facts
    if !facts.isEmpty { page.add(StyledText(facts.joined(separator: "; "), .faint)) }
    guard !lesson.objectives.isEmpty else { return }
    page.addGap()
    for objective in lesson.objectives {
      page.add(StyledText(objective), after: StyledText(page.style.usesUnicode ? "• " : "* "), later: .spaces(2))
    }
  }

  private static func add(_ skipped: [String], to page: inout Page) {
    guard !skipped.isEmpty else { return }
    page.add(said("Skipped. This would have done it:"))
    for line in skipped { page.addLine(.spaces(4) + ProseText.visible(line, .command)) }
    page.addGap()
  }

  private func add(_ question: Lesson.Prediction, to page: inout Page, _ prose: ProseText) {
    page.addGap()
    prose.add(Prose.read(question.question), to: &page)
    for (index, choice) in question.choices.enumerated() {
      let number = index + 1
      var words = StyledText(choice.text)
      if number == answer {
        words.append("  ✓", .new)
      } else if tried.contains(number) {
        words.append("  ✗", .refused)
      }
      page.add(words, after: "  \(String(number), .command)  ", later: .spaces(5))
    }
    guard answer == nil else { return }
    page.addGap()
    page.add(
      tried.isEmpty
        ? said("What do you think? Type the number of your answer.")
        : said("Think again: type the number of another answer."))
  }
}

extension TutorRemark: TextRenderable {
  package func text(style: TextStyle) -> String {
    let style = ProseText.reading(style)
    var page = Page(style: style)
    for part in parts { Self.add(part, to: &page, ProseText(style: style)) }
    return page.text
  }

  static func add(_ part: Part, to page: inout Page, _ prose: ProseText) {
    let go: StyledText = "\(typed: "next")"
    switch part {
    case .done(let shown, let isLast):
      page.add(
        "\(said("✓ Done."), .new) \(StyledText(shown.isEmpty ? "" : sentences(shown) + " "))\(go) \(Self.way(isLast))")
    case .mayGoOn(.reading, let isLast): page.add("\(go) \(Self.way(isLast))")
    case .mayGoOn(.done, let isLast):
      page.add("\(said("✓ This step is done:"), .new) \(go) \(Self.way(isLast))")
    case .mayGoOn(.doneBefore, let isLast):
      page.add("\(said("✓ You have done this step before:"), .new) \(go) \(Self.way(isLast))")
    case .notYet(let missing, let isCheck):
      page.add(
        "\(said("Not yet:"), .faint) \(StyledText(prose: sentence(missing), isCheck ? .plain : .faint))", hanging: 2)
    case .underWay:
      page.add(
        said(
          "\(said("Not yet:"), .faint) the packet is waiting on the wire; \(typed: "step") or \(typed: "run") lets it go on."
        ),
        hanging: 2)
    case .mistake(let reply):
      page.add("\(said("! Look again."), .refused)")
      prose.add(reply, to: &page)
    case .broken(let problems):
      page.add(said("\(said("This lesson is broken here"), .refused), which is not your fault; \(go) goes on."))
      for problem in problems { page.add(StyledText(problem.description), indent: 2, hanging: 4) }
    case .answerFirst(let choices):
      page.add(
        said("That does it; now answer the question, with a number from 1 to \(choices). \(typed: "task") shows it."))
    case .questionOpen(let choices):
      page.add(
        "\(said("The question is still open: a number from 1 to \(choices) answers it, "), .faint)\(typed: "task")\(said(" shows it."), .faint)"
      )
    case .offerHelp:
      page.add(said("If you are stuck: \(typed: "hint") helps a little, \(typed: "solution") shows a way."))
    case .progressNotKept(let words):
      page.add(said("What you have done is not remembered: \(words). The lesson goes on all the same."))
    }
  }

  private static func way(_ isLast: Bool) -> String { isLast ? said("ends the lesson.") : said("goes on.") }

  static func sentences(_ shown: [String]) -> String { shown.map(sentence).joined(separator: " ") }

  /// Gives it a capital and a full stop, if it lacks them.
  private static func sentence(_ words: String) -> String {
    guard let first = words.first, let last = words.last else { return "" }
    return first.uppercased() + words.dropFirst() + (".?!".contains(last) ? "" : ".")
  }
}

extension AnswerReport: ReadingText {
  package func text(style: TextStyle) -> String {
    let reading = ProseText.reading(style)
    let prose = ProseText(style: reading)
    var page = Page(style: reading)
    switch verdict {
    case .right(let atFirst):
      page.add("\(atFirst ? said("✓ Right:") : said("✓ Now it is right:"), .new) \(sentence(words))")
    case .wrong: page.add("\(said("✗ Not quite:"), .refused) \(sentence(words))")
    case .given: page.add(said("The answer is: \(sentence(words))"))
    }
    page.addGap()
    if let because { prose.add(Prose.read(because), to: &page) }
    if let words = earlierWords {
      page.addGap()
      page.add(StyledText(words, .faint))
    }
    if case .wrong = verdict {
      page.addGap()
      page.add(said("Try again: type another number. \(typed: "hint") helps, \(typed: "solution") shows the answer."))
    }
    if !proof.isEmpty {
      page.addGap()
      page.add(said("See for yourself, on a copy of the network:"))
      let renderer = TextRenderer(style: style.with(width: style.width - 2))
      for result in proof {
        page.addLine("  \("natsh> ", .faint)\(result.command, .command)")
        for line in renderer.text(for: result).split(separator: "\n", omittingEmptySubsequences: false) {
          page.addRendered(line, after: .spaces(2))
        }
      }
    }
    return page.text
  }

  /// Whether what was learned has stayed.
  private var earlierWords: String? {
    guard let earlier else { return nil }
    let before = said("Step \(earlier.step), '\(earlier.title)', asked the same in other words")
    return switch (earlier.first, verdict) {
    case (.right, .right(atFirst: true)): said("\(before): you were right at once then, and now again.")
    case (.right, _):
      said(
        "\(before), and you were right at once then; look there again with 'lesson \(place.lesson) \(earlier.step)'.")
    case (_, .right(atFirst: true)): said("\(before). Then you had to think again; now you knew it.")
    default: said("\(before); look there again with 'lesson \(place.lesson) \(earlier.step)'.")
    }
  }

  private func sentence(_ words: String) -> String { words.last == "." ? words : words + "." }
}

extension VoteReport: TextRenderable {
  package func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.add(
      said(
        "Your vote in the class is number \(choice), \(words). Everybody will see the answer together; after that, answer here as well."
      ))
    return page.text
  }
}

extension HintReport: ReadingText {
  package func text(style: TextStyle) -> String {
    let style = ProseText.reading(style)
    var page = Page(style: style)
    page.add(StyledText(said("Hint \(number) of \(count)"), .faint))
    ProseText(style: style).add(Prose.read(text), to: &page, indent: 2)
    return page.text
  }
}

extension SolutionReport: TextRenderable {
  package func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.add(said("This does it:"))
    for line in solution { page.addLine(.spaces(4) + ProseText.visible(line, .command)) }
    page.add(said("Type it yourself, or let \(typed: "skip") go on without you."))
    return page.text
  }
}
