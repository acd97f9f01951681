// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Signals at every moment: the program ends by those that end it, and the terminal is restored.
@Suite struct SignalTests {
  let folder = TestFolder()

  /// Ends the program at the terminal by `signal`.
  private func end(_ terminal: PseudoTerminal, by signal: Int32) throws {
    terminal.send(signal)
    #expect(try terminal.end() == -signal)
    #expect(terminal.hasOrdinaryModes)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT]) func endsTheShellAtThePrompt(signal: Int32) throws {
    let terminal = try PseudoTerminal(in: folder)
    try terminal.waitForPrompt()
    terminal.type("host half")
    try terminal.wait(for: "half")
    #expect(!terminal.hasOrdinaryModes)
    try end(terminal, by: signal)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT]) func endsACommandThatRuns(signal: Int32) throws {
    let terminal = try PseudoTerminal(in: folder)
    try terminal.waitForPrompt()
    terminal.type("crowd 1000 for 1h\r")
    try terminal.wait(for: "(Ctrl-C stops)")
    try end(terminal, by: signal)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT, SIGINT]) func endsADemonstration(signal: Int32) throws {
    folder.write("# A caption\nscene one-home\n", to: "demo.natsh")
    let terminal = try PseudoTerminal(["demo", "demo.natsh"], in: folder, environment: ["LANG": "C"])
    try terminal.waitForKeys()
    terminal.type("\r")
    try terminal.wait(for: "natsh> scene")
    try terminal.waitForKeys()
    try end(terminal, by: signal)
  }

  /// A shell whose pager waits for a key, with more text than three of its pages hold.
  private func pager() throws -> PseudoTerminal {
    folder.makeFolder("lessons")
    let prose = (1...40).map { "Line \($0).\n\n" }.joined()
    folder.write(
      "---\nformat: 1\nid: long\ntitle: Long\n---\n\n# Long\n\n## A step\n\n\(prose)", to: "lessons/01-long.md")
    let terminal = try PseudoTerminal(["--lessons", "lessons"], in: folder, rows: 12)
    try terminal.waitForPrompt()
    terminal.type("lesson long\r")
    try terminal.wait(for: "more: ")
    try terminal.waitForKeys()
    return terminal
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT]) func endsAShellThatShowsAPage(signal: Int32) throws {
    try end(try pager(), by: signal)
  }

  @Test func aWindowOfANewSizeLosesNothingOfAText() throws {
    let terminal = try pager()
    terminal.resize(columns: 90, rows: 200)
    // Nothing shows that the new size has arrived, but it comes before a key that is typed after it.
    terminal.type(" ")
    try terminal.wait(for: "Line 40.")
    try terminal.waitForPrompt()
  }

  @Test func goingOnDrawsTheLineOnce() throws {
    let terminal = try PseudoTerminal(program: ["/bin/sh", "-i"], in: folder, environment: ["PS1": "sh-prompt "])
    try terminal.wait(for: "sh-prompt ")
    terminal.type("'\(Executable.path)'\r")
    try terminal.waitForPrompt()
    terminal.type("host half")
    try terminal.wait(for: "half")
    terminal.type(PseudoTerminal.controlZ)
    try terminal.wait(for: "sh-prompt ")
    terminal.type("fg\r")
    try terminal.waitForPrompt()
    try terminal.wait(for: "host half")
    // Only the typed key is drawn next, not the line once more.
    terminal.type("w")
    #expect(try terminal.wait(for: "w") == "")
  }
}
