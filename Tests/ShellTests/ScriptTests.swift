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

  private static let one = "one is at 203.0.113.1, on the internet.\n"
  private static let two = "two is at 203.0.113.2, on the internet.\n"
  private static let secondAlone = "two is at 203.0.113.1, on the internet.\n"
  private static let unknownX = "error: there is no command 'xyzzy'; 'help' lists them all\n"

  static let runs: [Run] = [
    Run(["-c", "host one; host two"], "", 0, one + two),
    Run(["-c", "host one\nhost two"], "", 0, one + two),
    Run([], "host one\nhost two\n", 0, one + two),
    Run(["-"], "host one", 0, one),
    Run([], "host one\r\nhost two\r\n", 0, one + two),
    Run([], "\u{FEFF}host one\n", 0, one),
    Run([], "host one\n\n  # nothing\nquit\nhost two\n", 0, one),
    Run([], "", 0, ""),
    Run(["-c", "host one; xyzzy; host two"], "", 1, one, "-c:1:11: " + unknownX),
    Run([], "host one\n  xyzzy\nhost two\n", 1, one, "<stdin>:2:3: " + unknownX),
    Run(["--keep-going"], "xyzzy\nhost two\n", 1, secondAlone, "<stdin>:1:1: " + unknownX),
    Run(
      ["-c", "hots one"], "", 1, "",
      "-c:1:1: error: there is no command 'hots'; 'help' lists them all (did you mean 'host'?)\n"),
    Run(
      ["--keep-going"], bytes: Array("host one\nhost \u{E9}".utf8) + [0xFF, 0x0A] + Array("host two\n".utf8), 1,
      one + two, "<stdin>:2:7: error: the byte 0xff is not UTF-8 text\n"),
    Run([], bytes: [0xE2, 0x82], 1, "", "<stdin>:1:1: error: the byte 0xe2 is not UTF-8 text\n"),
    Run(["no-such-file"], "", 2, "", "natsh: error: cannot load 'no-such-file': there is no such file or folder\n"),
    Run(["."], "", 2, "", "natsh: error: cannot load '.': it is a folder\n"),
    Run([""], "", 2, "", "natsh: error: cannot load '': that is not a file name\n"),
    Run(["-c", "load nowhere"], "", 1, "", "-c:1:6: error: cannot load 'nowhere': there is no such file or folder\n"),
    Run(["-c", "load /dev/zero"], "", 1, "", "-c:1:6: error: cannot load '/dev/zero': it is not a file of commands\n"),
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

  @Test func jsonIncludesErrors() throws {
    let process = try ScriptProcess(["--json"], input: "hots one\n", in: folder)
    #expect(process.status == 1)
    #expect(process.output.components(of: "\n") == 1)
    for part in [#""command":"hots one""#, #""ok":false"#, #""kind":"unknown-command""#, #""suggestion":"host""#] {
      #expect(process.output.contains(part))
    }
    #expect(process.errors.hasPrefix("<stdin>:1:1: error: "))
  }

  @Test func jsonOfAScriptIsOneObjectACommand() throws {
    folder.write("host one\nhost two\n", to: "inner")
    let process = try ScriptProcess(["--json"], input: "load inner; show\nsave x\nquit\n", in: folder)
    #expect(process.status == 0)
    #expect(process.output.split(separator: "\n").allSatisfy { $0.contains(#""ok":true"#) })
    #expect(process.output.components(of: "\n") == 4)
  }

  /// Nobody watches a script whose errors go to a file: it says when its time is up, and the rest is not run.
  @Test func aScriptHasABudgetOfProcessorTime() throws {
    let lines = "host one\nscene one-home\ncall alice bob rate 0.001kbit for 10000000h\nhost two\n"
    let process = try ScriptProcess(["--budget", "1", "--keep-going"], input: lines, in: folder)
    #expect(process.status == 1)
    #expect(process.errors.hasPrefix("<stdin>:3:1: error: "))
    #expect(process.errors.contains("--budget"))
    #expect(!process.output.contains("two"))
  }

  @Test func aLineOfAMegabyteIsRefusedAndTheNextOneRead() throws {
    let text = String(repeating: "x", count: 1 << 20)
    let process = try ScriptProcess(["--keep-going"], input: "host \(text)\nhost one", in: folder)
    #expect(process.status == 1)
    #expect(process.errors.hasPrefix("<stdin>:1:1: error: this line has 1,048,581 bytes"))
    #expect(process.output == Self.one)
  }

  @Test func aNULEndsNothing() throws {
    let process = try ScriptProcess(["--keep-going"], input: "ho\0st one\nhost one\n", in: folder)
    #expect(process.status == 1)
    #expect(process.output == Self.one)
    #expect(process.errors.hasPrefix("<stdin>:1:3: error: "))
  }

  @Test func pipedOutputHasNoEscapeCodes() throws {
    let process = try ScriptProcess([], input: "scene two-homes\nmap\nsend alice bob\nrun\nwhy\nwrong\n", in: folder)
    #expect(process.output.contains("alice"))
    #expect(!(process.output + process.errors).contains("\u{1B}"))
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    let arguments = ["--seed", "7", "-c", "scene cgnat; send alice bob; run; table; map; stats"]
    let first = try ScriptProcess(arguments, in: folder)
    let second = try ScriptProcess(arguments, in: folder)
    #expect(first.status == 0)
    #expect(first.output == second.output)
  }

  @Test func aFullOutputIsAnError() throws {
    let process = try ScriptProcess(["-c", "version"], input: [], in: folder, output: "/dev/full")
    #expect(process.status == 1)
    #expect(process.errors == "natsh: cannot write its output: the disk is full\n")
  }

  // MARK: Loading

  @Test func loadingLooksBesideTheScriptThenInTheCurrentFolder() throws {
    folder.makeFolder("sub")
    folder.write("load b.natsh\nload c.natsh\nhost one\n", to: "sub/a.natsh")
    folder.write("save from-b\n", to: "sub/b.natsh")
    folder.write("save from-c\n", to: "c.natsh")
    let process = try ScriptProcess(["sub/a.natsh"], in: folder)
    #expect(process.errors == "")
    #expect(process.output.hasSuffix(Self.one))
    #expect(folder.names.filter { $0.hasPrefix("from-") } == ["from-b", "from-c"])
  }

  @Test func aFailingLoadNamesThePlaceAndChangesNothing() throws {
    folder.write("host one\nxyzzy\n", to: "inner.natsh")
    folder.write("host two\nload inner.natsh\n", to: "outer.natsh")
    let process = try ScriptProcess(
      ["--keep-going"], input: "load outer.natsh\nsave after\nshow one\nundo\n", in: folder)
    #expect(process.status == 1)
    #expect(
      process.errors.hasPrefix(
        "inner.natsh:2:1: \(Self.unknownX)  loaded from outer.natsh:2:1\n  loaded from <stdin>:1:1\n"))
    #expect(process.errors.contains("<stdin>:3:6: error: "))
    #expect(process.errors.contains("<stdin>:4:1: error: "))
    #expect(folder.text(of: "after")?.contains("host") == false)
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
    #expect(process.errors.contains("scripts load each other more than 16 deep"))
  }

  // MARK: Saving

  @Test func savingReplacesTheFileAndKeepsItsPermissionsAndLink() throws {
    folder.write("old\n", to: "real")
    chmod("\(folder.path)/real", 0o640)
    symlink("real", "\(folder.path)/link")
    let process = try ScriptProcess(["-c", "host kept; save link"], in: folder)
    #expect(process.status == 0)
    #expect(folder.text(of: "real")?.hasSuffix("\nhost kept\n") == true)
    var status = stat()
    #expect(stat("\(folder.path)/real", &status) == 0 && status.st_mode & 0o777 == 0o640)
    #expect(lstat("\(folder.path)/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(folder.names == ["link", "real"])
  }

  static let refusals: [(path: String, reason: String)] = [
    ("/dev/full", "the disk is full"),
    ("sub", "it is a folder; name a file in it, such as 'sub/network.natsh'"),
    ("no/such/file", "there is no folder 'no/such'"),
    ("file/x", "a part of the path is a file, not a folder"),
    ("\"\"", "that is not a file name"),
    (String(repeating: "n", count: 300), "the name is too long"),
  ]

  @Test(arguments: refusals) func aFailedSaveSaysWhy(path: String, reason: String) throws {
    folder.makeFolder("sub")
    folder.write("kept\n", to: "file")
    let process = try ScriptProcess(["-c", "host kept\nsave \(path)"], in: folder)
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
