// SPDX-License-Identifier: GPL-3.0-or-later

// TEMPORARY: stands in for the session, the catalog and the renderers until they are merged, then goes.

import Commands
import NATModel

public struct Token: Sendable {
  public var text: String
  public var isQuoted: Bool
  public var columns: Range<Int>
}

public struct SyntaxError: Error, Sendable {
  public enum Kind: Sendable {
    case unknownCommand(String)
    case unclosedQuote
  }
  public var kind: Kind
  public var column: Int
  public var length: Int
  public var suggestion: String?
}

public struct CommandError: Error, Sendable {
  public var message: String
}

public struct Statement: Sendable {
  public var text: String
  public var column: Int
  public var tokens: [Token]

  public static func statements(in line: String) throws(SyntaxError) -> [Statement] {
    var found: [Statement] = []
    var tokens: [Token] = []
    var text = ""
    var word = ""
    var wordStart: Int?
    var quoteStart: Int?
    var wasQuoted = false
    var column = 0
    func endWord() {
      if let start = wordStart { tokens.append(Token(text: word, isQuoted: wasQuoted, columns: start..<column)) }
      word = ""
      wordStart = nil
      wasQuoted = false
    }
    func endStatement() {
      endWord()
      if let first = tokens.first {
        found.append(Statement(text: text.trimmed, column: first.columns.lowerBound, tokens: tokens))
      }
      tokens = []
      text = ""
    }
    for character in line {
      column += 1
      if quoteStart != nil {
        text.append(character)
        if character == "\"" { quoteStart = nil } else { word.append(character) }
      } else if character == "\"" {
        text.append(character)
        quoteStart = column
        wasQuoted = true
        wordStart = wordStart ?? column
      } else if character == ";" {
        endStatement()
      } else if character == "#", wordStart == nil {
        break
      } else if character == " " || character == "\t" {
        text.append(character)
        endWord()
      } else {
        text.append(character)
        wordStart = wordStart ?? column
        word.append(character)
      }
    }
    if let quoteStart { throw SyntaxError(kind: .unclosedQuote, column: quoteStart, length: 1) }
    column += 1
    endStatement()
    return found
  }
}

extension String {
  fileprivate var trimmed: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let start = drop(while: isBlank)
    return String(start.reversed().drop(while: isBlank).reversed())
  }
}

public enum SessionError: Error, Sendable {
  case syntax(SyntaxError)
  case command(CommandError)
}

public struct RunProgress: Sendable {
  public var clock: Instant
  public var packets: Int
  public var inFlight: Int
}

public protocol RunMonitor: Sendable {
  func progress(_ progress: RunProgress) -> Bool
}

public struct Completions: Sendable {
  public struct Candidate: Sendable {
    public var text: String
    public var note: String?
    public var appendsSpace: Bool
  }
  public var start: Int
  public var candidates: [Candidate]
  public var files: Bool
}

public struct Catalog: Sendable {
  public init() {}
}

public struct EchoReport: ResultContent {
  public var echo: String
}

public struct Session: Sendable {
  public var clock = Instant.zero
  public var packetsInFlight = 0
  public var monitor: (any RunMonitor)?
  public var commands: [String] = []

  public init(catalog: Catalog, seed: UInt64) {}

  private static let words = ["echo", "help", "load", "quit", "run", "save", "send", "step"]

  public mutating func execute(_ statement: Statement) throws(SessionError) -> CommandResult {
    let words = statement.tokens.map(\.text)
    var result = CommandResult(command: statement.text)
    switch words.first ?? "" {
    case "echo": result.content = EchoReport(echo: words.dropFirst().joined(separator: " "))
    case "send": packetsInFlight += 1
    case "step":
      packetsInFlight = max(0, packetsInFlight - 1)
      clock = clock + .milliseconds(1)
      result.content = EchoReport(echo: "stepped")
    case "run":
      var packets = 0
      while packetsInFlight > 0 {
        clock = clock + .milliseconds(1)
        packets += 1_000
        if let monitor, !monitor.progress(RunProgress(clock: clock, packets: packets, inFlight: 1)) {
          result.notices = [.interrupted(inFlight: packetsInFlight)]
          break
        }
      }
    case "save" where words.count == 2:
      let script = commands.map { $0 + "\n" }.joined()
      result.content = OuterRequest.save(path: words[1], script: script)
      return result
    case "load" where words.count == 2:
      result.content = OuterRequest.load(path: words[1])
      return result
    case "quit": result.content = OuterRequest.quit
    case "fail": throw .command(CommandError(message: "this failed"))
    case let word:
      let nearest = Self.words.first { $0.first == word.first }
      throw .syntax(
        SyntaxError(
          kind: .unknownCommand(word), column: statement.column, length: word.count, suggestion: nearest))
    }
    commands.append(statement.text)
    return result
  }

