// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The rows that the learner saw when a router's table was last shown.
struct SeenTable: Sendable {
  /// A row as it was at that time. Numbers are reused after `undo`, so the number alone does not identify a row.
  struct Row: Sendable {
    var deadline: Instant?
    var createdBy: Int?
    var external: Endpoint
    var inside: Endpoint

    init(_ mapping: Mapping) {
      deadline = mapping.expiresAt
      createdBy = mapping.createdBy
      external = mapping.external
      inside = mapping.internal
    }

    func isSame(as other: Row) -> Bool {
      createdBy == other.createdBy && external == other.external && inside == other.inside
    }
  }

  var rows: [Int: Row] = [:]
  var expiredTotal = 0
}
