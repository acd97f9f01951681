// SPDX-License-Identifier: GPL-3.0-or-later

/// The words and signs of nftables' language, with their lines.
struct NftablesTokens: Sendable {
  struct Token: Sendable {
    var text: String
    var line: Int
    var isQuoted = false
  }

  private(set) var tokens: [Token] = []
  private var place = 0

  init(_ lines: [SourceLine]) {
    for line in lines { add(line) }
  }

  /// The tokens of one rule.
  init(_ tokens: [Token]) { self.tokens = tokens }

  static let newline = "\n"

  private mutating func add(_ line: SourceLine) {
    var word = ""
    var quoted: String?
    func isSign(_ character: Character) -> Bool { "{};,()".contains(character) }
    func end(_ tokens: inout [Token]) {
      guard !word.isEmpty else { return }
      // An IPv6 address keeps its colons.
      if word.count(where: { $0 == ":" }) == 1, word.count > 1, let colon = word.firstIndex(of: ":") {
        let parts = [String(word[..<colon]), ":", String(word[word.index(after: colon)...])]
        tokens += parts.filter { !$0.isEmpty }.map { Token(text: $0, line: line.number) }
      } else {
        tokens.append(Token(text: word, line: line.number))
      }
      word = ""
    }
    for character in line.text {
      if let text = quoted {
        if character == "\"" {
          tokens.append(Token(text: text, line: line.number, isQuoted: true))
          quoted = nil
        } else {
          quoted = text + String(character)
        }
      } else if character == "#" {
        break
      } else if character == "\"" {
        end(&tokens)
        quoted = ""
      } else if character.isWhitespace {
        end(&tokens)
      } else if isSign(character) {
        end(&tokens)
        tokens.append(Token(text: String(character), line: line.number))
      } else {
        word.append(character)
      }
    }
    end(&tokens)
    // A line that ends in a backslash goes on.
    if tokens.last?.text == "\\" {
      tokens.removeLast()
    } else {
      tokens.append(Token(text: Self.newline, line: line.number))
    }
  }

  // MARK: Reading

  var next: Token? { place < tokens.count ? tokens[place] : nil }
  var line: Int { next?.line ?? tokens.last?.line ?? 0 }
  var isAtEnd: Bool { place >= tokens.count }

  /// Whether the next token is this word or sign.
  func isNext(_ text: String) -> Bool { next.map { $0.text == text && !$0.isQuoted } ?? false }

  mutating func pop() -> Token? {
    guard place < tokens.count else { return nil }
    place += 1
    return tokens[place - 1]
  }

  /// Goes back by one.
  mutating func putBack() { if place > 0 { place -= 1 } }

  /// Takes the next token if it is this one.
  mutating func take(_ text: String) -> Bool {
    guard isNext(text) else { return false }
    place += 1
    return true
  }

  mutating func skipNewlines() { while isNext(Self.newline) || isNext(";") { place += 1 } }

  /// The tokens to the end of the statement; those in braces belong to it. Stops before a brace that closes more.
  mutating func statement() -> [Token] {
    var found: [Token] = []
    var depth = 0
    while let token = next {
      if !token.isQuoted {
        if depth == 0, token.text == Self.newline || token.text == ";" || token.text == "}" { break }
        if token.text == "{" { depth += 1 }
        if token.text == "}" { depth -= 1 }
      }
      place += 1
      if token.text != Self.newline || token.isQuoted { found.append(token) }
    }
    return found
  }

  /// What stands between braces, of which the opening one has been taken; nil if they do not close.
  mutating func block() -> NftablesTokens? {
    var depth = 1
    var inner: [Token] = []
    while let token = pop() {
      if !token.isQuoted {
        if token.text == "{" { depth += 1 }
        if token.text == "}" { depth -= 1 }
        if depth == 0 { return NftablesTokens(inner) }
      }
      inner.append(token)
    }
    return nil
  }
}
