// SPDX-License-Identifier: GPL-3.0-or-later

import CTerminal
import Commands
import Lessons
import Rendering
import Wording

/// Plays a demonstration: for a presenter at a terminal, key by key or by the clock; elsewhere from beginning to end.
///
/// The `Stage` decides what to show; this deals with the keys, the terminal and the time.
public struct DemonstrationRun {
  /// How it is played.
  public struct Options {
    /// Seconds between two beats, if it goes on without keys.
    public var seconds: Double?
    public var theme: Theme
    /// Those who see it elsewhere than at the terminal.
    var audience: (any DemonstrationAudience)?

    public init(seconds: Double? = nil, theme: Theme = .terminal, audience: (any DemonstrationAudience)? = nil) {
      self.seconds = seconds
      self.theme = theme
      self.audience = audience
    }
  }

  private let options: Options
  private let output = OutputChannel(descriptor: OutputChannel.standardOutputDescriptor)
  private var stage: Stage

  /// Plays the script at `path`. Any problem is reported before anything is shown.
  public static func run(file path: String, options: Options, session: Session) -> ExitStatus {
    let isShown = Terminal.output.isTerminal && (options.seconds != nil || Terminal.input.isTerminal)
    let output = OutputChannel(descriptor: OutputChannel.standardOutputDescriptor)
    // A crowd in it may make this take seconds.
    if isShown, Terminal.output.isCapable { output.write(said("Trying all of it out first...")) }
    let tried = performance(path, session: session)
    if isShown, Terminal.output.isCapable { output.write("\r\u{1B}[K") }
    guard let performance = tried else { return .wrongCall }
    guard performance.problems.isEmpty else { return report(performance.problems, path) }
    var run = DemonstrationRun(options: options, stage: Stage(performance))
    if isShown { run.play() } else { run.runThrough() }
    return .success
  }

  /// Reports whether the scripts can be played.
  public static func check(files paths: [String], session: Session) -> ExitStatus {
    var status = ExitStatus.success
    for path in paths {
      guard let performance = performance(path, session: session) else {
        status = .wrongCall
        continue
      }
      if performance.problems.isEmpty {
        let steps = Count.of(performance.demonstration.beats.count, "step")
        OutputChannel(descriptor: OutputChannel.standardOutputDescriptor).writeLine(
          StyledText(said("\(path): \(steps), no problem")).plain)
      } else if status == .success {
        status = report(performance.problems, path)
      } else {
        _ = report(performance.problems, path)
      }
    }
    return status
  }

  /// If a script cannot be read, the reason goes to standard error.
  private static func performance(_ path: String, session: Session) -> Performance? {
    let reading = Performance.read(
      path: Demonstration.path(path, files: .system), files: .system, session: session)
    if let refusal = reading.refusal {
      OutputChannel(descriptor: OutputChannel.standardErrorDescriptor).writeMessage(
        StyledText(said("natsh: error: cannot play '\(path)': \(refusal)")).plain)
    }
    return reading.performance
  }

