// SPDX-License-Identifier: GPL-3.0-or-later

/// Swift source text with its comments and the words of its string literals blanked out, so that a rule about code does
/// not find mere mentions. Lines keep their numbers; interpolated code stays.
struct SwiftCode: Sendable {
  let lines: [String]

  init(_ text: String) {
    var scanner = Scanner(text: Array(text.utf8))
    scanner.scanCode(until: nil)
    lines = String(decoding: scanner.result, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  private struct Scanner {
    let text: [UInt8]
    static let newline = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")
    var position = 0
    var result: [UInt8] = []

    init(text: [UInt8]) { self.text = text }

    func starts(_ word: String) -> Bool {
      let end = position + word.utf8.count
      return end <= text.count && text[position..<end].elementsEqual(word.utf8)
    }

    mutating func keep() {
      result.append(text[position])
      position += 1
    }

    mutating func blank(_ count: Int = 1) {
      for _ in 0..<count where position < text.count {
        result.append(text[position] == Self.newline ? Self.newline : Self.space)
        position += 1
      }
    }

    /// Reads code up to the parenthesis that closes an interpolation, or to the end.
    mutating func scanCode(until closing: UInt8?) {
      var depth = 0
      while position < text.count {
        if starts("//") {
          while position < text.count, text[position] != Self.newline { blank() }
        } else if starts("/*") {
          scanComment()
        } else if let hashes = literalStart() {
          scanLiteral(hashes: hashes)
        } else {
          if let closing {
            if text[position] == UInt8(ascii: "(") { depth += 1 }
            if text[position] == closing, depth == 0 { return keep() }
            if text[position] == closing { depth -= 1 }
          }
          keep()
        }
      }
    }

    /// Comments nest in Swift.
    mutating func scanComment() {
      var depth = 0
      repeat {
        if starts("/*") {
          depth += 1
          blank(2)
        } else if starts("*/") {
          depth -= 1
          blank(2)
        } else {
          blank()
        }
      } while depth > 0 && position < text.count
    }

    /// The number of `#` before the quotation mark that opens a literal here, or nil if none opens.
    func literalStart() -> Int? {
      var end = position
      while end < text.count, text[end] == UInt8(ascii: "#") { end += 1 }
      return end < text.count && text[end] == UInt8(ascii: "\"") ? end - position : nil
    }

    mutating func scanLiteral(hashes: Int) {
      for _ in 0..<hashes { keep() }
      let quotes = starts("\"\"\"") ? 3 : 1
      let closing = String(repeating: "\"", count: quotes) + String(repeating: "#", count: hashes)
      let escape = "\\" + String(repeating: "#", count: hashes)
      for _ in 0..<quotes { keep() }
      while position < text.count {
        if starts(closing) {
          for _ in 0..<closing.count { keep() }
          return
        }
        if starts(escape + "(") {
          for _ in 0...escape.count { keep() }
          scanCode(until: UInt8(ascii: ")"))
        } else if starts(escape) {
          blank(escape.count + 1)
        } else {
          blank()
        }
      }
    }
  }
}
