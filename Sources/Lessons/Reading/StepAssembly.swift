// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// Puts a document's blocks together to steps.
struct StepAssembly {
  private let file: String
  /// The file's lines.
  private let lines: [String]
  private(set) var problems: [LessonProblem] = []
  private var title: Lesson.Located<String>?
  private var introduction: [Prose] = []
  private var steps: [Lesson.Step] = []
  /// Steps in which a block has swallowed others, so that nobody knows what is missing.
  private var swallowed: Set<Int> = []

  init(file: String, lines: [String]) {
    self.file = file
    self.lines = lines
  }

  mutating func report(_ line: Int, _ message: String) {
    problems.append(LessonProblem(file: file, line: line, message: message))
  }

  mutating func finished() -> (title: Lesson.Located<String>?, introduction: [Prose], steps: [Lesson.Step]) {
    for (index, step) in steps.enumerated() where step.expectationLine != nil && !swallowed.contains(index) {
      if step.hints.isEmpty { report(step.line, "the step has no hint; add a block that begins with ```hint") }
      if step.solutions.isEmpty {
        report(step.line, "the step has no solution; add a block that begins with ```natsh solution")
      }
    }
    return (title, introduction, steps)
  }

  mutating func add(_ block: MarkdownDocument.Block) {
    switch block.content {
    case .heading(1, let text) where title == nil && steps.isEmpty:
      title = Lesson.Located(text.plainText, line: block.line)
    case .heading(2, let text): steps.append(Lesson.Step(title: text.plainText, line: block.line))
    case .heading(let level, let text): addProse(.heading(level: level, text))
    case .prose(let prose): addProse(prose)
    case .fenced(let info, let text): addFenced(info: info, text: text, block)
    }
  }

  private mutating func addProse(_ prose: Prose) {
    if steps.isEmpty { introduction.append(prose) } else { steps[steps.count - 1].prose.append(prose) }
  }

  private mutating func addFenced(info: String, text: String, _ block: MarkdownDocument.Block) {
    let words = info.split(separator: " ").map(String.init)
    let isFenced = isFence(block.line)
    if isFenced, !checkClosed(block, text: text) {
      swallowed.insert(steps.count - 1)
      return
    }
    switch (words.first, words.dropFirst().first) {
    case ("natsh", let kind), ("yaml", let kind):
      let language = words[0]
      let known =
        language == "natsh" ? ["setup", "try", "solution", "also"] : ["expect", "wrong", "predict"]
      guard let kind, words.count == 2, known.contains(kind) else {
        report(
          block.line,
          "there is no block '\(info)'\(ConditionReader.suggestion(kind ?? "", known)); there are "
            + ConditionReader.list(known.map { "`\(language) \($0)`" }))
        return
      }
      guard !steps.isEmpty else {
        report(block.line, "this block stands before the first step; steps begin with a heading such as `## …`")
        return
      }
      if language == "natsh" { addScript(kind, text, block) } else { addYAML(kind, text, block) }
    case ("hint", nil):
      guard !steps.isEmpty else {
        report(block.line, "this hint stands before the first step")
        return
      }
      if text.allSatisfy(\.isWhitespace) { report(block.line, "this hint says nothing") }
      steps[steps.count - 1].hints.append(Lesson.Located(text, line: block.line))
    default: addProse(.code(text.codeLines))
    }
  }

  // MARK: Fences

  /// The fence that opens on a line, without what stands after it; nil where none does.
  private func fence(_ number: Int) -> (sign: Character, length: Int, rest: Substring)? {
    guard lines.indices.contains(number - 1) else { return nil }
    let line = lines[number - 1].drop { $0 == " " }
    guard let sign = line.first, sign == "`" || sign == "~" else { return nil }
    let length = line.prefix { $0 == sign }.count
    return length >= 3 ? (sign, length, line.dropFirst(length)) : nil
  }

  private func isFence(_ number: Int) -> Bool { fence(number) != nil }

  /// A fence that is never closed takes in all that follows, up to where another block's closes.
  private mutating func checkClosed(_ block: MarkdownDocument.Block, text: String) -> Bool {
    guard let opening = fence(block.line) else { return true }
    for number in block.line + 1..<max(block.lastLine, block.line + 1) {
      guard let inner = fence(number), inner.sign == opening.sign, inner.length >= opening.length,
        inner.rest.contains(where: { $0 != " " })
      else { continue }
      report(block.line, "this block is never closed: another begins in it, on line \(number); put ``` after its end")
      return false
    }
    let closing = fence(block.lastLine)
    let isClosed =
      block.lastLine > block.line && closing?.sign == opening.sign && (closing?.length ?? 0) >= opening.length
      && closing?.rest.allSatisfy { $0 == " " } == true
    if !isClosed { report(block.line, "this block is never closed; put ``` after its last line") }
    return isClosed
  }

