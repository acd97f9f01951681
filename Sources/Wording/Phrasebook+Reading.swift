// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a file of translations cannot be used, and where.
public struct PhrasebookError: Error, Hashable, Sendable {
  /// What is wrong with a line.
  public enum Kind: Hashable, Sendable {
    case notText
    case unknownLine
    case openQuote
    case unknownEscape
    case nothingToTranslate
    case twice
    case loneBrace
    case unknownValue(Int, count: Int)
  }

  public let kind: Kind
  /// From 1.
  public let line: Int
}

extension Phrasebook {
  /// Reads translations in the format of GNU gettext's `.po` files: `msgid`, `msgstr`, and `msgctxt` if need be.
  ///
  /// A sentence whose `msgstr` is missing or empty stays English. Lines with `#` are comments.
  /// - Throws: `PhrasebookError` with the first line that cannot be used.
  public init(language: String, po bytes: [UInt8]) throws(PhrasebookError) {
    self.init(language: language)
    var entry = Entry()
    var number = 0
    for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let line = part.last == UInt8(ascii: "\r") ? part.dropLast() : part
      guard let first = line.first, first != UInt8(ascii: "#") else { continue }
      if first == UInt8(ascii: "\"") {
        guard entry.field != nil else { throw PhrasebookError(kind: .unknownLine, line: number) }
        entry.add(try Self.quoted(line, number))
        continue
      }
      guard let field = Field.allCases.first(where: { line.starts(with: $0.rawValue.utf8) }) else {
        throw PhrasebookError(kind: .unknownLine, line: number)
      }
      if field < entry.field ?? .context || field == entry.field { try finish(&entry) }
      entry.begin(field, try Self.quoted(line.dropFirst(field.rawValue.utf8.count), number), at: number)
    }
    try finish(&entry)
  }

  private enum Field: String, CaseIterable, Comparable {
    case context = "msgctxt "
    case key = "msgid "
    case translation = "msgstr "

    private var place: Int { self == .context ? 0 : self == .key ? 1 : 2 }
    static func < (left: Field, right: Field) -> Bool { left.place < right.place }
  }

  private struct Entry {
    var field: Field?
    var context: String?
    var key: String?
    var translation = ""
    var line = 0

    mutating func begin(_ field: Field, _ text: String, at line: Int) {
      self.field = field
      self.line = line
      switch field {
      case .context: context = text
      case .key: key = text
      case .translation: translation = text
      }
    }

    mutating func add(_ text: String) {
      switch field {
      case .context: context? += text
      case .key: key? += text
      case .translation: translation += text
      case nil: break
      }
    }
  }

  /// Takes up an entry that is complete, and begins the next.
  private mutating func finish(_ entry: inout Entry) throws(PhrasebookError) {
    defer { entry = Entry() }
    guard entry.field != nil else { return }
    guard let key = entry.key else { throw PhrasebookError(kind: .nothingToTranslate, line: entry.line) }
    // The entry without a key is the file's head.
    guard !key.isEmpty, !entry.translation.isEmpty else { return }
    let place = (entry.context.map { $0 + Self.contextEnd } ?? "") + key
    guard templates[place] == nil else { throw PhrasebookError(kind: .twice, line: entry.line) }
    guard let template = Template(entry.translation), let english = Template.parts(of: key) else {
      throw PhrasebookError(kind: .loneBrace, line: entry.line)
    }
    let count = english.reduce(0) { if case .value = $1 { $0 + 1 } else { $0 } }
    for case .value(let number) in template.parts where number >= count {
      throw PhrasebookError(kind: .unknownValue(number, count: count), line: entry.line)
    }
    templates[place] = template
  }

  /// The text between quotation marks, which is all that stands there.
  private static func quoted(_ bytes: ArraySlice<UInt8>, _ line: Int) throws(PhrasebookError) -> String {
    var text: [UInt8] = []
    var rest = bytes.dropFirst()
    guard bytes.first == UInt8(ascii: "\"") else { throw PhrasebookError(kind: .openQuote, line: line) }
    while let byte = rest.first {
      rest = rest.dropFirst()
      if byte == UInt8(ascii: "\"") {
        guard rest.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == 9 }) else { break }
        guard let valid = String(validating: text, as: UTF8.self) else {
          throw PhrasebookError(kind: .notText, line: line)
        }
        return valid
      }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      switch rest.first {
      case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(rest[rest.startIndex])
      default: throw PhrasebookError(kind: .unknownEscape, line: line)
      }
      rest = rest.dropFirst()
    }
    throw PhrasebookError(kind: .openQuote, line: line)
  }
}

extension PhrasebookError {
  /// What is wrong and what should stand there. It is English, since there is no translation then.
  public var message: String {
    switch kind {
    case .notText: "this is not UTF-8 text"
    case .unknownLine:
      "a line is msgctxt, msgid or msgstr with a text in quotation marks, or begins with # or a quotation mark"
    case .openQuote: "a text stands between two quotation marks, and a quotation mark in it is written \\\""
    case .unknownEscape: "after a backslash only n, t, \" and \\ can follow"
    case .nothingToTranslate: "there is no msgid above this"
    case .twice: "this sentence is translated twice; delete one"
    case .loneBrace: "braces stand around a number, {0}, or are doubled: {{ }}"
    case .unknownValue(let number, let count):
      count == 0
        ? "the sentence has no {\(number)}; it has no values"
        : "the sentence has no {\(number)}; its last is {\(count - 1)}"
    }
  }
}
