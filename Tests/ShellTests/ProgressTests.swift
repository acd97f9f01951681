// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Lessons

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A learner's progress, remembered under difficult circumstances.
@Suite struct ProgressTests {
  let folder = TestFolder()
  private let first = "natsh knock 1/2 "

  init() {
    folder.makeFolder("lessons")
    folder.write(LessonSkeleton.text(id: "knock"), to: "lessons/01-knock.md")
  }

  /// A lesson whose steps are each done by looking at the map.
  private static func lesson(steps: Int) -> String {
    var text = """
      ---
      format: 1
      id: many
      title: Many steps
      minutes: 5
      requires: []
      rfc: []
      objectives: [Look]
      skip: allowed
      ---

      # Many steps

      """
    for number in 1...steps {
      text += """

        ## Look \(number)

        ```yaml expect
        - looked: map
        ```

        ```natsh solution
        map
        ```

        ```hint
        Type `map`.
        ```

        """
    }
    return text
  }

  @Test func twoShellsAtOnceLoseNoStep() throws {
    folder.write(Self.lesson(steps: 20), to: "lessons/02-many.md")
    let shells = try [1, 11].map { step in
      let terminal = try PseudoTerminal(in: folder, rows: 200)
      try terminal.waitForPrompt()
      _ = try terminal.run("lesson many \(step)", until: "natsh many \(step)/20")
      return terminal
    }
    for terminal in shells { terminal.paste(Array(repeating: "map\nnext", count: 10).joined(separator: "\n")) }
    for terminal in shells { try terminal.wait(for: "next") }
    for terminal in shells { terminal.type("\r") }
    try shells[0].wait(for: "natsh many 11/20")
    try shells[1].wait(for: "That was \"Many steps\"")
    let progress = Progress(text: try #require(folder.text(of: "state/natsh/progress")))
    #expect(progress["many"]?.steps.filter(\.value.isDone).keys.sorted() == Array(1...20))
    for terminal in shells {
      try terminal.wait(for: "> ")
      terminal.type(PseudoTerminal.controlD)
      #expect(try terminal.end() == 0)
    }
  }

  /// Does a step, and goes on, although nothing can be remembered.
  private func expectTroubleSaidOnce(_ terminal: PseudoTerminal) throws {
    try terminal.waitForPrompt()
    _ = try terminal.run("lesson knock", until: first)
    for line in ["2", "send bob:4001 49.36.10.25:62000"] { _ = try terminal.run(line, until: first) }
    #expect(try terminal.run("run", until: first).prompt.contains("done"))
    _ = try terminal.run("next", until: "natsh knock 2/2 ")
    terminal.type(PseudoTerminal.controlD)
    #expect(try terminal.end() == 0)
    #expect(terminal.screen.components(of: "What you have done is not remembered") == 1, "\(terminal.screen)")
  }

  @Test func aStateFolderThatIsNotAFolderIsMentionedOnce() throws {
    folder.write("a file where a folder should be", to: "state")
    try expectTroubleSaidOnce(try PseudoTerminal(in: folder, rows: 200))
  }

  @Test func filesThatMayNotGrowAreMentionedOnce() throws {
    // The shell may not write a single byte, and the signal that reports it is ignored.
    let limited = "ulimit -f 0; trap '' XFSZ; exec '\(Executable.path)'"
    try expectTroubleSaidOnce(try PseudoTerminal(program: ["/bin/sh", "-c", limited], in: folder, rows: 200))
  }

  /// Whether this machine lets the tests mount a file system of their own.
  private static let mayMount: Bool = {
    let disk = SmallDisk(in: TestFolder())
    return disk != nil
  }()

  @Test(.enabled(if: mayMount, "a small disk can only be mounted by the administrator"))
  func aFullDiskIsSaidOnceAndRoomHelps() throws {
    let disk = try #require(SmallDisk(in: folder))
    // Keeps it mounted until the end.
    defer { withExtendedLifetime(disk) {} }
    let path = disk.path
    mkdir("\(path)/natsh", 0o700)
    Files.write([UInt8](repeating: 120, count: 1 << 20), at: "\(path)/filler")
    try expectTroubleSaidOnce(try PseudoTerminal(in: folder, environment: ["XDG_STATE_HOME": path], rows: 200))
    #expect(Files.names(in: "\(path)/natsh").allSatisfy { !$0.hasPrefix(".natsh-save") })
    Files.remove("\(path)/filler")
    let later = try PseudoTerminal(in: folder, environment: ["XDG_STATE_HOME": path], rows: 200)
    try later.waitForPrompt()
    _ = try later.run("lesson knock", until: first)
    _ = try later.run("skip", until: "natsh knock 2/2 ")
    later.type(PseudoTerminal.controlD)
    #expect(try later.end() == 0)
    #expect(!later.screen.contains("not remembered"))
    let kept = try #require(Files.bytes(at: "\(path)/natsh/progress"))
    #expect(Progress(text: String(decoding: kept, as: UTF8.self))["knock"]?.steps[1]?.wasSkipped == true)
  }
}

/// A disk of a few kilobytes, mounted for one test.
private final class SmallDisk {
  let path: String
  private let folder: TestFolder

  /// Nil if it cannot be mounted.
  init?(in folder: TestFolder) {
    self.folder = folder
    folder.makeFolder("disk")
    path = "\(folder.path)/disk"
    guard Self.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", path], in: folder) else { return nil }
  }

  deinit { _ = Self.run(["umount", path], in: folder) }

  private static func run(_ program: [String], in folder: TestFolder) -> Bool {
    let process = try? Executable.startLock.withLock { _ in
      try Executable.start(
        ["/bin/sh", "-c", "exec \"$@\"", "sh"] + program, environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"],
        redirections: [
          .file("/dev/null", flags: O_RDONLY), .file("/dev/null", flags: O_WRONLY), .file("/dev/null", flags: O_WRONLY),
        ], folder: folder.path)
    }
    return process.map { Executable.end(of: $0) == 0 } ?? false
  }
}
