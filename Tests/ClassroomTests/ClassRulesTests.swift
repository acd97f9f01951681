// SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization
import Testing

@testable import Classroom

/// The small rules of a class, each by itself.
@Suite struct ClassRulesTests {
  @Test func fiveGuessesAreFreeThenTheyWaitInARow() {
    var guesses = Guesses()
    for _ in 0..<Guesses.free {
      let wait = guesses.wait(of: "mallory", now: 0)
      #expect(wait == 0)
      guesses.noteWrong("mallory", now: 0)
    }
    // However many connections they come by.
    var waits: [Int?] = []
    for (peer, now) in Array(repeating: ("mallory", 0), count: 11) + [("ann", 0), ("mallory", 9_000)] {
      waits.append(guesses.wait(of: peer, now: now))
    }
    #expect(waits == (1...10).map { $0 * 1_000 } + [nil, 0, 2_000])
    guesses.noteRight("mallory")
    let afterwards = guesses.wait(of: "mallory", now: 9_000)
    #expect(afterwards == 0)
  }

  @Test func wrongGuessesAreForgottenAndManyGuessersTakeNoMemory() {
    var guesses = Guesses()
    for _ in 0..<Guesses.free { guesses.noteWrong("mallory", now: 0) }
    let later = guesses.wait(of: "mallory", now: 600_000)
    #expect(later == 0)
    for number in 0..<10_000 { guesses.noteWrong("peer \(number)", now: 0) }
    let last = guesses.wait(of: "peer 9999", now: 0)
    #expect(last == 0)
  }

  @Test func anAnswerCountsOnceAndNobodySeesWhatIsRightBefore() {
    var poll = Poll(number: 1, question: "Who?", choices: ["a", "b"], right: 2)
    let counted = [poll.count(1, of: "ann"), poll.count(2, of: "bob"), poll.count(2, of: "ann")]
    #expect(counted == [true, true, false])
    #expect(poll.counts == [1, 1] && poll.forAll.right == nil && poll.sight(of: "ann").counts == nil)
    #expect(poll.sight(of: "ann").chosen == 1 && poll.sight(of: "eve").chosen == nil)
    poll.reveal(because: "so")
    #expect(poll.forAll.right == 2 && poll.sight(of: "eve").counts == [1, 1])
  }

  @Test func aQuestionAskedAgainShowsBothCountsOnceItIsRevealed() throws {
    var first = Poll(
      number: 1, question: "Who?", choices: ["a", "b"], right: 2, source: Poll.Source(lesson: "l", step: 3))
    for (learner, choice) in [("ann", 1), ("bob", 2), ("eve", 1)] { _ = first.count(choice, of: learner) }
    #expect(first.outcome == nil)
    first.reveal(because: nil)
    let before = try #require(first.outcome)
    #expect(before.counts == [2, 1] && before.right == 2 && before.step == 3)

    var second = Poll(
      number: 2, question: "Who then?", choices: ["x", "y", "z"], right: 1,
      source: Poll.Source(lesson: "l", step: 7), before: before)
    for learner in ["ann", "bob"] { _ = second.count(1, of: learner) }
    #expect(second.forAll.before == nil && second.forAll.then == nil && second.thenAndNow == nil)
    second.reveal(because: nil)
    #expect(second.forAll.before == before)
    #expect(second.thenAndNow == "Asked in other words in step 3: 1 of 3 answers right then, 2 of 2 now.")
  }

  @Test func oneMachineDoesNotKeepEverybodyOut() {
    let attendance = Attendance()
    for number in 0..<Attendance.mostOfOne { #expect(attendance.enter("mallory", isLocal: false), "\(number)") }
    #expect(!attendance.enter("mallory", isLocal: false))
    #expect(attendance.enter("ann", isLocal: false))
    attendance.leave("mallory")
    attendance.leave("mallory")
    #expect(attendance.enter("mallory", isLocal: false))
  }

  @Test func whoeverHasJustComeGoesBeforeThoseWhoHaveBeenAtIt() async {
    let turns = Turns(processors: 1)
    let order = Mutex<[String]>([])
    turns.take()
    let done = Mutex(0)
    await withCheckedContinuation { (all: CheckedContinuation<Void, Never>) in
      let staff = Staff(size: 4)
      func work(_ body: @escaping @Sendable () -> Void) {
        staff.give {
          body()
          let isLast = done.withLock { done in
            done += 1
            return done == 2
          }
          if isLast { all.resume() }
        }
      }
      work {
        turns.take()
        order.withLock { $0.append("short") }
        turns.leave()
      }
      work {
        // Gives the turn that this test holds to the short one, and waits behind it.
        while turns.waiting == 0 {}
        turns.giveWay()
        order.withLock { $0.append("long") }
        turns.leave()
      }
    }
    #expect(order.withLock { $0 } == ["short", "long"])
  }

  @Test func aRosterIsNoFormula() {
    #expect(RosterRow.csv([]).hasPrefix("name,lesson,step,"))
  }
}
