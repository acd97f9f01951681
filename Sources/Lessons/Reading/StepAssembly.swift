// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// Assembles a document's blocks into steps.
struct StepAssembly {
  let file: String
  /// The file's lines.
  let lines: [String]
  private(set) var problems: [LessonProblem] = []
  private var title: Lesson.Located<String>?
  private var introduction: [Prose] = []
  var steps: [Lesson.Step] = []
  /// Steps in which a block has swallowed others, so that missing parts cannot be known.
  private var swallowed: Set<Int> = []
  /// The heading of a lower level that came last: its step, its line, its level.
  private var lastSubheading: (step: Int, line: Int, level: Int)?
  /// Flaws that a check reports although the lesson can be taught.
  private(set) var blemishes: [LessonProblem] = []

  init(file: String, lines: [String]) {
    self.file = file
    self.lines = lines
  }

  mutating func report(_ line: Int, _ message: String) {
    problems.append(LessonProblem(file: file, line: line, message: message))
  }

  mutating func finished() -> (title: Lesson.Located<String>?, introduction: [Prose], steps: [Lesson.Step]) {
    for (index, step) in steps.enumerated() where step.expectationLine != nil && !swallowed.contains(index) {
      if step.hints.isEmpty { report(step.line, said("the step has no hint; add a block that begins with ```hint")) }
      if step.solutions.isEmpty {
        report(step.line, said("the step has no solution; add a block that begins with ```natsh solution"))
      }
    }
    connectRepetitions()
    return (title, introduction, steps)
  }

  mutating func add(_ block: MarkdownDocument.Block) {
    switch block.content {
    case .heading(1, let text) where title == nil && steps.isEmpty:
      title = Lesson.Located(text.plainText, line: block.line)
    case .heading(2, let text): steps.append(Lesson.Step(title: text.plainText, line: block.line))
    case .heading(let level, let text):
      if level > 2 { lastSubheading = (steps.count, block.line, level) }
      addProse(.heading(level: level, text))
    case .prose(let prose):
      if case .paragraph = prose { checkHeadings(block) }
      addProse(prose)
    case .fenced(let info, let text): addFenced(info: info, text: text, block)
    }
  }

  private mutating func addProse(_ prose: Prose) {
    if steps.isEmpty { introduction.append(prose) } else { steps[steps.count - 1].prose.append(prose) }
  }

  /// A line such as `##Title`, which is only a paragraph: a heading has a space after its signs.
  private mutating func checkHeadings(_ block: MarkdownDocument.Block) {
    for number in block.line...max(block.lastLine, block.line) where lines.indices.contains(number - 1) {
      let line = lines[number - 1].drop { $0 == " " }
      let signs = line.prefix { $0 == "#" }
      guard (1...6).contains(signs.count), let next = line.dropFirst(signs.count).first, next.isLetter else { continue }
      report(number, said("this is not a heading: a space is missing after '\(signs)'"))
    }
  }

  /// Reports things inside the document's blocks that are not meant to be there.
  mutating func add(_ finding: MarkdownDocument.Finding) {
    switch finding.kind {
    case .html(let text): reportHTML(text, line: finding.line)
    case .nestedFence(let info):
      guard case .text = LessonBlock.reading(info) else {
        report(
          finding.line,
          said(
            "this `\(info)` is inside a list, a quotation or an indented text, where it is only shown; begin its line at the margin"
          )
        )
        return
      }
    }
  }

  /// Reports HTML in a text that is separate Markdown: a hint, a reply.
  mutating func reportMarkup(in text: String, offset: Int, isAtOffset: Bool = false) {
    for finding in MarkdownDocument(text).findings {
      if case .html(let markup) = finding.kind { reportHTML(markup, line: isAtOffset ? offset : offset + finding.line) }
    }
  }

  private mutating func reportHTML(_ text: String, line: Int) {
    let shown = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    blemishes.append(
      LessonProblem(
        file: file, line: line,
        message: said("HTML is shown to learners unchanged: '\(shown)'; use Markdown, or put it between backquotes")))
  }