  private static func report(_ problems: [Demonstration.Problem], _ path: String) -> ExitStatus {
    let errors = OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)
    let renderer = TextRenderer(style: Terminal.errors.style)
    for problem in problems {
      errors.writeLine(renderer.text(for: problem.error, at: "\(path):\(problem.line):\(problem.column)"))
    }
    return .commandFailed
  }

  // MARK: With a terminal

  private mutating func play() {
    if let audience = options.audience {
      output.writeLine(audience.invitation)
      if options.seconds == nil {
        output.writeLine(said("Press a key to begin."))
        _ = KeyReader.next()
      }
    }
    enter()
    defer { leave() }
    draw()
    while let key = waitForKey() {
      if let move = move(for: key) {
        stage.move(move, style: style, height: Terminal.output.height)
      } else if key == .character("w") {
        tryOut()
      }
      draw()
      // When played by the clock, the end is the end, and stays on the screen as long as everything before it.
      if options.seconds != nil, stage.isAtEnd, !drawing.hasMore {
        _ = waitForKey()
        return
      }
    }
  }

  /// The next key; nil if the presenter leaves.
  private mutating func waitForKey() -> KeyReader.Key? {
    while true {
      let key = pressed()
      switch key {
      case .interrupt, .end: return nil
      case .character("q") where !stage.isTyping: return nil
      case .timeout where options.seconds == nil:
        // Nobody pressed anything; the window may have changed its size, or the audience has voted.
        if let votes = options.audience?.newVotes() {
          stage.setCounts(votes)
          return .other
        }
        if size == (Terminal.output.width, Terminal.output.height) { continue }
        return .other
      default: return key
      }
    }
  }

  private func pressed() -> KeyReader.Key {
    guard let seconds = options.seconds else { return KeyReader.next(milliseconds: 500) }
    let milliseconds = Int32(min(max(seconds, 0.05), 86_400) * 1_000)
    if Terminal.input.isTerminal { return KeyReader.next(milliseconds: milliseconds) }
    KeyReader.pause(milliseconds: milliseconds)
    return .timeout
  }

  /// The stage's move for a key; nil if the key means nothing.
  private func move(for key: KeyReader.Key) -> Stage.Move? {
    switch key {
    case .character(" "): stage.isTyping ? .type(" ") : .forward
    case .character(let digit) where digit.isNumber || digit == ":" || stage.isTyping && digit == ",": .type(digit)
    case .character("n"), .right, .down, .pageDown, .timeout: .forward
    case .enter: .enter
    case .backspace: stage.isTyping ? .erase : .back
    case .character("b"), .character("p"), .left, .up, .pageUp: .back
    case .home: .first
    case .lastPage: .last
    case .character("t"): .table
    case .character("m"): .map
    case .character("?"), .character("h"): .keys
    case .character, .interrupt, .end, .other: nil
    }
  }

  /// A shell of the presenter's own, in the network as it stands; the demonstration's own is not touched.
  private func tryOut() {
    guard options.seconds == nil else { return }
    leave()
    output.writeLine(said("What if? This is a copy: try what you like. Ctrl-D goes back to the demonstration."))
    _ = InteractiveShell(console: Console(session: stage.session, format: .text), welcomes: false).run()
    enter()
  }

  // MARK: The screen

  private var style: TextStyle {
    var style = Terminal(descriptor: output.descriptor).style
    style.theme = options.theme
    return style
  }
  private var drawing: StageDrawing { StageDrawing(stage: stage, style: style, height: Terminal.output.height) }
  /// The terminal's columns and lines when the screen was drawn last.
  private var size = (width: 0, height: 0)

  private init(options: Options, stage: Stage) {
    self.options = options
    self.stage = stage
  }

  /// Takes a screen of its own, so that the earlier contents come back however the demonstration ends; lines that are
  /// too long are cut.
  private func enter() {
    if Terminal.output.isCapable { terminal_screen_begin() }
    KeyReader.hold()
  }

  private func leave() {
    KeyReader.release()
    terminal_screen_end()
  }

  private mutating func draw() {
    size = (Terminal.output.width, Terminal.output.height)
    options.audience?.show(scene)
    let lines = drawing.lines
    guard Terminal.output.isCapable else { return output.writeLine(lines.joined(separator: "\n")) }
    let base = style.usesColor ? style.theme.base : ""
    let drawn = lines.map { line in
      base + "\u{1B}[2K" + (base.isEmpty ? line : line.replacing("\u{1B}[0m", with: base))
    }
    output.write("\u{1B}[H" + drawn.joined(separator: "\r\n"))
  }

  /// What those see who look on elsewhere.
  private var scene: DemonstrationScene {
    let commands = stage.performance.demonstration.beats[..<stage.position].compactMap { beat in
      if case .command(let statement, _) = beat { statement.text } else { nil }
    }
    return DemonstrationScene(
      session: stage.session, command: commands.last ?? "", previous: commands.dropLast().last ?? "",
      vote: stage.openVote?.vote, beat: stage.openVote?.beat)
  }

  // MARK: Without one

  private func runThrough() {
    let style = Terminal(descriptor: output.descriptor).style
    for line in stage.performance.transcript(style: style) { output.writeLine(line) }
  }

  /// The keys, for the program's own help.
  public static let keys = Stage.keys.map { "\($0.0): \($0.1)" }.joined(separator: "; ") + "."
}
