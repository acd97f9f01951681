// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// Words for libyaml's errors: it speaks of scanners and tokens, but an author wants to know what to type.
enum YAMLWording {
  /// The line and a sentence that says how to fix it.
  ///
  /// - Parameters:
  ///   - problem: libyaml's words for its error at `line` and `column`, both counted from 0.
  ///   - context: the line on which that began; nil if it does not say.
  static func words(
    for problem: String, line: Int, column: Int, context: Int?, in text: String
  ) -> (line: Int, message: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if let words = words(for: problem, line: lines.indices.contains(line) ? lines[line] : "", column: column) {
      return (line, words)
    }
    // An unclosed part is noticed where it should have ended; the author wants to know where it begins.
    return (context ?? line, openWords(for: problem))
  }

  /// The error on the very line where the problem was met; nil if it is elsewhere.
  private static func words(for problem: String, line: Substring, column: Int) -> String? {
    let indent = line.prefix { $0 == " " || $0 == "\t" }
    if indent.contains("\t") { return said("there is a tab at the beginning of this line; indent with spaces") }
    switch problem {
    case "mapping values are not allowed in this context":
      // The line may be innocent: then the one above it is a text that goes on here.
      return line.count(of: ": ") > 1
        ? said("there is a second ': ' in this line; put quotation marks around the text")
        : said(
          "there cannot be a key here: indent it like the keys around it, and put quotation marks around a text ",
          "that has ': ' in it")
    case "found character that cannot start any token":
      let at = line.dropFirst(column).first
      if line.contains("\t") { return said("there is a tab here; write spaces instead") }
      return said("a text cannot begin with '\(at.map(String.init) ?? "")'; put quotation marks around it")
    case "block sequence entries are not allowed in this context":
      return said("there cannot be a list ('-') here; a list begins on the line after its key")
    case "found unknown escape character":
      return said("'\\' means something else between double quotation marks; use single ones")
    case "did not find expected key", "did not find expected '-' indicator":
      return
        said(
          "this line is indented differently from those that it belongs to, or a quotation mark above is not closed where ",
          "it should be")
    case "could not find expected ':'": return said("a ':' is missing after the key on this line or the one before")
    default: return nil
    }
  }

  /// The error for something begun and not ended.
  private static func openWords(for problem: String) -> String {
    switch problem {
    case "did not find expected ',' or '}'":
      said("the '{' here is not closed as it should be: a ',' or a '}' is missing")
    case "did not find expected ',' or ']'":
      said("the '[' here is not closed as it should be: a ',' or a ']' is missing")
    case "found unexpected end of stream": said("the quotation mark here is never closed")
    case "did not find expected node content": said("a value is missing here")
    default: said("this cannot be read as YAML: \(problem)")
    }
  }
}

extension Substring {
  fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