  /// The place of a lower-level heading in the current step, in words for a message; empty if there is none.
  var subheadingWords: String {
    guard let heading = lastSubheading, heading.step == steps.count else { return "" }
    return said(" (line \(heading.line) has \"\(String(repeating: "#", count: heading.level))\")")
  }

  private mutating func addFenced(info: String, text: String, _ block: MarkdownDocument.Block) {
    let isFenced = isFence(block.line)
    if isFenced, !checkClosed(block, text: text) {
      swallowed.insert(steps.count - 1)
      return
    }
    switch isFenced ? LessonBlock.reading(info) : .text {
    case .text: addProse(.code(text.codeLines))
    case .misspelled(let meant):
      swallowed.insert(steps.count - 1)
      report(block.line, said("there is no block '\(info)' (did you mean '\(meant.rawValue)'?)"))
    case .unknown(let language, let second):
      swallowed.insert(steps.count - 1)
      let known = LessonBlock.list(of: language)
      report(
        block.line,
        said("there is no block '\(info)'\(ConditionReader.suggestion(second, known.map(\.word))); there are ")
          + known.map { "`\($0.rawValue)`" }.listed(.or))
    case .block(let kind):
      guard !steps.isEmpty else {
        report(
          block.line,
          said("this block comes before the first step; a step begins with a heading such as `## Alice calls Bob`"))
        return
      }
      add(kind, text, block)
    }
  }

  private mutating func add(_ kind: LessonBlock, _ text: String, _ block: MarkdownDocument.Block) {
    switch kind {
    case .setup, .tries, .solution, .alternative: addScript(kind, text, block)
    case .expectation, .mistake, .prediction: addYAML(kind, text, block)
    case .hint:
      if text.allSatisfy(\.isWhitespace) { report(block.line, said("this hint says nothing")) }
      reportMarkup(in: text, offset: block.line)
      steps[steps.count - 1].hints.append(Lesson.Located(text, line: block.line))
    }
  }

  // MARK: Fences

  /// The fence that opens on a line, without the text after it; nil if there is none.
  private func fence(_ number: Int) -> (sign: Character, length: Int, rest: Substring)? {
    guard lines.indices.contains(number - 1) else { return nil }
    let line = lines[number - 1].drop { $0 == " " }
    // Indented by more than three spaces, it is text.
    guard lines[number - 1].count - line.count < 4 else { return nil }
    guard let sign = line.first, sign == "`" || sign == "~" else { return nil }
    let length = line.prefix { $0 == sign }.count
    return length >= 3 ? (sign, length, line.dropFirst(length)) : nil
  }

  private func isFence(_ number: Int) -> Bool { fence(number) != nil }

  /// A fence that is never closed takes in everything up to the closing fence of another block.
  private mutating func checkClosed(_ block: MarkdownDocument.Block, text: String) -> Bool {
    guard let opening = fence(block.line) else { return true }
    for number in block.line + 1..<max(block.lastLine, block.line + 1) {
      guard let inner = fence(number), inner.sign == opening.sign, inner.length >= opening.length,
        inner.rest.contains(where: { $0 != " " })
      else { continue }
      report(
        block.line, said("this block is never closed: another begins in it, on line \(number); put ``` after its end"))
      return false
    }
    let closing = fence(block.lastLine)
    let isClosed =
      block.lastLine > block.line && closing?.sign == opening.sign && (closing?.length ?? 0) >= opening.length
      && closing?.rest.allSatisfy { $0 == " " } == true
    if !isClosed { report(block.line, said("this block is never closed; put ``` after its last line")) }
    return isClosed
  }

  // MARK: Commands

  private mutating func addScript(_ kind: LessonBlock, _ text: String, _ block: MarkdownDocument.Block) {
    let script = script(text, fence: block.line)
    if script.lines.isEmpty { report(block.line, said("this block has no commands")) }
    let step = steps.count - 1
    switch kind {
    case .setup: steps[step].setups.append(script)
    case .tries:
      steps[step].tries.append(script)
      steps[step].prose.append(.commands(text.codeLines))
    case .solution: steps[step].solutions.append(script)
    default: steps[step].alternatives.append(script)
    }
  }

  mutating func script(_ text: String, fence: Int) -> Lesson.Script {
    var found: [Lesson.Located<String>] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      do throws(SyntaxError) {
        // One line may contain several commands; each is kept separately.
        for statement in try Statement.statements(in: String(line)) {
          found.append(Lesson.Located(statement.text, line: fence + 1 + index))
        }
      } catch {
        report(fence + 1 + index, LessonWording.message(for: .syntax(error)))
      }
    }
    return Lesson.Script(line: fence, lines: found)
  }
}
