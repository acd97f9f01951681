// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Lab

/// What stands after `--` in a call.
@Suite struct LabCallTests {
  @Test func oneProgramIsRun() throws {
    #expect(
      try LabCall.actions(["run", "alice", "ping", "-c", "1", "bob"])
        == [.run(host: "alice", words: ["ping", "-c", "1", "bob"])])
    #expect(try LabCall.actions(["enter", "alice"]) == [.enter(host: "alice")])
    #expect(try LabCall.actions(["enter", "alice", "true"]) == [.run(host: "alice", words: ["true"])])
  }

  @Test func severalAreSeparated() throws {
    #expect(
      try LabCall.actions(["start", "bob", "iperf3", "-s", "--", "run", "alice", "iperf3", "-c", "bob"])
        == [.start(host: "bob", words: ["iperf3", "-s"]), .run(host: "alice", words: ["iperf3", "-c", "bob"])])
  }

  @Test func aProgramMayHaveTwoDashesOfItsOwn() throws {
    #expect(
      try LabCall.actions(["run", "alice", "grep", "--", "-x", "file"])
        == [.run(host: "alice", words: ["grep", "--", "-x", "file"])])
  }

  @Test(arguments: [
    (["rum", "alice", "true"], LabFault.unknownVerb("rum", nearest: "run")),
    (["run"], .missingHost("run")), (["run", "alice"], .missingCommand("run", host: "alice")),
    (["start", "alice"], .missingCommand("start", host: "alice")), ([], .noWords),
  ])
  func aWrongCallIsNamed(words: [String], fault: LabFault) {
    #expect(throws: fault) { try LabCall.actions(words) }
    #expect(fault.isWrongCall)
  }
}
