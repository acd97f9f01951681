// SPDX-License-Identifier: GPL-3.0-or-later

extension Catalog {
  /// Completes the word that ends at `cursor`, a UTF-8 offset, with the words that may stand there. Gives nothing
  /// inside quotes, inside a comment, or after something that cannot be read.
  public func completions(line: String, cursor: Int, in names: any NameContext) -> Completions {
    let nothing = Completions(start: cursor)
    guard cursor >= 0, let before = String(line.utf8.prefix(cursor)), let scan = try? LineScanner.scan(before),
      !scan.endsInComment, !scan.endsInQuotedWord
    else { return nothing }
    let start = scan.openWordOffset ?? before.utf8.count
    guard let typed = String(before.utf8.dropFirst(start)) else { return nothing }
    var words: ArraySlice<Token> = []
    if scan.continuesLast, let last = scan.statements.last {
      words = scan.openWordOffset == nil ? last.tokens[...] : last.tokens.dropLast()
    }
    let (candidates, files) = candidates(after: Array(words), typed: typed, in: names)
    return Completions(start: start, candidates: candidates, files: files)
  }

  private func candidates(
    after words: [Token], typed: String, in names: any NameContext
  ) -> ([Completions.Candidate], files: Bool) {
    guard let first = words.first, let last = words.last else { return (commandWords(typed), false) }
    let led = declaration(named: first.text) == nil ? declarations(ledInBy: first.text) : []
    if words.count == 1, !led.isEmpty {
      let all = led.map { Completions.Candidate($0.name, note: $0.summary) }
      return (all.filter { $0.text.begins(with: typed) }, false)
    }
    let statement = Statement(text: "", column: first.columns.lowerBound, tokens: words)
    guard let (declaration, rest) = try? commandAndWords(of: statement), !last.columns.isEmpty else {
      return ([], false)
    }
    let reader = ArgumentReader(names: names, catalog: self)
    var found: [Completions.Candidate] = []
    var texts: Set<String> = []
    var files = false
    for form in declaration.forms {
      var matcher = ParameterMatcher(form: form, of: declaration, statement: statement, reader: reader)
      guard (try? matcher.take(rest)) != nil else { continue }
      for expectation in matcher.expectations {
        if case .value(.file) = expectation { files = true }
        let source = CompletionSource(catalog: self, names: names, matcher: matcher)
        for candidate in source.candidates(for: expectation, typed: typed)
        where candidate.text.begins(with: typed) && texts.insert(candidate.text).inserted {
          found.append(candidate)
        }
      }
    }
    return (found, files)
  }

  /// The commands, and, once something is typed, the other words that begin a command.
  private func commandWords(_ typed: String) -> [Completions.Candidate] {
    var words = declarations.map { Completions.Candidate($0.name, note: $0.summary) }
    if !typed.isEmpty {
      for declaration in declarations {
        for word in declaration.aliases + declaration.leadIns where !words.contains(where: { $0.text == word }) {
          words.append(Completions.Candidate(word, note: declaration.summary))
        }
      }
    }
    return words.filter { $0.text.begins(with: typed) }
  }
}
