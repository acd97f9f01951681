// SPDX-License-Identifier: GPL-3.0-or-later

import CReadline
import Commands
import Rendering
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Tab completion. The session decides which words fit; this makes Readline insert and show them.
extension InteractiveShell {
  func setUpCompletion() {
    rl_attempted_completion_function = { _, start, end in
      // Nothing found means nothing: no file names unless the session asks for them.
      rl_attempted_completion_over = 1
      return InteractiveShell.current?.completions(start: Int(start), end: Int(end))
    }
    rl_completion_display_matches_hook = { matches, count, longest in
      InteractiveShell.current?.display(matches, count: Int(count), longest: longest)
    }
    // Kept for as long as the program runs. A word ends at a space, a ';' or a quote; ':' is a part of `alice:5000`,
    // and what the session wants replaced may begin later than the word does.
    rl_completer_word_break_characters = UnsafePointer(strdup(" \t\n;\""))
    rl_completer_quote_characters = UnsafePointer(strdup("\""))
    rl_filename_quote_characters = UnsafePointer(strdup(" \t\n;#\"\\"))
    rl_filename_quoting_function = { name, match, quote in
      guard let name else { return nil }
      if let quote { quote.pointee = CChar(UInt8(ascii: "\"")) }
      return strdup(QuotedName.begin(String(cString: name)))
    }
    rl_filename_dequoting_function = { text, _ in
      text.flatMap { strdup(QuotedName.read(String(cString: $0))) }
    }
    rl_sort_completion_matches = 0
  }

  /// The word that replaces the text from `start` to `end`, then all candidates; nil for none.
  private func completions(
    start: Int, end: Int
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    completionNotes = [:]
    guard let buffer = rl_line_buffer else { return nil }
    let line = String(cString: buffer)
    let bytes = Array(line.utf8)
    guard start <= end, end <= bytes.count else { return nil }
    // Within quotes, which the session cannot read before they are closed, only a file's name can be completed: ask
    // what may stand where the quote begins.
    let isQuoted = start > 0 && bytes[start - 1] == UInt8(ascii: "\"")
    let found = console.session.completions(line: line, cursor: isQuoted ? start - 1 : Int(rl_point))
    if found.files {
      rl_attempted_completion_over = 0
      rl_sort_completion_matches = 1
      return nil
    }
    rl_sort_completion_matches = 0
    guard !isQuoted, found.start <= end else { return nil }
    let typed = String(decoding: bytes[start..<end], as: UTF8.self)
    // Readline replaces its own word; the session's begins later (`alice:50`, where the port is) or a quote earlier.
    let kept = found.start > start ? String(decoding: bytes[start..<found.start], as: UTF8.self) : ""
    let skipped = found.start < start ? Array(bytes[found.start..<start]) : []
    var words: [String] = []
    var known: Set<String> = []
    for candidate in found.candidates {
      guard candidate.text.utf8.starts(with: skipped) else { continue }
      let word = kept + String(decoding: candidate.text.utf8.dropFirst(skipped.count), as: UTF8.self)
      guard known.insert(word).inserted else { continue }
      words.append(word)
      // Notes put text to be typed between backquotes, as all prose does.
      completionNotes[word] = candidate.note.map { StyledText(prose: $0).plain }
    }
    guard !words.isEmpty else { return nil }
    let isFinal = words.count == 1 && found.candidates.contains { $0.appendsSpace }
    rl_completion_append_character = isFinal ? Int32(UInt8(ascii: " ")) : 0
    rl_completion_suppress_append = isFinal ? 0 : 1
    let common = Self.commonStart(of: words)
    // Names compare without case: `ALI` is completed to `alice`, but never shortened.
    return Self.cArray([common.utf8.count < typed.utf8.count ? typed : common] + words)
  }

  /// The longest common beginning of the words, without regard to case, spelled as in the first.
  static func commonStart(of words: [String]) -> String {
    guard var common = words.first else { return "" }
    for word in words.dropFirst() where !word.hasPrefix(common) {
      let count = zip(common, word).prefix { $0.lowercased() == $1.lowercased() }.count
      common = String(common.prefix(count))
    }
    return common
  }

  /// An array of C strings as Readline frees it.
  private static func cArray(_ words: [String]) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    let size = (words.count + 1) * MemoryLayout<UnsafeMutablePointer<CChar>?>.stride
    guard let memory = malloc(size) else { return nil }
    let array = memory.bindMemory(to: UnsafeMutablePointer<CChar>?.self, capacity: words.count + 1)
    for (index, word) in words.enumerated() { (array + index).initialize(to: strdup(word)) }
    (array + words.count).initialize(to: nil)
    return array
  }

  /// Shows the candidates: one per line, each with its note, where there are notes and not too many; else in columns.
  private func display(
    _ matches: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, count: Int, longest: Int32
  ) {
    guard let matches else { return }
    // Readline asks by itself only where nothing else shows the matches.
    guard count <= Int(rl_completion_query_items) || wantsAll(count) else {
      rl_forced_update_display()
      return
    }
    let words = (1...max(1, count)).compactMap { matches[$0].map { String(cString: $0) } }
    guard words.contains(where: { completionNotes[$0] != nil }), words.count <= 40 else {
      rl_display_match_list(matches, Int32(count), longest)
      rl_forced_update_display()
      return
    }
    let width = Terminal.output.width
    let column = (words.map { DisplayWidth.of($0) }.max() ?? 0) + 2
    var text = "\n"
    for word in words {
      let line = word + String(repeating: " ", count: column - DisplayWidth.of(word)) + (completionNotes[word] ?? "")
      text += "  " + line.prefix(max(column, width - 3)) + "\n"
    }
    console.output.write(text)
    rl_forced_update_display()
  }

  /// Asks whether to show so many candidates.
  private func wantsAll(_ count: Int) -> Bool {
    console.output.write(said("\nDisplay all \(Count.grouped(count)) possibilities? (y or n) "))
    while true {
      switch KeyReader.next() {
      case .character("y"), .character("Y"), .character(" "):
        console.output.write("\n")
        return true
      case .character("n"), .character("N"), .interrupt, .end:
        console.output.write("\n")
        return false
      default: continue
      }
    }
  }
}

/// A file's name within quotes, where only `\"`, `\\` and `\n` are escapes.
enum QuotedName {
  /// The opening quote and the name; the closing quote is typed, or added, behind it.
  static func begin(_ name: String) -> String {
    var text = "\""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// The name that such a text means.
  static func read(_ text: String) -> String {
    var name = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in text.unicodeScalars {
      switch (isEscaped, scalar) {
      case (false, "\\"): isEscaped = true
      case (true, "n"):
        name.append("\n")
        isEscaped = false
      default:
        name.append(scalar)
        isEscaped = false
      }
    }
    return String(name)
  }
}
