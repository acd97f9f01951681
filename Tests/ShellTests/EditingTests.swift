// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct EditingTests {
  let folder = TestFolder()

  private func shell(_ environment: [String: String] = [:]) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(in: folder, environment: environment)
    try terminal.waitForPrompt()
    return terminal
  }

  private func leave(_ terminal: PseudoTerminal) throws {
    terminal.type(PseudoTerminal.controlD)
    #expect(try terminal.end() == 0)
  }

  private var history: String? { folder.text(of: "state/natsh/history") }

  // MARK: History

  @Test func historyIsKeptBetweenSessions() throws {
    let first = try shell()
    for line in ["echo one", "echo two", "echo two", " echo secret", "wrong"] { _ = try first.run(line) }
    try leave(first)
    #expect(history == "echo one\necho two\nwrong\n")
    let second = try shell()
    second.type(PseudoTerminal.up + PseudoTerminal.up)
    try second.wait(for: "echo two")
    second.type("\r")
    try second.wait(for: "\n")
    #expect(try second.waitForPrompt() == "two\n")
    try leave(second)
    var status = stat()
    #expect(stat("\(folder.path)/state/natsh", &status) == 0 && status.st_mode & 0o777 == 0o700)
    #expect(stat("\(folder.path)/state/natsh/history", &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test func twoShellsAtOnceLoseNothing() throws {
    let shells = try [shell(), shell()]
    for round in 1...5 {
      for (index, terminal) in shells.enumerated() { _ = try terminal.run("echo \(index) \(round)") }
    }
    for terminal in shells { try leave(terminal) }
    let lines = try #require(history).split(separator: "\n")
    #expect(lines.count == 10)
    #expect(Set(lines).count == 10)
  }

  @Test func historyIsBounded() throws {
    folder.makeFolder("state")
    folder.makeFolder("state/natsh")
    folder.write((1...10_050).map { "echo \($0)\n" }.joined(), to: "state/natsh/history")
    let terminal = try shell()
    _ = try terminal.run("echo last")
    try leave(terminal)
    let lines = try #require(history).split(separator: "\n")
    #expect(lines.count == 10_000)
    #expect(lines.first == "echo 52")
    #expect(lines.last == "echo last")
  }

  @Test func aHistoryThatCannotBeReadIsSaidOnce() throws {
    folder.write("a file where a folder should be", to: "state")
    let terminal = try PseudoTerminal(in: folder)
    #expect(try terminal.waitForPrompt().components(of: "will not be remembered") == 1)
    #expect(try terminal.run("echo one") == "one\n")
    try leave(terminal)
  }

  @Test func aHistoryFullOfControlCharactersDoesNoHarm() throws {
    folder.makeFolder("state")
    folder.makeFolder("state/natsh")
    folder.write(Array("echo good\n\u{1B}[2Jbad\n".utf8) + [0xFF, 0x00, 0x0A], to: "state/natsh/history")
    let terminal = try shell()
    terminal.type(PseudoTerminal.up)
    try terminal.wait(for: "echo good")
    terminal.type("\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt() == "good\n")
    try leave(terminal)
  }

  @Test func controlRSearches() throws {
    let terminal = try shell()
    for line in ["echo needle", "echo hay"] { _ = try terminal.run(line) }
    terminal.type(PseudoTerminal.controlR + "need")
    try terminal.wait(for: "d'")
    terminal.type("\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt() == "needle\n")
    try leave(terminal)
  }

  @Test func inputrcKnowsNatsh() throws {
    folder.write("$if natsh\n\"\\C-t\": \"echo from inputrc\\C-m\"\n$endif\n", to: "inputrc")
    let terminal = try shell(["INPUTRC": "\(folder.path)/inputrc"])
    terminal.type("\u{14}")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt() == "from inputrc\n")
    try leave(terminal)
  }

  // MARK: Completion

  @Test func tabCompletesACommandAndASpace() throws {
    let terminal = try shell()
    terminal.type("ec\t")
    try terminal.wait(for: "echo ")
    terminal.type("done\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt() == "done\n")
    try leave(terminal)
  }

  @Test func tabTwiceShowsWhatFits() throws {
    let terminal = try shell()
    terminal.type("s\t\t")
    let shown = try terminal.waitForPrompt()
    for word in ["save", "send", "step"] { #expect(shown.contains(word)) }
    terminal.type(PseudoTerminal.controlC)
    try terminal.waitForPrompt()
    try leave(terminal)
  }

  @Test func tabIgnoresCase() throws {
    let terminal = try shell()
    terminal.type("EC\t")
    try terminal.wait(for: "echo ")
    terminal.type(PseudoTerminal.controlC)
    try terminal.waitForPrompt()
    try leave(terminal)
  }

  @Test func tabCompletesFileNames() throws {
    folder.write("echo from the file\n", to: "my network.natsh")
    let terminal = try shell()
    terminal.type("load my\t")
    try terminal.wait(for: "network.natsh\"")
    terminal.type("\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt().contains("loaded"))
    try leave(terminal)
  }
}
