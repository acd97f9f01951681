// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension Tutor: Companion {
  package var promptNote: String? {
    let mark = isPlaying ? said(" play") : state.isDone || state.wasDone ? said(" done") : ""
    return "\(lesson.id) \(index + 1)/\(lesson.steps.count)\(mark)"
  }

  package mutating func remark(on result: CommandResult, in session: inout Session) -> [any ResultContent] {
    if let answer = result.content as? AnswerReport {
      hold(answer.parts)
    } else if !(result.content is any LessonContent), !isPlaying {
      hold(judge(result, in: session))
    }
    return session.moreFollows ? [] : heldRemarks()
  }

  package mutating func note(_ error: SessionError) -> [any ResultContent] {
    // A refused lesson command is not a mistake of the learner's.
    var isLessonFault = false
    if case .command(let error) = error, case .other(let fault) = error.kind { isLessonFault = fault is LessonFault }
    if !isLessonFault, !isPlaying, !mayGoOn {
      if let question = openQuestion {
        hold([.questionOpen(choices: question.choices.count)])
      } else {
        noteMiss()
        hold(offerHelp())
      }
    }
    return heldRemarks()
  }

  /// Keeps remarks until the line of commands is over: of those that hold only for now, the last counts.
  private mutating func hold(_ parts: [TutorRemark.Part]) {
    held.removeAll(where: \.isPassing)
    if parts.contains(where: \.isDone) { held = [] }
    held += parts
  }

  /// The remarks on the commands so far, once.
  package mutating func heldRemarks() -> [any ResultContent] {
    var parts = held
    held = []
    if let words = takeComplaint() { parts.append(.progressNotKept(words)) }
    return parts.isEmpty ? [] : [TutorRemark(place: place(), parts: parts)]
  }

  /// Looks and measurements count, and must not be missing when the saved lines are run again.
  package func keeps(_ content: any ResultContent, of command: String) -> Bool {
    guard isOpen else { return false }
    return content is any Measurement || content is any PairFindings
      || conditions.contains { $0.lookedWords.contains { $0.value == command } }
  }

  /// A step stays done when the commands that did it are undone; so does a measurement that has been made.
  package var keepsUndone: Bool {
    !isPlaying && (state.isDone || step.expectation.contains(where: \.outlivesUndo))
  }

  /// Ctrl-C, while the network of a step was being built.
  package var wasStopped: Bool { starts.wasStopped }

  /// Whether commands typed now count for the step.
  private var isOpen: Bool { !isPlaying && !mayGoOn }

  /// All conditions of the step.
  private var conditions: [Condition] { step.expectation + step.mistakes.flatMap(\.when) }

  /// Looks at the network after a command.
  private mutating func judge(_ result: CommandResult, in session: Session) -> [TutorRemark.Part] {
    let word = result.command.split(separator: " ").first.map(String.init) ?? ""
    let declaration = session.catalog.declaration(named: word)
    let name = declaration?.name
    // What was asked of the program around the session, such as a page, is still to come: it says nothing about the
    // question.
    let isOuter = declaration?.effect == .outer
    record.note(result, name: name)
    for place in state.replied.keys { state.replied[place]?.note(result, name: name) }
    guard problems.isEmpty, !state.isDone else { return [] }
    let context = ConditionContext(session: session, record: record)
    if step.expectationLine != nil, context.hold(step.expectation) {
      guard let question = openQuestion else { return [finish(context)] }
      return isOuter ? [] : [.answerFirst(choices: question.choices.count)]
    }
    if let reply = newMistake(context, in: session, isReturning: name == "undo" || name == "redo") {
      return [.mistake(reply)] + offerHelp()
    }
    if let question = openQuestion { return isOuter ? [] : [.questionOpen(choices: question.choices.count)] }
    // Looking does not count as an attempt.
    guard step.expectationLine != nil, declaration?.effect == .changes else { return [] }
    if session.packetsInFlight > 0, step.expectation.contains(where: { !context.hold([$0]) && $0.isAboutEvents }) {
      // The fate of a packet on its way is not given away.
      return name == "step" ? [] : [.underWay]
    }
    return [.notYet(context.missing(step.expectation).first ?? "", isCheck: false)]
  }

  /// Marks the step as done, and says what it showed.
  mutating func finish(_ context: ConditionContext) -> TutorRemark.Part {
    state.isDone = true
    state.achieved = context.shown(step.expectation)
    keep(.done)
    return .done(shown: state.achieved, isLast: isLastStep)
  }

  /// The reply to a foreseen mistake that has just been made, or made again.
  ///
  /// - Parameter isReturning: Whether the learner has gone back, or forward again, to what has had its reply.
  private mutating func newMistake(
    _ context: ConditionContext, in session: Session, isReturning: Bool
  ) -> [Prose]? {
    var reply: [Prose]?
    for (place, mistake) in step.mistakes.enumerated() {
      guard context.hold(mistake.when) else {
        state.heldMistakes.remove(place)
        continue
      }
      let isNew = state.heldMistakes.insert(place).inserted
      // Events stay; a mistake has been made again only when it happens once more.
      let isAgain =
        mistake.when.contains(where: \.isAboutEvents)
        && (state.replied[place].map { ConditionContext(session: session, record: $0).hold(mistake.when) } ?? false)
      guard isNew || isAgain, reply == nil, !isReturning else { continue }
      reply = Prose.read(mistake.reply)
      noteMiss(mistake)
      state.replied[place] = StepRecord(from: session.network)
    }
    return reply
  }

  /// Counts a miss.
  private mutating func noteMiss(_ mistake: Lesson.ForeseenMistake? = nil) {
    state.misses += 1
    keep(.missed(mistake: mistake?.line))
  }

  /// Says once, after some misses, that there is help.
  private mutating func offerHelp() -> [TutorRemark.Part] {
    guard state.misses >= Self.missesBeforeHelp, !state.hasOfferedHelp else { return [] }
    state.hasOfferedHelp = true
    return [.offerHelp]
  }

  /// Looks because the learner asks.
  mutating func check(in session: Session) -> [TutorRemark.Part] {
    if !problems.isEmpty { return [.broken(problems)] }
    if step.isForReading { return [.mayGoOn(.reading, isLast: isLastStep)] }
    if state.isDone { return [.mayGoOn(.done, isLast: isLastStep)] }
    let parts = checkUndone(in: session)
    guard state.wasDone, !state.isDone else { return parts }
    return parts + [.mayGoOn(.doneBefore, isLast: isLastStep)]
  }

  private mutating func checkUndone(in session: Session) -> [TutorRemark.Part] {
    let context = ConditionContext(session: session, record: record)
    let holds = step.expectationLine != nil && context.hold(step.expectation)
    if let question = openQuestion {
      let choices = question.choices.count
      return [holds ? .answerFirst(choices: choices) : .questionOpen(choices: choices)]
    }
    if holds { return [finish(context)] }
    let mistake = step.mistakes.first { context.hold($0.when) }
    noteMiss(mistake)
    var parts: [TutorRemark.Part] = []
    if let mistake { parts.append(.mistake(Prose.read(mistake.reply))) }
    parts.append(.notYet(context.missing(step.expectation).first ?? "", isCheck: true))
    return parts + offerHelp()
  }

  /// The reason that keeps the learner from going on.
  func missing(in session: Session) -> String? {
    ConditionContext(session: session, record: record).missing(step.expectation).first
  }
}