  // MARK: Commands

  private mutating func addScript(_ kind: String, _ text: String, _ block: MarkdownDocument.Block) {
    let script = script(text, fence: block.line)
    if script.lines.isEmpty { report(block.line, "this block has no commands") }
    let step = steps.count - 1
    switch kind {
    case "setup": steps[step].setups.append(script)
    case "try":
      steps[step].tries.append(script)
      steps[step].prose.append(.commands(text.codeLines))
    case "solution": steps[step].solutions.append(script)
    default: steps[step].alternatives.append(script)
    }
  }

  private mutating func script(_ text: String, fence: Int) -> Lesson.Script {
    var found: [Lesson.Located<String>] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      do throws(SyntaxError) {
        // One line may hold several commands; each is kept for itself.
        for statement in try Statement.statements(in: String(line)) {
          found.append(Lesson.Located(statement.text, line: fence + 1 + index))
        }
      } catch {
        report(fence + 1 + index, LessonWording.message(for: .syntax(error)))
      }
    }
    return Lesson.Script(line: fence, lines: found)
  }

  // MARK: YAML

  private mutating func addYAML(_ kind: String, _ text: String, _ block: MarkdownDocument.Block) {
    let value: YAMLValue?
    do throws(YAMLValue.Failure) {
      value = try YAMLValue.read(text, offset: block.line)
    } catch {
      report(error.line, error.message)
      if kind == "expect" { steps[steps.count - 1].expectationLine = block.line }
      return
    }
    guard let value else {
      report(block.line, "this block is empty")
      return
    }
    let step = steps.count - 1
    switch kind {
    case "expect":
      if steps[step].expectationLine != nil { report(block.line, "the step has two `yaml expect`; put them together") }
      steps[step].expectationLine = block.line
      steps[step].expectation += conditions(value)
    case "wrong":
      if let mistake = mistake(value, block.line) { steps[step].mistakes.append(mistake) }
    default:
      if !steps[step].predictions.isEmpty { report(block.line, "a step asks one question; make another step of this") }
      if let prediction = prediction(value, block.line) { steps[step].predictions.append(prediction) }
    }
  }

  mutating func conditions(_ value: YAMLValue) -> [Condition] {
    var reader = ConditionReader()
    let conditions = reader.conditions(value)
    for problem in reader.problems { report(problem.line, problem.message) }
    return conditions
  }

  /// A map's values by key, unknown and missing keys reported.
  mutating func entries(
    _ value: YAMLValue, of block: String, required: [String], optional: [String] = []
  ) -> [String: YAMLValue]? {
    let keys = required + optional
    guard case .map(let entries, let line) = value else {
      report(value.line, "`\(block)` has the keys \(keys.joined(separator: ", "))")
      return nil
    }
    var found: [String: YAMLValue] = [:]
    for entry in entries {
      if keys.contains(entry.key) {
        found[entry.key] = entry.value
      } else {
        report(
          entry.line,
          "`\(block)` has no '\(entry.key)'\(ConditionReader.suggestion(entry.key, keys)); it has "
            + keys.joined(separator: ", "))
      }
    }
    for key in required where found[key] == nil {
      report(line, "`\(block)` has no '\(key)'")
    }
    return required.allSatisfy { found[$0] != nil } ? found : nil
  }

  mutating func text(_ value: YAMLValue?, key: String) -> String? {
    guard let value else { return nil }
    do throws(ConditionReader.Problem) {
      return try ConditionReader.text(value, key: key)
    } catch {
      report(error.line, error.message)
      return nil
    }
  }

  /// Commands in YAML: a text of several lines, or a list.
  mutating func commands(_ value: YAMLValue?) -> Lesson.Script? {
    switch value {
    case .text(let text, let line):
      // A text of several lines begins on the line after its key; YAML tells where the key's value begins.
      let isBlock = lines.indices.contains(line - 1) && lines[line - 1].last.map { "|>-+".contains($0) } == true
      return script(text, fence: isBlock ? line : line - 1)
    case .list(let values, let line):
      var lines: [Lesson.Located<String>] = []
      for value in values {
        guard case .text(let text, let line) = value else {
          report(value.line, "a list of commands has one command an element")
          continue
        }
        lines += script(text, fence: line - 1).lines
      }
      return Lesson.Script(line: line, lines: lines)
    case .map(_, let line):
      report(line, "these are no commands; write them one a line after `|`")
      return nil
    case nil: return nil
    }
  }
}