  public mutating func group(_ title: String, _ body: (inout Session) throws -> Void) rethrows {
    let kept = self
    do { try body(&self) } catch {
      self = kept
      throw error
    }
  }

  public func completions(line: String, cursor: Int) -> Completions {
    let typed = String(decoding: Array(line.utf8.prefix(cursor)), as: UTF8.self)
    let start = typed.utf8.lastIndex { $0 == 32 || $0 == 59 }.map { typed.utf8.index(after: $0) } ?? typed.startIndex
    let word = typed[start...]
    let isFirst = !typed[..<start].contains { $0 != " " }
    if typed.hasPrefix("load ") || typed.hasPrefix("save ") {
      return Completions(start: typed.utf8.distance(from: typed.startIndex, to: start), candidates: [], files: true)
    }
    let pool = isFirst ? Self.words.map { ($0, "the command \($0)") } : [("alice", "host"), ("alfred", "host")]
    return Completions(
      start: typed.utf8.distance(from: typed.startIndex, to: start),
      candidates: pool.filter { $0.0.hasPrefix(word.lowercased()) }
        .map { Completions.Candidate(text: $0.0, note: $0.1, appendsSpace: true) },
      files: false)
  }
}

public struct ErrorReport: Sendable, Encodable {
  public var kind: String
  public var message: String
  public var suggestion: String?
  public var column: Int?
}

public enum ErrorWording {
  public static func report(for error: SessionError) -> ErrorReport {
    switch error {
    case .command(let error): ErrorReport(kind: "failed", message: error.message)
    case .syntax(let error):
      switch error.kind {
      case .unclosedQuote:
        ErrorReport(kind: "unclosed-quote", message: "this quote is never closed", column: error.column)
      case .unknownCommand(let word):
        ErrorReport(
          kind: "unknown-command", message: "there is no command '\(word)'", suggestion: error.suggestion,
          column: error.column)
      }
    }
  }
}

public struct TextStyle: Sendable {
  public var color: Bool
  public var width: Int
  public init(color: Bool, width: Int) {
    self.color = color
    self.width = width
  }
}

public struct TextRenderer: Sendable {
  public var style: TextStyle
  public init(style: TextStyle) { self.style = style }
  public func text(for result: CommandResult) -> String {
    var text = ""
    if let echo = result.content as? EchoReport {
      text = echo.echo == "width" ? "width \(style.width)" : echo.echo
      if style.color { text = "\u{1B}[1m\(text)\u{1B}[m" }
    }
    if let request = result.content as? OuterRequest {
      switch request {
      case .save(let path, _): text = "saved \(path)"
      case .load(let path): text = "loaded \(path)"
      case .quit: text = ""
      }
    }
    for case .interrupted(let count) in result.notices { text += "stopped with \(count) in flight" }
    return text
  }
}

public struct JSONRenderer: Sendable {
  public init() {}
  public func line(for result: CommandResult) -> String { "{\"command\":\"\(escaped(result.command))\",\"ok\":true}" }
  public func line(command: String, error: ErrorReport) -> String {
    let suggestion = error.suggestion.map { "\"\($0)\"" } ?? "null"
    return "{\"command\":\"\(escaped(command))\",\"ok\":false,\"error\":{\"kind\":\"\(error.kind)\","
      + "\"message\":\"\(escaped(error.message))\",\"suggestion\":\(suggestion)}}"
  }
  private func escaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += $1 == "\"" || $1 == "\\" ? "\\\($1)" : "\($1)" }
  }
}
public let natshVersion = "0.1.0"
