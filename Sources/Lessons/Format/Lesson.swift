// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// A lesson as its file has it, every part with its line.
package struct Lesson: Sendable {
  /// The file as messages name it.
  package var file: String
  /// The word that the learner types after `lesson`: `who-are-you`.
  package var id: String
  package var idLine: Int
  package var title: String
  /// The rough time that a learner needs.
  package var minutes: Int?
  /// The ids of the lessons that come before.
  package var requires: [Located<String>]
  /// The RFCs that it is about.
  package var rfc: [Int]
  package var objectives: [String]
  /// Whether a learner may go on without having done a step.
  package var allowsSkip: Bool
  /// Whether tables describe the router's behaviour in plain sentences, because the words for it come in a later
  /// lesson.
  package var speaksPlainly = false
  /// The code of the language that it is written in, such as `de`; nil is English.
  package var language: String?
  /// The text before the first step.
  package var introduction: [Prose]
  package var steps: [Step]
  /// Errors in its form, because of which only some of it can be taught.
  package var problems: [LessonProblem]
  /// Flaws that the author should fix although everything can be taught.
  package var blemishes: [LessonProblem] = []
  /// Sixteen digits that distinguish its text from any other: what was learned from one may not fit another.
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

  /// Commands of one fenced block, one per line.
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
    package var choices: [Choice]
    /// The right choice's place, from 1.
    package var answer: Int
    package var answerLine: Int
    package var because: String
    package var hints: [Located<String>]
    /// Commands that show the answer in the simulation.
    package var proof: Script?
    package var expectation: [Condition]
    /// The conditions that each choice would have fulfilled, in their order; empty if the author does not say.
    package var outcomes: [[Condition]]
    /// The earlier step whose question this one asks again in other words, by its title.
    package var again: Located<String>?
    /// That step's place among the lesson's steps; nil if there is none.
    package var againIndex: Int?
  }

  /// One of the answers that a question offers.
  package struct Choice: Sendable {
    package var text: String
    /// Other ways to say it.
    package var accepted: [String] = []
    /// The reply to the learner who picks it, in Markdown, if it is wrong.
    package var because: String?
  }

  /// A second-level heading and everything after it.
  package struct Step: Sendable {
    package var title: String
    package var line: Int
    package var prose: [Prose] = []
    package var setups: [Script] = []
    package var tries: [Script] = []
    package var solutions: [Script] = []
    package var alternatives: [Script] = []
    /// The conditions for the step to be done; empty if it asks nothing to be done.
    package var expectation: [Condition] = []
    /// The line of the block with the conditions; nil if there is none.
    package var expectationLine: Int?
    package var mistakes: [ForeseenMistake] = []
    package var predictions: [Prediction] = []
    package var hints: [Located<String>] = []
    /// Errors in its form.
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

extension Lesson {
  /// What is lent to sessions whose learners are in it.
  var plainWords: PlainWords? { speaksPlainly ? PlainWords() : nil }

  /// The places of the steps that ask a step's question again in other words.
  func repetitions(ofStep index: Int) -> [Int] {
    steps.indices.filter { steps[$0].prediction?.againIndex == index }
  }

  /// Short facts for whoever chooses it: the time it takes, its RFCs, and the lessons before it.
  var facts: [String] {
    var facts: [String] = []
    if let minutes { facts.append(said("about \(minutes) minutes")) }
    if !rfc.isEmpty { facts.append(rfc.map { "RFC \($0)" }.joined(separator: ", ")) }
    if !requires.isEmpty { facts.append(said("after ") + requires.map(\.value).joined(separator: ", ")) }
    return facts
  }
}
