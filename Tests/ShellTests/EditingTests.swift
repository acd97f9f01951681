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
    for line in ["wait 1s", "host two", "host two", " host secret", "wrong"] { _ = try first.run(line) }
    try leave(first)
    #expect(history == "wait 1s\nhost two\nwrong\n")
    let second = try shell()
    second.type(PseudoTerminal.up + PseudoTerminal.up)
    try second.wait(for: "host two")
    second.type("\r")
    try second.wait(for: "\n")
    #expect(try second.waitForPrompt().hasPrefix("two is at "))
    try leave(second)
    var status = stat()
    #expect(stat("\(folder.path)/state/natsh", &status) == 0 && status.st_mode & 0o777 == 0o700)
    #expect(stat("\(folder.path)/state/natsh/history", &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test func twoShellsAtOnceLoseNothing() throws {
    let shells = try [shell(), shell()]
    for round in 1...5 {
      for (index, terminal) in shells.enumerated() { _ = try terminal.run("host h\(index)-\(round)") }
    }
    for terminal in shells { try leave(terminal) }
    let lines = try #require(history).split(separator: "\n")
    #expect(lines.count == 10)
    #expect(Set(lines).count == 10)
  }

  @Test func historyIsBounded() throws {
    folder.makeFolder("state")
    folder.makeFolder("state/natsh")
    folder.write((1...10_050).map { "host h\($0)\n" }.joined(), to: "state/natsh/history")
    let terminal = try shell()
    _ = try terminal.run("host last")
    try leave(terminal)
    let lines = try #require(history).split(separator: "\n")
    #expect(lines.count == 10_000)
    #expect(lines.first == "host h52")
    #expect(lines.last == "host last")
  }

  @Test func anUnreadableHistoryIsMentionedOnce() throws {
    folder.write("a file where a folder should be", to: "state")
    let terminal = try PseudoTerminal(in: folder)
    #expect(try terminal.waitForPrompt().components(of: "will not be remembered") == 1)
    #expect(try terminal.run("host one").hasPrefix("one is at "))
    try leave(terminal)
  }

  @Test func aHistoryFullOfControlCharactersDoesNoHarm() throws {
    folder.makeFolder("state")
    folder.makeFolder("state/natsh")
    folder.write(Array("host good\n\u{1B}[2Jbad\n".utf8) + [0xFF, 0x00, 0x0A], to: "state/natsh/history")
    let terminal = try shell()
    terminal.type(PseudoTerminal.up)
    try terminal.wait(for: "host good")
    terminal.type("\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt().hasPrefix("good is at "))
    try leave(terminal)
  }

  @Test func controlRSearches() throws {
    let terminal = try shell()
    for line in ["host needle", "host hay"] { _ = try terminal.run(line) }
    terminal.type(PseudoTerminal.controlR + "need")
    try terminal.wait(for: "d'")
    terminal.type("\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt().contains("'needle'"))
    try leave(terminal)
  }

  @Test func inputrcKnowsNatsh() throws {
    folder.write("$if natsh\n\"\\C-t\": \"host inputrc\\C-m\"\n$endif\n", to: "inputrc")
    let terminal = try shell(["INPUTRC": "\(folder.path)/inputrc"])
    terminal.type("\u{14}")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt().hasPrefix("inputrc is at "))
    try leave(terminal)
  }

  // MARK: Completion

  /// The network, the text typed, and the line after Tab.
  static let completions: [(before: String, typed: String, completed: String)] = [
    ("reset", "vers", "version "),
    ("reset", "LAD", "ladder "),
    ("reset", "load x; lad", "load x; ladder "),
    ("reset", "scene two-h", "scene two-homes "),
    ("scene one-home", "show ali", "show alice "),
    ("scene one-home", "set home-a filt", "set home-a filtering "),
    ("scene one-home", "set home-a filtering address-and", "set home-a filtering address-and-port-dependent "),
    ("scene one-home", "router r preset sym", "router r preset symmetric "),
    ("host alice; host bob; send alice:5000 bob:4000", "send alice:50", "send alice:5000 "),
  ]

  @Test(arguments: completions) func tabCompletes(before: String, typed: String, completed: String) throws {
    let terminal = try shell()
    _ = try terminal.run(before)
    terminal.type(typed + "\t")
    // Readline redraws only the parts that it must, so the whole line is asked for with a key that does not change it.
    terminal.type("|")
    try terminal.wait(for: "|")
    terminal.type("\u{0C}")
    try terminal.wait(for: completed + "|")
    terminal.type(PseudoTerminal.controlC)
    try terminal.waitForPrompt()
    try leave(terminal)
  }

  @Test func tabTwiceShowsWhatFitsAndWhatItIs() throws {
    let terminal = try shell()
    _ = try terminal.run("scene one-home")
    terminal.type("show \t\t")
    let shown = try terminal.waitForPrompt()
    for word in ["alice", "bob", "home-a", "router", "host"] { #expect(shown.contains(word)) }
    terminal.type(PseudoTerminal.controlC)
    try terminal.waitForPrompt()
    try leave(terminal)
  }

  @Test func notesShowNoBackquotes() throws {
    let terminal = try shell()
    terminal.type("re\t\t")
    let shown = try terminal.waitForPrompt()
    #expect(shown.contains("does again what 'undo' undid") && !shown.contains("`"))
    terminal.type(PseudoTerminal.controlC)
    try terminal.wait(for: "^C")
    try terminal.waitForPrompt()
    try leave(terminal)
  }

  @Test(arguments: ["load my\t", "load \"my n\t"]) func tabCompletesFileNames(keys: String) throws {
    folder.write("host filed\n", to: "my network.natsh")
    let terminal = try shell()
    terminal.type(keys)
    try terminal.wait(for: "etwork.natsh\"")
    terminal.type("\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt().contains("Loaded"))
    try leave(terminal)
  }

  /// A file's name, the part of it that is typed, and the line after Tab.
  static let fileNames: [(name: String, typed: String, line: String)] = [
    ("plain", "load pl", "load plain"), ("two words", "load tw", "load \"two words\""),
    ("a\"b", "load a", "load \"a\\\"b\""), ("c\\d", "load c", "load \"c\\\\d\""),
    ("e\nf", "load e", "load \"e\\nf\""), ("g\"h i", "load \"g\\\"h", "load \"g\\\"h i\""),
  ]

  @Test(arguments: fileNames) func anyFileNameIsCompletedToItself(name: String, typed: String, line: String) throws {
    folder.write("host found\n", to: name)
    let terminal = try shell()
    terminal.type(typed + "\t")
    try terminal.wait(for: String(line.dropFirst(typed.hasPrefix("load \"") ? typed.count : 5)))
    terminal.type("\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt().contains("Loaded "))
    #expect(try terminal.run("show found").contains("found"))
    try leave(terminal)
  }

  @Test func tabAsksBeforeItListsVeryMany() throws {
    folder.write((1...150).map { "host h\($0)\n" }.joined(), to: "many")
    let terminal = try shell()
    _ = try terminal.run("load many")
    terminal.type("show h\t\t")
    try terminal.wait(for: "Display all 150 possibilities? (y or n) ")
    try terminal.waitForKeys()
    terminal.type("n")
    try terminal.wait(for: "show h")
    terminal.type("1\r")
    try terminal.wait(for: "\n")
    #expect(try terminal.waitForPrompt().contains("h1"))
    #expect(!terminal.screen.contains("h77"))
    try leave(terminal)
  }
}
