// SPDX-License-Identifier: GPL-3.0-or-later

import Capture
import Classroom
import Commands
import Conformance
import Export
import Lab
import Lessons
import Shell
import Traversal

/// The language of the whole program, composed of each target's part.
enum Language {
  static let full = Catalog(.standard, .traversal, .export, .capture, .conformance, .lessons, .classroom)

  /// The same, and the laboratory's part.
  static let laboratory = Catalog(
    .standard, .traversal, .export, .capture, .conformance, .lessons, .classroom, .laboratory)

  /// A session for a laboratory.
  static func laboratorySession(seed: UInt64) -> Session {
    var session = Session(catalog: laboratory, seed: seed)
    session[RequirementList.self] = RequirementList()
    session[CaptureFiles.self] = .system
    session[LessonShelf.self] = LessonShelf(folder: nil, files: .system, progress: nil)
    return session
  }

  /// A session with everything that its commands may need.
  ///
  /// - Parameter isTyped: whether a learner types it, whose progress is remembered.
  static func session(seed: UInt64 = 1, lessons: String?, isTyped: Bool) -> Session {
    var session = Session(catalog: full, seed: seed)
    session[RequirementList.self] = RequirementList()
    session[CaptureFiles.self] = .system
    session[LessonShelf.self] = LessonShelf(
      folder: LessonFolder.find(lessons), files: .system, progress: isTyped ? .standard : nil)
    return session
  }
}
