// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Lessons

/// A learner's work of several sittings is handed in as one, and graded.
@Suite struct HandInTests {
  let folder = TestFolder()

  init() {
    folder.makeFolder("lessons")
    folder.write(
      LessonSkeleton.text(id: "knock").replacing(
        "## What you have seen",
        with:
          "## A minute\n\n```yaml expect\n- clock: \">= 1m\"\n```\n\n```natsh solution\nwait 1m\n```\n\n```hint\nWait.\n```\n\n## What you have seen"
      ),
      to: "lessons/01-knock.md")
  }

  /// Runs natsh without a terminal in the folder of the sittings.
  private func run(_ arguments: [String]) throws -> ScriptProcess {
    try ScriptProcess(arguments, in: folder, environment: ["XDG_STATE_HOME": "\(folder.path)/state", "USER": "ann"])
  }

  /// Types lines at a prompt and leaves.
  private func sit(_ lines: [(String, until: String)]) throws {
    let terminal = try PseudoTerminal(in: folder, rows: 200)
    try terminal.waitForPrompt()
    for (line, awaited) in lines { _ = try terminal.run(line, until: awaited) }
    terminal.type(PseudoTerminal.controlD)
    #expect(try terminal.end() == 0)
  }

  @Test func controlCStopsGradingAndWhatIsGradedIsShown() throws {
    folder.makeFolder("class")
    folder.write("lesson knock\nanswer 2\n", to: "class/ann.natsh")
    for name in 1...40 { folder.write("lesson knock\ncrowd 1000 for 1h\n", to: "class/b\(name).natsh") }
    let terminal = try PseudoTerminal(["grade", "knock", "class", "--lessons", "lessons"], in: folder)
    try terminal.wait(for: "(Ctrl-C stops)")
    terminal.type(PseudoTerminal.controlC)
    try terminal.wait(for: "class/ann.natsh")
    try terminal.wait(for: " of 41 hand-ins")
    #expect(try terminal.end() == 1)
  }

  @Test func allSittingsAreHandedIn() throws {
    try sit([
      ("map", until: "nothing on the map"), ("lesson knock", until: "natsh knock 1/3"),
      ("answer 2", until: "natsh knock 1/3"), ("send bob:4001 49.36.10.25:62000", until: "natsh knock 1/3"),
      ("run", until: "natsh knock 1/3 done"), ("next", until: "natsh knock 2/3"),
    ])
    try sit([
      ("lesson knock", until: "natsh knock 2/3"), ("wait 1m", until: "natsh knock 2/3 done"),
      ("leave", until: "You have left"),
    ])
    let handIn = try run(["hand-in", "knock", "--name", "Ann \u{1B}[2J Example"])
    #expect(handIn.status == 0 && handIn.output.contains("2 sittings"), "\(handIn.errors)")
    let text = try #require(folder.text(of: "knock-ann-2j-example.natsh"))
    #expect(text.hasPrefix("# natsh hand-in 1\n# name: Ann [2J Example\n# lesson: knock\n# version: "))
    #expect(
      text.hasSuffix(
        """
        # sitting 1
        lesson knock 1
        answer 2
        send bob:4001 49.36.10.25:62000
        run
        next
        # sitting 2
        lesson knock 2
        wait 1m
        leave

        """), "\(text)")
    let grade = try run(["grade", "knock", "--json", "knock-ann-2j-example.natsh"])
    #expect(grade.status == 0 && grade.output.contains(#""score":100,"status":"complete""#), "\(grade.output)")
    // An existing file is never overwritten.
    let again = try run(["hand-in", "knock", "--name", "Ann \u{1B}[2J Example"])
    #expect(again.status == 1 && again.errors.contains("is there already"))
    #expect(folder.text(of: "knock-ann-2j-example.natsh") == text)
    let named = try run(["hand-in", "knock", "other.natsh"])
    #expect(named.status == 0 && folder.text(of: "other.natsh")?.contains("# name: ann\n") == true)
  }

  @Test(arguments: [
    (["hand-in", "knock"], "nothing of 'knock' has been done"), (["hand-in", "nix"], "there is no lesson 'nix'"),
  ])
  func thereMustBeSomething(arguments: [String], words: String) throws {
    let run = try run(arguments)
    #expect(run.status == 1 && run.errors.contains(words) && folder.names == ["lessons"])
  }

  @Test func aFileMayBeCalledLikeAnOption() throws {
    folder.write("lesson knock\nanswer 1\n", to: "-c.natsh")
    folder.write("lesson knock\n", to: "--json.natsh")
    let run = try run(["grade", "knock", "--csv", "--json.natsh", "-c.natsh"])
    #expect(run.status == 1 && run.errors.isEmpty)
    #expect(
      run.output.contains("./-c.natsh,'-c,knock,partly,") && run.output.contains("./--json.natsh,'--json,knock,empty,"))
  }

  @Test func aSymbolicLinkIsNotFollowed() throws {
    folder.write("secret words of the teacher's\n", to: "secret")
    folder.link("secret", from: "bob.natsh")
    for format in ["--csv", "--json"] {
      let run = try run(["grade", "knock", format, "bob.natsh"])
      #expect(run.status == 1 && run.output.contains("symbolic link") && !run.output.contains("secret words"))
    }
  }

  @Test func savingSaysWhatItReplaces() throws {
    folder.write("my essay\n", to: "essay.txt")
    let run = try run(["-c", "scene direct; save essay.txt; save new.natsh"])
    #expect(run.output.contains("essay.txt existed before") && !run.output.contains("new.natsh existed"))
  }

  // MARK: Pages

  @Test func theCurriculumIsExported() throws {
    let plain = try run(["lesson", "export", "pages"])
    #expect(
      plain.status == 0 && Files.names(in: "\(folder.path)/pages") == ["index.html", "knock.html"], "\(plain.errors)")
    let page = try #require(folder.text(of: "pages/knock.html"))
    #expect(
      page.contains("<legend>What will Alice&#39;s router do with the packet?</legend>") && !page.contains("Solution"))
    #expect(!page.contains("<script") && !page.contains("src="))
    let solved = try run(["lesson", "export", "pages", "--solutions"])
    #expect(solved.status == 0 && folder.text(of: "pages/knock.html")?.contains("<summary>Solution</summary>") == true)
    folder.write("mine\n", to: "pages/index.html")
    let refused = try run(["lesson", "export", "pages"])
    #expect(
      refused.status == 1 && refused.errors.contains("natsh did not write it")
        && folder.text(of: "pages/index.html") == "mine\n")
  }
}
