// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import NIOCore
import Rendering
import Shell
import Wording

/// A class that is open: who is in it, what is asked, whose network is on the projector. It lives on the server's loop.
final class ClassRoom {
  /// How a class is opened.
  struct Opening: Sendable {
    var name: String
    var code: String
    /// How many learners there is room for.
    var size: Int
    /// Where learners go.
    var url: String
    /// The session that each learner's begins as a copy of.
    var template: Session
    var keeper: ClassKeeper?
    /// Those who were there before.
    var kept: [ClassKeeper.Kept] = []
  }

  let opening: Opening
  private(set) var workspaces: [Workspace] = []
  private(set) var poll: Poll?
  private var polls = 0
  /// The answers to the lesson's questions that have been revealed.
  private var outcomes: [Poll.Source: Poll.Before] = [:]
  /// Whose network is on the projector; nil is the teacher's.
  private(set) var shown: Workspace?
  /// The run that proves what has just been revealed; the projector shows it until the teacher goes on.
  private var proof: PageState?
  private var guesses = Guesses()
  /// What everybody was given last; those who come later get it as well.
  private var given: Order?
  private let staff: Staff
  private let loop: any NIOCore.EventLoop
  /// Called when the projector has something else to show.
  var onChange: () -> Void = {}

  static let longestName = 40

  init(_ opening: Opening, loop: any NIOCore.EventLoop) {
    self.opening = opening
    self.loop = loop
    staff = Staff(size: opening.size)
    for kept in opening.kept {
      let workspace = add(name: kept.name, file: kept.file, tokens: Set(kept.tokens))
      workspace.lastSeen = .min / 2
      _ = workspace.take(Order(kind: .replay(kept.records)), isForced: true) { _ in }
    }
  }

  /// The learner who has that cookie.
  func workspace(token: String?) -> Workspace? {
    guard let token, let found = workspaces.first(where: { $0.tokens.contains(token) }) else { return nil }
    found.lastSeen = RealTime.milliseconds()
    return found
  }

  func workspace(named name: String) -> Workspace? {
    workspaces.first { $0.name.lowercased() == name.lowercased() }
  }

  private func add(name: String, file: String, tokens: Set<String>) -> Workspace {
    let workspace = Workspace(
      name: name, file: file, tokens: tokens, template: opening.template, staff: staff, keeper: opening.keeper,
      loop: loop)
    // Whatever the staff is still doing when the class closes no longer matters.
    workspace.onChange = { [weak self, weak workspace] in
      guard let self, let workspace else { return }
      publish(workspace)
      if shown === workspace { onChange() }
    }
    workspace.asked = { [weak self, weak workspace] in workspace.flatMap { self?.question(for: $0) } }
    workspace.vote = { [weak self, weak workspace] choice in
      guard let self, let workspace else { return .nothingAsked }
      return answer(choice, of: workspace)
    }
    workspaces.append(workspace)
    publish(workspace)
    return workspace
  }

  /// Shows a learner how things stand.
  private func publish(_ workspace: Workspace) {
    workspace.board.show(
      workspace.state.with("class", LearnerClassJSON(name: opening.name, learner: workspace.name))
        .with("asked", poll?.sight(of: workspace.file)))
  }

  private struct LearnerClassJSON: Encodable {
    var name: String
    var learner: String
  }

  /// Sends everybody away.
  func close() {
    for workspace in workspaces { workspace.board.close() }
    staff.close()
  }

  // MARK: Joining

  enum Joining {
    case joined(Workspace, token: String?)
    case wrongCode
    case tooManyTries
    case nameTaken
    case unusableName
    case full
    case noChance
  }

  /// How long a try to join must wait before it is judged, in milliseconds; nil if it is refused.
  func wait(of peer: String) -> Int? { guesses.wait(of: peer, now: RealTime.milliseconds()) }

  /// Lets somebody in, with a name and a code, or with the cookie of an earlier time.
  func join(name asked: String?, code: String?, token: String?, peer: String) -> Joining {
    if let own = returning(name: asked, token: token) { return .joined(own, token: nil) }
    let wanted = asked.map(Self.trimmed) ?? ""
    let now = RealTime.milliseconds()
    guard code?.filter({ !$0.isWhitespace }) == opening.code else {
      guesses.noteWrong(peer, now: now)
      return .wrongCode
    }
    guesses.noteRight(peer)
    guard !wanted.isEmpty, wanted.count <= Self.longestName, wanted.utf8.count <= 4 * Self.longestName,
      PrintableText.isPrintable(wanted)
    else { return .unusableName }
    guard let cookie = Self.newToken() else { return .noChance }
    if let known = workspace(named: wanted) {
      // Whoever went away finds their work at another machine as well; whoever is there keeps the name.
      guard !known.isHere(now: now) else { return .nameTaken }
      known.add(token: cookie)
      known.lastSeen = now
      opening.keeper?.append([WorkRecord(token: cookie)], to: known.file)
      return .joined(known, token: cookie)
    }
    guard workspaces.count < opening.size else { return .full }
    let number = (workspaces.map { ClassKeeper.number(of: $0.file) }.max() ?? 0) + 1
    let workspace = add(name: wanted, file: ClassKeeper.file(number), tokens: [cookie])
    opening.keeper?.append([WorkRecord(name: wanted, token: cookie)], to: workspace.file)
    if let given { _ = workspace.take(given, isForced: true) { _ in } }
    onChange()
    return .joined(workspace, token: cookie)
  }

