// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// A demonstration with the result of each of its commands: everything is run before anybody sees the first screen, so
/// that nothing can go wrong before an audience, and going back shows the earlier state.
package struct Performance: Sendable {
  /// The state after a beat.
  package struct Moment: Sendable {
    /// Nil for captions and votes.
    package var result: CommandResult?
    /// The session after it.
    package var session: Session
  }

  package private(set) var demonstration: Demonstration
  /// The session before the first beat.
  package let start: Session
  /// One for each beat.
  package private(set) var moments: [Moment] = []
  /// The lines that cannot be played, in order; if there are any, nothing is played.
  package private(set) var problems: [Demonstration.Problem]

  /// - Parameter budget: the events that its commands may take in all.
  package init(_ demonstration: Demonstration, in session: Session, budget: EventBudget = EventBudget()) {
    self.demonstration = demonstration
    problems = demonstration.problems
    var session = session
    session.monitor = budget
    start = session
    for (index, beat) in demonstration.beats.enumerated() {
      var result: CommandResult?
      if case .command(let statement, let line) = beat { result = run(statement, line: line, in: &session) }
      if case .quit? = result?.content as? OuterRequest {
        self.demonstration.end(before: index)
        break
      }
      moments.append(Moment(result: result, session: session))
    }
    problems.sort { ($0.line, $0.column) < ($1.line, $1.column) }
  }

  private mutating func run(_ statement: Statement, line: Int, in session: inout Session) -> CommandResult? {
    do throws(SessionError) {
      let result = try session.execute(statement)
      if let words = Self.refusal(of: result, statement, in: session) {
        problems.append(Demonstration.Problem(line: line, column: statement.column, words))
      }
      for notice in result.notices {
        if case .interrupted = notice {
          problems.append(
            Demonstration.Problem(
              line: line, column: statement.column, said("this goes on for too long for a demonstration"))
          )
        }
      }
      return result
    } catch {
      let report = ErrorWording.report(for: error)
      problems.append(Demonstration.Problem(line: line, column: report.column ?? statement.column, error: report))
      return nil
    }
  }

  /// Why something asked of the program around the session has no place in a demonstration; nil if it has one, or nothing
  /// was asked.
  private static func refusal(of result: CommandResult, _ statement: Statement, in session: Session) -> String? {
    switch result.content as? OuterRequest {
    // `quit` ends a demonstration as it ends a script; `clear` clears a screen that is cleared anyway.
    case .quit, .clear: return nil
    case .save, .write, .load, .export: return said("a demonstration cannot use files")
    case nil: break
    }
    guard let word = statement.tokens.first?.text, session.catalog.declaration(named: word)?.effect == .outer else {
      return nil
    }
    return said("'\(statement.text)' is for the prompt: a demonstration cannot do it")
  }

  /// The session after that many beats.
  package func session(after beats: Int) -> Session { beats == 0 ? start : moments[beats - 1].session }
}

extension Performance {
  /// A script's name: its file's, without the ending.
  package static func name(of path: String) -> String {
    let name = LessonFiles.name(of: path)
    return name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : name
  }

  /// Reads and runs a script; `refusal` says why it cannot be read.
  package static func read(
    path: String, files: LessonFiles, session: Session
  ) -> (performance: Performance?, refusal: String?) {
    do throws(LessonFiles.Failure) {
      let bytes = try files.bytes(path, Demonstration.largest)
      guard let text = String(validating: bytes, as: UTF8.self) else { return (nil, said("it is not UTF-8 text")) }
      return (Performance(Demonstration(text, name: name(of: path)), in: session), nil)
    } catch {
      return (nil, error.message)
    }
  }

  /// The file-name ending of demonstrations.
  package static let ending = ".natsh"

  /// The whole demonstration for readers: captions, questions, commands and their results.
  package func transcript(style: TextStyle) -> [String] {
    var lines: [String] = []
    for (beat, moment) in zip(demonstration.beats, moments) {
      switch beat {
      case .caption(let caption):
        lines.append("\n" + caption.map { "# " + StyledText($0).plain }.joined(separator: "\n") + "\n")
      case .vote(let vote):
        lines.append("\n? " + StyledText(vote.question).plain)
        lines += vote.choices.enumerated().map { "  \($0.offset + 1)  " + StyledText($0.element).plain }
        lines.append("")
      case .command(let statement, _):
        lines.append("natsh> " + StyledText(statement.text).plain)
        if let result = moment.result {
          let text = TextRenderer(style: style).text(for: result)
          if !text.isEmpty { lines.append(text) }
        }
      }
    }
    return lines
  }
}
