// SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization

/// A table of translations: what is said in another language for each English sentence.
public struct Phrasebook: Sendable {
  /// A translation with places for the sentence's values, in any order.
  public struct Template: Hashable, Sendable {
    /// As the file has it, with `{0}` for the first value.
    public let text: String

    /// The translation's texts and, between them, the numbers of the values, from 0; `{{` and `}}` are braces.
    public let parts: [Part]

    /// A piece of a translation.
    public enum Part: Hashable, Sendable {
      case text(String)
      /// The place of a value, by its number in the English sentence, from 0.
      case value(Int)
    }

    /// Nil if a brace stands alone.
    init?(_ text: String) {
      guard let parts = Self.parts(of: text) else { return nil }
      self.text = text
      self.parts = parts
    }

    /// The translation with the values in their places.
    public func filled(_ values: [String]) -> String {
      parts.reduce(into: "") { result, part in
        switch part {
        case .text(let text): result += text
        case .value(let number): result += values.indices.contains(number) ? values[number] : ""
        }
      }
    }

    static func parts(of text: String) -> [Part]? {
      guard text.utf8.contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }) else {
        return [.text(text)]
      }
      var parts: [Part] = []
      var piece = ""
      var rest = Substring(text)
      while let letter = rest.popFirst() {
        if letter == "{" || letter == "}", rest.first == letter {
          piece.append(letter)
          rest.removeFirst()
        } else if letter == "{" {
          guard let end = rest.firstIndex(of: "}"), let number = Int(rest[..<end]), number >= 0 else { return nil }
          if !piece.isEmpty { parts.append(.text(piece)) }
          piece = ""
          parts.append(.value(number))
          rest = rest[end...].dropFirst()
        } else if letter == "}" {
          return nil
        } else {
          piece.append(letter)
        }
      }
      if !piece.isEmpty { parts.append(.text(piece)) }
      return parts
    }
  }

  /// The language's code, such as `de` (ISO 639).
  public let language: String
  /// By the English key; a context stands before it with ``contextEnd`` between them, as in compiled gettext catalogues.
  var templates: [String: Template] = [:]

  static let contextEnd = "\u{4}"

  /// A table without translations.
  public init(language: String) {
    self.language = language
  }

  /// The number of sentences that are translated.
  public var count: Int { templates.count }

  /// The translation of the sentence with these texts between its values; nil if there is none.
  public func translation(of texts: [String], context: String? = nil) -> Template? {
    templates[(context.map { $0 + Self.contextEnd } ?? "") + Self.key(texts)]
  }

  /// The translation of the sentence with this key; nil if there is none.
  public func translation(ofKey key: String) -> Template? { templates[key] }

  /// The key of a sentence: its texts, with `{0}`, `{1}`, … between them and with braces doubled.
  public static func key(_ texts: [String]) -> String {
    var key = ""
    for (number, text) in texts.enumerated() {
      if number > 0 { key += "{\(number - 1)}" }
      let hasBraces = text.utf8.contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }
      key +=
        hasBraces
        ? text.split(separator: "{", omittingEmptySubsequences: false).joined(separator: "{{")
          .split(separator: "}", omittingEmptySubsequences: false).joined(separator: "}}") : text
    }
    return key
  }

  // MARK: The program's own

  private static let next = Mutex<Phrasebook?>(nil)

  /// The table that this program speaks from; nil is English. It is settled when the first sentence is said.
  public static let chosen: Phrasebook? = next.withLock { $0 }

  /// Chooses the table for the whole program: its first act, since what has been said cannot be taken back.
  ///
  /// - Returns: whether it is in time, before the first sentence.
  @discardableResult
  public static func choose(_ phrasebook: Phrasebook) -> Bool {
    next.withLock { $0 = phrasebook }
    return chosen?.language == phrasebook.language
  }
}
