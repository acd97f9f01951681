// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// `export containerlab DIR`: a topology for containerlab, and a set-up script for each node.
struct ContainerlabFiles {
  let plan: Plan

  /// An image with ip, nft, tc, ping, nc, socat and tcpdump.
  static let image = "nicolaka/netshoot"
  static let topology = "natsh.clab.yml"

  var files: [NetworkExport.File] {
    let names = ToolNames.containerlab.names(for: plan.nodes.map(\.name))
    return [NetworkExport.File(name: Self.topology, text: topology(names))]
      + zip(names, plan.nodes).map { name, node in
        NetworkExport.File(name: "\(name).sh", text: script(node), isExecutable: true)
      }
  }

  private func topology(_ names: [String]) -> String {
    var lines = ExportHeader.lines("a natsh session's network for containerlab.", plan.differences)
    lines += [
      "#", "# sudo containerlab deploy -t \(Self.topology)",
      "# docker exec -it clab-natsh-\(names.last ?? "internet") bash",
      "# sudo containerlab destroy -t \(Self.topology)", "", "name: natsh", "", "topology:", "  kinds:", "    linux:",
      "      image: \(Self.image)", "      network-mode: none", "  nodes:",
    ]
    for (name, node) in zip(names, plan.nodes) {
      lines += [
        "    # \(node.name): \(node.summary)", "    \"\(name)\":", "      kind: linux", "      binds:",
        "        - \(name).sh:/natsh.sh:ro", "      exec:", "        - sh /natsh.sh",
      ]
    }
    if !plan.links.isEmpty { lines.append("  links:") }
    for link in plan.links {
      lines.append(
        "    - endpoints: [\"\(names[link.upper.node]):\(link.upper.port)\", "
          + "\"\(names[link.lower.node]):\(link.lower.port)\"]")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func script(_ node: Plan.Node) -> String { ContainerScript.text(node, in: plan) }
}

/// The script that sets a container up from inside.
enum ContainerScript {
  static func text(_ node: Plan.Node, in plan: Plan) -> String {
    var lines = ["#!/bin/sh"] + ExportHeader.lines("\(node.name), \(node.summary)", [])
    lines += ["", "set -eu", ""] + NamespaceScript.split(SetupScript.functions)
    lines +=
      ["", "# The nodes' names.", "cat >>/etc/hosts <<'END'"] + HostNames.lines(plan).dropFirst(2) + ["END", ""]
    lines += SetupScript.body(of: node)
    return lines.map { $0 + "\n" }.joined()
  }
}
