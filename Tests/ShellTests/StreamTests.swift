// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Programs at both ends of natsh.
@Suite struct StreamTests {
  let folder = TestFolder()

  /// Pipes to and from a running natsh.
  private final class Conversation {
    private let process: pid_t
    private(set) var input: Int32 = -1
    private(set) var output: Int32 = -1

    init(_ arguments: [String], in folder: TestFolder) throws {
      var ends: (read: Int32, write: Int32) = (-1, -1)
      process = try Executable.startLock.withLock { _ in
        var toProgram: [Int32] = [-1, -1]
        var fromProgram: [Int32] = [-1, -1]
        guard pipe(&toProgram) == 0, pipe(&fromProgram) == 0 else { throw HarnessError.noTerminal(errno) }
        for end in toProgram + fromProgram { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer {
          close(toProgram[0])
          close(fromProgram[1])
        }
        ends = (fromProgram[0], toProgram[1])
        return try Executable.start(
          [Executable.path] + arguments, environment: ["PATH": "/usr/bin:/bin", "HOME": folder.path],
          redirections: [
            .descriptor(toProgram[0]), .descriptor(fromProgram[1]), .file("/dev/null", flags: O_WRONLY),
          ], folder: folder.path)
      }
      output = ends.read
      input = ends.write
    }

    func write(_ text: String) { Files.put(Array(text.utf8), into: input) }

    /// Reads up to the end of a line.
    func readLine() -> String {
      var bytes: [UInt8] = []
      var byte: UInt8 = 0
      while read(output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
      return String(decoding: bytes, as: UTF8.self)
    }

    func closeOutput() { close(output) }

    func end() -> Int32 {
      close(input)
      return Executable.end(of: process)
    }
  }

  @Test func eachResultIsThereBeforeTheNextLineIsRead() throws {
    let program = try Conversation([], in: folder)
    for number in 1...3 {
      program.write("host h\(number)\n")
      #expect(program.readLine().hasPrefix("h\(number) is at "))
    }
    #expect(program.end() == 0)
    program.closeOutput()
  }

  @Test func aReaderWhoLeavesEndsTheProgramQuietly() throws {
    let program = try Conversation([], in: folder)
    program.write("version\n")
    #expect(program.readLine().hasPrefix("natsh "))
    program.closeOutput()
    program.write("version\n")
    #expect(program.end() == -SIGPIPE)
  }
}
