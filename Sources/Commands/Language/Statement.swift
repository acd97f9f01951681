// SPDX-License-Identifier: GPL-3.0-or-later

/// One command as it was typed, cut into words.
public struct Statement: Hashable, Sendable {
  /// As typed, without the space, the `;` and the comment around it.
  public let text: String
  /// The column of its first character: counted from 1 in Characters of the string it was read from.
  public let column: Int
  /// Its words; at least one.
  public let tokens: [Token]

  /// The column right after its last word, where a missing word would be.
  public var endColumn: Int { tokens.last?.columns.upperBound ?? column }
}

/// One word of a statement.
public struct Token: Hashable, Sendable {
  /// Its text, without quotes and with escapes replaced.
  public let text: String
  /// Whether it was in quotes. A quoted word is never a keyword.
  public let isQuoted: Bool
  /// Its place, quotes included: counted from 1 in Characters.
  public let columns: Range<Int>

  public init(text: String, isQuoted: Bool, columns: Range<Int>) {
    self.text = text
    self.isQuoted = isQuoted
    self.columns = columns
  }

  /// Whether this is the keyword `word`, in any case and without quotes.
  func isKeyword(_ word: String) -> Bool { !isQuoted && text.matches(word) }
}

extension String {
  /// Whether two words are the same as far as the language is concerned: case does not count.
  func matches(_ other: String) -> Bool { self == other || lowercased() == other.lowercased() }

  /// Whether the word begins with `prefix`; case does not count.
  func begins(with prefix: String) -> Bool { lowercased().hasPrefix(prefix.lowercased()) }
}
