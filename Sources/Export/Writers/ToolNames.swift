// SPDX-License-Identifier: GPL-3.0-or-later

/// What a tool allows its nodes to be called.
struct ToolNames {
  /// Whether a byte may be in a name; others become ``stand-in``.
  let allows: @Sendable (Character) -> Bool
  let standIn: Character
  let longest: Int
  /// What means something else to the tool.
  let reserved: Set<String>

  /// Kathará: small letters, digits and underscores, 30 at most.
  static let kathara = ToolNames(
    allows: { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }, standIn: "_", longest: 30,
    reserved: ["shared", "_test"])

  /// containerlab: a part of a host's name (RFC 1123 §2.1), so that the nodes find each other by name, too.
  static let containerlab = ToolNames(
    allows: { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }, standIn: "-", longest: 48,
    reserved: ["host", "mgmt-net", "macvlan", "bridge", "dummy", "vxlan", "vxlan-stitch"])

  /// The tool's names for nodes so called, each used once.
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
