// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons

/// The language of the whole program, composed of what each target brings.
enum Language {
  static let full = Catalog(Catalog.standardDeclarations, topics: HelpTopics.standard)
}
