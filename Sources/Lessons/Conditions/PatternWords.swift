// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// A pattern's meaning, in words.
package struct PatternWords {
  private let subject: any ConditionSubject.Type
  /// In the order of the subject's keys.
  private let phrases: [Said]

  init<Subject: ConditionSubject>(_ pattern: Pattern<Subject>) {
    subject = Subject.self
    let order = Subject.fields.map(\.key)
    func place(_ key: String) -> Int { order.firstIndex(of: key) ?? order.count }
    phrases = pattern.fields.map(\.said).enumerated()
      .sorted { (place($0.element.key), $0.offset) < (place($1.element.key), $1.offset) }.map(\.element)
  }

  /// The value under `key` in words.
  func word(_ key: String) -> String? { phrases.first { $0.key == key }?.text }

  private func words(_ place: Phrase.Place) -> String {
    phrases.filter { $0.phrase.place == place }.map { $0.phrase.words($0) }.joined()
  }

  /// The words before the noun, with a space after them.
  var before: String { words(.before) }
  /// The words after the noun, with a space before them.
  var after: String { words(.after) }
  /// The words after the event, with a space before them.
  var ending: String { words(.ending) }

  /// `packet from bob`, without an article.
  var noun: String { subject.noun(self) }
  /// The event that it met: `dropped at home-a`; empty for things that just exist or do not.
  var event: String { subject.event(self) }

  private var isThere: Bool { event.isEmpty }

  var nothingFound: String {
    isThere ? said("there is no \(noun) yet") : said("no \(noun) \(subject.auxiliary) \(event) yet")
  }

  var found: String { isThere ? said("there is a \(noun)") : said("a \(noun) \(subject.auxiliary) \(event)") }

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
    case .atLeast: return said("at least \(number)")
    case .atMost: return said("at most \(number)")
    case .isNot: return said("a number other than \(number)")
    case .same, .equal: return "\(number)"
    case .more: return said("more than \(number)")
    case .less: return said("less than \(number)")
    }
  }
}
