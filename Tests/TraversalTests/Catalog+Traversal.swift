// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Traversal

extension Catalog {
  /// The language of commands and traversal together.
  static let traversal = Catalog(.standard, .traversal)
}
