// SPDX-License-Identifier: GPL-3.0-or-later

/// What a pattern looks for, in words.
package struct PatternWords {
  private let subject: any ConditionSubject.Type
  /// In the order of the subject's keys.
  private let said: [Said]

  init<Subject: ConditionSubject>(_ pattern: Pattern<Subject>) {
    subject = Subject.self
    let order = Subject.fields.map(\.key)
    func place(_ key: String) -> Int { order.firstIndex(of: key) ?? order.count }
    said = pattern.fields.map(\.said).enumerated()
      .sorted { (place($0.element.key), $0.offset) < (place($1.element.key), $1.offset) }.map(\.element)
  }

  /// The value under `key` in words.
  func word(_ key: String) -> String? { said.first { $0.key == key }?.text }

  private func words(_ place: Phrase.Place) -> String {
    said.filter { $0.phrase.place == place }.map { $0.phrase.words($0) }.joined()
  }

  /// What stands before the noun, with a space behind it.
  var before: String { words(.before) }
  /// What stands after the noun, with a space before it.
  var after: String { words(.after) }
  /// What stands after what happened, with a space before it.
  var ending: String { words(.ending) }

  /// `packet from bob`, without an article.
  var noun: String { subject.noun(self) }
  /// What has happened to it: `dropped at home-a`; empty for what is there or is not.
  var event: String { subject.event(self) }

  private var isThere: Bool { event.isEmpty }

  var nothingFound: String { isThere ? "there is no \(noun) yet" : "no \(noun) \(subject.auxiliary) \(event) yet" }

  var found: String { isThere ? "there is a \(noun)" : "a \(noun) \(subject.auxiliary) \(event)" }

  /// `packet from alice, dropped at home-b`
  var kind: String { isThere ? noun : "\(noun), \(event)" }
}

extension Pattern {
  package var words: PatternWords { PatternWords(self) }
}

extension Comparison {
  /// In words, the number written by `text`: `at least 5m`.
  func words(_ text: (Int64) -> String) -> String {
    let number = text(value)
    switch relation {
    case .atLeast: return "at least \(number)"
    case .atMost: return "at most \(number)"
    case .isNot: return "a number other than \(number)"
    case .same, .equal: return "\(number)"
    case .more: return "more than \(number)"
    case .less: return "less than \(number)"
    }
  }
}
