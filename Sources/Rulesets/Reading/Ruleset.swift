// SPDX-License-Identifier: GPL-3.0-or-later

/// A router's NAT as a file of rules describes it.
package struct Ruleset: Sendable {
  package let kind: RulesetKind
  private var draft: RouterDraft
  private let lines: [SourceLine]

  /// The name that the file gives to the router, if a device can have it.
  package var name: String? { draft.name.flatMap { Self.isName($0) ? $0 : nil } }

  /// Reads a file; `kind` is its kind, or nil if the text is to show it.
  package init(_ bytes: [UInt8], as kind: RulesetKind?) throws(RulesetFault) {
    lines = try Self.lines(of: bytes)
    guard let found = kind ?? RulesetKind.guess(from: lines) else { throw .unknownKind }
    self.kind = found
    draft =
      switch found {
      case .iptables: try IptablesReader.read(lines)
      case .nft: try NftablesReader.read(lines)
      case .pf: try PacketFilterReader.read(lines)
      case .ios: try CiscoReader.read(lines)
      }
  }

  /// The commands that make the router, and what became of each line that says something.
  package func commands(for target: ImportTarget) -> (commands: [String], lines: [LineReading]) {
    var draft = draft
    let commands = draft.commands(for: target)
    let readings = lines.compactMap { line in
      draft.notes.notes[line.number].map {
        LineReading(number: line.number, text: String(line.text), became: $0.became, unread: $0.unread)
      }
    }
    return (commands, readings)
  }

  /// The lines, without the space around them; binary data is refused with its line.
  private static func lines(of bytes: [UInt8]) throws(RulesetFault) -> [SourceLine] {
    guard bytes.count <= RulesetFault.mostBytes else { throw .tooLong(bytes.count) }
    var number = 1
    for byte in bytes {
      if byte == UInt8(ascii: "\n") { number += 1 }
      let isControl = byte < 32 && byte != 9 && byte != 10 && byte != 12 && byte != 13
      if isControl || byte == 127 { throw .binary(line: number) }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .binary(line: firstLineNotText(bytes)) }
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.enumerated().map { place, line in
      SourceLine(number: place + 1, text: line.trimmed)
    }
    guard lines.contains(where: { !$0.text.isEmpty }) else { throw .empty }
    return lines
  }

  private static func firstLineNotText(_ bytes: [UInt8]) -> Int {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.first, first.isASCII, first.isLetter, text.count <= 63 else { return false }
    return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }
  }
}

extension StringProtocol {
  /// Without the space at its ends.
  var trimmed: SubSequence {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return start.prefix(0) }
    return start[...last]
  }

  /// The words between spaces; quoted text is one word, without its quotes.
  var words: [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in self {
      if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
      } else if character == "\"" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let word { words.append(word) }
    return words
  }
}
