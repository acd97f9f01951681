// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Runs without a terminal: what goes in, what comes out, and how it ends.
@Suite struct ScriptTests {
  struct Run: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var input: [UInt8]
    var status: Int32
    var output: String
    var errors: String

    init(_ arguments: [String], _ input: String, _ status: Int32, _ output: String, _ errors: String = "") {
      self.init(arguments, bytes: Array(input.utf8), status, output, errors)
    }

    init(_ arguments: [String], bytes: [UInt8], _ status: Int32, _ output: String, _ errors: String = "") {
      self.arguments = arguments
      input = bytes
      self.status = status
      self.output = output
      self.errors = errors
    }

    var testDescription: String { "\(arguments) < \(String(decoding: input.prefix(60), as: UTF8.self))" }
  }

  let folder = TestFolder()

  static let runs: [Run] = [
    Run(["-c", "echo one; echo two"], "", 0, "one\ntwo\n"),
    Run(["-c", "echo one\necho two"], "", 0, "one\ntwo\n"),
    Run(["-c", "echo \"c; d\""], "", 0, "c; d\n"),
    Run([], "echo one\necho two\n", 0, "one\ntwo\n"),
    Run(["-"], "echo one", 0, "one\n"),
    Run([], "echo one\r\necho two\r\n", 0, "one\ntwo\n"),
    Run([], "\u{FEFF}echo one\n", 0, "one\n"),
    Run([], "echo one\n\n  # nothing\nquit\necho two\n", 0, "one\n"),
    Run([], "", 0, ""),
    Run(
      ["-c", "echo one; ehco two; echo three"], "", 1, "one\n",
      "-c:1:11: error: there is no command 'ehco'\n  did you mean 'echo'?\n"),
    Run([], "echo one\n  x\necho two\n", 1, "one\n", "<stdin>:2:3: error: there is no command 'x'\n"),
    Run(["--keep-going"], "x\necho two\n", 1, "two\n", "<stdin>:1:1: error: there is no command 'x'\n"),
    Run(
      ["--json"], "x\n", 1,
      #"{"command":"x","ok":false,"error":{"kind":"unknown-command","message":"there is no command 'x'","#
        + #""suggestion":null}}"# + "\n", "<stdin>:1:1: error: there is no command 'x'\n"),
    Run(
      ["--keep-going"], bytes: Array("echo one\necho \u{E9}".utf8) + [0xFF, 0x0A] + Array("echo two\n".utf8), 1,
      "one\ntwo\n", "<stdin>:2:7: error: the byte 0xff is no UTF-8 text\n"),
    Run([], bytes: [0xE2, 0x82], 1, "", "<stdin>:1:1: error: the byte 0xe2 is no UTF-8 text\n"),
    Run(["no-such-file"], "", 2, "", "natsh: error: cannot load 'no-such-file': there is no such file or folder\n"),
    Run(["."], "", 2, "", "natsh: error: cannot load '.': it is a folder\n"),
    Run([""], "", 2, "", "natsh: error: cannot load '': that is no file name\n"),
    Run(["-c", "load nowhere"], "", 1, "", "-c:1:6: error: cannot load 'nowhere': there is no such file or folder\n"),
    Run(["-c", "load /dev/zero"], "", 1, "", "-c:1:6: error: cannot load '/dev/zero': it is no file of commands\n"),
    Run(["/dev/zero"], "", 1, "", "/dev/zero:1:1: error: the line is longer than 16 MB\n"),
  ]

  @Test(arguments: runs) func goesAsWritten(_ run: Run) throws {
    let process = try ScriptProcess(run.arguments, input: run.input, in: folder)
    #expect(process.errors == run.errors)
    #expect(process.output == run.output)
    #expect(process.status == run.status)
  }

  @Test(arguments: [["--bogus"], ["-c"], ["--seed", "x"], ["--seed", "-1"], ["a", "b"], ["a", "-c", "b"]])
  func wrongCallsShowTheUsage(arguments: [String]) throws {
    let process = try ScriptProcess(arguments, in: folder)
    #expect(process.status == 2)
    #expect(process.output == "")
    #expect(process.errors.contains("Usage: natsh "))
  }

  @Test(arguments: ["--help", "--version"]) func informs(option: String) throws {
    let process = try ScriptProcess([option], in: folder)
    #expect(process.status == 0)
    #expect(process.output.contains("natsh"))
    #expect(process.errors == "")
  }

  @Test func aLineOfAMegabyteIsReadWhole() throws {
    let text = String(repeating: "x", count: 1 << 20)
    let process = try ScriptProcess([], input: "echo \(text)", in: folder)
    #expect(process.status == 0)
    #expect(process.output == text + "\n")
  }

  @Test func aNULEndsNothing() throws {
    let process = try ScriptProcess(["--keep-going"], input: "ec\0ho one\necho two\n", in: folder)
    #expect(process.status == 1)
    #expect(process.output == "two\n")
    #expect(process.errors.hasPrefix("<stdin>:1:"))
  }

  @Test func pipedOutputHasNoEscapeCodes() throws {
    let process = try ScriptProcess([], input: "echo one\nwrong\n", in: folder)
    #expect(!(process.output + process.errors).contains("\u{1B}"))
  }

  @Test func aFullOutputIsAnError() throws {
    let process = try ScriptProcess(["-c", "echo one"], input: [], in: folder, output: "/dev/full")
    #expect(process.status == 1)
    #expect(process.errors == "natsh: cannot write its output: the disk is full\n")
  }

  // MARK: Loading

  @Test func loadingLooksBesideTheScriptThenInTheCurrentFolder() throws {
    folder.makeFolder("sub")
    folder.write("load b.natsh\nload c.natsh\necho a\n", to: "sub/a.natsh")
    folder.write("save from-b\n", to: "sub/b.natsh")
    folder.write("save from-c\n", to: "c.natsh")
    let process = try ScriptProcess(["sub/a.natsh"], in: folder)
    #expect(process.errors == "")
    #expect(process.output == "loaded b.natsh\nloaded c.natsh\na\n")
    #expect(folder.names.filter { $0.hasPrefix("from-") } == ["from-b", "from-c"])
  }

  @Test func aFailingLoadNamesThePlaceAndChangesNothing() throws {
    folder.write("send a b\nwrong\n", to: "inner.natsh")
    folder.write("echo 1\nload inner.natsh\n", to: "outer.natsh")
    let process = try ScriptProcess(["--keep-going"], input: "load outer.natsh\nsave after\n", in: folder)
    #expect(
      process.errors == """
        inner.natsh:2:1: error: there is no command 'wrong'
          loaded from outer.natsh:2:1
          loaded from <stdin>:1:1

        """)
    #expect(folder.text(of: "after") == "")
  }

  /// The files, the script that is run, and the error's first line.
  static let rings: [(files: [String: String], start: [String], error: String)] = [
    (["a": "load a\n"], ["a"], "a:1:6: error: cannot load 'a': it loads itself"),
    (["a": "load a\n"], ["-c", "load a"], "a:1:6: error: cannot load 'a': it loads itself"),
    (
      ["a": "load b\n", "b": "load ./a\n"], ["a"],
      "b:1:6: error: cannot load './a': it loads itself: a loads b loads ./a"
    ),
  ]

  @Test(arguments: rings) func ringsOfScriptsAreNamed(files: [String: String], start: [String], error: String) throws {
    for (name, text) in files { folder.write(text, to: name) }
    let process = try ScriptProcess(start, in: folder)
    #expect(process.status == 1)
    #expect(process.errors.hasPrefix(error + "\n"))
  }

  @Test func deepLoadingEnds() throws {
    for level in 0..<30 { folder.write("load s\(level + 1)\n", to: "s\(level)") }
    let process = try ScriptProcess(["s0"], in: folder)
    #expect(process.status == 1)
    #expect(process.errors.contains("scripts load scripts more than 16 deep"))
  }

  // MARK: Saving

  @Test func savingReplacesTheFileAndKeepsItsPermissionsAndLink() throws {
    folder.write("old\n", to: "real")
    chmod("\(folder.path)/real", 0o640)
    symlink("real", "\(folder.path)/link")
    let process = try ScriptProcess(["-c", "echo kept; save link"], in: folder)
    #expect(process.status == 0)
    #expect(folder.text(of: "real") == "echo kept\n")
    var status = stat()
    #expect(stat("\(folder.path)/real", &status) == 0 && status.st_mode & 0o777 == 0o640)
    #expect(lstat("\(folder.path)/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(folder.names == ["link", "real"])
  }

  static let refusals: [(path: String, reason: String)] = [
    ("/dev/full", "the disk is full"),
    ("sub", "it is a folder; name a file in it, such as 'sub/network.natsh'"),
    ("no/such/file", "there is no folder 'no/such'"),
    ("file/x", "a part of the path is a file and no folder"),
    ("\"\"", "that is no file name"),
    (String(repeating: "n", count: 300), "the name is too long"),
  ]

  @Test(arguments: refusals) func whatCannotBeSavedIsSaid(path: String, reason: String) throws {
    folder.makeFolder("sub")
    folder.write("kept\n", to: "file")
    let process = try ScriptProcess(["-c", "echo kept\nsave \(path)"], in: folder)
    #expect(process.status == 1)
    #expect(process.errors.hasPrefix("-c:2:6: error: cannot save "))
    #expect(process.errors.hasSuffix(": \(reason); nothing was written\n"))
    #expect(folder.names == ["file", "sub"])
    #expect(folder.text(of: "file") == "kept\n")
  }

  @Test(.enabled(if: geteuid() != 0, "the administrator may write anywhere"))
  func aFolderThatMayNotBeWrittenIsSaid() throws {
    folder.makeFolder("sub")
    chmod("\(folder.path)/sub", 0o555)
    let process = try ScriptProcess(["-c", "save sub/x"], in: folder)
    #expect(process.errors.contains("cannot write in the folder 'sub': you have no permission"))
  }
}
