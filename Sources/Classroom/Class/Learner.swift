// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import Rendering
import Shell

/// A learner's work: a session of their own with the tutor, and what is kept of how it came about. A value, which is handed
/// to whoever carries out the next command.
struct Learner: Sendable {
  private(set) var session: Session
  private let progress: ProgressKeeper
  private var recorder = SittingRecorder(keepsAll: true)
  /// Everything that was done: each sitting in a lesson and what was done outside them, in their order.
  private var parts: [HandIn.Part] = []
  /// Whether the teacher has given a network.
  private var hasTaken = false
  private(set) var moment = PageState.Moment()
  /// The lines typed last, for the prompt.
  private(set) var history: [String] = []
  private(set) var recordedBytes = 0

  static let mostHistory = 200
  /// The most bytes of work that are kept: nobody would wait for more to be done again.
  static let mostRecordedBytes = 4 << 20

  /// Begins with nothing, like `template`.
  init(like template: Session) {
    progress = .inMemory()
    session = template.forLearner(keeper: progress)
  }

  var state: PageState { PageState(of: session, at: moment) }
  var sight: LearnerSight { session.learnerSight(progress.load()) }

  mutating func setMonitor(_ monitor: (any RunMonitor)?) { session.monitor = monitor }

  mutating func setClassQuestion(_ question: ClassQuestion?) { session[ClassQuestion.self] = question }

  mutating func remember(_ line: String) {
    if history.last != line, !line.isEmpty { history.append(line) }
    if history.count > Self.mostHistory { history.removeFirst() }
  }

  mutating func count(_ record: WorkRecord) { recordedBytes += record.text.utf8.count + 1 }

  // MARK: Commands

  /// Carries out one statement.
  mutating func execute(_ statement: Statement) throws(SessionError) -> CommandResult {
    note(statement.text)
    do throws(SessionError) {
      let result = try session.execute(statement)
      keep(result)
      return result
    } catch {
      moment.error = ErrorWording.report(for: error).message
      throw error
    }
  }

  /// Takes note of a command that was carried out.
  mutating func keep(_ result: CommandResult) {
    moment.keep(result)
    guard let entry = recorder.note(result, in: session) else { return }
    if entry.begins || parts.last?.lesson != entry.lesson || parts.isEmpty {
      parts.append(HandIn.Part(lesson: entry.lesson, lines: []))
    }
    parts[parts.count - 1].lines += entry.lines
  }

  mutating func note(_ command: String, error: String? = nil) { moment.note(command, error: error) }

  /// Runs `body` on the session as one command that `undo` takes back.
  mutating func group<Failure: Error>(_ body: (inout Session) throws(Failure) -> Void) throws(Failure) {
    try session.group(body)
  }

  mutating func setMoreFollows(_ more: Bool) { session.moreFollows = more }

  mutating func takeHeldRemarks() -> [any ResultContent] { session.takeHeldRemarks() }

  /// Takes over the network that the teacher gives. A lesson ends with it, the learner's as well as the teacher's.
  mutating func take(_ given: Session) {
    note("")
    let end = ["leave"]
    let before = (session.tutor == nil ? [] : end) + (session.standingLines.isEmpty ? [] : ["reset"])
    parts.append(
      HandIn.Part(lesson: nil, lines: before + given.standingLines + (given.tutor == nil ? [] : end)))
    session.takeOver(given)
    recorder.noteTakingOver(in: session)
    hasTaken = true
  }

  // MARK: What is handed in

  /// All that was done, as a script that `grade` takes; if it was neither in a lesson nor in a network of the teacher's,
  /// the commands that stand.
  func handIn(name: String) -> HandIn {
    let lessons = parts.compactMap(\.lesson)
    guard hasTaken || !lessons.isEmpty else {
      return HandIn(name: name, lesson: "", version: nil, sittings: [session.standingLines])
    }
    let version = Set(lessons).count == 1 ? lessons.last.flatMap { session.lessonVersion($0) } : nil
    return HandIn(name: name, lesson: lessons.last ?? "", version: version, parts: parts)
  }
}
