// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import Rendering
import Shell
import Wording

/// Something that a learner has sent to be carried out.
struct Order: Sendable {
  enum Kind: Sendable {
    case type(String, script: String?)
    case take(Session)
    case replay([WorkRecord])
    /// Nothing; it is done once everything before it is.
    case wait
  }

  var kind: Kind
  /// The width for text, in columns.
  var width = 80
}

/// The outcome.
struct Outcome: Sendable {
  /// Something for the learner's own disk.
  struct Download: Encodable, Hashable, Sendable {
    var name: String
    var text: String
  }

  /// The object of each command, as `--json` prints it.
  var objects: [String] = []
  var text = ""
  var downloads: [Download] = []
  /// The file that the learner is to choose, where `load` names one.
  var upload: String?
  var clears = false
  /// The choices for which the learner votes in the class's question.
  var votes: [Int] = []
  /// The records to be kept of it.
  var records: [WorkRecord] = []

  mutating func add(_ words: String) {
    guard !words.isEmpty else { return }
    text += (text.isEmpty ? "" : "\n") + words
  }

  /// One object: the last command's, with the text of all.
  var json: String {
    struct Rest: Encodable {
      var text: String
      var downloads: [Download]?
      var upload: String?
      var clears: Bool?
    }
    let rest = JSONRenderer().line(
      for: Rest(
        text: text, downloads: downloads.isEmpty ? nil : downloads, upload: upload, clears: clears ? true : nil))
    let results = objects.count > 1 ? "\"results\":[\(objects.joined(separator: ","))]," : ""
    let last = objects.last ?? #"{"command":"","ok":true}"#
    return last.dropLast() + "," + results + rest.dropFirst()
  }
}

extension Learner {
  /// Does what was asked, within the budget. Whatever takes more is refused, as if it had never been tried.
  ///
  /// - Parameter asked: what the class is being asked meanwhile.
  mutating func carryOut(_ order: Order, _ budget: WorkBudget, asked: ClassQuestion? = nil) -> Outcome {
    setMonitor(budget)
    defer { setMonitor(nil) }
    switch order.kind {
    case .type(let text, let script):
      setClassQuestion(asked)
      defer { setClassQuestion(nil) }
      var style = TextStyle(width: min(max(order.width, 30), 160))
      style.usesMarks = false
      var typing = Typing(style: style, budget: budget)
      typing.run(text, script: script, in: &self)
      return typing.outcome
    case .take(let given):
      take(given)
      let record = WorkRecord(given: given.standingLines, seed: given.fromItsBeginning.network.seed)
      count(record)
      return Outcome(records: [record])
    case .replay(let records):
      for record in records { replay(record, budget) }
      return Outcome()
    case .wait: return Outcome()
    }
  }

  private mutating func replay(_ record: WorkRecord, _ budget: WorkBudget) {
    if let line = record.line {
      var typing = Typing(style: .plain, budget: budget)
      typing.run(line, script: record.script?.joined(separator: "\n"), in: &self)
    } else if let given = record.given {
      count(record)
      var other = session.begun(withSeed: record.seed ?? 1)
      other.monitor = budget
      for line in given {
        for statement in (try? Statement.statements(in: line)) ?? [] { _ = try? other.execute(statement) }
      }
      take(other)
    }
  }
}

/// A line on its way through a learner's session, which touches no files: what would be written is downloaded, and what
/// would be read is uploaded.
struct Typing {
  private let style: TextStyle
  private let budget: WorkBudget
  private(set) var outcome = Outcome()

  init(style: TextStyle, budget: WorkBudget) {
    self.style = style
    self.budget = budget
  }

  private static let source = ScriptSource.terminal

