// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// `export containerlab DIR`: a topology for containerlab, and a set-up script for each node.
struct ContainerlabFiles {
  let plan: Plan

  /// An image with ip, nft, tc, ping, nc, socat and tcpdump.
  static let image = "nicolaka/netshoot"
  static let topology = "natsh.clab.yml"

  /// The files; nil where `goesOn`, which is asked with the nodes that are written, stopped it.
  func files(while goesOn: (_ done: Int) -> Bool) -> [NetworkExport.File]? {
    let names = ToolNames.containerlab.names(for: plan.nodes.map(\.name))
    return plan.setupFiles(named: names, ending: ".sh", while: goesOn).map {
      [NetworkExport.File(name: Self.topology, text: topology(names))] + $0
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
}

extension Plan {
  /// The scripts that set the nodes up, a file each; nil where `goesOn` stopped it.
  func setupFiles(
    named names: [String], ending: String, while goesOn: (_ done: Int) -> Bool
  ) -> [NetworkExport.File]? {
    let hosts = HostNames.lines(self)
    var files: [NetworkExport.File] = []
    for (name, node) in zip(names, nodes) {
      guard goesOn(files.count) else { return nil }
      files.append(
        NetworkExport.File(
          name: name + ending, text: ContainerScript.text(node, hosts: hosts), isExecutable: true))
    }
    return files
  }
}

/// The script that sets a container up from inside.
enum ContainerScript {
  /// - Parameter hosts: the lines of /etc/hosts.
  static func text(_ node: Plan.Node, hosts: [String]) -> String {
    var lines = ["#!/bin/sh"] + ExportHeader.lines("\(node.name), \(node.summary)", [])
    lines += ["", "set -eu", ""] + NamespaceScript.split(SetupScript.functions)
    lines +=
      ["", "# The nodes' names.", "cat >>/etc/hosts <<'END'"] + hosts.dropFirst(2) + ["END", ""]
    lines += SetupScript.body(of: node)
    return lines.map { $0 + "\n" }.joined()
  }
}
