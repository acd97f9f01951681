// SPDX-License-Identifier: GPL-3.0-or-later

import Classroom
import Commands
import Conformance
import Export
import Lessons
import Shell
import Traversal

/// The language of the whole program, composed of each target's commands.
enum Language {
  static let full = Catalog(
    Catalog.standardDeclarations + TraversalLanguage.declarations + ExportLanguage.declarations
      + ConformanceLanguage.declarations
      + LessonLanguage.declarations + ClassroomLanguage.declarations,
    topics: HelpTopics.standard + TraversalLanguage.topics, scenes: Scene.standard + TraversalLanguage.scenes,
    programs: TraversalLanguage.programs,
    messages: TraversalLanguage.messages)

  /// A session with everything that its commands may need.
  ///
  /// - Parameter isTyped: whether a learner types it, whose progress is remembered.
  static func session(seed: UInt64 = 1, lessons: String?, isTyped: Bool) -> Session {
    var session = Session(catalog: full, seed: seed)
    session[RequirementList.self] = RequirementList()
    session[LessonShelf.self] = LessonShelf(
      folder: LessonFolder.find(lessons), files: .system, progress: isTyped ? .standard : nil)
    return session
  }
}
