// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import NIOCore
import Shell

/// A learner in the class: who it is, what they do, and who looks at it. It lives on the server's loop; what takes time is
/// done by the staff on a copy, one thing after another.
final class Workspace {
  private struct Job {
    var order: Order
    var reply: (Outcome) -> Void
  }

  let name: String
  let file: String
  /// The cookies by which the learner is known.
  private(set) var tokens: Set<String>
  private(set) var learner: Learner
  private(set) var sight = LearnerSight()
  /// Whoever looks at this learner's page.
  let board: Board
  /// The state that the page shows, without the class's part.
  private(set) var state: PageState
  /// When the learner last did anything, in milliseconds.
  var lastSeen: Int
  private var jobs: [Job] = []
  private var isBusy = false
  private let staff: Staff
  private let keeper: ClassKeeper?
  private let loop: any NIOCore.EventLoop
  private let limits: WorkBudget.Limits
  /// Called after each change with what is to be shown.
  var onChange: () -> Void = {}
  /// What the class is being asked, if it is a lesson's question.
  var asked: () -> ClassQuestion? = { nil }
  /// Counts the learner's vote.
  var vote: (Int) -> ClassRoom.Answering = { _ in .nothingAsked }

  /// This many commands may wait; whoever sends more must wait as well.
  static let mostWaiting = 8

  init(
    name: String, file: String, tokens: Set<String>, template: Session, staff: Staff, keeper: ClassKeeper?,
    loop: any NIOCore.EventLoop, limits: WorkBudget.Limits = WorkBudget.Limits()
  ) {
    self.name = name
    self.file = file
    self.tokens = tokens
    self.staff = staff
    self.keeper = keeper
    self.loop = loop
    self.limits = limits
    learner = Learner(like: template)
    state = learner.state
    board = Board(state, sequence: RealTime.milliseconds(), most: .workspace)
    lastSeen = RealTime.milliseconds()
  }

  /// Whether the learner is there, as far as anybody can tell.
  func isHere(now: Int) -> Bool { board.viewerCount > 0 || now - lastSeen < 20_000 }

  func add(token: String) { tokens.insert(token) }

  /// Does something in its turn.
  ///
  /// - Parameter isForced: whether it is the teacher's, who does not have to wait.
  /// - Returns: false if too much waits already, so that it will not be done.
  func take(_ order: Order, isForced: Bool = false, reply: @escaping (Outcome) -> Void) -> Bool {
    guard isForced || jobs.count < Self.mostWaiting else { return false }
    jobs.append(Job(order: order, reply: reply))
    goOn()
    return true
  }

  private func goOn() {
    guard !isBusy, let job = jobs.first else { return }
    isBusy = true
    let (order, own) = (job.order, NIOLoopBound(self, eventLoop: loop))
    let (learner, loop, keeper, file, limits, turns) = (learner, loop, keeper, file, limits, staff.turns)
    let asked = asked()
    staff.give {
      var learner = learner
      var limits = limits
      if case .replay = order.kind { limits = .replay }
      let outcome = learner.carryOut(order, WorkBudget(limits, turns: turns), asked: asked)
      // Whoever has an answer has it for good.
      keeper?.append(outcome.records, to: file)
      let done = Done(learner: learner, outcome: outcome, state: learner.state, sight: learner.sight)
      loop.execute { own.value.finish(done) }
    }
  }

  private struct Done: Sendable {
    var learner: Learner
    var outcome: Outcome
    var state: PageState
    var sight: LearnerSight
  }

  private func finish(_ done: Done) {
    isBusy = false
    let job = jobs.removeFirst()
    learner = done.learner
    state = done.state
    sight = done.sight
    onChange()
    var outcome = done.outcome
    // Another vote may have come before, or the answer.
    for choice in outcome.votes {
      if let words = vote(choice).refusal { outcome.add(words) }
    }
    job.reply(outcome)
    goOn()
  }
}
