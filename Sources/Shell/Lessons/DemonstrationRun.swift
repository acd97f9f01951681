// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import Rendering

/// Plays a demonstration: for a presenter at a terminal, key by key or by the clock; elsewhere from beginning to end.
public struct DemonstrationRun {
  private let demonstration: Demonstration
  private let name: String
  /// Seconds between two beats, where no keys are needed.
  private let seconds: Double?
  private let output = OutputChannel(descriptor: OutputChannel.standardOutputDescriptor)
  private let errors = OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)
  private var session: Session
  /// The beat to come, and the sessions before each beat that was shown.
  private var next = 0
  private var before: [Session] = []

  /// Reads the script at `path`; the words for why that cannot be done go to standard error.
  public static func run(file path: String, seconds: Double?, session: Session) -> ExitStatus {
    let errors = OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)
    do throws(LessonFiles.Failure) {
      let bytes = try SystemLessonFiles.bytes(at: path, atMost: Demonstration.largest)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        errors.writeMessage("natsh: error: cannot play '\(path)': it is not UTF-8 text")
        return .wrongCall
      }
      do throws(Demonstration.Failure) {
        var run = DemonstrationRun(
          demonstration: try Demonstration(text), name: path, seconds: seconds, session: session)
        return run.play()
      } catch {
        errors.writeMessage("\(path):\(error.line):1: error: \(error.message)")
        return .commandFailed
      }
    } catch {
      errors.writeMessage("natsh: error: cannot play '\(path)': \(error.message)")
      return .wrongCall
    }
  }

  private init(demonstration: Demonstration, name: String, seconds: Double?, session: Session) {
    self.demonstration = demonstration
    self.name = name
    self.seconds = seconds
    self.session = session
  }

  private var style: TextStyle { Terminal(descriptor: output.descriptor).style }
  private var beats: [Demonstration.Beat] { demonstration.beats }

  private mutating func play() -> ExitStatus {
    let isShown = Terminal.output.isTerminal && (seconds != nil || Terminal.input.isTerminal)
    guard isShown else { return runThrough() }
    announce()
    while true {
      switch key() {
      case .character(" "), .character("n"), .enter, .timeout:
        if next == beats.count { return .success }
        if !goOn() { return .commandFailed }
        // Played by the clock, the end is the end.
        if next == beats.count, seconds != nil { return .success }
        announce()
      case .character("b"): goBack()
      case .character("t"): show("table")
      case .character("m"): show("map")
      case .character("q"), .interrupt, .end: return .success
      case .character("?"), .character("h"): output.writeLine(Self.keys)
      case .character, .other: continue
      }
    }
  }

  public static let keys = "Space or Enter goes on, b goes back, t shows the tables, m the map, q leaves."

  private func key() -> KeyReader.Key {
    guard let seconds else { return KeyReader.next() }
    let milliseconds = Int32(min(max(seconds, 0.05), 86_400) * 1_000)
    if Terminal.input.isTerminal { return KeyReader.next(milliseconds: milliseconds) }
    KeyReader.pause(milliseconds: milliseconds)
    return .timeout
  }

  /// Shows the command that comes next, before it runs.
  private func announce() {
    guard next < beats.count else {
      output.writeLine(faint("That was it: b goes back, q leaves."))
      return
    }
    if case .command(let statement, _) = beats[next] { output.write(prompt(statement)) }
  }

  private func prompt(_ statement: Statement) -> String {
    TextRenderer(style: style).text(forPrompt: "natsh> ", command: statement.text)
  }

  private func faint(_ text: String) -> String { style.usesColor ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  /// Shows the next beat; false when its command failed.
  private mutating func goOn() -> Bool {
    before.append(session)
    let beat = beats[next]
    next += 1
    switch beat {
    case .caption(let lines):
      output.writeLine("\n" + LargeType.text(lines, style: style) + "\n")
      return true
    case .command(let statement, let line):
      output.write("\n")
      return run(statement, line: line)
    }
  }

  private mutating func goBack() {
    output.write("\n")
    // To before the last command, over the captions behind it.
    while let session = before.popLast() {
      self.session = session
      next -= 1
      if case .command = beats[next] { break }
    }
    output.writeLine(faint("Back."))
    announce()
  }

  private mutating func run(_ statement: Statement, line: Int) -> Bool {
    do throws(SessionError) {
      let result = try session.execute(statement)
      if let request = result.content as? OuterRequest { return refuse(request, line: line) }
      let text = TextRenderer(style: style).text(for: result)
      if !text.isEmpty { output.writeLine(text) }
      return true
    } catch {
      let report = ErrorWording.report(for: error)
      errors.writeLine(
        TextRenderer(style: Terminal.errors.style).text(for: report, at: "\(name):\(line):\(report.column ?? 1)"))
      return false
    }
  }

  private func refuse(_ request: OuterRequest, line: Int) -> Bool {
    if case .quit = request { return true }
    errors.writeMessage("\(name):\(line):1: error: a demonstration touches no files")
    return false
  }

  /// Shows something of the network as it is.
  private func show(_ word: String) {
    output.write("\n")
    var copy = session
    guard let statement = try? Statement.statements(in: word).first, let result = try? copy.execute(statement) else {
      output.writeLine(faint("There is nothing to show yet."))
      announce()
      return
    }
    output.writeLine(TextRenderer(style: style).text(for: result))
    announce()
  }

  private mutating func runThrough() -> ExitStatus {
    for beat in beats {
      switch beat {
      case .caption(let lines):
        output.writeLine("\n" + lines.map { "# " + StyledText($0).plain }.joined(separator: "\n") + "\n")
      case .command(let statement, let line):
        output.writeLine("natsh> " + StyledText(statement.text).plain)
        if !run(statement, line: line) { return .commandFailed }
        if statement.tokens.first?.text.lowercased() == "quit" { return .success }
      }
    }
    return .success
  }
}
