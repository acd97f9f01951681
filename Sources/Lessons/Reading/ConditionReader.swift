// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// Turns YAML into conditions, collecting every problem on the way.
struct ConditionReader {
  struct Problem: Error {
    var line: Int
    var message: String
  }

  private(set) var problems: [Problem] = []

  private static let kinds =
    Condition.Pattern.Subject.allCases.map(\.rawValue) + ["setting", "clock", "looked", "not", "any", "all", "order"]

  /// Reads a list of conditions; a single one is accepted.
  mutating func conditions(_ value: YAMLValue) -> [Condition] {
    switch value {
    case .list(let values, let line):
      if values.isEmpty { problems.append(Problem(line: line, message: "a list of conditions is empty here")) }
      return values.flatMap { conditions(in: $0) }
    case .map: return conditions(in: value)
    case .text(let text, let line):
      problems.append(
        Problem(
          line: line,
          message: text.isEmpty
            ? "conditions are missing here"
            : "'\(text)' is not a condition; write a list such as `- hop: {node: home-a}`")
      )
      return []
    }
  }

  /// One element of a list; each of its keys is a condition.
  private mutating func conditions(in value: YAMLValue) -> [Condition] {
    guard case .map(let entries, _) = value else {
      problems.append(
        Problem(
          line: value.line, message: "a condition is one of \(Self.list(Self.kinds)), with a colon after it"))
      return []
    }
    // The author's words are next to the condition that they are about.
    let ask = entries.first { $0.key == "ask" }
    return entries.compactMap { entry in
      guard entry.key != "ask" else {
        if entries.count == 1 {
          problems.append(Problem(line: entry.line, message: "'ask' goes next to a condition; there is none here"))
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
    if let subject = Condition.Pattern.Subject(rawValue: entry.key) {
      return Condition(.found(try pattern(subject, entry.value)), line: entry.line)
    }
    switch entry.key {
    case "setting": return Condition(try setting(entry.value), line: entry.line)
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
        message: "there is no condition '\(entry.key)'\(Self.suggestion(entry.key, Self.kinds)); there are "
          + Self.list(Self.kinds))
    }
  }

  /// Things that happen one after another.
  private mutating func order(_ entry: YAMLValue.Entry) throws(Problem) -> [Condition.Pattern] {
    let patterns = conditions(entry.value).compactMap { condition -> Condition.Pattern? in
      guard case .found(let pattern) = condition.kind, pattern.subject == .hop || pattern.subject == .delivered else {
        problems.append(
          Problem(line: condition.line, message: "'order' takes only 'hop' and 'delivered': the rest has no moment"))
        return nil
      }
      return pattern
    }
    guard patterns.count > 1 else {
      throw Problem(line: entry.line, message: "'order' is a list of at least two things that happen one after another")
    }
    return patterns
  }

  // MARK: Patterns

  private func pattern(
    _ subject: Condition.Pattern.Subject, _ value: YAMLValue
  ) throws(Problem) -> Condition.Pattern {
    let known = Condition.fields(of: subject)
    guard case .map(let entries, _) = value else {
      throw Problem(
        line: value.line,
        message: "after '\(subject.rawValue):' comes what to look for, in braces: "
          + "{\(known[0].key): …, \(known[1].key): …}")
    }
    var pattern = Condition.Pattern(subject: subject, fields: [], count: .some)
    for entry in entries {
      if entry.key == "count" {
        pattern.count = try Self.comparison(entry.value, .number, key: "count")
        continue
      }
      guard let field = known.first(where: { $0.key == entry.key }) else {
        let keys = known.map(\.key) + ["count"]
        throw Problem(
          line: entry.line,
          message: "'\(subject.rawValue)' has no '\(entry.key)'\(Self.suggestion(entry.key, keys)); it has "
            + Self.list(keys))
      }
      let wanted = try Self.wanted(field.kind, entry)
      pattern.fields.append(Condition.Field(key: entry.key, wanted: wanted, line: entry.line))
    }
    return pattern
  }

  private static func wanted(
    _ kind: Condition.FieldKind, _ entry: YAMLValue.Entry
  ) throws(Problem) -> Condition.Wanted {
    switch kind {
    case .text: return .text(try text(entry.value, key: entry.key))
    case .words(let words):
      let text = try text(entry.value, key: entry.key)
      let word = ["true": "yes", "false": "no"][text] ?? text
      guard words.contains(word) else {
        throw Problem(
          line: entry.line,
          message: "'\(entry.key)' cannot be '\(text)'\(suggestion(text, words)); it is \(list(words))")
      }
      return .text(word)
    case .device: return .device(try text(entry.value, key: entry.key))
    case .endpoint: return .endpoint(try endpoint(entry))
    case .number, .duration, .rate: return .comparison(try comparison(entry.value, kind, key: entry.key))
    }
  }

  private static func endpoint(_ entry: YAMLValue.Entry) throws(Problem) -> EndpointPattern {
    let text = try text(entry.value, key: entry.key)
    if text == "*" { return EndpointPattern(host: .anyone, port: nil, text: text) }
    if let address = IPAddress(text) { return EndpointPattern(host: .address(address), port: nil, text: text) }
    if let endpoint = Endpoint(text) {
      return EndpointPattern(host: .address(endpoint.address), port: endpoint.port, text: text)
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let port = parts.count == 2 ? UInt16(parts[1]) : nil
    guard parts.count == 1 || parts.count == 2 && port != nil, let first = parts[0].first, first.isLetter else {
      throw Problem(
        line: entry.line,
        message: "'\(text)' is neither a name nor an address; write alice, \"alice:5000\", \"49.36.10.25:62000\"")
    }
    return EndpointPattern(host: .name(String(parts[0])), port: port, text: text)
  }

  private mutating func setting(_ value: YAMLValue) throws(Problem) -> Condition.Kind {
    guard case .map(let entries, let line) = value,
      let device = entries.first(where: { $0.key == "device" })
    else {
      throw Problem(
        line: value.line,
        message: "after 'setting:' comes a device and its properties: {device: home-a, filtering: endpoint-independent}"
      )
    }
    let name = try Self.text(device.value, key: "device")
    let names = Property.all.map(\.name)
    var settings: [Condition.Setting] = []
    for entry in entries where entry.key != "device" {
      guard names.contains(entry.key) else {
        throw Problem(
          line: entry.line,
          message: "there is no property '\(entry.key)'\(Self.suggestion(entry.key, names)); `help set` lists them")
      }
      settings.append(
        Condition.Setting(
          property: entry.key, value: try Self.text(entry.value, key: entry.key), line: entry.line))
    }
    if settings.isEmpty { throw Problem(line: line, message: "'setting' names no property of '\(name)'") }
    return .setting(device: name, settings)
  }

  // MARK: Values

  static func text(_ value: YAMLValue, key: String) throws(Problem) -> String {
    guard case .text(let text, let line) = value else {
      throw Problem(line: value.line, message: "'\(key)' takes one value, not a list")
    }
    guard !text.isEmpty else { throw Problem(line: line, message: "'\(key)' has no value") }
    return text
  }

  static func comparison(
    _ value: YAMLValue, _ kind: Condition.FieldKind, key: String
  ) throws(Problem) -> Comparison {
    let text = try text(value, key: key)
    let relation = Comparison.Relation.allCases.first { text.hasPrefix($0.rawValue) }
    let rest = text.dropFirst(relation?.rawValue.count ?? 0).drop { $0 == " " }
    let number: Int64? =
      switch kind {
      case .duration: Interval(String(rest))?.microseconds
      case .rate: BitRate(String(rest))?.bitsPerSecond ?? Int64(rest)
      default: Int64(rest)
      }
    guard let number else {
      let example =
        switch kind {
        case .duration: "\">= 5m\""
        case .rate: "\">= 2gbit\""
        default: "\">= 1\""
        }
      throw Problem(line: value.line, message: "'\(text)' is not a comparison for '\(key)'; write it as \(example)")
    }
    return Comparison(relation: relation ?? .equal, value: number, text: String(rest))
  }

  static func list(_ words: [String]) -> String {
    guard words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
  }

  static func suggestion(_ word: String, _ words: [String]) -> String {
    Nearest.candidate(to: word, among: words).map { " (did you mean '\($0)'?)" } ?? ""
  }
}
