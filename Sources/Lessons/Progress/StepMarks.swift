// SPDX-License-Identifier: GPL-3.0-or-later

/// Facts remembered about one step of a lesson: the basis of grades, and of the feedback to the learner.
///
/// Events after a step is done or skipped do not change its worth: hints, solution, misses and answers are remembered
/// only up to then.
public struct StepMarks: Hashable, Sendable {
  /// How a question was answered at first.
  public enum First: String, Encodable, Sendable {
    case right
    case wrong
    /// Not at all.
    case none
  }

  public var isDone = false
  /// Whether it was ever left undone by `skip`; doing it afterwards does not take that back.
  public var wasSkipped = false
  /// Hints given before it was done.
  public var hints = 0
  /// Whether the solution was looked at before the step was done.
  public var sawSolution = false
  /// Failed checks, foreseen mistakes and failed commands before it was done.
  public var misses = 0
  /// The foreseen mistakes among the misses, in order, each by the line of its `yaml wrong`.
  public var mistakes: [Int] = []
  /// The choices tried of the step's question, in order, from 1. The last one is right if `isRight` says so.
  public var choices: [Int] = []
  /// Whether the question was answered correctly in the end.
  public var isRight = false
  /// Whether the answer was looked at before it was given.
  public var sawAnswer = false

  /// The most remembered of a kind: nobody learns anything from more, and the file must not grow for ever.
  static let most = 99

  public init() {}

  /// How the question was answered at first.
  public var first: First {
    if choices.isEmpty { return .none }
    return isRight && choices.count == 1 ? .right : .wrong
  }

  /// Notes an event at the step.
  mutating func apply(_ kind: ProgressEvent.Kind) {
    switch kind {
    case .began, .finished: return
    case .done: isDone = true
    case .answered(let choice, let right):
      // A question may be answered when everything else in its step is done.
      guard !wasSkipped, !isRight, !sawAnswer, choices.count < Self.most else { return }
      choices.append(choice)
      isRight = right
    default:
      guard !isDone, !wasSkipped else { return }
      applyUndone(kind)
    }
  }

  private mutating func applyUndone(_ kind: ProgressEvent.Kind) {
    switch kind {
    case .skipped: wasSkipped = true
    case .hinted(let count): hints = max(hints, count)
    case .shown: sawSolution = true
    case .answerShown: if !isRight { sawAnswer = true }
    case .missed(let mistake):
      misses = min(misses + 1, Self.most)
      if let mistake, mistakes.count < Self.most { mistakes.append(mistake) }
    case .began, .done, .answered, .finished: return
    }
  }
}
