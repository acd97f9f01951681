// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator

/// One key of a condition, all in one row: how its value is read, which items have it, and how it is said.
struct ConditionField<Item: Sendable>: Sendable {
  /// Whether an item is as a value wants it.
  typealias Test = @Sendable (Item, ConditionContext) -> Bool

  let key: String
  let phrase: Phrase
  private let read: @Sendable (YAMLValue.Entry) throws(ConditionReader.Problem) -> Value

  private struct Value {
    var text: String
    var comparison: Comparison?
    /// The device that it names.
    var name: String?
    var holds: Test
  }

  /// The key with a value of the file.
  func bound(to entry: YAMLValue.Entry) throws(ConditionReader.Problem) -> BoundField<Item> {
    let value = try read(entry)
    return BoundField(
      said: Said(key: key, text: value.text, comparison: value.comparison, phrase: phrase),
      name: value.name.map { Lesson.Located($0, line: entry.line) }, line: entry.line, holds: value.holds)
  }

  // MARK: Rows

  /// A text that must be the same.
  static func text(
    _ key: String, _ phrase: Phrase, _ value: @escaping @Sendable (Item, ConditionContext) -> String?
  ) -> ConditionField {
    text(key, phrase) { value($1, $2) == $0 }
  }

  /// A text that is compared in a way of its own.
  static func text(
    _ key: String, _ phrase: Phrase, holds: @escaping @Sendable (String, Item, ConditionContext) -> Bool
  ) -> ConditionField {
    ConditionField(key: key, phrase: phrase) { entry throws(ConditionReader.Problem) in
      let text = try ConditionReader.text(entry.value, key: entry.key)
      return Value(text: text) { holds(text, $0, $1) }
    }
  }

  /// One of some words.
  static func word(
    _ key: String, _ words: [String], _ phrase: Phrase, _ value: @escaping @Sendable (Item) -> String?
  ) -> ConditionField {
    ConditionField(key: key, phrase: phrase) { entry throws(ConditionReader.Problem) in
      let word = try ConditionReader.word(entry, of: words)
      return Value(text: word) { item, _ in value(item) == word }
    }
  }

  /// A device's name.
  static func device(
    _ key: String, _ phrase: Phrase, _ id: @escaping @Sendable (Item) -> DeviceID
  ) -> ConditionField {
    ConditionField(key: key, phrase: phrase) { entry throws(ConditionReader.Problem) in
      let name = try ConditionReader.text(entry.value, key: entry.key)
      return Value(text: name, name: name) { $1.isCalled(name, id($0)) }
    }
  }

  /// A name or an address, with a port or without.
  static func endpoint(
    _ key: String, _ phrase: Phrase, _ holds: @escaping @Sendable (EndpointPattern, Item, ConditionContext) -> Bool
  ) -> ConditionField {
    ConditionField(key: key, phrase: phrase) { entry throws(ConditionReader.Problem) in
      let wanted = try ConditionReader.endpoint(entry)
      var name: String?
      if case .name(let word) = wanted.host { name = word }
      return Value(text: wanted.text, name: name) { holds(wanted, $0, $1) }
    }
  }

  /// A number to compare with.
  static func number(
    _ key: String, _ phrase: Phrase, in unit: ConditionReader.Unit = .number,
    _ value: @escaping @Sendable (Item) -> Int64?
  ) -> ConditionField {
    number(key, phrase, in: unit) { item, _ in value(item) }
  }

  /// A number to compare with, which only the step tells.
  static func number(
    _ key: String, _ phrase: Phrase, in unit: ConditionReader.Unit,
    _ value: @escaping @Sendable (Item, ConditionContext) -> Int64?
  ) -> ConditionField {
    ConditionField(key: key, phrase: phrase) { entry throws(ConditionReader.Problem) in
      let comparison = try ConditionReader.comparison(entry.value, unit, key: entry.key)
      let text = comparison.words { unit.words($0) }
      return Value(text: text, comparison: comparison) { value($0, $1).map(comparison.holds) ?? false }
    }
  }
}

/// A key with the value that a condition wants.
struct BoundField<Item: Sendable>: Sendable {
  let said: Said
  /// The device that it names.
  let name: Lesson.Located<String>?
  let line: Int
  let holds: ConditionField<Item>.Test

  var key: String { said.key }
}

/// A key and its value in words.
struct Said: Sendable {
  let key: String
  /// The value: `bob`, `at least 3`.
  let text: String
  let comparison: Comparison?
  let phrase: Phrase
}

/// The place of a key's value in the sentence about the pattern.
struct Phrase: Sendable {
  enum Place: Sendable {
    /// Before the noun: `TCP packet`.
    case before
    /// After the noun: `packet from bob`.
    case after
    /// After what happened: `dropped at home-a (reason: filtered)`.
    case ending
    /// Wherever the subject's own words put it.
    case own
  }

  let place: Place
  let words: @Sendable (Said) -> String

  /// The words end with a space.
  static func before(_ words: @escaping @Sendable (String) -> String = { "\($0) " }) -> Phrase {
    Phrase(place: .before) { words($0.text) }
  }

  static func after(_ lead: String, _ trail: String = "") -> Phrase {
    Phrase(place: .after) { " \(lead) \($0.text)\(trail)" }
  }

  /// A number that must be reached, said where more than one is asked for.
  static func atLeast(_ lead: String, _ trail: String) -> Phrase {
    Phrase(place: .after) { $0.comparison == .some ? "" : " \(lead) \($0.text)\(trail)" }
  }

  /// The words begin with a space.
  static func saying(_ words: @escaping @Sendable (String) -> String) -> Phrase {
    Phrase(place: .after) { words($0.text) }
  }

  /// The words begin with a space.
  static func ending(_ words: @escaping @Sendable (String) -> String) -> Phrase {
    Phrase(place: .ending) { words($0.text) }
  }

  static let own = Phrase(place: .own) { _ in "" }
}
