// SPDX-License-Identifier: GPL-3.0-or-later

import CReadline
import CTerminal
import Commands
import Lessons
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The shell at a terminal: Readline's callback interface in an event loop, so that signals and keys are handled in
/// order and Ctrl-C never swallows a key. One of them runs at a time, on one thread.
public final class InteractiveShell {
  /// The shell that is running, for Readline's callbacks: they are C functions and carry no context.
  nonisolated(unsafe) private(set) static var current: InteractiveShell?

  let console: Console
  private let firstLine: String?
  private let welcomes: Bool
  private let beginning: ((EventLoop) -> Void)?
  private let history: HistoryFile?
  private var isHistoryLoaded = false
  private var hasComplainedOfHistory = false
  private var isLeaving = false
  /// Whether the line was drawn after Ctrl-Z while the signal that tells of going on is still to come.
  var isResumed = false
  /// Notes on the candidates that were offered last, by candidate.
  var completionNotes: [String: String] = [:]

  /// - Parameters:
  ///   - firstLine: a line to run as if it had been typed first.
  ///   - welcomes: whether it says where to begin.
  ///   - beginning: called with the loop in which it waits, so that other things can go on there.
  public init(
    console: Console, firstLine: String? = nil, welcomes: Bool = true, beginning: ((EventLoop) -> Void)? = nil
  ) {
    self.firstLine = firstLine
    self.beginning = beginning
    self.welcomes = welcomes
    self.console = console
    history = HistoryFile.defaultPath.map { HistoryFile(path: $0) }
  }

  /// Reads and runs lines until the learner leaves.
  public func run() -> ExitStatus {
    setLocale()
    let loop: EventLoop
    let signals = terminal_signals_open()
    do throws(SystemError) {
      guard signals >= 0 else { throw .last }
      loop = try EventLoop()
    } catch {
      console.errors.write(said("natsh: error: cannot watch for Ctrl-C: \(error.reason)\n"))
      return .commandFailed
    }
    beginning?(loop)
    Self.current = self
    defer { Self.current = nil }
    setUpReadline()
    checkHistory()
    if welcomes, console.format == .text { welcome() }
    catchSignals()
    if let firstLine { whileCommandsRun { _ = console.run(firstLine, from: .typed(indent: nil)) } }
    installHandler()
    insertTypedAhead()
    loop.watch(signals, isUrgent: true) { [unowned self] in handleSignals(from: signals) }
    loop.watch(0) { [unowned self] in
      loadHistory()
      rl_callback_read_char()
      insertTypedAhead()
    }
    while !isLeaving, loop.turn() {}
    rl_callback_handler_remove()
    // If it could not be cut now, it will be when the next shell begins.
    _ = try? history?.cut()
    return .success
  }

  /// Says where to begin. Lessons are looked for but not read: the prompt must not wait for them.
  private func welcome() {
    let shelf = console.session[LessonShelf.self]
    console.output.write(Self.welcome(firstLesson: shelf?.firstID(), back: shelf?.whereLearnerWas()))
  }

  /// - Parameters:
  ///   - firstLesson: its id; nil if there are no lessons.
  ///   - back: where the learner was in the lessons; nil for a newcomer.
  static func welcome(firstLesson: String?, back: LessonShelf.Return? = nil) -> String {
    if firstLesson != nil, let back {
      let way =
        back.isFinished
        ? said("You have finished \(back.lesson).  lesson  goes on to the next;")
        : said("You were at step \(back.step) of \(back.lesson).  lesson  goes on there;")
      return said(
        """
        natsh: a small internet whose routers show their NAT. Ctrl-D leaves.
        Welcome back. \(way)
        lessons  lists them all,  progress  shows what you have done.  help  for more.

        """)
    }
    // A teacher's own lesson may have a name that makes the line too long; the list of lessons leads to it.
    guard let firstLesson else {
      return said(
        """
        natsh: a small internet to build and take apart; its routers show their NAT.
        New here? Type  scene one-home  then  map  then  send alice bob  and press Enter
        to let the packet go on. Tab completes, help tells the rest, Ctrl-D leaves.

        """)
    }
    let beginning =
      firstLesson.count > 11
      ? said("lessons  to be shown round") : said("lesson \(firstLesson)  to begin;  lessons  lists all")
    return said(
      """
      natsh: a small internet whose routers show their NAT. Ctrl-D leaves.
      New here? Type  \(beginning). Or just play:
      scene one-home  then  map  then  send alice bob; Enter moves it. help has more.

      """)
  }

