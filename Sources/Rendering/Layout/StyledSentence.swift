// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// A ``StyledText`` as a sentence that can be translated: the translation has the same values with the same meanings.
package struct StyledSentence: Sendable {
  fileprivate var english: StyledText
  /// The text between the values. Empty while nothing is translated.
  fileprivate var texts: [String] = []
  fileprivate var values: [StyledText] = []
}

extension StyledSentence: ExpressibleByStringInterpolation {
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var english = StyledText.StringInterpolation(literalCapacity: 0, interpolationCount: 0)
    fileprivate var texts: [String] = []
    fileprivate var values: [StyledText] = []
    private let isTranslated = Phrasebook.chosen != nil

    package init(literalCapacity: Int, interpolationCount: Int) {
      if isTranslated { texts = [""] }
    }

    package mutating func appendLiteral(_ literal: String) {
      english.appendLiteral(literal)
      if isTranslated { texts[texts.count - 1] += literal }
    }

    package mutating func appendInterpolation(_ value: some CustomStringConvertible, _ role: TextRole = .plain) {
      append(StyledText(value.description, role))
    }

    package mutating func appendInterpolation(_ other: StyledText) { append(other) }

    /// Something to type, in the middle of a sentence.
    package mutating func appendInterpolation(typed command: some StringProtocol) { append("\(typed: command)") }

    private mutating func append(_ value: StyledText) {
      english.appendInterpolation(value)
      guard isTranslated else { return }
      values.append(value)
      texts.append("")
    }
  }

  package init(stringLiteral value: String) {
    english = StyledText(value)
    if Phrasebook.chosen != nil { texts = [value] }
  }

  package init(stringInterpolation: StringInterpolation) {
    english = stringInterpolation.english.text
    texts = stringInterpolation.texts
    values = stringInterpolation.values
  }
}

/// The sentence in the language that was chosen for this program, or in English if there is no translation of it.
///
/// A sentence that is too long for one line is written as several literals.
@_disfavoredOverload
package func said(_ sentences: StyledSentence...) -> StyledText {
  guard let phrasebook = Phrasebook.chosen else {
    return sentences.reduce(into: StyledText()) { $0.append($1.english) }
  }
  var texts = [""]
  for sentence in sentences {
    texts[texts.count - 1] += sentence.texts.first ?? ""
    texts += sentence.texts.dropFirst()
  }
  guard let template = phrasebook.translation(of: texts) else {
    return sentences.reduce(into: StyledText()) { $0.append($1.english) }
  }
  let values = sentences.flatMap(\.values)
  return template.parts.reduce(into: StyledText()) { result, part in
    switch part {
    case .text(let text): result.append(text)
    case .value(let number): if values.indices.contains(number) { result.append(values[number]) }
    }
  }
}
