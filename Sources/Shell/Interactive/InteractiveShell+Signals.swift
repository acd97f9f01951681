// SPDX-License-Identifier: GPL-3.0-or-later

import CReadline
import CTerminal

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension InteractiveShell {
  /// Handles the signals that came while a line was being edited.
  func handleSignals(from descriptor: Int32) {
    for number in pendingSignals(from: descriptor) {
      switch number {
      case SIGINT: dropLine()
      case SIGWINCH: rl_resize_terminal()
      case SIGTSTP: suspend()
      case SIGCONT: resume()
      case SIGTERM, SIGHUP, SIGQUIT: end(by: number)
      default: break
      }
    }
  }

  /// Signals that mean something else while a command runs than while a line is edited: they then end or stop the
  /// program at once, as they do any other. Ctrl-C is for whoever asks whether it came.
  private static let forCommands = [SIGTSTP, SIGTERM, SIGHUP, SIGQUIT]

  func catchSignals() {
    for signal in [SIGINT, SIGWINCH, SIGCONT] + Self.forCommands { terminal_signals_catch(signal) }
  }

  /// Runs commands, with the terminal in its ordinary modes.
  func whileCommandsRun(_ body: () -> Void) {
    for signal in Self.forCommands { terminal_signals_release(signal) }
    body()
    terminal_interrupt_clear()
    for signal in Self.forCommands { terminal_signals_catch(signal) }
    // Whatever came meanwhile has done its work, except for the window's new size.
    for number in pendingSignals(from: terminal_signals_open()) where number == SIGWINCH { rl_reset_screen_size() }
  }

  private func pendingSignals(from descriptor: Int32) -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? bytes[..<count].map { Int32($0) } : []
  }

  /// Ctrl-C at the prompt: discards the line, whatever state of searching or counting Readline was in. The order is
  /// Readline's: leave out one call, and an argument prompt sticks or text is overwritten.
  private func dropLine() {
    terminal_interrupt_clear()
    rl_callback_sigcleanup()
    rl_free_line_state()
    rl_point = rl_end
    rl_redisplay()
    console.output.write("^C\n")
    rl_callback_handler_remove()
    rl_replace_line("", 1)
    installHandler()
  }

  /// Ctrl-Z at the prompt: gives the terminal back, stops, and goes on where it was.
  private func suspend() {
    rl_deprep_terminal()
    console.output.write("\n")
    terminal_signals_release(SIGTSTP)
    raise(SIGTSTP)
    terminal_signals_catch(SIGTSTP)
    // The signal sent on resuming may be ignored at the wish of the program that started this one; otherwise it comes
    // now and must not draw the line once more.
    isResumed = true
    redraw()
  }

  /// The program goes on after it was stopped.
  private func resume() {
    if !isResumed { redraw() }
    isResumed = false
  }

  private func redraw() {
    rl_prep_terminal(1)
    rl_reset_screen_size()
    rl_on_new_line()
    rl_forced_update_display()
  }

  /// Ends the way the signal asks, with the terminal as it was found.
  private func end(by number: Int32) {
    rl_callback_handler_remove()
    terminal_signals_release(number)
    raise(number)
    exit(128 + number)
  }
}
