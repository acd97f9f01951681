// SPDX-License-Identifier: GPL-3.0-or-later

/// An English sentence with values in it, which knows how it is looked up in a table of translations.
///
/// `"\(router) has no row for \(endpoint)"` is the sentence `{0} has no row for {1}` and two texts. A brace of the text
/// itself is doubled. Sentences are written as literals in a call of ``said(_:)``, where script/sentences finds them.
public struct Sentence: Sendable {
  /// The sentence as it is said without a translation.
  var english: String
  /// The text between the values: one more than there are values. Empty while nothing is translated.
  var texts: [String] = []
  var values: [String] = []

  /// Several literals, one after another.
  init(joining parts: [Sentence]) {
    english = parts.map(\.english).joined()
    guard Phrasebook.chosen != nil else { return }
    texts = [""]
    for part in parts {
      texts[texts.count - 1] += part.texts.first ?? ""
      texts += part.texts.dropFirst()
      values += part.values
    }
  }
}

extension Sentence: ExpressibleByStringInterpolation {
  /// Collects a literal's texts and values.
  public struct StringInterpolation: StringInterpolationProtocol {
    var english: String
    var texts: [String] = []
    var values: [String] = []
    private let isTranslated = Phrasebook.chosen != nil

    /// Prepares for a literal of about that size.
    public init(literalCapacity: Int, interpolationCount: Int) {
      english = ""
      english.reserveCapacity(literalCapacity + interpolationCount * 12)
      if isTranslated { texts = [""] }
    }

    /// Adds text.
    public mutating func appendLiteral(_ literal: String) {
      english += literal
      if isTranslated { texts[texts.count - 1] += literal }
    }

    /// Adds a value, in the words in which it describes itself.
    public mutating func appendInterpolation<Value>(_ value: Value) { add("\(value)") }

    /// The same, without searching the program for how it does that, which takes longer than all else before the prompt.
    public mutating func appendInterpolation<Value: CustomStringConvertible>(_ value: Value) { add(value.description) }

    private mutating func add(_ text: String) {
      english += text
      guard isTranslated else { return }
      values.append(text)
      texts.append("")
    }
  }

  /// A sentence without values.
  public init(stringLiteral value: String) {
    english = value
    if Phrasebook.chosen != nil { texts = [value] }
  }

  /// A sentence with values.
  public init(stringInterpolation: StringInterpolation) {
    english = stringInterpolation.english
    texts = stringInterpolation.texts
    values = stringInterpolation.values
  }
}

/// The sentence in the language that was chosen for this program, or in English if there is no translation of it.
public func said(_ sentence: Sentence) -> String {
  guard let phrasebook = Phrasebook.chosen else { return sentence.english }
  return phrasebook.translation(of: sentence.texts)?.filled(sentence.values) ?? sentence.english
}

/// The same for an English text that needs two translations: `context` tells which it is.
public func said(_ sentence: Sentence, as context: StaticString) -> String {
  guard let phrasebook = Phrasebook.chosen else { return sentence.english }
  return phrasebook.translation(of: sentence.texts, context: "\(context)")?.filled(sentence.values) ?? sentence.english
}

/// The same for a sentence that is too long for one line.
public func said(_ first: Sentence, _ second: Sentence, _ more: Sentence...) -> String {
  said(Sentence(joining: [first, second] + more))
}