  /// Readline measures and moves by the locale's characters. Text is always UTF-8 here, even on a machine that was told
  /// nothing about its language, as containers are.
  private func setLocale() {
    guard let name = setlocale(LC_CTYPE, "").map({ String(cString: $0) }), name != "C", name != "POSIX" else {
      _ = setlocale(LC_CTYPE, "C.UTF-8") ?? setlocale(LC_CTYPE, "en_US.UTF-8")
      return
    }
  }

  private func setUpReadline() {
    // Kept for as long as the program runs: Readline keeps the pointer. `$if natsh` in ~/.inputrc compares with it.
    rl_readline_name = UnsafePointer(strdup("natsh"))
    rl_catch_signals = 0
    rl_catch_sigwinch = 0
    rl_change_environment = 0
    setUpCompletion()
    rl_initialize()
    using_history()
    stifle_history(Int32(HistoryFile.capacity))
  }

  // MARK: Prompt and lines

  /// Puts the keys typed at a page onto the new prompt.
  private func insertTypedAhead() {
    let keys = console.takeTypedAhead()
    guard !keys.isEmpty, !isLeaving else { return }
    rl_insert_text(keys)
    rl_redisplay()
  }

  private var prompt: Prompt {
    Prompt(of: console.session, style: Terminal.output.style)
  }

  func installHandler() {
    rl_callback_handler_install(prompt.text) { line in
      InteractiveShell.current?.take(line)
    }
  }

  /// Takes a line from Readline, which has given the terminal back its ordinary modes; nil is Ctrl-D.
  private func take(_ pointer: UnsafeMutablePointer<CChar>?) {
    guard let pointer else {
      console.output.write("\n")
      leave()
      return
    }
    defer { free(pointer) }
    let width = prompt.width
    let bytes = UnsafeBufferPointer(start: pointer, count: strlen(pointer)).map { UInt8(bitPattern: $0) }
    whileCommandsRun { run(bytes, promptWidth: width) }
    if !isLeaving { rl_set_prompt(prompt.text) }
  }

  /// Runs the line that was typed, or each line that was pasted.
  private func run(_ bytes: [UInt8], promptWidth: Int) {
    let lines = bytes.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    let isPaste = lines.count > 1
    for (index, bytes) in lines.enumerated() {
      let outcome = run(line: bytes, indent: isPaste ? nil : promptWidth, isAlone: !isPaste)
      switch outcome {
      case .done: continue
      case .quit:
        leave()
        return
      case .failed, .interrupted:
        let rest = lines[(index + 1)...].filter { !$0.allSatisfy { $0 == UInt8(ascii: " ") } }.count
        if rest > 0 {
          console.errors.write(
            rest == 1 ? said("The line after it was not run.\n") : said("The \(rest) lines after it were not run.\n"))
        }
        return
      }
    }
  }

  private func run(line bytes: ArraySlice<UInt8>, indent: Int?, isAlone: Bool) -> Console.Outcome {
    guard let line = String(validating: bytes, as: UTF8.self) else {
      let (column, byte) = InvalidText.place(in: bytes)
      let failure = Failure(
        .invalidText(line: 1, column: column, byte: byte), sourceName: ScriptSource.terminal.name, line: 0)
      let text = String(decoding: bytes, as: UTF8.self)
      console.report(failure, in: text, command: text, from: .typed(indent: nil))
      return .failed
    }
    if line.allSatisfy({ $0 == " " || $0 == "\t" }) {
      guard isAlone, console.session.packetsInFlight > 0 else { return .done }
      return console.run("step", from: .typed(indent: nil))
    }
    remember(line)
    return console.run(line, from: .typed(indent: indent))
  }

  /// Leaves after the current line. The handler is removed here and now, or Readline would draw one more prompt.
  func leave() {
    isLeaving = true
    rl_callback_handler_remove()
  }

  // MARK: History

  private func checkHistory() {
    do throws(SystemError) { try history?.check() } catch { complainOfHistory(error) }
  }

  /// Loads the lines kept, once. No key can ask for them before the first one, and by then the prompt is there: even
  /// years of lines do not delay it.
  private func loadHistory() {
    guard !isHistoryLoaded else { return }
    isHistoryLoaded = true
    // Any obstacle was reported when the shell began.
    for line in (try? history?.load()) ?? [] { add_history(line) }
    // Readline goes back from where the history ended when the line began.
    using_history()
  }

  private func remember(_ line: String) {
    guard let history, history.wants(line) else { return }
    add_history(line)
    do throws(SystemError) { try history.append(line) } catch { complainOfHistory(error) }
  }

  private func complainOfHistory(_ error: SystemError) {
    guard !hasComplainedOfHistory else { return }
    hasComplainedOfHistory = true
    let path = HistoryFile.defaultPath ?? ""
    console.errors.write(said("natsh: what you type will not be remembered: '\(path)': \(error.reason)\n"))
  }
}
