// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

/// Something wrong with a lesson's file, at the place where its author can fix it.
package struct LessonProblem: Error, Hashable, Sendable, Encodable {
  /// The file as it was named.
  package var file: String
  /// Counted from 1.
  package var line: Int
  /// One sentence: the fault and how to fix it.
  package var message: String

  package init(file: String, line: Int, message: String) {
    self.file = file
    self.line = line
    self.message = message
  }
}

extension LessonProblem: CustomStringConvertible {
  /// `lessons/04-hairpinning.md:31: the step has no hint`
  package var description: String { PrintableText.of("\(file):\(line): \(message)") }
}

extension LessonProblem: Comparable {
  package static func < (left: LessonProblem, right: LessonProblem) -> Bool {
    (left.file, left.line, left.message) < (right.file, right.line, right.message)
  }
}
