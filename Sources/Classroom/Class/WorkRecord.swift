// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One line of the file that keeps a learner's work: what is done once more to restore it.
struct WorkRecord: Codable, Hashable, Sendable {
  /// Who it is, first in the file.
  var name: String?
  /// A cookie by which the learner is known.
  var token: String?
  /// A line that was typed.
  var line: String?
  /// The lines of the script that `line` loaded.
  var script: [String]?
  /// The commands that led to the network which the teacher gave, and its seed.
  var given: [String]?
  var seed: UInt64?

  /// One line, without its end.
  var text: String { JSONRenderer().line(for: self) }

  /// The records of a file's text; a line that a crash has cut off is passed over.
  static func records(in text: String) -> [WorkRecord] {
    text.split(separator: "\n").compactMap { line in
      try? JSONDecoder().decode(WorkRecord.self, from: Data(line.utf8))
    }
  }
}
