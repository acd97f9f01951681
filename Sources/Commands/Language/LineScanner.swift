// SPDX-License-Identifier: GPL-3.0-or-later

extension Statement {
  /// The most bytes that one line may have.
  public static let longestLine = 262_144

  /// Cuts a line into statements: at `;` and at line ends outside quotes; comments are dropped, empty statements too.
  ///
  /// Columns count the Characters of the whole of `line`, from 1.
  /// - Throws: the fault of the first place that cannot be read: a quote left open, a wrong escape, a control
  ///   character, a line of more than ``longestLine`` bytes.
  public static func statements(in line: String) throws(SyntaxError) -> [Statement] {
    try LineScanner.scan(line).statements
  }
}

/// Cuts text into words and statements, and remembers how the text ends, which completion needs to know.
struct LineScanner {
  struct Scan {
    var statements: [Statement] = []
    /// Whether a word typed now would belong to the last of the statements.
    var continuesLast = false
    var endsInComment = false
    /// The UTF-8 offset of the bare word that the text ends in; nil if it ends in space or after a quoted word.
    var openWordOffset: Int?
    /// Whether a quoted word ends the text, so that only space may follow.
    var endsInQuotedWord = false
  }

  static func scan(_ line: String) throws(SyntaxError) -> Scan {
    try checkLength(of: line)
    var scanner = LineScanner(line)
    try scanner.run()
    return scanner.result
  }

  private let characters: [Character]
  private var index = 0
  private var offset = 0
  private var tokens: [Token] = []
  private var result = Scan()

  private init(_ line: String) {
    characters = Array(line)
  }

  private var current: Character? { index < characters.count ? characters[index] : nil }
  private var column: Int { index + 1 }

  private mutating func advance() {
    offset += characters[index].utf8.count
    index += 1
  }

  private mutating func run() throws(SyntaxError) {
    while let character = current {
      try checkVisible(character)
      if isLineEnd(character) || character == ";" {
        endStatement()
        advance()
      } else if isSpace(character) {
        result.openWordOffset = nil
        result.endsInQuotedWord = false
        advance()
      } else if character == "#" {
        try skipComment()
      } else if character == "\"" {
        try readQuoted()
      } else if "“”„«»".contains(character) {
        throw SyntaxError(.typographicQuote(character), column: column, suggestion: "\"")
      } else {
        try readBare()
      }
    }
    result.continuesLast = !tokens.isEmpty
    let open = (result.openWordOffset, result.endsInQuotedWord)
    endStatement()
    (result.openWordOffset, result.endsInQuotedWord) = open
  }

  private mutating func endStatement() {
    result.openWordOffset = nil
    result.endsInQuotedWord = false
    guard let first = tokens.first, let last = tokens.last else { return }
    let text = String(characters[(first.columns.lowerBound - 1)..<(last.columns.upperBound - 1)])
    result.statements.append(Statement(text: text, column: first.columns.lowerBound, tokens: tokens))
    tokens = []
  }

  private mutating func skipComment() throws(SyntaxError) {
    while let character = current, !isLineEnd(character) {
      try checkVisible(character)
      advance()
    }
    result.endsInComment = current == nil
  }

  private mutating func readBare() throws(SyntaxError) {
    let start = index
    let startOffset = offset
    while let character = current, !isLineEnd(character), !isSpace(character), character != ";" {
      try checkVisible(character)
      guard character != "\"" else { throw SyntaxError(.quoteInsideWord, column: column) }
      advance()
    }
    tokens.append(Token(text: String(characters[start..<index]), isQuoted: false, columns: start + 1..<index + 1))
    result.openWordOffset = startOffset
  }

  private mutating func readQuoted() throws(SyntaxError) {
    let start = index
    var text = ""
    advance()
    while true {
      guard let character = current, !isLineEnd(character) else {
        throw SyntaxError(.unclosedQuote, column: start + 1)
      }
      try checkVisible(character)
      if character == "\"" { break }
      guard character == "\\" else {
        text.append(character)
        advance()
        continue
      }
      advance()
      switch current {
      case "\"": text.append("\"")
      case "\\": text.append("\\")
      case "n": text.append("\n")
      case nil: throw SyntaxError(.unclosedQuote, column: start + 1)
      case let other?:
        try checkVisible(other)
        if isLineEnd(other) { throw SyntaxError(.unclosedQuote, column: start + 1) }
        throw SyntaxError(.badEscape(other), column: column - 1, length: 2)
      }
      advance()
    }
    advance()
    if let next = current, !isSpace(next), !isLineEnd(next), next != ";" {
      try checkVisible(next)
      throw SyntaxError(.wordAfterQuote, column: column)
    }
    tokens.append(Token(text: text, isQuoted: true, columns: start + 1..<index + 1))
    result.endsInQuotedWord = true
  }

  /// A carriage return ends a line only before a line feed, with which it is one Character, or at the very end, where a
  /// reader that cuts at line feeds leaves it.
  private func isLineEnd(_ character: Character) -> Bool {
    character == "\n" || character == "\r\n" || (character == "\r" && index == characters.count - 1)
  }

  /// Space, tab, and the spaces that come along when a line is copied from a page.
  private func isSpace(_ character: Character) -> Bool {
    character == " " || character == "\t" || (character.isWhitespace && !character.isNewline)
  }

  private func checkVisible(_ character: Character) throws(SyntaxError) {
    guard !isLineEnd(character) else { return }
    for scalar in character.unicodeScalars where scalar.isRefused {
      throw SyntaxError(.controlCharacter(scalar), column: column)
    }
  }

  private static func checkLength(of line: String) throws(SyntaxError) {
    guard line.utf8.count > Statement.longestLine else { return }
    var start = line.utf8.startIndex
    while start < line.utf8.endIndex {
      let end = line.utf8[start...].firstIndex(of: UInt8(ascii: "\n")) ?? line.utf8.endIndex
      let bytes = line.utf8.distance(from: start, to: end)
      if bytes > Statement.longestLine {
        let column = line.distance(from: line.startIndex, to: start) + 1
        throw SyntaxError(.lineTooLong(bytes: bytes), column: column)
      }
      start = end < line.utf8.endIndex ? line.utf8.index(after: end) : end
    }
  }
}

extension Unicode.Scalar {
  /// Whether the language refuses the character: it moves the terminal (C0, DEL, C1), reverses the direction of shown
  /// text (bidi controls), ends a line where no line ends, or is an invisible part of a word.
  var isRefused: Bool {
    switch value {
    case 0x09: false
    case 0x00...0x1F, 0x7F...0x9F: true
    case 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}
