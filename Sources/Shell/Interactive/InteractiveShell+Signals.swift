// SPDX-License-Identifier: GPL-3.0-or-later

import CReadline
import CTerminal

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension InteractiveShell {
  /// Meets the signals that came while a line was being edited.
  func handleSignals(from descriptor: Int32) {
    for number in pendingSignals(from: descriptor) {
      switch number {
      case SIGINT: dropLine()
      case SIGWINCH: rl_resize_terminal()
      case SIGTSTP: suspend()
      case SIGCONT: redraw()
      case SIGTERM, SIGHUP: end(by: number)
      default: break
      }
    }
  }

  /// Signals that came while a command ran have done their work, except for those that end the shell or tell of a new
  /// size, which hold.
  func forgetSignalsOfRun() {
    for number in pendingSignals(from: terminal_signals_open()) {
      switch number {
      case SIGWINCH: rl_reset_screen_size()
      case SIGTERM, SIGHUP: end(by: number)
      default: break
      }
    }
  }

  private func pendingSignals(from descriptor: Int32) -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? bytes[..<count].map { Int32($0) } : []
  }

  /// Ctrl-C at the prompt: the line goes, whatever state of searching or counting Readline was in. The order is
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
    redraw()
  }

  private func redraw() {
    rl_prep_terminal(1)
    rl_reset_screen_size()
    rl_on_new_line()
    rl_forced_update_display()
  }

  /// Ends as the signal wants, with the terminal as it was found.
  private func end(by number: Int32) {
    rl_callback_handler_remove()
    terminal_signals_release(number)
    raise(number)
    exit(128 + number)
  }
}
