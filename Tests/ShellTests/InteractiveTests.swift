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
    terminal.type("host here\u{04}\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt().contains("here is at "))
    try leave(terminal)
  }

  @Test func controlCDropsTheLineAndSwallowsNoKey() throws {
    let terminal = try shell()
    terminal.type("host dropped")
    try terminal.wait(for: "dropped")
    terminal.type(PseudoTerminal.controlC)
    try terminal.wait(for: "^C")
    try terminal.waitForPrompt()
    #expect(try terminal.run("host kept").hasPrefix("kept is at "))
    try leave(terminal)
  }

  @Test func controlCLeavesASearchAndACount() throws {
    let terminal = try shell()
    for (keys, shown) in [
      (PseudoTerminal.controlR + "xyz", ["failed reverse-i-search", "z"]), ("\u{1B}1", ["(arg: 1)"]),
    ] {
      terminal.type(keys)
      // Wait for the last key: the terminal discards what has not been read when Ctrl-C comes.
      for part in shown { try terminal.wait(for: part) }
      terminal.type(PseudoTerminal.controlC)
      try terminal.wait(for: "^C")
      try terminal.waitForPrompt()
    }
    #expect(try terminal.run("host fine").hasPrefix("fine is at "))
    try leave(terminal)
  }

  @Test func controlCStopsALongLoadAndNotTheShell() throws {
    writeLongScript()
    let terminal = try shell()
    terminal.type("load long\r")
    // The progress line shows that it is running.
    try terminal.wait(for: "(Ctrl-C stops)")
    terminal.type(PseudoTerminal.controlC)
    #expect(try terminal.waitForPrompt().contains("stopped; nothing was loaded"))
    #expect(try terminal.run("show first").contains("error: "))
    #expect(try terminal.run("host alive").hasPrefix("alive is at "))
    try leave(terminal)
  }

  /// A script that takes longer to load than anyone waits.
  private func writeLongScript() {
    folder.write("host first\n" + String(repeating: "packets\n", count: 4_000_000), to: "long")
  }

  @Test func controlZStopsAndForegroundGoesOn() throws {
    let terminal = try PseudoTerminal(program: ["/bin/sh", "-i"], in: folder, environment: ["PS1": "sh-prompt "])
    try terminal.wait(for: "sh-prompt ")
    terminal.type("'\(Executable.path)'\r")
    try terminal.waitForPrompt()
    terminal.type("host half")
    try terminal.wait(for: "half")
    terminal.type(PseudoTerminal.controlZ)
    try terminal.wait(for: "sh-prompt ")
    terminal.type("fg\r")
    try terminal.wait(for: "host half")
    terminal.type("way\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt().hasPrefix("halfway is at "))
    terminal.type(PseudoTerminal.controlD)
    try terminal.wait(for: "sh-prompt ")
    terminal.type("exit\r")
    #expect(try terminal.end() == 0)
  }

  @Test func controlZInALongLoadStopsAtOnce() throws {
    writeLongScript()
    let terminal = try PseudoTerminal(program: ["/bin/sh", "-i"], in: folder, environment: ["PS1": "sh-prompt "])
    try terminal.wait(for: "sh-prompt ")
    terminal.type("'\(Executable.path)'\r")
    try terminal.waitForPrompt()
    terminal.type("load long\r")
    try terminal.wait(for: "(Ctrl-C stops)")
    terminal.type(PseudoTerminal.controlZ)
    try terminal.wait(for: "sh-prompt ")
    terminal.type("fg\r")
    try terminal.wait(for: "(Ctrl-C stops)")
    terminal.type(PseudoTerminal.controlC)
    try terminal.waitForPrompt()
    #expect(try terminal.run("host alive").hasPrefix("alive is at "))
  }

  @Test func beingContinuedDrawsTheLineAgain() throws {
    let terminal = try shell()
    terminal.type("host half")
    try terminal.wait(for: "half")
    terminal.send(SIGCONT)
    try terminal.wait(for: "host half")
    try leaveAfterDropping(terminal)
  }

  @Test func anEmptyLineStepsWhileAPacketIsInFlight() throws {
    let terminal = try shell()
    #expect(try terminal.run("") == "")
    _ = try terminal.run("scene one-home; send alice bob")
    #expect(terminal.screen.contains("●1> "))
    #expect(try terminal.run("") != "")
    try leave(terminal)
  }

  @Test func theWrongWordIsUnderlined() throws {
    let terminal = try shell()
    let output = try terminal.run("host one; hots two")
    #expect(output.contains("\n" + String(repeating: " ", count: "natsh> host one; ".count) + "^~~~\nerror: "))
    #expect(output.contains("did you mean 'host'?"))
    try leave(terminal)
  }

  @Test func aWrappedLineIsShownAgainAtTheFault() throws {
    let terminal = try shell(columns: 40)
    let output = try terminal.run("host \(String(repeating: "x", count: 60)); hots two")
    let lines = output.split(separator: "\n")
    let shown = try #require(lines.first { $0.contains("; hots two") && $0.contains("…") })
    let mark = try #require(lines.first { $0.contains("^~~~") })
    #expect(shown.distance(to: "hots") == mark.distance(to: "^~~~"))
    try leave(terminal)
  }

  @Test func resizingChangesTheWidth() throws {
    let terminal = try shell(columns: 100)
    func longest(_ text: String) -> Int { text.split(separator: "\n").map(\.count).max() ?? 0 }
    #expect((61...100).contains(longest(try terminal.run("help send"))))
    terminal.resize(columns: 60)
    #expect((30...60).contains(longest(try terminal.run("help send"))))
    try leave(terminal)
  }

  @Test func aPasteOfSeveralLinesStopsAtTheFirstError() throws {
    let terminal = try shell()
    terminal.paste("host one\rhost two\rwrong\rhost three\rhost four\r")
    try terminal.wait(for: "four")
    terminal.type("\r")
    try terminal.wait(for: "\n")
    let output = try terminal.waitForPrompt()
    #expect(output.contains("two is at "))
    #expect(output.contains("there is no command 'wrong'"))
    #expect(!output.contains("three is at "))
    #expect(output.contains("2 lines after it were not run"))
    try leave(terminal)
  }

  @Test(arguments: [["TERM": "dumb"], ["TERM": "dumb", "NO_COLOR": ""]])
  func aDumbTerminalGetsNoEscapeCodes(environment: [String: String]) throws {
    let terminal = try shell(environment)
    #expect(try terminal.run("host hi").hasPrefix("hi is at "))
    _ = try terminal.run("wrong")
    try leave(terminal)
    #expect(!terminal.received.contains(0x1B))
  }

  @Test func noColorLeavesOnlyReadlinesOwnCodes() throws {
    let terminal = try shell()
    _ = try terminal.run("host hi")
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
    #expect(try terminal.run("host hi").contains(#""ok":true"#))
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
