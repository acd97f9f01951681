// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct InteractiveTests {
  let folder = TestFolder()

  private func shell(_ environment: [String: String] = [:], columns: UInt16 = 100) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(in: folder, environment: environment, columns: columns)
    try terminal.waitForPrompt()
    return terminal
  }

  private func leave(_ terminal: PseudoTerminal) throws {
    terminal.type(PseudoTerminal.controlD)
    #expect(try terminal.end() == 0)
  }

  private func leaveAfterDropping(_ terminal: PseudoTerminal) throws {
    terminal.type(PseudoTerminal.controlC)
    try terminal.wait(for: "^C")
    try terminal.waitForPrompt()
    try leave(terminal)
  }

  @Test func welcomesAndLeavesAtControlD() throws {
    let terminal = try PseudoTerminal(in: folder)
    #expect(try terminal.waitForPrompt().contains("scene one-home"))
    try leave(terminal)
    #expect(terminal.screen.components(of: "natsh> ") == 1)
  }

  @Test func leavesAtQuitWithoutAnotherPrompt() throws {
    let terminal = try shell()
    terminal.type("quit\r")
    #expect(try terminal.end() == 0)
    #expect(terminal.screen.components(of: "natsh> ") == 1)
  }

  @Test func controlDOnALineWithTextLeavesNothing() throws {
    let terminal = try shell()
    terminal.type("echo here\u{04}\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt().contains("here"))
    try leave(terminal)
  }

  @Test func controlCDropsTheLineAndSwallowsNoKey() throws {
    let terminal = try shell()
    terminal.type("echo dropped")
    try terminal.wait(for: "dropped")
    terminal.type(PseudoTerminal.controlC)
    try terminal.wait(for: "^C")
    try terminal.waitForPrompt()
    #expect(try terminal.run("echo kept") == "kept\n")
    try leave(terminal)
  }

  @Test func controlCLeavesASearchAndACount() throws {
    let terminal = try shell()
    for (keys, shown) in [(PseudoTerminal.controlR + "xyz", "failed reverse-i-search"), ("\u{1B}1", "(arg: 1)")] {
      terminal.type(keys)
      try terminal.wait(for: shown)
      terminal.type(PseudoTerminal.controlC)
      try terminal.wait(for: "^C")
      try terminal.waitForPrompt()
    }
    #expect(try terminal.run("echo fine") == "fine\n")
    try leave(terminal)
  }

  @Test func controlCStopsALongRunAndNotTheShell() throws {
    let terminal = try shell()
    for line in LongRun.preparation { _ = try terminal.run(line) }
    terminal.type(LongRun.command + "\r")
    // The progress line says that it runs.
    try terminal.wait(for: "simulated")
    terminal.type(PseudoTerminal.controlC)
    #expect(try terminal.waitForPrompt().lowercased().contains("stopped"))
    #expect(try terminal.run("echo alive") == "alive\n")
    try leave(terminal)
  }

  @Test func controlZStopsAndForegroundGoesOn() throws {
    let terminal = try PseudoTerminal(program: ["/bin/sh", "-i"], in: folder, environment: ["PS1": "sh-prompt "])
    try terminal.wait(for: "sh-prompt ")
    terminal.type("'\(Executable.path)'\r")
    try terminal.waitForPrompt()
    terminal.type("echo half")
    try terminal.wait(for: "half")
    terminal.type(PseudoTerminal.controlZ)
    try terminal.wait(for: "sh-prompt ")
    terminal.type("fg\r")
    try terminal.wait(for: "echo half")
    terminal.type("way\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt() == "halfway\n")
    terminal.type(PseudoTerminal.controlD)
    try terminal.wait(for: "sh-prompt ")
    terminal.type("exit\r")
    #expect(try terminal.end() == 0)
  }

  @Test func controlZInALongRunStopsAtOnce() throws {
    let terminal = try PseudoTerminal(program: ["/bin/sh", "-i"], in: folder, environment: ["PS1": "sh-prompt "])
    try terminal.wait(for: "sh-prompt ")
    terminal.type("'\(Executable.path)'\r")
    try terminal.waitForPrompt()
    for line in LongRun.preparation { _ = try terminal.run(line) }
    terminal.type(LongRun.command + "\r")
    try terminal.wait(for: "simulated")
    terminal.type(PseudoTerminal.controlZ)
    try terminal.wait(for: "sh-prompt ")
    terminal.type("fg\r")
    try terminal.wait(for: "simulated")
    terminal.type(PseudoTerminal.controlC)
    try terminal.waitForPrompt()
    #expect(try terminal.run("echo alive") == "alive\n")
  }

  @Test func beingContinuedDrawsTheLineAgain() throws {
    let terminal = try shell()
    terminal.type("echo half")
    try terminal.wait(for: "half")
    terminal.send(SIGCONT)
    try terminal.wait(for: "echo half")
    try leaveAfterDropping(terminal)
  }

  @Test func anEmptyLineStepsWhileAPacketIsInFlight() throws {
    let terminal = try shell()
    #expect(try terminal.run("") == "")
    for line in LongRun.preparation { _ = try terminal.run(line) }
    #expect(terminal.screen.contains("●1> "))
    #expect(try terminal.run("") != "")
    try leave(terminal)
  }

  @Test func theWrongWordIsUnderlined() throws {
    let terminal = try shell()
    let output = try terminal.run("echo 1; ehco 2")
    #expect(output.contains("\n" + String(repeating: " ", count: "natsh> echo 1; ".count) + "^~~~\nerror: "))
    #expect(output.contains("did you mean 'echo'?"))
    try leave(terminal)
  }

  @Test func aWrappedLineIsShownAgainAtTheFault() throws {
    let terminal = try shell(columns: 40)
    let output = try terminal.run("echo \(String(repeating: "x", count: 60)); ehco 2")
    let lines = output.split(separator: "\n").suffix(4)
    let shown = try #require(lines.first { $0.contains("; ehco 2") && $0.contains("…") })
    let mark = try #require(lines.first { $0.contains("^~~~") })
    #expect(shown.distance(to: "ehco") == mark.distance(to: "^~~~"))
    try leave(terminal)
  }

  @Test func resizingChangesTheWidth() throws {
    let terminal = try shell(columns: 100)
    #expect(try terminal.run("echo width") == "width 100\n")
    terminal.resize(columns: 64)
    #expect(try terminal.run("echo width") == "width 64\n")
    try leave(terminal)
  }

  @Test func aPasteOfSeveralLinesStopsAtTheFirstError() throws {
    let terminal = try shell()
    terminal.paste("echo one\recho two\rwrong\recho three\recho four\r")
    try terminal.wait(for: "four")
    terminal.type("\r")
    try terminal.wait(for: "\n")
    let output = try terminal.waitForPrompt()
    #expect(output.contains("one\ntwo\n"))
    #expect(output.contains("wrong"))
    #expect(output.contains("2 lines after it were not run"))
    try leave(terminal)
  }

  @Test(arguments: [["TERM": "dumb"], ["TERM": "dumb", "NO_COLOR": ""]])
  func aDumbTerminalGetsNoEscapeCodes(environment: [String: String]) throws {
    let terminal = try shell(environment)
    #expect(try terminal.run("echo hi") == "hi\n")
    _ = try terminal.run("wrong")
    try leave(terminal)
    #expect(!terminal.received.contains(0x1B))
  }

  @Test func noColorLeavesOnlyReadlinesOwnCodes() throws {
    let terminal = try shell()
    _ = try terminal.run("echo hi")
    _ = try terminal.run("wrong")
    try leave(terminal)
    let text = String(decoding: terminal.received, as: UTF8.self)
    #expect(!text.split(separator: "\u{1B}").dropFirst().contains { !$0.hasPrefix("[?2004") })
  }

  @Test func colorIsUsedWhereItIsWelcome() throws {
    let terminal = try shell(["NO_COLOR": ""])
    try leave(terminal)
    #expect(String(decoding: terminal.received, as: UTF8.self).contains("\u{1B}[1mnatsh\u{1B}[m> "))
  }

  @Test func jsonAtATerminal() throws {
    let terminal = try PseudoTerminal(["--json"], in: folder)
    #expect(try terminal.waitForPrompt() == "")
    #expect(try terminal.run("echo hi").contains(#""ok":true"#))
    let error = try terminal.run("wrong")
    #expect(error.contains(#""ok":false"#))
    #expect(error.components(of: "\n") == 1)
    try leave(terminal)
  }

  @Test func hangingUpEndsTheShell() throws {
    let terminal = try shell()
    terminal.send(SIGHUP)
    #expect(try terminal.end() == -SIGHUP)
  }
}

/// A command that runs until it is stopped, and what must come before it.
enum LongRun {
  static let preparation = ["send alice bob"]
  static let command = "run"
}

extension StringProtocol {
  /// How often `part` occurs.
  func components(of part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }

  /// Characters before the first `part`; nil without one.
  func distance(to part: String) -> Int? {
    firstRange(of: part).map { distance(from: startIndex, to: $0.lowerBound) }
  }
}
