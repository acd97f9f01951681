// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// A script that a presenter plays: comment lines are captions, `vote` lines are questions to the audience, the rest
/// are commands.
package struct Demonstration: Sendable {
  /// One thing to show.
  package enum Beat: Sendable {
    /// Consecutive comment lines.
    case caption([String])
    case command(Statement, line: Int)
    case vote(Vote)
  }

  /// A question that the audience answers before the next command shows the answer.
  package struct Vote: Hashable, Sendable {
    package var question: String
    package var choices: [String]
    package var line: Int
  }

  /// Why a script cannot be played.
  package struct Problem: Error, Sendable {
    package var line: Int
    package var column: Int
    package var error: ErrorReport

    init(line: Int, column: Int = 1, error: ErrorReport) {
      self.line = line
      self.column = column
      self.error = error
    }

    init(line: Int, column: Int = 1, _ message: String) {
      self.init(line: line, column: column, error: ErrorReport(kind: "demonstration", message: message))
    }
  }

  /// Bytes in the longest script.
  package static let largest = 1 << 20
  /// The folder of demonstrations beside the lessons.
  package static let folder = "demonstrations"
  /// The word that begins a question.
  package static let voteWord = "vote"
  /// The most choices, since there are no keys for more.
  private static let mostChoices = 9

  /// Its title: the first caption's first line.
  package private(set) var title: String
  package private(set) var beats: [Beat] = []
  /// All errors in its form.
  package private(set) var problems: [Problem] = []

  /// Reads a script; `name` is its title if it has no caption.
  package init(_ text: String, name: String) {
    title = name
    let text = text.withoutByteOrderMark
    var caption: [String] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.drop { $0 == " " || $0 == "\t" }
      if words.first == "#" {
        let comment = words.drop { $0 == "#" }.drop { $0 == " " }
        if !(index == 0 && comment.hasPrefix("!")) { caption.append(String(comment)) }
        continue
      }
      addCaption(&caption)
      add(String(line), number: index + 1)
    }
    addCaption(&caption)
    if let first = beats.lazy.compactMap({ if case .caption(let lines) = $0 { lines.first } else { nil } }).first {
      title = first
    }
    checkVotes()
  }

  /// Leaves out a beat and everything after it.
  mutating func end(before beat: Int) { beats.removeSubrange(beat...) }

  private mutating func addCaption(_ caption: inout [String]) {
    let lines = Array(caption.drop(while: \.isEmpty).reversed().drop(while: \.isEmpty).reversed())
    if !lines.isEmpty { beats.append(.caption(lines)) }
    caption = []
  }

  private mutating func add(_ line: String, number: Int) {
    do throws(SyntaxError) {
      for statement in try Statement.statements(in: line) { add(statement, number) }
    } catch {
      let report = ErrorWording.report(for: .syntax(error))
      problems.append(Problem(line: number, column: report.column ?? 1, error: report))
    }
  }

  private mutating func add(_ statement: Statement, _ line: Int) {
    guard let word = statement.tokens.first, !word.isQuoted, word.text.lowercased() == Self.voteWord else {
      beats.append(.command(statement, line: line))
      return
    }
    do throws(Problem) {
      beats.append(.vote(try vote(statement, line)))
    } catch {
      problems.append(error)
    }
  }

  private func vote(_ statement: Statement, _ line: Int) throws(Problem) -> Vote {
    let words = statement.tokens.dropFirst().map(\.text)
    guard words.count >= 3, words.count <= Self.mostChoices + 1 else {
      throw Problem(
        line: line, column: statement.endColumn,
        said(
          "a vote needs a question and two to \(Self.mostChoices) choices: vote \"Who gets it?\" \"Alice\" \"nobody\""))
    }
    return Vote(question: words[0], choices: Array(words.dropFirst()), line: line)
  }

  /// A vote is about the next command, so there must be one.
  private mutating func checkVotes() {
    for (index, beat) in beats.enumerated() {
      guard case .vote(let vote) = beat else { continue }
      let follows = beats[(index + 1)...].first.map { if case .command = $0 { true } else { false } } ?? false
      if !follows {
        problems.append(Problem(line: vote.line, said("no command follows this vote to show who was right")))
      }
    }
    problems.sort { ($0.line, $0.column) < ($1.line, $1.column) }
  }
}
