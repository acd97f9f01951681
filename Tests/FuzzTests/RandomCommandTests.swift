// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Foundation
import FuzzTargets
import Lessons
import TestSupport
import Testing

/// Properties of every session, checked on random ones, with lessons among them.
///
/// `RANDOM_COMMANDS` is the smallest number of commands to carry out, and `RANDOM_SEED` the first seed.
@Suite struct RandomCommandTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let first = environment["RANDOM_SEED"].flatMap { UInt64($0) } ?? 1
  private static let commands = environment["RANDOM_COMMANDS"].flatMap { Int($0) } ?? 3_000
  private static let commandsPerSession = 120

  /// One session for each seed.
  static let seeds: [UInt64] = (0..<UInt64(max(1, commands / commandsPerSession))).map { first &+ $0 }

  /// The lessons that are shipped, read once.
  private static let lessons: LessonShelf = {
    let files = Repository.files(below: "lessons", endingIn: [".md"]).filter { !$0.dropFirst(8).contains("/") }
    let texts = files.map { path in
      (name: String(path.dropFirst("lessons/".count)), text: (try? Repository.text(of: path)) ?? "")
    }
    return MemoryShelf.readOnce(of: texts)
  }()

  private static func session(seed: UInt64) -> Session {
    CommandsTarget.session(seed: seed, lessons: lessons)
  }

  private static func isJSON(_ line: String) -> String? {
    if let fault = ShownText.fault(inJSON: line) { return fault }
    do {
      return try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any] ? nil : "not an object: \(line)"
    } catch {
      return "not JSON: \(line)"
    }
  }

  private static func walk(seed: UInt64) -> (SessionWalk, RandomLines) {
    var walk = SessionWalk(session: session(seed: seed))
    walk.jsonFault = isJSON
    return (walk, RandomLines(catalog: CommandsTarget.catalog, seed: seed))
  }

  @Test(arguments: seeds) func whateverIsTypedNothingBreaksAndEverythingCanBeUndoneAndSaved(seed: UInt64) {
    var (walk, lines) = Self.walk(seed: seed)
    var typed: [String] = []
    func found(_ finding: String) {
      Issue.record("RANDOM_SEED=\(seed): \(finding)\n\nafter\n\(typed.joined(separator: "\n"))")
    }
    for number in 1...Self.commandsPerSession {
      typed.append(lines.next(in: walk.session))
      if let finding = walk.take(typed[typed.count - 1]) { return found(finding) }
      guard number.isMultiple(of: 30) else { continue }
      if let finding = walk.thereAndBack(lines.below(walk.undoable + 1)) { return found(finding) }
    }
    if let finding = walk.journeys(from: Self.session(seed: seed)) { return found(finding) }
  }

  /// `undo` and `redo` are not only each other's opposite: each state on the way is the one that existed there.
  @Test(arguments: seeds.prefix(16)) func eachUndoLeadsBackToTheStateBefore(seed: UInt64) {
    var (walk, lines) = Self.walk(seed: seed &+ 1_000_000)
    var sights: [Int: SessionSight] = [:]
    var before = walk.undoable
    for _ in 0..<60 {
      _ = walk.take(lines.next(in: walk.session))
      // A lesson that begins or ends has a past of its own: what was seen before is not on its way.
      if !(before...before + 1).contains(walk.undoable) { sights = [:] }
      before = walk.undoable
      sights[walk.undoable] = SessionSight(of: walk.session).network
    }
    walk.letRunsFinish()
    var place = walk.undoable
    for _ in 0..<20 {
      for direction in ["undo", "redo"] {
        let count = lines.below(direction == "undo" ? place + 1 : walk.redoable + 1)
        guard count > 0 else { continue }
        #expect(walk.take("\(direction) \(count)") == nil)
        place += direction == "undo" ? -count : count
        #expect(walk.undoable == place)
        guard let sight = sights[place] else { continue }
        #expect(SessionSight(of: walk.session).network.difference(from: sight) == nil, "\(direction) \(count)")
      }
    }
  }

  /// Ctrl-C after the first thousand events.
  private struct Impatience: RunMonitor {
    func progress(_ progress: RunProgress) -> Bool { false }
  }

  @Test(arguments: ["run", "wait 5m", "step 100000"])
  func aStoppedRunIsRedoneAsFarAsItWent(command: String) throws {
    var session = Self.session(seed: 3)
    session.monitor = nil
    let pings = repeatElement("ping alice bob", count: 600)
    try Self.execute(["scene one-home", "set home-a loss 20%"] + pings, in: &session)
    session.monitor = Impatience()
    try Self.execute([command], in: &session)
    session.monitor = nil
    #expect(session.packetsInFlight > 0)
    let stopped = SessionSight(of: session)
    try Self.execute(["undo", "redo"], in: &session)
    #expect(SessionSight(of: session).difference(from: stopped) == nil)
    #expect(SessionWalk(session: session).rebuilt(from: Self.session(seed: 3)) == nil)
  }

  private static func execute(_ lines: [String], in session: inout Session) throws {
    for line in lines {
      for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
    }
  }
}
