// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// The YAML blocks: conditions, foreseen mistakes, questions.
extension StepAssembly {
  mutating func addYAML(_ kind: LessonBlock, _ text: String, _ block: MarkdownDocument.Block) {
    let value: YAMLValue?
    do throws(YAMLValue.Failure) {
      value = try YAMLValue.read(text, offset: block.line)
    } catch {
      report(error.line, error.message)
      if kind == .expectation { steps[steps.count - 1].expectationLine = block.line }
      return
    }
    guard let value else {
      report(block.line, said("this block is empty"))
      return
    }
    let step = steps.count - 1
    switch kind {
    case .expectation:
      if let first = steps[step].expectationLine {
        report(
          block.line,
          said(
            "the step has two `yaml expect`, the first on line \(first); combine them, or begin a new step with \"## \""
          )
            + subheadingWords)
      }
      steps[step].expectationLine = block.line
      steps[step].expectation += conditions(value)
    case .mistake:
      if let mistake = mistake(value, block.line) { steps[step].mistakes.append(mistake) }
    default:
      if let first = steps[step].predictions.first {
        report(
          block.line,
          said("a step asks one question, and line \(first.line) asks one; begin a new step with \"## \"")
            + subheadingWords)
      }
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
      report(value.line, said("`\(block)` has the keys \(keys.joined(separator: ", "))"))
      return nil
    }
    var found: [String: YAMLValue] = [:]
    for entry in entries {
      if keys.contains(entry.key) {
        found[entry.key] = entry.value
      } else {
        report(
          entry.line,
          said("`\(block)` has no '\(entry.key)'\(ConditionReader.suggestion(entry.key, keys)); it has ")
            + keys.joined(separator: ", "))
      }
    }
    for key in required where found[key] == nil {
      report(line, said("`\(block)` has no '\(key)'"))
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
          report(value.line, said("a list of commands has one command per element"))
          continue
        }
        lines += script(text, fence: line - 1).lines
      }
      return Lesson.Script(line: line, lines: lines)
    case .map(_, let line):
      report(line, said("these are not commands; write them one per line after `|`"))
      return nil
    case nil: return nil
    }
  }

  /// A text that is shown as Markdown.
  mutating func markdown(_ value: YAMLValue?, key: String) -> String? {
    guard let text = text(value, key: key) else { return nil }
    reportMarkup(in: text, offset: value?.line ?? 1, isAtOffset: true)
    return text
  }

  /// The conditions that each choice would have fulfilled, by its place; nil if `expect` is plain conditions.
  mutating func outcomes(_ value: YAMLValue, choices: Int) -> [[Condition]]? {
    guard case .map(let entries, let line) = value, !entries.isEmpty, entries.allSatisfy({ Int($0.key) != nil }) else {
      return nil
    }
    var found: [[Condition]] = Array(repeating: [], count: choices)
    for entry in entries {
      guard let place = Int(entry.key), found.indices.contains(place - 1) else {
        report(entry.line, said("there is no choice \(entry.key); there are \(choices)"))
        continue
      }
      found[place - 1] = conditions(entry.value)
    }
    for place in 1...choices where !entries.contains(where: { Int($0.key) == place }) {
      report(line, said("`expect` does not say what choice \(place) would have shown"))
    }
    return found
  }
}
