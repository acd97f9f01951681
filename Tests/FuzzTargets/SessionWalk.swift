// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering

/// A session going through lines, and the invariants at every one of them.
package struct SessionWalk {
  package private(set) var session: Session
  private let checks: Checks
  private let renderer = TextRenderer(style: .plain)
  private let json = JSONRenderer()

  /// The fault of a line of JSON; nil if there is none.
  package var jsonFault: (String) -> String? = ShownText.fault(inJSON:)

  package init(session: Session, checks: Checks = .all) {
    self.session = session
    self.checks = checks
  }

  /// Carries out a line's statements; returns what went wrong that must not.
  package mutating func take(_ line: String) -> String? {
    var left = Int.max
    return take(line, &left)
  }

  /// Carries out a line's statements, `left` of them at most.
  mutating func take(_ line: String, _ left: inout Int) -> String? {
    let statements: [Statement]
    do throws(SyntaxError) {
      statements = try Statement.statements(in: line)
    } catch {
      return fault(of: error, in: line) ?? shown(.syntax(error), line)
    }
    for cursor in checks.contains(.completion) ? [line.utf8.count / 2, line.utf8.count] : [] {
      let found = session.completions(line: line, cursor: cursor)
      guard (0...cursor).contains(found.start) else { return "completion from \(found.start) at \(cursor) of \(line)" }
    }
    for statement in statements where !isTooMuch(statement) {
      guard left > 0 else { return nil }
      left -= 1
      if let finding = take(statement, of: line) { return finding }
    }
    return nil
  }

  private mutating func take(_ statement: Statement, of line: String) -> String? {
    // A copy that is kept makes the next change pay for what the two share.
    let before = checks.contains(.failures) ? session : nil
    let glance = SessionGlance(at: session)
    do throws(SessionError) {
      let result = try session.execute(statement)
      return ShownText.fault(in: renderer.text(for: result)) ?? faultInJSON { json.line(for: result) }
    } catch {
      if case .syntax(let syntax) = error, let fault = fault(of: syntax, in: line) { return fault }
      if let fault = shown(error, statement.text) { return fault }
      guard SessionGlance(at: session) == glance else { return "'\(statement.text)' failed and changed something" }
      // A line that cannot be read is never carried out.
      guard case .command = error, let before else { return nil }
      return SessionSight(of: session).difference(from: SessionSight(of: before)).map {
        "'\(statement.text)' failed and changed something: \($0)"
      }
    }
  }

  /// An error points into its line, or right after its end.
  private func fault(of error: SyntaxError, in line: String) -> String? {
    let isInside = (1...line.count + 1).contains(error.column) && error.column + error.length <= line.count + 2
    return isInside ? nil : "\(error) points out of \(line.debugDescription)"
  }

  private func shown(_ error: SessionError, _ line: String) -> String? {
    let report = ErrorWording.report(for: error)
    return ShownText.fault(in: renderer.text(for: report, wrapped: true))
      ?? faultInJSON { json.line(command: line, error: report) }
  }

  private func faultInJSON(_ line: () -> String) -> String? {
    checks.contains(.json) ? jsonFault(line()) : nil
  }

  /// Crowds bring a network of their own, which costs before anything can be stopped.
  private func isTooMuch(_ statement: Statement) -> Bool {
    guard let first = statement.tokens.first, first.text.lowercased() == "crowd" else { return false }
    return statement.tokens.contains { Int($0.text) ?? 0 > 40 }
  }

  // MARK: Journeys

  /// From now on every run comes to its end, even a redone one that was stopped on its way.
  package mutating func letRunsFinish() { session.monitor = nil }

  /// How many commands can be undone.
  package var undoable: Int { available(to: "undo") }

  /// How many commands can be redone.
  package var redoable: Int { available(to: "redo") }

  /// The words that refuse a count greater than there can be.
  private func available(to command: String) -> Int {
    var session = session
    do {
      try Self.execute("\(command) 1000000", in: &session)
    } catch SessionError.command(let error) {
      switch error.kind {
      case .tooFarBack(_, let available), .tooFarForward(_, let available), .lessonStepStart(_, let available):
        return available
      default: break
      }
    } catch {}
    return 0
  }

  /// Takes back `count` commands and does them again: everything must be as it was. A lesson may save the way there and
  /// back as well, since what was done on it has counted.
  package func thereAndBack(_ count: Int) -> String? {
    guard count > 0 else { return nil }
    var session = session
    // A command that was stopped is remembered as far as it came, and is not stopped again.
    session.monitor = nil
    let before = SessionSight(of: session)
    for line in ["undo \(count)", "redo \(count)"] {
      do {
        try Self.execute(line, in: &session)
      } catch {
        return "'\(line)' of \(session.standingLines) fails: \(error)"
      }
    }
    let after = SessionSight(of: session)
    let difference =
      session.companion == nil ? after.difference(from: before) : after.network.difference(from: before.network)
    return difference.map { "undo \(count), redo \(count): \($0)" }
  }

  /// The difference between this session and `start`, a new one, after it has run what `save` writes; nil if there is
  /// none.
  package func rebuilt(from start: Session) -> String? {
    var again = start
    again.monitor = nil
    for line in session.standingLines {
      do {
        try Self.execute(line, in: &again)
      } catch {
        return "the saved line '\(line)' of \(session.standingLines) fails: \(error)"
      }
    }
    return SessionSight(of: again).difference(from: SessionSight(of: session)).map {
      "the saved lines make another session: \($0)"
    }
  }

  /// Both journeys, the first over everything that can be undone.
  package func journeys(from start: Session) -> String? {
    guard checks.contains(.journeys) else { return nil }
    return thereAndBack(undoable) ?? rebuilt(from: start)
  }

  private static func execute(_ line: String, in session: inout Session) throws {
    for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
  }
}
