// SPDX-License-Identifier: GPL-3.0-or-later

/// Names with values, `$NAME`, in what is typed.
struct Variables: Sendable {
  /// One name and the words it stands for.
  struct Entry: Hashable, Sendable {
    let name: String
    let words: [Token]

    /// The value as it could be typed.
    var text: String { words.map(\.typed).joined(separator: " ") }
  }

  /// In the order of their names.
  private(set) var entries: [Entry] = []

  init() {}

  /// A single name, whose value is a number.
  init(_ name: String, _ number: Int) { set(name, [Token(text: "\(number)", isQuoted: false, columns: 1..<1)]) }

  mutating func set(_ name: String, _ words: [Token]) {
    entries.removeAll { $0.name.matches(name) }
    entries.append(Entry(name: name, words: words))
    entries.sort { $0.name.lowercased() < $1.name.lowercased() }
  }

  subscript(_ name: String) -> Entry? { entries.first { $0.name.matches(name) } }

  /// Those whose name is another one.
  func without(_ name: String) -> Variables {
    var others = self
    others.entries.removeAll { $0.name.matches(name) }
    return others
  }
}

extension Statement {
  /// The statement with the values in place of the names; a `$` before any other name stays.
  ///
  /// A bare word that is a name and nothing else becomes all the words of its value, each at its place in the line. The
  /// first word is the command's, and stays.
  func expanding(_ variables: Variables) -> Statement {
    guard !variables.entries.isEmpty, text.contains("$") else { return self }
    let rest = tokens.dropFirst().flatMap { token -> [Token] in
      guard token.text.contains("$") else { return [token] }
      if !token.isQuoted, token.text.hasPrefix("$"), let entry = variables[String(token.text.dropFirst())] {
        return entry.words.map { Token(text: $0.text, isQuoted: $0.isQuoted, columns: token.columns) }
      }
      return [Token(text: token.text.expanding(variables), isQuoted: token.isQuoted, columns: token.columns)]
    }
    let all = Array(tokens.prefix(1)) + rest
    return Statement(text: all.map(\.typed).joined(separator: " "), column: column, tokens: all)
  }
}

extension Token {
  /// The word as it could be typed.
  var typed: String {
    guard isQuoted else { return text }
    let escaped = text.map { character in
      switch character {
      case "\"", "\\": "\\\(character)"
      case "\n": "\\n"
      default: "\(character)"
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}

extension String {
  /// The text with the values of names in it; the longest name that there is counts.
  fileprivate func expanding(_ variables: Variables) -> String {
    var result = ""
    var rest = self[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      let after = rest[rest.index(after: dollar)...]
      let longest = after.prefix { $0.isLetter || $0.isNumber || "._-".contains($0) }.prefix(63)
      let entry = (0...longest.count).reversed().lazy.compactMap { variables[String(longest.prefix($0))] }.first
      if let entry {
        result += entry.words.map(\.text).joined(separator: " ")
        rest = after.dropFirst(entry.name.count)
      } else {
        result += "$"
        rest = after
      }
    }
    return result + rest
  }
}
