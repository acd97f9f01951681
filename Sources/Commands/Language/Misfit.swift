// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// One of a command's forms, and why a line cannot be read as it.
struct Misfit {
  var usage: String
  var error: SyntaxError

  /// The one error of all forms: that of the form which most words fit; if several forms end at one place, it tells what
  /// may stand there.
  ///
  /// - Parameter command: the command's name, if nothing follows it.
  static func error(of misfits: [Misfit], after command: String?, in statement: Statement) -> SyntaxError? {
    guard let column = misfits.map(\.error.column).max() else { return nil }
    let nearest = misfits.filter { $0.error.column == column }
    return nearest.count == 1 ? nearest[0].error : chosen(nearest, after: command, in: statement) ?? nearest.last?.error
  }

  /// What may stand where these forms end; nil if they do not all want one word.
  private static func chosen(_ misfits: [Misfit], after command: String?, in statement: Statement) -> SyntaxError? {
    let column = misfits[0].error.column
    let usage = misfits.map(\.usage).joined(separator: said(", or "))
    let labels = misfits.compactMap(\.missingLabel)
    if labels.count == misfits.count, Set(labels).count == 1 {
      return SyntaxError(.missingArgument(label: labels[0], after: nil, usage: usage), column: column)
    }
    let keywords = misfits.compactMap(\.missingKeyword).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    guard !keywords.isEmpty, misfits.allSatisfy({ $0.missingKeyword != nil || $0.isFull }) else { return nil }
    guard let word = statement.tokens.first(where: { $0.columns.lowerBound == column }) else {
      return SyntaxError(
        .missingArgument(label: keywords.joined(separator: "|"), after: command, usage: usage), column: column)
    }
    let meant = Nearest.candidate(to: word.text, among: keywords)
    if keywords.count == 1, meant != nil || word.text.first?.beginsNumber == true {
      // A value whose keyword was forgotten, or the keyword mistyped.
      return misfits.first { $0.missingKeyword != nil }?.error
    }
    let form = misfits.first { meant != nil && $0.missingKeyword == meant }
    return SyntaxError(.unexpectedWord(word.text, usage: form?.usage ?? usage), at: word, suggestion: meant)
  }

  private var missingLabel: String? {
    if case .missingArgument(let label, nil, _) = error.kind { label } else { nil }
  }

  private var missingKeyword: String? {
    if case .missingKeyword(let keyword, _) = error.kind { keyword } else { nil }
  }

  /// Whether the line has a word more than the form.
  private var isFull: Bool {
    if case .unexpectedWord = error.kind { true } else { false }
  }
}
