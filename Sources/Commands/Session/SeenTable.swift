// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// What the learner saw of a router's table when it was last shown.
struct SeenTable: Sendable {
  /// A row as it was at that time. Numbers are used again after `undo`, so more than the number tells rows apart.
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
