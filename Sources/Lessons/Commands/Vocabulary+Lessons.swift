// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

extension CommandGroup {
  package static let lessons = CommandGroup("Lessons")
}

extension Vocabulary {
  /// The part of lessons.
  public static let lessons = Vocabulary([
    LessonsCommand.declaration, LessonCommand.declaration, TaskCommand.declaration, NextCommand.declaration,
    PreviousCommand.declaration, HintCommand.declaration, CheckCommand.declaration, SolutionCommand.declaration,
    SkipCommand.declaration, RestartCommand.declaration, AnswerCommand.declaration, PlayCommand.declaration,
    ProgressCommand.declaration, LeaveCommand.declaration,
  ])
}
