// SPDX-License-Identifier: GPL-3.0-or-later

/// A tool's limits on the names of its nodes.
struct ToolNames {
  /// Whether a byte may be in a name; others become ``stand-in``.
  let allows: @Sendable (Character) -> Bool
  let standIn: Character
  let longest: Int
  /// Words with another meaning for the tool.
  let reserved: Set<String>

  /// Kathará: lower-case letters, digits and underscores, at most 30.
  static let kathara = ToolNames(
    allows: { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }, standIn: "_", longest: 30,
    reserved: ["shared", "_test"])

  /// containerlab: a part of a host's name (RFC 1123 §2.1), so that the nodes find each other by name too.
  static let containerlab = ToolNames(
    allows: { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }, standIn: "-", longest: 48,
    reserved: ["host", "mgmt-net", "macvlan", "bridge", "dummy", "vxlan", "vxlan-stitch"])

  /// The tool's names for nodes with these names, each used once.
  func names(for nodes: [String]) -> [String] {
    var taken = reserved
    return nodes.map { name in
      var base = String(name.lowercased().map { allows($0) ? $0 : standIn }.prefix(longest))
      while base.count > 1, base.last == standIn { base.removeLast() }
      var candidate = base
      var number = 2
      while !taken.insert(candidate).inserted {
        let suffix = "\(standIn)\(number)"
        candidate = base.prefix(longest - suffix.count) + suffix
        number += 1
      }
      return candidate
    }
  }
}
