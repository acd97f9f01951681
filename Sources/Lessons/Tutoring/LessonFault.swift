// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// Why a lesson command was not carried out.
enum LessonFault: CommandFault {
  case noLessons(folder: String?)
  case unknownLesson(String, suggestion: String?)
  case unusableLesson(LessonProblem)
  case notInLesson
  case stepNotDone(missing: String?)
  case questionOpen(choices: Int)
  case noSuchStep(Int, steps: Int)
  case stepAhead(Int, reached: Int)
  case atFirstStep
  case noSkipping
  case noHint
  case noMoreHints(count: Int, isQuestion: Bool)
  case noSolution
  /// No question is open, and whether nothing else is left to do.
  case noQuestion(mayGoOn: Bool)
  case noSuchAnswer(String, choices: [String])
  case classIsAsked(choices: Int)
  case hasVoted(choice: Int)
  case allLessonsDone
  case noNextLesson
  case alreadyPlaying
  case notPlaying

  var word: String {
    switch self {
    case .noLessons: "no-lessons"
    case .unknownLesson: "unknown-lesson"
    case .unusableLesson: "broken-lesson"
    case .notInLesson: "not-in-lesson"
    case .stepNotDone: "step-not-done"
    case .questionOpen: "question-open"
    case .noSuchStep: "no-such-step"
    case .stepAhead: "step-ahead"
    case .atFirstStep: "at-first-step"
    case .noSkipping: "no-skipping"
    case .noHint, .noMoreHints: "no-hint"
    case .noSolution: "no-solution"
    case .noQuestion: "no-question"
    case .noSuchAnswer: "no-such-answer"
    case .classIsAsked: "class-is-asked"
    case .hasVoted: "has-voted"
    case .allLessonsDone: "all-lessons-done"
    case .noNextLesson: "no-next-lesson"
    case .alreadyPlaying: "already-playing"
    case .notPlaying: "not-playing"
    }
  }

  /// A sentence as part of another one.
  private static func clause(_ sentence: String) -> String {
    sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
  }

  var message: String {
    switch self {
    case .noLessons(nil): said("there are no lessons here; start natsh with --lessons FOLDER")
    case .noLessons(let folder?): said("there are no lessons in '\(folder)'; start natsh with --lessons FOLDER")
    case .unknownLesson(let word, _): said("there is no lesson '\(word)'; `lessons` lists them all")
    case .unusableLesson(let problem): said("this lesson cannot be read: \(problem)")
    case .notInLesson:
      said("no lesson is going on; `lesson` begins one or goes on with yours, and `lessons` lists them")
    case .stepNotDone(let missing):
      said(
        "this step is not done yet: \(Self.clause(missing ?? said("something is missing"))); `hint` helps, `skip` goes on without it"
      )
    case .questionOpen(let choices):
      said("the question is still open: type a number from 1 to \(choices); `task` shows it, `hint` helps")
    case .noSuchStep(let step, let steps): said("there is no step \(step); the lesson has \(steps)")
    case .stepAhead(let step, let reached):
      said("step \(step) comes later: this lesson requires every step, and you are at step \(reached)")
    case .atFirstStep: said("this is the first step; `restart` begins it again")
    case .noSkipping: said("this lesson requires every step; `hint` and `solution` help")
    case .noHint: said("there is no hint for this step")
    case .noMoreHints(let count, let isQuestion):
      (count == 1 ? said("there was only that one hint") : said("those were all \(count) hints"))
        + said("; `solution` shows \(isQuestion ? said("the answer") : said("a way"))")
    case .noSolution: said("there is nothing to do in this step except read; `next` goes on")
    case .noQuestion(mayGoOn: true): said("no question is open; `next` goes on")
    case .noQuestion(mayGoOn: false): said("no question is open; `task` shows what is left to do")
    case .noSuchAnswer(let answer, let choices):
      said("a question is open, and '\(answer)' is not one of its answers; type ")
        + choices.enumerated().map { said("'\($0.offset + 1)' for \"\($0.element)\"") }.joined(separator: ", ")
    case .classIsAsked(let choices):
      said(
        "the whole class is being asked this, and everybody will see the answer together: a number from 1 to \(choices) is your vote"
      )
    case .hasVoted(let choice):
      said("you have voted already, for number \(choice); everybody will see the answer together")
    case .allLessonsDone: said("you have done all the lessons; `lesson ID` repeats one, and `lessons` lists them")
    case .noNextLesson: said("that was the last lesson; `lessons` lists them all")

    case .alreadyPlaying: said("you are playing already; `play end` brings the lesson's network back")
    case .notPlaying: said("you are not playing; `play` lets you try things on a copy of the network")
    }
  }
}

extension CommandError {
  init(_ fault: LessonFault, at columns: Range<Int>? = nil, suggestion: String? = nil) {
    self.init(.other(fault), at: columns, suggestion: suggestion)
    if case .unknownLesson(_, let near) = fault { self.suggestion = near }
  }
}