  /// The learner who comes back with a cookie, under the same name or none; they need no code.
  func returning(name: String?, token: String?) -> Workspace? {
    guard let own = workspace(token: token) else { return nil }
    let wanted = name.map(Self.trimmed) ?? ""
    return wanted.isEmpty || own === workspace(named: wanted) ? own : nil
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    return String(start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)])
  }

  private static func newToken() -> String? {
    do throws(SystemError) {
      return try MachineChance.token(24)
    } catch {
      return nil
    }
  }

  // MARK: Asking

  /// - Parameters:
  ///   - source: the step of a lesson that asks it.
  ///   - earlierStep: the step of that lesson which asked the same in other words.
  func ask(
    _ question: String, _ choices: [String], right: Int? = nil, source: Poll.Source? = nil, earlierStep: Int? = nil
  ) {
    polls += 1
    proof = nil
    let before = source.flatMap { source in
      earlierStep.flatMap { outcomes[Poll.Source(lesson: source.lesson, step: $0)] }
    }
    poll = Poll(
      number: polls, question: question, choices: choices, right: right, source: source, before: before)
    publishPoll()
  }

  enum Answering {
    case counted
    case nothingAsked
    case answeredBefore
    case noSuchChoice(Int)

    /// Why it was not counted; nil if it was.
    var refusal: String? {
      switch self {
      case .counted: nil
      case .nothingAsked: said("Nothing is being asked at the moment.")
      case .answeredBefore: said("You have already answered this question.")
      case .noSuchChoice(let count): said("The choices are 1 to \(count).")
      }
    }
  }

  /// What a learner's own answer to a lesson's question counts for, while the class is asked the same.
  private func question(for workspace: Workspace) -> ClassQuestion? {
    guard let poll, !poll.isRevealed, let source = poll.source else { return nil }
    return ClassQuestion(lesson: source.lesson, step: source.step, chosen: poll.choice(of: workspace.file))
  }

  func answer(_ choice: Int, of workspace: Workspace) -> Answering {
    guard var poll, !poll.isRevealed else { return .nothingAsked }
    guard (1...poll.choices.count).contains(choice) else { return .noSuchChoice(poll.choices.count) }
    guard poll.count(choice, of: workspace.file) else { return .answeredBefore }
    self.poll = poll
    publish(workspace)
    onChange()
    return .counted
  }

  /// Ends the question; returns it with what was right.
  ///
  /// - Parameter run: the session of the run that proves it.
  func reveal(because: String?, run: Session? = nil) -> Poll? {
    guard var poll, !poll.isRevealed else { return nil }
    poll.reveal(because: because)
    proof = run.map { PageState(of: $0, at: PageState.Moment()) }
    self.poll = poll
    if let source = poll.source { outcomes[source] = poll.outcome }
    publishPoll()
    return poll
  }

  /// Takes away a question that has been answered.
  func dismissPoll() {
    guard poll?.isRevealed == true else { return }
    (poll, proof) = (nil, nil)
    for workspace in workspaces { publish(workspace) }
  }

  private func publishPoll() {
    for workspace in workspaces { publish(workspace) }
    onChange()
  }

  // MARK: The teacher's

  /// Puts a learner's network on the projector; nil puts the teacher's there.
  func show(_ workspace: Workspace?) {
    (shown, proof) = (workspace, nil)
    onChange()
  }

  /// Has everybody do something.
  func give(_ order: Order) -> Int {
    given = order
    for workspace in workspaces { _ = workspace.take(order, isForced: true) { _ in } }
    return workspaces.count
  }

  /// The class's part of the projector's page.
  func added(to state: PageState) -> PageState {
    let now = RealTime.milliseconds()
    let json = ClassJSON(
      name: opening.name, learners: workspaces.count, here: workspaces.count { $0.isHere(now: now) })
    let base = proof.map { state.onNetwork(of: $0).with("proof", true) } ?? shown?.state ?? state
    let added = base.with("class", json).with("shown", proof == nil ? shown?.name : nil)
    return poll.map { added.with("question", $0.forAll).with("asked", $0.forAll) } ?? added
  }

  private struct ClassJSON: Encodable {
    var name: String
    var learners: Int
    var here: Int
  }
}

extension ClassRoom.Opening {
  /// Where learners join.
  var learnURL: String { url + "learn" }
  /// The same with the code, for those who need not type it. What comes after # is never sent to anybody.
  var joinURL: String { "\(learnURL)#\(code)" }
}
