// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Conformance
import Export
import Lessons
import Rendering

/// Lines of the command language, all of them carried out in one session.
enum CommandsTarget {
  static let catalog = Catalog(
    Catalog.standardDeclarations + ExportLanguage.declarations + ConformanceLanguage.declarations
      + LessonLanguage.declarations,
    topics: HelpTopics.standard)

  /// The most statements of one input: some cost as much as the network is large.
  private static let most = 48

  static func session() -> Session {
    var session = Session(catalog: catalog)
    session.monitor = EventLimit()
    session[RequirementList.self] = RequirementList()
    session[LessonShelf.self] = MemoryShelf.shelf(of: [("01-first.md", LessonSkeleton.text(id: "first"))])
    return session
  }

  static func finding(in bytes: [UInt8]) -> String? {
    // What is not UTF-8 is refused by the reader of lines, and never gets here.
    let text = String(decoding: bytes, as: UTF8.self)
    var walk = SessionWalk(session: session())
    var left = most
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let finding = walk.take(String(line), &left) { return finding }
      if left == 0 { break }
    }
    return bytes.count.isMultiple(of: 3) ? walk.backAndForth() ?? walk.rebuilt() : nil
  }

  /// The words of the language, and some that are good to put into it.
  static var words: [String] {
    let names = catalog.declarations.flatMap { [$0.name] + $0.aliases + $0.leadIns }
    let settings = PropertyDeclaration.all.map(\.name) + catalog.topics.map(\.name)
    let others = [
      "alice", "bob", "home-a", "home-b", "one-home", "two-homes", "cgnat", "same-lan", "behind ", "lan ", "preset ",
      "udp", "tcp", "icmp", "ttl ", "df", " to ", "direct", "via ", "rate ", "for ", "on", "off", "none", "unlimited",
      "eim", "apdm", "eif", "apdf", "sequential ", "preserve", "overload", "random ", "bound", "open", "silently",
      "192.168.1.0/24", "49.36.10.25", "88.90.100.110", ":4000", ":62000", "2001:db8::1", "[2001:db8::1]:80", "0.0.0.0",
      "255.255.255.255", "224.0.0.1", "127.0.0.1", "240.0.0.1", "169.254.1.1", "::", "::1", "ff02::1", "fe80::1",
      "192.168.1.255", "1us", "5m", "2h4m", "2mbit", "5%", "\"", "\\n", ";", "#", "\n", "send ", "run\n", "step\n",
    ]
    return Array(Set(names + settings + others)).sorted()
  }
}

/// A session on its way through lines, and what must hold at every one of them.
struct SessionWalk {
  private(set) var session: Session
  private let renderer = TextRenderer(style: .plain)
  private let json = JSONRenderer()

  init(session: Session) {
    self.session = session
  }

  /// Carries out a line's statements; returns what went wrong that may not.
  mutating func take(_ line: String, _ left: inout Int) -> String? {
    let statements: [Statement]
    do throws(SyntaxError) {
      statements = try Statement.statements(in: line)
    } catch {
      return fault(of: error, in: line) ?? shown(.syntax(error), line)
    }
    for cursor in [line.utf8.count / 2, line.utf8.count] {
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
    let before = session
    do throws(SessionError) {
      let result = try session.execute(statement)
      return ShownText.fault(in: renderer.text(for: result)) ?? ShownText.fault(inJSON: json.line(for: result))
    } catch {
      if case .syntax(let syntax) = error, let fault = fault(of: syntax, in: line) { return fault }
      if let fault = shown(error, statement.text) { return fault }
      let isUnchanged = Self.sight(of: session) == Self.sight(of: before)
      return isUnchanged ? nil : "'\(statement.text)' failed and changed something"
    }
  }

  /// An error points into its line, or right behind it.
  private func fault(of error: SyntaxError, in line: String) -> String? {
    let isInside = (1...line.count + 1).contains(error.column) && error.column + error.length <= line.count + 2
    return isInside ? nil : "\(error) points out of \(line.debugDescription)"
  }

  private func shown(_ error: SessionError, _ line: String) -> String? {
    let report = ErrorWording.report(for: error)
    return ShownText.fault(in: renderer.text(for: report, wrapped: true))
      ?? ShownText.fault(inJSON: json.line(command: line, error: report))
  }

  /// Crowds bring a network of their own, which costs before anything can be stopped.
  private func isTooMuch(_ statement: Statement) -> Bool {
    guard let first = statement.tokens.first, first.text.lowercased() == "crowd" else { return false }
    return statement.tokens.contains { Int($0.text) ?? 0 > 40 }
  }

  /// What there is to see of the network and of what was done.
  private static func sight(of session: Session) -> [String] {
    var session = session
    session.companion = nil
    // The first look at a table notes what is new in it.
    return session.standingLines
      + ["table", "table", "show", "packets", "trace 100", "stats"].map { line in
        guard let statement = try? Statement.statements(in: line).first,
          let result = try? session.execute(statement)
        else { return "" }
        return JSONRenderer().line(for: result)
      }.dropFirst()
  }

  /// Taken back and done again, everything is as it was.
  mutating func backAndForth() -> String? {
    session.companion = nil
    // What was stopped on its way is remembered as far as it came, and is not stopped again.
    session.monitor = nil
    let before = Self.sight(of: session)
    let count = min(session.standingLines.count, 5)
    guard count > 0 else { return nil }
    for line in ["undo \(count)", "redo \(count)"] {
      do {
        try execute(line)
      } catch {
        return "'\(line)' of \(session.standingLines) fails: \(error)"
      }
    }
    return Self.sight(of: session) == before ? nil : "undo \(count) and redo \(count) is not as before"
  }

  /// What `save` writes makes the same session.
  func rebuilt() -> String? {
    var walk = SessionWalk(session: CommandsTarget.session())
    walk.session.monitor = nil
    for line in session.standingLines {
      do {
        try walk.execute(line)
      } catch {
        return "the saved line '\(line)' fails: \(error)"
      }
    }
    walk.session.companion = nil
    return Self.sight(of: walk.session) == Self.sight(of: session) ? nil : "the saved lines make another session"
  }

  private mutating func execute(_ line: String) throws {
    for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
  }
}
