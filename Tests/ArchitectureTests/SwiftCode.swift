// SPDX-License-Identifier: GPL-3.0-or-later

/// Swift source text with its comments and the words of its string literals blanked out, so that a rule about code
/// does not find what is only talked about. Lines keep their numbers; interpolated code stays.
struct SwiftCode {
  let lines: [String]

  init(_ text: String) {
    var scanner = Scanner(text: Array(text))
    scanner.scanCode(until: nil)
    lines = String(scanner.result).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private struct Scanner {
    let text: [Character]
    var position = 0
    var result: [Character] = []

    init(text: [Character]) { self.text = text }

    func starts(_ word: String) -> Bool {
      let end = position + word.count
      return end <= text.count && text[position..<end].elementsEqual(word)
    }

    mutating func keep() {
      result.append(text[position])
      position += 1
    }

    mutating func blank(_ count: Int = 1) {
      for _ in 0..<count where position < text.count {
        result.append(text[position] == "\n" ? "\n" : " ")
        position += 1
      }
    }

    /// Reads code up to the parenthesis that closes an interpolation, or to the end.
    mutating func scanCode(until closing: Character?) {
      var depth = 0
      while position < text.count {
        if starts("//") {
          while position < text.count, text[position] != "\n" { blank() }
        } else if starts("/*") {
          scanComment()
        } else if let hashes = literalStart() {
          scanLiteral(hashes: hashes)
        } else {
          if let closing {
            if text[position] == "(" { depth += 1 }
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

    /// The number of `#` before the quotation mark that opens a literal here, or nil where none opens.
    func literalStart() -> Int? {
      var end = position
      while end < text.count, text[end] == "#" { end += 1 }
      return end < text.count && text[end] == "\"" ? end - position : nil
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
          scanCode(until: ")")
        } else if starts(escape) {
          blank(escape.count + 1)
        } else {
          blank()
        }
      }
    }
  }
}
