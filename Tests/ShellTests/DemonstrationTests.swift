// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

/// `natsh demo` before an audience.
@Suite struct DemonstrationTests {
  let folder = TestFolder()
  /// Without half blocks there is no large type: captions come as they are.
  private let plain = ["LANG": "C"]

  init() {
    folder.write(
      """
      # One home, and what its router does
      scene one-home
      send alice:5000 bob:4000 "hi"
      # It travels, and is delivered to Bob
      run
      """, to: "demo.natsh")
  }

  @Test func keysGoOnAndBack() throws {
    let terminal = try PseudoTerminal(["demo", "demo.natsh"], in: folder, environment: plain)
    /// Presses a key; what is awaited comes, and the command after it is shown and not yet run.
    func press(_ key: String, sees: String..., next: String) throws {
      try terminal.waitForKeys()
      terminal.type(key)
      for words in sees { try terminal.wait(for: words) }
      try terminal.wait(for: next)
    }
    try press("\r", sees: "One home, and what its router does", next: "natsh> scene one-home")
    #expect(!terminal.screen.contains("This is the scene"))
    try press("m", sees: "nothing to show", next: "natsh> scene one-home")
    try press(" ", sees: "This is the scene one-home", next: "natsh> send alice:5000")
    try press("m", sees: "[home-a]", next: "natsh> send alice:5000")
    try press("\r", sees: "#1 alice", next: "\n")
    try press("\r", sees: "delivered to Bob", next: "natsh> run")
    try press("t", sees: "no rows", next: "natsh> run")
    try press("b", sees: "Back.", next: "natsh> send alice:5000")
    try press("\r", sees: "#1 alice", next: "\n")
    try press("\r", sees: "delivered to Bob", next: "natsh> run")
    try press("\r", sees: "translated", "delivered", next: "That was it")
    try press("t", sees: "49.36.10.25:62000", next: "That was it")
    terminal.type("q")
    #expect(try terminal.end() == 0)
  }

  @Test(arguments: ["q", "\u{03}", "\u{04}"]) func leavesAtOnce(key: String) throws {
    let terminal = try PseudoTerminal(["demo", "demo.natsh"], in: folder, environment: plain)
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
    let places = ["One home", "This is the scene", "delivered to Bob", "#1 bob"]
      .map { terminal.screen.firstRange(of: $0)?.lowerBound }
    #expect(!places.contains(nil) && places.compactMap { $0 } == places.compactMap { $0 }.sorted())
  }

  @Test func runsThroughWithoutATerminal() throws {
    let run = try ScriptProcess(["demo", "demo.natsh"], input: "", in: folder)
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(run.output.contains("# One home, and what its router does\nnatsh> scene one-home\nThis is the scene"))
    #expect(run.output.contains("✓ delivered"))
  }

  @Test func stopsAtAFailure() throws {
    folder.write("scene one-home\nsend alice nobody\nmap\n", to: "bad.natsh")
    let run = try ScriptProcess(["demo", "bad.natsh"], input: "", in: folder)
    #expect(run.status == 1 && run.errors.hasPrefix("bad.natsh:2:12: error: ") && !run.output.contains("[home-a]"))
  }
}
