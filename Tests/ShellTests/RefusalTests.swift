// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Input that was once misunderstood.
@Suite struct RefusalTests {
  let folder = TestFolder()

  /// A command after `scene one-home`, its error's column, and a part of the error.
  static let refusals: [(line: String, column: Int, words: String)] = [
    ("set home-a addresses 49.36.10.26 2001:db8::1", 22, "2001:db8::1 is an IPv6 address"),
    ("forward home-a 80 to 192.168.1.0", 22, "no device can have 192.168.1.0"),
    ("forward home-a 80 to 192.168.1.255", 22, "no device can have 192.168.1.255"),
    ("forward home-a 80 to 192.168.1.1:22", 22, "192.168.1.1 belongs to home-a already"),
    ("router inner lan 198.51.100.0/24", 18, "198.51.100.1 belongs to internet already"),
    ("router inner lan 192.0.0.0/5", 18, "192.0.0.0/5 cannot be a network inside a router"),
    ("router inner lan fd00::/127", 18, "use a /126 or larger"),
    ("host Internet", 6, "is taken for good; choose another name"),
  ]

  @Test(arguments: refusals) func isRefusedAndChangesNothing(line: String, column: Int, words: String) throws {
    let lines = ["scene one-home", line, "show"]
    let process = try ScriptProcess(["--keep-going"], input: lines.joined(separator: "\n"), in: folder)
    let untouched = try ScriptProcess([], input: "scene one-home\nshow\n", in: folder)
    #expect(process.errors.hasPrefix("<stdin>:2:\(column): error: "))
    #expect(process.errors.contains(words))
    #expect(process.output == untouched.output)
  }

  @Test func keepGoingGoesOnAfterASemicolonToo() throws {
    let process = try ScriptProcess(["--keep-going", "-c", "host one; xyzzy; host two"], in: folder)
    #expect(process.status == 1)
    #expect(process.output == "one is at 203.0.113.1, on the internet.\ntwo is at 203.0.113.2, on the internet.\n")
  }

  @Test func savingToAPipeThatNobodyReadsEnds() throws {
    mkfifo("\(folder.path)/pipe", 0o600)
    let process = try ScriptProcess(["-c", "save pipe"], in: folder)
    #expect(
      process.errors == "-c:1:6: error: cannot save 'pipe': it is a pipe that nothing reads from; nothing was written\n"
    )
  }

  @Test func savingThroughALinkToNothingMakesTheFileItNames() throws {
    folder.makeFolder("sub")
    symlink("sub/second", "\(folder.path)/first")
    symlink("third", "\(folder.path)/sub/second")
    let process = try ScriptProcess(["-c", "host kept; save first"], in: folder)
    #expect(process.errors == "")
    #expect(folder.text(of: "sub/third")?.hasSuffix("\nhost kept\n") == true)
    #expect(folder.names == ["first", "sub"])
    #expect(Files.names(in: "\(folder.path)/sub") == ["second", "third"])
  }

  @Test func aScriptWithAnOddNameIsLoadedAsTheMessageSays() throws {
    let saved = try ScriptProcess(["-c", #"host one; save "a \"b\"; c""#], in: folder)
    let load = try #require(saved.output.split(separator: "'").first { $0.hasPrefix("load ") })
    let loaded = try ScriptProcess(["-c", "\(load); show one"], in: folder)
    #expect(loaded.errors == "")
    #expect(loaded.status == 0)
  }

  /// Lines, and how many rows `table` then marks as new.
  static let looks: [(lines: String, marked: Int)] = [
    ("send alice bob; run; table; table", 1),
    ("send alice bob; run; table; reset; scene one-home; send alice bob; run; table", 2),
    ("send alice bob; run; table; undo 2; send alice:7 bob; run; table", 2),
    ("send alice bob; run; table; undo; redo; table", 1),
  ]

  @Test(arguments: looks) func onlyARowThatWasSeenIsNotNew(lines: String, marked: Int) throws {
    let process = try ScriptProcess(["-c", "scene one-home; \(lines)"], in: folder)
    #expect(process.output.split(separator: "\n").filter { $0.hasPrefix("+ ") }.count == marked)
  }

  @Test func aLoadThatComesToNothingLeavesWhatCanBeRedone() throws {
    folder.write("host other\nundo\n", to: "nothing")
    let process = try ScriptProcess(["-c", "host one; undo; load nothing; redo; show one"], in: folder)
    #expect(process.status == 0)
  }

  @Test func aHostThatIsGoneIsNamedByItsInsideAddress() throws {
    let process = try ScriptProcess(
      ["-c", "scene one-home; send alice bob; run; remove alice; reply; run; why"], in: folder)
    #expect(process.output.contains("nobody on this network has the address 192.168.1.10."))
    #expect(process.output.contains("host server 192.168.1.10 behind home-a"))
  }

  @Test func aRouterThatFiltersIsNotSaidToLetAllIn() throws {
    let process = try ScriptProcess(["-c", "scene one-home; set home-a nat off"], in: folder)
    #expect(process.output.contains("home-a does not translate, and"))
  }

  /// A stopped run is remembered as the steps that it took, however many.
  @Test func manyStepsCanBeTaken() throws {
    #expect(try ScriptProcess(["-c", "step 5000000000"], in: folder).status == 0)
  }
}
