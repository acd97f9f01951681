// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Testing

@testable import Shell

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Files that others share: locked ones, large ones, links, and those that a killed natsh has left.
@Suite struct SharedFileTests {
  let folder = TestFolder()

  init() {
    folder.makeFolder("state")
    folder.makeFolder("state/natsh")
  }

  /// Opens a file and keeps it locked until the descriptor is closed.
  private func lock(_ name: String) throws -> Int32 {
    let descriptor = open("\(folder.path)/\(name)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    try #require(descriptor >= 0 && flock(descriptor, LOCK_EX) == 0)
    return descriptor
  }

  // MARK: The shell's own files

  @Test func aLockedHistoryIsMentionedOnceAndHoldsNobodyUp() throws {
    let descriptor = try lock("state/natsh/history")
    defer { close(descriptor) }
    let terminal = try PseudoTerminal(in: folder)
    let opening = try terminal.waitForPrompt()
    #expect(opening.replacing("\n", with: " ").contains("another program has it locked"))
    #expect(try terminal.run("host one").hasPrefix("one is at "))
    #expect(try terminal.run("host two").hasPrefix("two is at "))
    terminal.type(PseudoTerminal.controlD)
    #expect(try terminal.end() == 0)
  }

  @Test func lockedProgressIsMentionedOnceAndHoldsNobodyUp() throws {
    let descriptor = try lock("state/natsh/progress.lock")
    defer { close(descriptor) }
    folder.makeFolder("lessons")
    folder.write(
      "---\nformat: 1\nid: short\ntitle: Short\n---\n\n# Short\n\n## One\n\nA.\n\n## Two\n\nB.\n",
      to: "lessons/01-short.md")
    let terminal = try PseudoTerminal(["--lessons", "lessons"], in: folder)
    try terminal.waitForPrompt()
    let begun = try terminal.run("lesson short", until: "natsh short 1/2")
    #expect(begun.printed.replacing("\n", with: " ").contains("another program has it locked"))
    let next = try terminal.run("next", until: "natsh short 2/2")
    #expect(next.printed.contains("B.") && !next.printed.contains("locked"))
  }

  @Test func onlyTheEndOfAHugeHistoryIsRead() throws {
    folder.write("", to: "state/natsh/history")
    let path = "\(folder.path)/state/natsh/history"
    truncate(path, 3 << 30)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    Files.put(Array("\nhost last\n".utf8), into: descriptor)
    close(descriptor)
    let terminal = try PseudoTerminal(in: folder)
    try terminal.waitForPrompt()
    terminal.type(PseudoTerminal.up)
    try terminal.wait(for: "host last")
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_size < 1 << 25)
  }

  @Test(arguments: ["\u{9B}2Jbad", "host \u{202E}bad", "\u{2066}bad"]) func historyThatMovesATerminalIsNotRecalled(
    line: String
  ) throws {
    folder.write("host good\n\(line)\n", to: "state/natsh/history")
    let terminal = try PseudoTerminal(in: folder)
    try terminal.waitForPrompt()
    terminal.type(PseudoTerminal.up)
    try terminal.wait(for: "host good")
    #expect(!terminal.screen.contains("bad"))
  }

  @Test func aHistoryBehindALinkStaysThere() throws {
    folder.makeFolder("elsewhere")
    folder.write((1...10_050).map { "host h\($0)\n" }.joined(), to: "elsewhere/history")
    symlink("../../elsewhere/history", "\(folder.path)/state/natsh/history")
    let terminal = try PseudoTerminal(in: folder)
    try terminal.waitForPrompt()
    _ = try terminal.run("host last")
    terminal.type(PseudoTerminal.controlD)
    #expect(try terminal.end() == 0)
    let lines = try #require(folder.text(of: "elsewhere/history")).split(separator: "\n")
    #expect(lines.count == 10_000 && lines.last == "host last")
    var status = stat()
    #expect(lstat("\(folder.path)/state/natsh/history", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  // MARK: Saving

  @Test(arguments: ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]) func savingToStandardOutputAddsToIt(
    path: String
  ) throws {
    symlink(path, "\(folder.path)/link")
    for target in [path, "link"] {
      let process = try ScriptProcess(["-c", "host one; save \(target); host two"], in: folder)
      #expect(process.status == 0, "\(process.errors)")
      let lines = process.output.split(separator: "\n")
      #expect(lines.first?.hasPrefix("one is at ") == true && lines.last?.hasPrefix("two is at ") == true)
      #expect(lines.contains("host one"))
    }
  }

