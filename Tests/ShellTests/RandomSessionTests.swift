// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Testing

/// What must hold for every session, tried on random ones.
@Suite struct RandomSessionTests {
  @Test(arguments: UInt64(1)...24) func undoneAndDoneAgainIsAsBefore(seed: UInt64) {
    let random = RandomSession(seed: seed)
    var line = ""
    var sights = [RandomSession.sight(of: random.session)]
    for _ in 0..<70 {
      line = random.line()
      if random.execute(line) { sights.append(RandomSession.sight(of: random.session)) }
    }
    var place = sights.count - 1
    for _ in 0..<25 {
      let back = random.below(place + 1)
      if back > 0 {
        #expect(random.execute("undo \(back)"))
        place -= back
        #expect(RandomSession.sight(of: random.session) == sights[place], "undo \(back)")
      }
      let forth = random.below(sights.count - place)
      if forth > 0 {
        #expect(random.execute("redo \(forth)"))
        place += forth
        #expect(RandomSession.sight(of: random.session) == sights[place], "redo \(forth)")
      }
    }
  }

  @Test(arguments: UInt64(1)...24) func savedLinesRebuildTheSession(seed: UInt64) {
    let random = RandomSession(seed: seed)
    for _ in 0..<120 {
      let line = random.below(6) > 0 ? random.line() : random.below(3) > 0 ? "undo" : "redo"
      _ = random.execute(line)
    }
    let again = RandomSession(seed: seed)
    for line in random.session.standingLines { #expect(again.execute(line), "\(line)") }
    #expect(RandomSession.sight(of: again.session) == RandomSession.sight(of: random.session))
    #expect(again.session.standingLines == random.session.standingLines)
  }

  @Test(arguments: UInt64(1)...24) func whatFailsChangesNothing(seed: UInt64) throws {
    let random = RandomSession(seed: seed)
    for _ in 0..<90 {
      let line = random.line()
      let before = RandomSession.sight(of: random.session)
      var session = random.session
      let statement = try #require(try Statement.statements(in: line).first)
      do {
        _ = try session.execute(statement)
      } catch {
        #expect(RandomSession.sight(of: session) == before, "\(line)")
        #expect(session.standingLines == random.session.standingLines)
      }
      random.session = session
    }
  }

  /// Ctrl-C after the first thousand events.
  private final class Impatience: RunMonitor {
    func progress(_ progress: RunProgress) -> Bool { false }
  }

  @Test(arguments: ["run", "wait 5m", "step 100000"]) func anInterruptedRunIsDoneAgainAsFarAsItWent(command: String) {
    let random = RandomSession(seed: 3)
    _ = random.execute("scene one-home")
    _ = random.execute("set home-a loss 20%")
    for _ in 0..<600 { _ = random.execute("ping alice bob") }
    random.session.monitor = Impatience()
    #expect(random.execute(command))
    random.session.monitor = nil
    #expect(random.session.packetsInFlight > 0)
    let stopped = RandomSession.sight(of: random.session)
    #expect(random.execute("undo"))
    #expect(random.execute("redo"))
    #expect(RandomSession.sight(of: random.session) == stopped)
    let again = RandomSession(seed: 3)
    for line in random.session.standingLines { _ = again.execute(line) }
    #expect(RandomSession.sight(of: again.session) == stopped)
  }
}
