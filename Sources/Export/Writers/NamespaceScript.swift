// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// `export netns FILE`: a shell script that builds the network from network namespaces.
struct NamespaceScript {
  let plan: Plan

  /// The script. A device's name appears in it only where letters, digits, dots, hyphens and underscores, which are all
  /// that a name can have, are taken literally.
  ///
  /// - Parameter goesOn: asked with the number of nodes written; false stops it.
  /// - Returns: nil if it was stopped.
  func text(while goesOn: (_ done: Int) -> Bool) -> String? {
    var lines = ["#!/usr/bin/env bash"]
    lines += ExportHeader.lines("a natsh session's network, made of Linux network namespaces.", plan.differences)
    lines += ["#", "# Usage:"] + Self.usage.map { "#   " + $0 }
    lines += ["", "set -euo pipefail", ""]
    lines += ["# The nodes and their descriptions.", "names=("] + plan.nodes.map { "  \($0.name)" } + [")"]
    lines += ["kinds=("] + plan.nodes.map { "  '\($0.summary)'" } + [")", ""]
    lines += ["prefix=${NATSH_PREFIX:-natsh-}", ""]
    lines += ["# The cables, as ip -batch reads them.", "cables() {", "  cat <<END"]
    lines += plan.links.map { link in
      "link add \(link.lower.port) netns \(namespace(link.lower)) type veth "
        + "peer name \(link.upper.port) netns \(namespace(link.upper))"
    }
    lines += ["END", "}", ""]
    lines += ["# Names for addresses, as /etc/hosts has them.", "addresses() {", "  cat <<'END'"]
    lines += HostNames.lines(plan) + ["END", "}", ""]
    lines += Self.split(SetupScript.functions) + [""]
    for (number, node) in plan.nodes.enumerated() {
      guard goesOn(number) else { return nil }
      lines += ["# \(node.name): \(node.summary)", "node_\(number)() {"] + SetupScript.body(of: node) + ["}", ""]
    }
    lines += Self.split(Self.commands)
    return lines.map { $0 + "\n" }.joined()
  }

  private func namespace(_ end: Plan.Link.End) -> String {
    "${prefix}\(plan.nodes[end.node].name.lowercased())"
  }

  static func split(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

/// Names and their addresses, one per line.
enum HostNames {
  static func lines(_ plan: Plan) -> [String] {
    ["127.0.0.1 localhost", "::1 localhost"]
      + plan.nodes.flatMap { node in node.addresses.map { "\($0) \(node.name)" } }
  }
}
