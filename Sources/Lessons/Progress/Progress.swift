// SPDX-License-Identifier: GPL-3.0-or-later

/// A learner's work on each lesson.
public struct Progress: Hashable, Sendable {
  /// The work on one lesson; steps count from 1.
  public struct Entry: Hashable, Sendable {
    /// The step that the learner was at last.
    public var step = 1
    /// The marks of each step that has any.
    public var steps: [Int: StepMarks] = [:]
    /// Whether the learner has come to its end.
    public var isFinished = false

    public init() {}

    /// The last step that the learner has come to: where they are, or the one after those that are behind them.
    var farthestStep: Int { max(step, (steps(where: { $0.isDone || $0.wasSkipped }).last ?? 0) + 1) }

    /// The steps whose marks satisfy `isSo`, in order.
    func steps(where isSo: (StepMarks) -> Bool) -> [Int] {
      steps.filter { isSo($0.value) }.keys.sorted()
    }
  }

  public private(set) var entries: [String: Entry] = [:]
  /// The lesson that the learner was in last.
  public internal(set) var latest: String?

  public init() {}

  public subscript(lesson: String) -> Entry? { entries[lesson] }

  mutating func setEntry(_ entry: Entry, of lesson: String) { entries[lesson] = entry }

  /// Notes an event.
  public mutating func apply(_ event: ProgressEvent) {
    // In place: an entry that was copied first would be as long as its lesson.
    switch event.kind {
    case .began:
      entries[event.lesson, default: Entry()].step = event.step
      latest = event.lesson
    case .finished: entries[event.lesson, default: Entry()].isFinished = true
    default:
      entries[event.lesson, default: Entry()].steps[event.step, default: StepMarks()].apply(event.kind)
    }
  }
}

/// Something about a lesson worth remembering.
public struct ProgressEvent: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case began
    case done
    case skipped
    /// The solution was shown.
    case shown
    /// The number of the step's hints given by now.
    case hinted(Int)
    /// A failed check or command, or a foreseen mistake, by the line of its block.
    case missed(mistake: Int?)
    /// The question was answered with the choice at that place, from 1.
    case answered(Int, isRight: Bool)
    /// The question's answer was shown before it was given.
    case answerShown
    case finished
  }
  public var lesson: String
  /// Counted from 1.
  public var step: Int
  public var kind: Kind
}

/// Remembers progress; the outer layer knows where.
public struct ProgressKeeper: Sendable {
  package let load: @Sendable () -> Progress
  /// Returns why it could not be remembered, in words; nil if it was.
  let record: @Sendable (ProgressEvent) -> String?
  /// The day, as a certificate says it; nil if nobody asks a clock.
  let today: @Sendable () -> String?

  public init(
    load: @escaping @Sendable () -> Progress, record: @escaping @Sendable (ProgressEvent) -> String?,
    today: @escaping @Sendable () -> String? = { nil }
  ) {
    self.load = load
    self.today = today
    self.record = record
  }

  /// Remembers for as long as the program runs.
  public static func inMemory() -> ProgressKeeper {
    let memory = ProgressMemory()
    return ProgressKeeper(
      load: { memory.progress },
      record: {
        memory.apply($0)
        return nil
      })
  }
}