  @Test func savingToStandardOutputKeepsWhatALogHadBefore() throws {
    folder.write("before\n", to: "log")
    let script = "exec >>log; '\(Executable.path)' -c 'host one; save /dev/stdout'"
    let terminal = try PseudoTerminal(program: ["/bin/sh", "-c", script], in: folder)
    #expect(try terminal.end() == 0)
    let log = folder.text(of: "log") ?? ""
    #expect(log.hasPrefix("before\none is at ") && log.contains("\nhost one\n"), "\(log)")
  }

  @Test func theFileOfAKilledSaveIsRemovedAndNothingElse() throws {
    for name in [".natsh-save-abc123", ".natsh-save-busy00", ".natsh-save-longer-name", ".natsh-savings", "other"] {
      folder.write("x", to: name)
    }
    folder.makeFolder(".natsh-save-folder")
    let busy = try lock(".natsh-save-busy00")
    defer { close(busy) }
    let process = try ScriptProcess(["-c", "host one; save kept"], in: folder)
    #expect(process.status == 0)
    #expect(
      folder.names == [
        ".natsh-save-busy00", ".natsh-save-folder", ".natsh-save-longer-name", ".natsh-savings", "kept", "other",
        "state",
      ])
  }

  @Test func theFilesOfAKilledExportAreRemoved() throws {
    let first = try ScriptProcess(["-c", "scene one-home; export kathara lab"], in: folder)
    #expect(first.status == 0, "\(first.errors)")
    let names = Files.names(in: "\(folder.path)/lab")
    folder.write("x", to: "lab/.natsh-export-abc123")
    folder.write(folder.text(of: "lab/lab.conf") ?? "", to: "lab/.natsh-before-1-0")
    let second = try ScriptProcess(["-c", "scene one-home; export kathara lab"], in: folder)
    #expect(second.status == 0, "\(second.errors)")
    #expect(Files.names(in: "\(folder.path)/lab") == names)
  }

  // MARK: New lessons

  @Test func aNewLessonFollowsTheLargestPossibleNumber() throws {
    folder.makeFolder("lessons")
    folder.write("", to: "lessons/9223372036854775807-x.md")
    let process = try ScriptProcess(["lesson", "new", "mine", "--lessons", "lessons"], in: folder)
    #expect(process.status == 0, "\(process.errors)")
    #expect(Files.names(in: "\(folder.path)/lessons").contains { $0.hasSuffix("-mine.md") })
  }

  // MARK: Folders

  @Test func aFolderIsAsItWasWhereWritingIsStopped() throws {
    let files = (1...3).map { NetworkExport.File(name: "\($0)", text: "# \(NetworkExport.mark) old\n") }
    let path = "\(folder.path)/lab"
    try OwnFolder.write(Array(files.prefix(2)), to: path)
    let before = Files.names(in: path)
    for stop in 0...2 {
      #expect(throws: OwnFolder.Failure.self) { try OwnFolder.write(files, to: path) { $0 < stop } }
      #expect(Files.names(in: path) == before)
    }
    try OwnFolder.write(files, to: path) { $0 < 3 }
    #expect(Files.names(in: path).count == 3)
    #expect(throws: OwnFolder.Failure.self) { try OwnFolder.write(files, to: "\(path)-new") { _ in false } }
    #expect(Files.names(in: "\(path)-new").isEmpty)
  }
}
