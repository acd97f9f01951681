// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Rendering
import Wording

/// Turns YAML into conditions, collecting every problem on the way.
struct ConditionReader {
  struct Problem: Error {
    var line: Int
    var message: String
  }

  private(set) var problems: [Problem] = []

  private static let kinds =
    Condition.subjects.map { $0.word } + ["setting", "unchanged", "clock", "looked", "not", "any", "all", "order"]

  /// Reads a list of conditions; a single one is accepted.
  mutating func conditions(_ value: YAMLValue) -> [Condition] {
    switch value {
    case .list(let values, let line):
      if values.isEmpty { problems.append(Problem(line: line, message: said("a list of conditions is empty here"))) }
      return values.flatMap { conditions(in: $0) }
    case .map: return conditions(in: value)
    case .text(let text, let line):
      problems.append(
        Problem(
          line: line,
          message: text.isEmpty
            ? said("conditions are missing here")
            : said("'\(text)' is not a condition; write a list such as `- hop: {node: home-a}`"))
      )
      return []
    }
  }

  /// One element of a list; each of its keys is a condition.
  private mutating func conditions(in value: YAMLValue) -> [Condition] {
    guard case .map(let entries, _) = value else {
      problems.append(
        Problem(
          line: value.line, message: said("a condition is one of \(Self.kinds.listed(.or)), with a colon after it")))
      return []
    }
    // The author's words are next to the condition that they are about.
    let ask = entries.first { $0.key == "ask" }
    return entries.compactMap { entry in
      guard entry.key != "ask" else {
        if entries.count == 1 {
          problems.append(
            Problem(line: entry.line, message: said("'ask' goes next to a condition; there is none here")))
        }
        return nil
      }
      do throws(Problem) {
        var condition = try condition(entry)
        if let ask { condition.ask = try Self.text(ask.value, key: "ask") }
        return condition
      } catch {
        problems.append(error)
        return nil
      }
    }
  }

  private mutating func condition(_ entry: YAMLValue.Entry) throws(Problem) -> Condition {
    if let subject = Condition.subjects.first(where: { $0.word == entry.key }) {
      return Condition(.found(try Self.pattern(subject, entry.value)), line: entry.line)
    }
    switch entry.key {
    case "setting": return Condition(try setting(entry.value), line: entry.line)
    case "unchanged":
      return Condition(.unchanged(device: try Self.text(entry.value, key: "unchanged")), line: entry.line)
    case "clock":
      return Condition(.clock(try Self.comparison(entry.value, .duration, key: "clock")), line: entry.line)
    case "looked":
      let word = try Self.text(entry.value, key: "looked")
      return Condition(.looked(word), line: entry.line)
    case "not": return Condition(.not(conditions(entry.value)), line: entry.line)
    case "any": return Condition(.any(conditions(entry.value)), line: entry.line)
    case "all": return Condition(.all(conditions(entry.value)), line: entry.line)
    case "order": return Condition(.order(try order(entry)), line: entry.line)
    default:
      throw Problem(
        line: entry.line,
        message: said("there is no condition '\(entry.key)'\(Self.suggestion(entry.key, Self.kinds)); there are ")
          + Self.kinds.listed(.or))
    }
  }

  /// Things that happen one after another.
  private mutating func order(_ entry: YAMLValue.Entry) throws(Problem) -> [any FoundPattern] {
    let patterns = conditions(entry.value).compactMap { condition -> (any FoundPattern)? in
      guard case .found(let pattern) = condition.kind, pattern.hasMoments else {
        problems.append(
          Problem(
            line: condition.line, message: said("'order' takes only 'hop' and 'delivered': the rest has no moment")))
        return nil
      }
      return pattern
    }
    guard patterns.count > 1 else {
      throw Problem(
        line: entry.line, message: said("'order' is a list of at least two things that happen one after another"))
    }
    return patterns
  }

  // MARK: Patterns

