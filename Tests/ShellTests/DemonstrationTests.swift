// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

/// `natsh demo` before an audience.
@Suite struct DemonstrationTests {
  let folder = TestFolder()
  /// Without half blocks there is no large type: captions come as they are, their letters spaced.
  private let plain = ["LANG": "C", "NO_COLOR": "1"]

  init() {
    folder.write(
      """
      # One home
      scene one-home
      send alice:5000 bob:4000 "hi"
      # It travels
      vote "Who sees it first?" "Bob" "the router"
      run
      """, to: "demo.natsh")
  }

  private func play(_ options: String...) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(["demo"] + options + ["demo.natsh"], in: folder, environment: plain)
    try terminal.wait(for: "Space goes on")
    return terminal
  }

  @Test func keysGoOnAndBack() throws {
    let terminal = try play()
    /// Presses a key and waits for the text.
    func press(_ key: String, sees: String...) throws {
      try terminal.waitForKeys()
      terminal.type(key)
      for words in sees { try terminal.wait(for: words) }
    }
    #expect(terminal.screen.contains("O n e   h o m e"))
    try press("\r", sees: "natsh> scene one-home", "1 of 6")
    #expect(!terminal.screen.contains("This is the scene"))
    try press("m", sees: "nothing on the map", "any key goes back")
    try press(" ", sees: "1 of 6")
    // The keys that presenters' remotes send.
    try press("\u{1B}[6~", sees: "This is the scene one-home", "2 of 6")
    try press("\u{1B}[C", sees: "#1 alice", "3 of 6")
    try press("\u{1B}[B", sees: "I t   t r a v e l s", "4 of 6")
    // The command that gives the answer away is not shown before the vote is over.
    try press(" ", sees: "W h o", "1  Bob", "2  the router", "5 of 6  One home  type the votes")
    try press("1:12 2:15", sees: "Votes: 1:12 2:15")
    try press("\r", sees: "################ 12", "#################### 15")
    try press(" ", sees: "natsh> run", "5 of 6  One home   ? keys")
    try press(" ", sees: "delivered", "6 of 6  One home  That was it")
    try press(" ", sees: "6 of 6  One home  That was it")
    try press("t", sees: "49.36.10.25:62000")
    try press("\u{1B}[5~", sees: "6 of 6")
    try press("\u{1B}[D", sees: "5 of 6  One home   ? keys")
    terminal.type("q")
    #expect(try terminal.end() == 0)
  }

  @Test func aShellOfOnesOwnChangesNothing() throws {
    let terminal = try play()
    for _ in 0..<3 {
      try terminal.waitForKeys()
      terminal.type(" ")
    }
    try terminal.wait(for: "3 of 6")
    try terminal.waitForKeys()
    terminal.type("w")
    try terminal.wait(for: "What if?")
    try terminal.wait(for: "> ")
    terminal.type("host mallory 66.77.88.99\r")
    try terminal.wait(for: "mallory is at")
    terminal.type(PseudoTerminal.controlD)
    try terminal.wait(for: "3 of 6")
    try terminal.waitForKeys()
    terminal.type("m")
    try terminal.wait(for: "any key goes back")
    #expect(terminal.screen.components(separatedBy: "any key goes back").first?.hasSuffix("mallory") == false)
    terminal.type("qq")
    #expect(try terminal.end() == 0)
  }

  @Test(arguments: ["q", "\u{03}", "\u{04}"]) func leavesAtOnce(key: String) throws {
    let terminal = try play()
    try terminal.waitForKeys()
    terminal.type("\r")
    try terminal.wait(for: "natsh> scene")
    try terminal.waitForKeys()
    terminal.type(key)
    #expect(try terminal.end() == 0)
    #expect(!terminal.screen.contains("This is the scene"))
  }

  @Test func playsByItself() throws {
    let terminal = try PseudoTerminal(["demo", "--auto", "0.05", "demo.natsh"], in: folder, environment: plain)
    #expect(try terminal.end() == 0)
    let places = ["O n e", "This is the scene", "I t   t r a v e l s", "delivered"]
      .map { terminal.screen.firstRange(of: $0)?.lowerBound }
    #expect(!places.contains(nil) && places.compactMap { $0 } == places.compactMap { $0 }.sorted())
  }

  @Test func runsThroughWithoutATerminal() throws {
    let run = try ScriptProcess(["demo", "demo.natsh"], input: "", in: folder)
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(
      run.output.contains("# One home\nnatsh> scene one-home\nThis is the scene")
        || run.output.contains("# One home\n\nnatsh> scene"))
    #expect(run.output.contains("? Who sees it first?\n  1  Bob\n  2  the router\n"))
    #expect(run.output.contains("✓ delivered"))
  }

  @Test func allProblemsAreReportedBeforeTheFirstScreen() throws {
    folder.write(
      "scene one-home\nsend alice nobody\nmap\nvote \"a?\" \"b\"\nbogus\nsave x.natsh\nvote \"a?\" \"b\" \"c\"\n",
      to: "bad.natsh")
    for arguments in [
      ["demo", "bad.natsh"], ["demo", "--check", "bad.natsh"], ["demo", "--check", "demo.natsh", "bad.natsh"],
    ] {
      let run = try ScriptProcess(arguments, input: "", in: folder)
      #expect(run.status == 1 && !run.output.contains("[home-a]"))
      let lines = run.errors.split(separator: "\n").map { $0.prefix(25) }
      #expect(
        lines == [
          "bad.natsh:2:12: error: th", "bad.natsh:4:14: error: a ", "bad.natsh:5:1: error: the",
          "bad.natsh:6:1: error: a d", "bad.natsh:7:1: error: no ",
        ], "\(run.errors)")
    }
    // What asks something of the program around the session would do nothing.
    folder.write("host a\nhost b\nclass open\npage\nclass\nsend a b\nclear\nrun\n", to: "outer.natsh")
    let outer = try ScriptProcess(["demo", "--check", "outer.natsh"], input: "", in: folder)
    #expect(outer.status == 1)
    #expect(
      outer.errors
        == ["3:1", "4:1", "5:1"].enumerated().map { place, at in
          let command = ["class open", "page", "class"][place]
          return "outer.natsh:\(at): error: '\(command)' is for the prompt: a demonstration cannot do it\n"
        }.joined(), "\(outer.errors)")
    let check = try ScriptProcess(["lesson", "check", "bad.natsh"], input: "", in: folder)
    #expect(check.status == 1 && check.output.split(separator: "\n").count == 5)
    #expect(check.output.hasPrefix("bad.natsh:2: "))
    let missing = try ScriptProcess(["demo", "demo.natsj"], input: "", in: folder)
    #expect(missing.status == 2 && missing.output.isEmpty && missing.errors.contains("no such file or demonstration"))
    let good = try ScriptProcess(["demo", "--check", "demo.natsh"], input: "", in: folder)
    #expect(good.status == 0 && good.output == "demo.natsh: 6 steps, no problem\n")
  }
}
