// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Testing

@testable import Traversal

/// Guessing the ports of a router that gives every flow a random one.
@Suite struct BirthdayTests: CommandSuite {
  /// The published odds of 256 open ports, in percent, hold for a range of 64,512 ports to a tenth.
  @Test(arguments: [(174, 49.98), (256, 63.94), (1_024, 98.35), (2_048, 99.97)])
  func theFormulaHasThePublishedOdds(guesses: Int, percent: Double) {
    #expect(abs(BirthdayAttempt.chance(ports: 256, guesses: guesses) * 100 - percent) < 0.1)
  }

  @Test func everyPortIsGuessedOnce() {
    for seed in 1...20 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var guesses = GuessedPorts(using: &generator)
      let drawn = (0..<GuessedPorts.range.count).map { _ in guesses.next() }
      #expect(Set(drawn).count == GuessedPorts.range.count)
      #expect(drawn.allSatisfy(GuessedPorts.range.contains))
      #expect(guesses.number(of: drawn[99]) == 100)
    }
  }

  @Test func whatIsMeasuredAgreesWithTheFormula() throws {
    let session = try Self.session([])
    var own = session
    let report = try #require(try Self.run("birthday 512 runs 40", in: &own).content as? BirthdayReport)
    #expect(report.runs == 40 && own.network.deviceCount == 0)
    for point in report.points {
      // Four standard deviations of forty runs, and half a run.
      let deviation = (point.formula * (1 - point.formula) / 40).squareRoot()
      #expect(abs(point.measured - point.formula) <= 4 * deviation + 0.0125, "\(point)")
    }
    var again = session
    let second = try #require(try Self.run("birthday 512 runs 40", in: &again).content as? BirthdayReport)
    #expect(second.points.map(\.measured) == report.points.map(\.measured))
  }

  @Test(arguments: ["punch alice bob birthday 512", "punch bob alice birthday 512 skew 300ms"])
  func aWayIsGuessedWhereThePortIsRandom(line: String) throws {
    let strict = ["scene call", "set home-b mapping apdm", "set home-b ports random"]
    var session = try Self.session(strict + ["punch alice bob", "run"])
    #expect(session.network.trace.events(from: 1).filter { $0.name == "open" }.isEmpty)
    session = try Self.session(strict + [line, "run"])
    let open = session.network.trace.events(from: 1).filter { $0.name == "open" }
    #expect(open.count == 2 && open.allSatisfy { $0.data["direction"]?.text == "both" })
    // The hole carries data, and the ports that nobody needs are closed.
    let call = try Self.run("call alice bob for 1s", in: &session).content as? CallReport
    #expect(call?.path == "punched" && call?.lost == 0)
    for host in ["alice", "bob"] {
      let id = try #require(session.network.device(named: host)?.id)
      #expect(session.network.programs(on: id).filter(\.isRunning).count == 1)
    }
  }

  @Test(arguments: ["punch alice bob tcp birthday 9", "punch alice bob predict 3 birthday 9"])
  func whatExcludesEachOtherIsRefused(line: String) throws {
    var session = try Self.session(["scene call"])
    do {
      try Self.run(line, in: &session)
      Issue.record("carried out")
    } catch SessionError.syntax(let error) {
      #expect(error.kind.word == "conflict" && error.length == 1)
    }
  }
}