  private static func pattern<Subject: ConditionSubject>(
    _ subject: Subject.Type, _ value: YAMLValue
  ) throws(Problem) -> any FoundPattern {
    let known = Subject.fields
    guard case .map(let entries, _) = value else {
      throw Problem(
        line: value.line,
        message: said(
          "after '\(Subject.word):' comes what to look for, in braces: ",
          "{\(known[0].key): …, \(known[1].key): …}"))
    }
    var pattern = Pattern<Subject>()
    for entry in entries {
      if entry.key == "count" {
        pattern.count = try comparison(entry.value, .number, key: "count")
        continue
      }
      guard let field = known.first(where: { $0.key == entry.key }) ?? Subject.openField(entry.key) else {
        let keys = known.map(\.key) + ["count"]
        throw Problem(
          line: entry.line,
          message: said("'\(Subject.word)' has no '\(entry.key)'\(suggestion(entry.key, keys)); it has ")
            + keys.listed(.or))
      }
      pattern.fields.append(try field.bound(to: entry))
    }
    return pattern
  }

  static func endpoint(_ entry: YAMLValue.Entry) throws(Problem) -> EndpointPattern {
    let text = try text(entry.value, key: entry.key)
    guard let pattern = EndpointPattern(text) else {
      throw Problem(
        line: entry.line,
        message: said("'\(text)' is neither a name nor an address; write alice, \"alice:5000\", \"49.36.10.25:62000\""))
    }
    return pattern
  }

  private mutating func setting(_ value: YAMLValue) throws(Problem) -> Condition.Kind {
    guard case .map(let entries, let line) = value,
      let device = entries.first(where: { $0.key == "device" })
    else {
      throw Problem(
        line: value.line,
        message: said(
          "after 'setting:' comes a device and its properties: {device: home-a, filtering: endpoint-independent}")
      )
    }
    let name = try Self.text(device.value, key: "device")
    let names = Property.all.map(\.name)
    var settings: [Condition.Setting] = []
    for entry in entries where entry.key != "device" {
      guard names.contains(entry.key) else {
        throw Problem(
          line: entry.line,
          message: said(
            "there is no property '\(entry.key)'\(Self.suggestion(entry.key, names)); `help set` lists them"))
      }
      settings.append(
        Condition.Setting(
          property: entry.key, value: try Self.text(entry.value, key: entry.key), line: entry.line))
    }
    if settings.isEmpty { throw Problem(line: line, message: said("'setting' names no property of '\(name)'")) }
    return .setting(device: name, settings)
  }

  // MARK: Values

  /// The unit of a number.
  enum Unit: Sendable {
    case number
    case duration
    case rate

    func value(_ text: Substring) -> Int64? {
      switch self {
      case .number: Int64(text)
      case .duration: Interval(String(text))?.microseconds
      case .rate: BitRate(String(text))?.bitsPerSecond ?? Int64(text)
      }
    }

    func words(_ value: Int64) -> String {
      switch self {
      case .number: Count.grouped(Int(value))
      case .duration: SimulatedTime.text(value)
      case .rate: Megabits.text(value)
      }
    }

    var example: String {
      switch self {
      case .number: "\">= 1\""
      case .duration: "\">= 5m\""
      case .rate: "\">= 2gbit\""
      }
    }
  }

  static func text(_ value: YAMLValue, key: String) throws(Problem) -> String {
    guard case .text(let text, let line) = value else {
      throw Problem(line: value.line, message: said("'\(key)' takes one value, not a list"))
    }
    guard !text.isEmpty else { throw Problem(line: line, message: said("'\(key)' has no value")) }
    return text
  }

  /// A word of several.
  static func word(_ entry: YAMLValue.Entry, of words: [String]) throws(Problem) -> String {
    let text = try text(entry.value, key: entry.key)
    let word = ["true": "yes", "false": "no"][text] ?? text
    guard words.contains(word) else {
      throw Problem(
        line: entry.line,
        message: said("'\(entry.key)' cannot be '\(text)'\(suggestion(text, words)); it is \(words.listed(.or))"))
    }
    return word
  }

  static func comparison(_ value: YAMLValue, _ unit: Unit, key: String) throws(Problem) -> Comparison {
    let text = try text(value, key: key)
    guard let comparison = Comparison(text, unit) else {
      throw Problem(
        line: value.line, message: said("'\(text)' is not a comparison for '\(key)'; write it as \(unit.example)"))
    }
    return comparison
  }

  static func suggestion(_ word: String, _ words: [String]) -> String {
    Nearest.candidate(to: word, among: words).map { said(" (did you mean '\($0)'?)") } ?? ""
  }
}
