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
  private var recorder = SittingRecorder()
  /// The commands of each sitting in a lesson, in their order.
  private(set) var sittings: [(lesson: String, lines: [String])] = []
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
    if entry.begins || sittings.isEmpty { sittings.append((entry.lesson, [])) }
    sittings[sittings.count - 1].lines += entry.lines
  }

  mutating func note(_ command: String, error: String? = nil) { moment.note(command, error: error) }

  /// Runs `body` on the session as one command that `undo` takes back.
  mutating func group<Failure: Error>(_ body: (inout Session) throws(Failure) -> Void) throws(Failure) {
    try session.group(body)
  }

  mutating func setMoreFollows(_ more: Bool) { session.moreFollows = more }

  mutating func takeHeldRemarks() -> [any ResultContent] { session.takeHeldRemarks() }

  /// Takes over the network that the teacher gives.
  mutating func take(_ given: Session) {
    note("")
    session.takeOver(given)
  }

  // MARK: What is handed in

  /// All that was done, as a script that `grade` takes: the lessons' sittings or, if there are none, the commands that
  /// stand.
  func handIn(name: String) -> HandIn {
    let lessons = Set(sittings.map(\.lesson))
    let last = sittings.last?.lesson
    let version = lessons.count == 1 ? last.flatMap { session.lessonVersion($0) } : nil
    let parts = sittings.isEmpty ? [session.standingLines] : sittings.map(\.lines)
    return HandIn(name: name, lesson: last ?? "", version: version, sittings: parts)
  }
}
