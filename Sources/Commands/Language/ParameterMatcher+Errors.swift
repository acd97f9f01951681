// SPDX-License-Identifier: GPL-3.0-or-later

extension ParameterMatcher {
  func missing(_ label: String, after keyword: String?) -> SyntaxError {
    SyntaxError(.missingArgument(label: label, after: keyword, usage: usage), column: statement.endColumn)
  }

  /// A prefix where an address may stand is almost always a `lan` without its keyword.
  func checkForForgottenKeyword(_ token: Token, _ kind: ArgumentKind) throws(SyntaxError) {
    guard kind == .address, token.text.contains("/") else { return }
    for parameter in form where parameter.isFloating {
      guard case .clause(.prefix, _, _) = parameter.shape else { continue }
      throw SyntaxError(
        .missingKeyword(parameter.label, usage: usage), at: token, suggestion: "\(parameter.label) \(token.text)")
    }
  }

  /// The error about a word for which no place is left.
  func unplaced(_ token: Token, candidate: Int?) -> SyntaxError {
    let keywords = form.filter { $0.isFloating && !isUsedUp($0) }.flatMap(\.keywords)
    if let last = entries.last, case .text = last.value, !last.token.isQuoted,
      form.contains(where: { $0.label == last.label && $0.shape == .optional(.text, atMost: 1) })
    {
      if let keyword = Nearest.candidate(to: last.token.text, among: keywords) {
        return SyntaxError(.unexpectedWord(last.token.text, usage: usage), at: last.token, suggestion: keyword)
      }
      return unquoted(from: last.token)
    }
    if let keyword = Nearest.candidate(to: token.text, among: keywords) {
      return SyntaxError(.unexpectedWord(token.text, usage: usage), at: token, suggestion: keyword)
    }
    if let candidate, case .optional(let kind, _) = form[candidate].shape, kind != .address, !token.isQuoted {
      do {
        _ = try reader.value(of: token, as: kind)
      } catch {
        return error
      }
    }
    return SyntaxError(.unexpectedWord(token.text, usage: usage), at: token)
  }

  /// The error about a text of several bare words: it covers all of them, up to the next keyword.
  func unquoted(from first: Token) -> SyntaxError {
    let words = statement.tokens
      .drop { $0.columns.lowerBound < first.columns.lowerBound }
      .prefix { !$0.isQuoted && ($0 == first || floating($0) == nil) }
    let text = words.map(\.text).joined(separator: " ").replacing("\\", with: "\\\\")
    let end = words.last?.columns.upperBound ?? first.columns.upperBound
    return SyntaxError(
      .textNeedsQuotes, column: first.columns.lowerBound, length: end - first.columns.lowerBound,
      suggestion: text.utf8.count <= 200 ? "\"\(text)\"" : nil)
  }
}
