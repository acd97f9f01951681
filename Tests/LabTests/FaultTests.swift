// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What goes wrong outside leaves nothing behind, and the prompt answers.
extension RealLaboratoryTests {
  @Suite struct FaultTests {
    /// Processes of the machine whose command line contains `text`.
    private static func processes(with text: String) -> [Int32] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return names.compactMap { Int32($0) }.filter { number in
        let line = FileManager.default.contents(atPath: "/proc/\(number)/cmdline") ?? Data()
        return number != getpid() && String(decoding: line, as: UTF8.self).contains(text)
      }
    }

    private static func wait(_ seconds: Double, until holds: () -> Bool) -> Bool {
      let end = Date(timeIntervalSinceNow: seconds)
      while !holds() {
        if Date() > end { return false }
        usleep(20_000)
      }
      return true
    }

    /// Begins a laboratory in whose place a program and its child sleep for a number of seconds that marks them.
    private static func begin(_ mark: String) throws -> Process {
      let process = Process()
      process.executableURL = BuiltExecutable.url
      process.arguments = [
        "lab", "-c", "scene two-homes", "--", "start", "bob", "sleep", mark, "--", "run", "alice", "sh", "-c",
        "setsid sleep \(mark) & sleep \(mark)",
      ]
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      // A thread of the tests' may not take signals, and what it starts would inherit that.
      var all = sigset_t()
      var before = sigset_t()
      sigfillset(&all)
      pthread_sigmask(SIG_UNBLOCK, &all, &before)
      defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
      try process.run()
      #expect(wait(20) { processes(with: "sleep\0\(mark)").count >= 3 })
      return process
    }

    @Test(arguments: [SIGKILL, SIGTERM, SIGHUP, SIGINT])
    func nothingOutlivesASignal(number: Int32) throws {
      let mark = "31\(number)7.5"
      let process = try Self.begin(mark)
      kill(process.processIdentifier, number)
      process.waitUntilExit()
      #expect(Self.wait(5) { Self.processes(with: mark).isEmpty })
    }

    @Test func nothingOutlivesTheLastProgram() throws {
      let mark = "3157.25"
      let outcome = try RealLaboratory.run(
        "scene two-homes", "-- start bob sleep \(mark) -- run alice sh -c %0", "setsid sleep \(mark) & true")
      #expect(outcome.status == 0)
      #expect(Self.wait(5) { Self.processes(with: mark).isEmpty })
    }

    @Test func aPlaceWhoseFirstProcessIsKilledCanBeOpenedAgain() throws {
      // From inside, nobody can kill the first process of a place; from outside its owner can.
      let script = """
        start alice sleep 100
        enter bob true
        jobs
        enter alice sh -c "kill -9 1; echo still here"
        """
      let outcome = try RealLaboratory.run("scene two-homes", "", input: script)
      #expect(outcome.output.contains("still here"))
      #expect(outcome.output.contains("running"))
    }

    @Test(.enabled(if: RealLaboratory.missing("ip") == nil, "there is no 'ip'"))
    func aDeviceMayVanish() throws {
      let script = """
        start alice sleep 100
        enter alice ip link delete natsh
        send bob alice
        run
        enter bob true
        jobs
        """
      let began = Date()
      let outcome = try RealLaboratory.run("scene two-homes", "", input: script, seconds: 30)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("running"))
      #expect(Date().timeIntervalSince(began) < 20)
    }

    @Test func aFloodLeavesThePromptAnswering() throws {
      let folder = try ScratchFolder()
      let flood = try folder.write(
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        port = 1024
        while True:
            port = port + 1 if port < 60000 else 1024
            try: s.sendto(b"x" * 100, ("198.51.100.1", port))
            except OSError: pass
        """, to: "flood.py")
      guard Program.path(of: "python3") != nil else { return }
      let script = """
        start alice python3 \(flood)
        enter bob sleep 2
        start bob true
        table home-a
        kill 1
        enter alice true
        """
      let began = Date()
      let outcome = try RealLaboratory.run(
        "scene two-homes; set home-a mapping apdm; set alice delay 100ms", "", input: script, seconds: 60)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("home-a's table: "))
      #expect(Date().timeIntervalSince(began) < 40)
    }

    @Test func tenThousandFlowsAreRows() throws {
      let folder = try ScratchFolder()
      let flows = try folder.write(
        """
        import socket, time
        # Not all at once: no device's queue holds ten thousand packets.
        for first in range(20000, 30000, 100):
            for port in range(first, first + 100):
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                s.bind(("", port))
                s.sendto(b"x", ("198.51.100.1", 9))
                s.close()
            time.sleep(0.05)
        """, to: "flows.py")
      guard Program.path(of: "python3") != nil else { return }
      let outcome = try RealLaboratory.natsh(
        ["lab", "-c", "scene two-homes", "--json"],
        input: "enter alice python3 \(flows)\nenter alice sleep 1\ntable home-a\n", seconds: 60)
      let last = try #require(outcome.output.split(separator: "\n").last)
      let table = try #require(JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
      #expect((table["mappings"] as? [Any])?.count == 10_000)
    }

    @Test func aStoppedNatshGoesOn() throws {
      let process = Process()
      let output = Pipe()
      process.executableURL = BuiltExecutable.url
      process.arguments = [
        "lab", "-c", "scene two-homes", "--", "run", "alice", "ping", "-c", "25", "-i", "0.2", "-W", "6", "internet",
      ]
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      guard Program.path(of: "ping") != nil else { return }
      try process.run()
      usleep(900_000)
      kill(process.processIdentifier, SIGSTOP)
      usleep(2_000_000)
      kill(process.processIdentifier, SIGCONT)
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      // Packets waited in the kernel meanwhile: they took long, and none is lost.
      #expect(text.contains("25 received"), "\(text)")
    }
  }
}
