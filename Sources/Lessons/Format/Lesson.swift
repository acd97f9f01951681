// SPDX-License-Identifier: GPL-3.0-or-later

/// A lesson as its file has it, every part with the line that it stands on.
package struct Lesson: Sendable {
  /// The file as messages name it.
  package var file: String
  /// What the learner types after `lesson`: `who-are-you`.
  package var id: String
  package var idLine: Int
  package var title: String
  /// What it takes a learner, roughly.
  package var minutes: Int?
  /// The ids of the lessons that come before.
  package var requires: [Located<String>]
  /// The RFCs that it is about.
  package var rfc: [Int]
  package var objectives: [String]
  /// Whether a learner may go on without having done a step.
  package var allowsSkip: Bool
  /// What stands before the first step.
  package var introduction: [Prose]
  package var steps: [Step]
  /// What is wrong with its form, so that only some of it can be taught.
  package var problems: [LessonProblem]
  /// What the author should change though all of it can be taught.
  package var blemishes: [LessonProblem] = []
  /// Sixteen digits that tell its text from any other: what was learned from one may not fit another.
  package var version = ""

  /// A value and its line.
  package struct Located<Value: Sendable>: Sendable {
    package var value: Value
    package var line: Int

    package init(_ value: Value, line: Int) {
      self.value = value
      self.line = line
    }
  }

  /// Commands of one fenced block, a line each.
  package struct Script: Sendable {
    /// The fence's line.
    package var line: Int
    package var lines: [Located<String>]
  }

  /// A mistake that the author foresaw.
  package struct ForeseenMistake: Sendable {
    package var line: Int
    package var when: [Condition]
    /// The reply, in Markdown.
    package var reply: String
    /// Commands that make the mistake.
    package var example: Script?
  }

  /// A question that the learner answers before the answer can be seen.
  package struct Prediction: Sendable {
    package var line: Int
    package var question: String
    package var choices: [String]
    /// The right choice's place, from 1.
    package var answer: Int
    package var answerLine: Int
    package var because: String
    /// Commands that show the answer in the simulation.
    package var proof: Script?
    package var expectation: [Condition]
    /// What each choice would have shown, in their order; empty where the author does not say.
    package var outcomes: [[Condition]]
  }

  /// A second-level heading and all that follows it.
  package struct Step: Sendable {
    package var title: String
    package var line: Int
    package var prose: [Prose] = []
    package var setups: [Script] = []
    package var tries: [Script] = []
    package var solutions: [Script] = []
    package var alternatives: [Script] = []
    /// What must hold for the step to be done; empty where it asks nothing to be done.
    package var expectation: [Condition] = []
    /// The line of the block with the conditions; nil where there is none.
    package var expectationLine: Int?
    package var mistakes: [ForeseenMistake] = []
    package var predictions: [Prediction] = []
    package var hints: [Located<String>] = []
    /// What is wrong with its form.
    package var problems: [LessonProblem] = []

    package init(title: String, line: Int) {
      self.title = title
      self.line = line
    }

    package var prediction: Prediction? { predictions.first }
    /// Whether there is nothing to do but read.
    package var isForReading: Bool { expectationLine == nil && predictions.isEmpty }
    /// The commands that solve it, in order.
    package var solution: [Located<String>] { solutions.flatMap(\.lines) }
    package var setup: [Located<String>] { setups.flatMap(\.lines) }
  }
}
