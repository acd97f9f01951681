// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Traversal

extension Catalog {
  /// The language of commands and traversal together.
  static let traversal = Catalog(
    standardDeclarations + TraversalLanguage.declarations, topics: HelpTopics.standard + TraversalLanguage.topics,
    scenes: Scene.standard + TraversalLanguage.scenes, programs: TraversalLanguage.programs,
    messages: TraversalLanguage.messages, routerProgram: TraversalLanguage.routerProgram)
}
