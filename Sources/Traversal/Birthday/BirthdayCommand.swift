// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `birthday [PORTS] [runs N]`
struct BirthdayCommand: Command {
  let ports: Int
  let runs: Int

  init(_ arguments: Arguments) throws(SyntaxError) {
    ports = arguments.optionalCount("PORTS")?.value ?? 256
    runs = arguments.optionalCount("runs")?.value ?? 200
  }

  static let declaration = CommandDeclaration(
    Self.self, "birthday", strangers: ["odds", "paradox", "guess"], group: .traffic, effect: .looks,
    forms: [
      [
        .optional("PORTS", .count(2...PunchOptions.mostBirthdayPorts)), .clause("runs", "N", .count(1...100_000)),
      ]
    ],
    summary: said("measures how often guessing finds a way through a router with random ports"),
    details: [
      said(
        "One side is behind a router that gives every flow a random port, so nobody can tell the other where it will be. This ",
        "side sends from PORTS ports at once (256 unless you say otherwise), and its router opens as many. The other side ",
        "guesses, and needs to hit only one of them: as with birthdays, that happens far sooner than you would expect."),
      said(
        "natsh builds the two homes as often as `runs` says (200), each time with different random ports, lets them try ",
        "as `punch A B birthday PORTS` does, and shows the share that got through beside the formula. Your network is not ",
        "touched."),
    ],
    examples: ["birthday", "birthday 64 runs 50"], seeAlso: ["punch", "matrix"])

  /// Numbers of guesses at which the share is told.
  private static let marks = [64, 128, 174, 256, 512, 1_024, 2_048]

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    var guesses: [Int?] = []
    let seed = session.network.seed
    while guesses.count < runs {
      if !guesses.isEmpty, session.monitor?.goesOn(.trying, guesses.count, of: runs) == false { break }
      do throws(BuildError) {
        guesses.append(try BirthdayAttempt(ports: ports, seed: seed &+ UInt64(guesses.count)).guess)
      } catch {
        throw CommandError(.build(error))
      }
    }
    let points = Self.marks.map { mark in
      BirthdayReport.Point(
        guesses: mark,
        measured: Double(guesses.count { $0.map { $0 <= mark } ?? false }) / Double(max(guesses.count, 1)),
        formula: BirthdayAttempt.chance(ports: ports, guesses: mark))
    }
    return CommandOutcome(
      BirthdayReport(ports: ports, runs: guesses.count, wasStopped: guesses.count < runs, points: points))
  }
}
