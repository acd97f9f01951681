// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// The blocks that natsh interprets, distinguished by the words after their opening fence.
enum LessonBlock: String, CaseIterable {
  case setup = "natsh setup"
  case tries = "natsh try"
  case solution = "natsh solution"
  case alternative = "natsh also"
  case expectation = "yaml expect"
  case mistake = "yaml wrong"
  case prediction = "yaml predict"
  case hint

  /// The meaning of an info string, or its probable meaning.
  enum Reading: Equatable {
    case block(LessonBlock)
    /// Written in a way that would show it unchanged, though its author meant one of the blocks.
    case misspelled(LessonBlock)
    /// An unknown block of natsh's or YAML's; the candidates are those of the language.
    case unknown(language: String, second: String)
    /// Anything else: it is shown unchanged.
    case text
  }

  private static let languages = ["natsh", "yaml"]
  /// Other names of the same thing.
  private static let synonyms = ["yml": "yaml", "tip": "hint", "tips": "hint", "hints": "hint", "clue": "hint"]
  /// Names of blocks in other places that happen to be close to natsh's words.
  private static let otherLanguages: Set<String> = [
    "text", "txt", "sh", "bash", "console", "python", "json", "html", "xml", "http", "ini", "diff", "mermaid", "list",
  ]

  /// The block's own word: `expect` of `yaml expect`.
  var word: String { rawValue.split(separator: " ").last.map(String.init) ?? rawValue }
  var language: String? { rawValue.contains(" ") ? rawValue.split(separator: " ").first.map(String.init) : nil }

  /// The blocks of a language, as messages list them.
  static func list(of language: String) -> [LessonBlock] { allCases.filter { $0.language == language } }

  static func reading(_ info: String) -> Reading {
    let written = info.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
    if let block = LessonBlock(rawValue: written) { return .block(block) }
    let words = info.lowercased().split { !$0.isLetter && !$0.isNumber }.map { synonyms[String($0)] ?? String($0) }
    guard let first = words.first else { return .text }
    if words.count == 1 { return languages.contains(first) ? .unknown(language: first, second: "") : alone(first) }
    // `expect yaml` is `yaml expect` reversed.
    for (language, second) in [(first, words[1]), (words[1], first)] {
      if words.count == 2, let block = LessonBlock(rawValue: "\(language) \(second)") { return .misspelled(block) }
    }
    if languages.contains(first) {
      let near = Nearest.candidate(to: words[1], among: list(of: first).map(\.word))
      // In the other language's block, its own word shows which one was meant.
      let other = list(of: first == "yaml" ? "natsh" : "yaml").first { $0.word == words[1] }
      if let other { return .misspelled(other) }
      return .unknown(language: first, second: near ?? words[1])
    }
    guard words.count == 2, let language = Nearest.candidate(to: first, among: languages),
      let block = list(of: language).first(where: { $0.word == words[1] })
    else { return first == "hint" ? .misspelled(.hint) : .text }
    return .misspelled(block)
  }

  /// A single word, which would be shown as a block of that language.
  private static func alone(_ word: String) -> Reading {
    guard !otherLanguages.contains(word) else { return .text }
    if let block = allCases.first(where: { $0.word == word }) { return .misspelled(block) }
    // Run together, as in `yamlexpect`.
    if let block = allCases.first(where: { $0.rawValue.replacing(" ", with: "") == word }) { return .misspelled(block) }
    // Short words are close to too many others.
    guard word.count >= 4, let near = Nearest.candidate(to: word, among: allCases.map(\.word).filter { $0.count >= 4 }),
      near.first == word.first, let block = allCases.first(where: { $0.word == near })
    else { return .text }
    return .misspelled(block)
  }
}