  /// Runs lines as if each had been typed; the first that fails is the last.
  mutating func run(_ text: String, script: String?, in learner: inout Learner) {
    guard learner.recordedBytes < Learner.mostRecordedBytes else {
      return refuse(
        "work-too-long", said("your work has grown too long to be kept; ask your teacher to begin a new class"), text,
        in: &learner)
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    for line in lines {
      guard run(line: line, script: script, in: &learner) else { return }
    }
  }

  private mutating func run(line: String, script: String?, in learner: inout Learner) -> Bool {
    var line = line
    if line.allSatisfy({ $0 == " " || $0 == "\t" }) {
      guard learner.session.packetsInFlight > 0 else { return true }
      line = "step"
    } else {
      learner.remember(line)
    }
    let statements: [Statement]
    do throws(Failure) {
      statements = try StatementRunner.statements(in: line, source: Self.source, line: 1)
    } catch {
      learner.note(line, error: error.report.message)
      fail(error, command: line, in: line, learner)
      return false
    }
    for (index, statement) in statements.enumerated() {
      learner.setMoreFollows(index + 1 < statements.count)
      let (before, recorded) = (learner, outcome.records.count)
      let isWell = run(statement, in: line, script: script, &learner)
      budget.look(at: learner.session)
      if let excess = budget.excess {
        learner = before
        learner.setMoreFollows(false)
        outcome.downloads = []
        outcome.records.removeSubrange(recorded...)
        refuse(excess.kind, excess.message(budget.limits), statement.text, in: &learner)
        return false
      }
      learner.setMoreFollows(false)
      guard isWell else { return false }
    }
    return true
  }

  private mutating func run(
    _ statement: Statement, in line: String, script: String?, _ learner: inout Learner
  ) -> Bool {
    do throws(SessionError) {
      var result = try learner.execute(statement)
      if result.content is any ConsoleRequest {
        refuse(
          "teacher-only", said("'\(statement.text)' is for the teacher's shell"), statement.text, in: &learner)
        return false
      }
      if let request = result.content as? OuterRequest {
        guard fulfil(request, of: statement, script, &result, &learner) else { return false }
      } else if let vote = result.content as? VoteReport {
        // It is the class's, and no part of the learner's work.
        outcome.votes.append(vote.choice)
      } else {
        record(WorkRecord(line: statement.text), in: &learner)
      }
      tell(result)
      return true
    } catch {
      let failure = Failure(error, in: statement, sourceName: Self.source.name, line: 1)
      let remarks = learner.session.remarksOnFailure
      // A line that failed may still have counted, so it is done once more when the work is restored.
      if budget.excess == nil, !error.isForClassQuestion { record(WorkRecord(line: statement.text), in: &learner) }
      fail(failure, command: statement.text, in: line, learner)
      add(remarks.compactMap { ($0 as? any TextRenderable)?.text(style: style) }.joined(separator: "\n"))
      return false
    }
  }

  // MARK: Files

  private mutating func fulfil(
    _ request: OuterRequest, of statement: Statement, _ script: String?, _ result: inout CommandResult,
    _ learner: inout Learner
  ) -> Bool {
    switch request {
    case .save(let path, let text):
      let name = download(path, text)
      result.content = OuterRequest.save(path: name, script: text)
    case .write(let path, let text):
      let name = download(path, text)
      result.content = OuterRequest.write(path: name, text: text)
    case .export(var export):
      let name = LessonFiles.name(of: export.path)
      export.path = name
      result.content = OuterRequest.export(export)
      outcome.downloads += export.files.map {
        Outcome.Download(name: export.isFolder ? "\(name)-\($0.name)" : name, text: $0.text)
      }
    case .load(let path):
      guard let script else {
        outcome.upload = path
        refuse("upload", said("choose the file '\(path)' on your own machine"), statement.text, in: &learner)
        return false
      }
      guard load(script, named: path, statement, &learner) else { return false }
      let lines = script.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
      record(WorkRecord(line: statement.text, script: lines), in: &learner)
      result.remarks += learner.takeHeldRemarks()
    case .clear: outcome.clears = true
    case .quit:
      add(said("Close the page when you like: your work is kept, and the same address brings you back."))
    }
    return true
  }

  /// Lets the learner download a file; returns its name there, which has no folders.
  private mutating func download(_ path: String, _ text: String) -> String {
    let name = LessonFiles.name(of: path)
    outcome.downloads.append(Outcome.Download(name: name, text: text))
    return name
  }

  private mutating func load(
    _ script: String, named path: String, _ statement: Statement, _ learner: inout Learner
  ) -> Bool {
    let lines = script.withoutByteOrderMark.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(
      String.init)
    learner.setMoreFollows(true)
    defer { learner.setMoreFollows(false) }
    do throws(Failure) {
      try learner.group { session throws(Failure) in
        try Self.load(lines, named: path, in: &session)
      }
      learner.keep(CommandResult(command: statement.text, content: OuterRequest.load(path: path)))
      return true
    } catch {
      learner.note(statement.text, error: error.report.message)
      var report = error.report
      report.message = said("\(path):\(error.lineNumber): \(report.message); nothing was loaded")
      outcome.objects.append(JSONRenderer().line(command: statement.text, error: report))
      add(TextRenderer(style: style).text(for: report, wrapped: true))
      return false
    }
  }

  private static func load(_ lines: [String], named path: String, in session: inout Session) throws(Failure) {
    var source = ScriptSource.terminal
    source.name = path
    for (index, line) in lines.enumerated() {
      for statement in try StatementRunner.statements(in: line, source: source, line: index + 1) {
        let content: any ResultContent
        do throws(SessionError) {
          content = try session.execute(statement).content
        } catch {
          throw Failure(error, in: statement, sourceName: path, line: index + 1)
        }
        if case .quit? = content as? OuterRequest { return }
        guard !(content is OuterRequest), !(content is any ConsoleRequest), !(content is VoteReport) else {
          throw Failure(
            kind: "not-in-a-file", message: said("'\(statement.text)' cannot be used in a file that is loaded here"),
            sourceName: path, line: index + 1)
        }
      }
    }
  }

  // MARK: Telling

  private mutating func record(_ record: WorkRecord, in learner: inout Learner) {
    outcome.records.append(record)
    learner.count(record)
  }

  private mutating func tell(_ result: CommandResult) {
    outcome.objects.append(JSONRenderer().line(for: result))
    add(TextRenderer(style: style).text(for: result))
  }

  private mutating func fail(_ failure: Failure, command: String, in line: String, _ learner: Learner) {
    outcome.objects.append(JSONRenderer().line(command: command, error: failure.report))
    let indent = Prompt(of: learner.session).width
    add(String(TypedErrorText(style: style).text(for: failure, in: line, indent: indent).dropLast()))
  }

  private mutating func refuse(_ kind: String, _ message: String, _ command: String, in learner: inout Learner) {
    learner.note(command, error: message)
    let report = ErrorReport(kind: kind, message: message)
    outcome.objects.append(JSONRenderer().line(command: command, error: report))
    add(TextRenderer(style: style).text(for: report, wrapped: true))
  }

  private mutating func add(_ text: String) { outcome.add(text) }
}
