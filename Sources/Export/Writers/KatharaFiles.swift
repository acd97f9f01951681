// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// `export kathara DIR`: lab.conf, and each device's startup script.
struct KatharaFiles {
  let plan: Plan

  /// The files; nil where `goesOn`, which is asked with the nodes that are written, stopped it.
  func files(while goesOn: (_ done: Int) -> Bool) -> [NetworkExport.File]? {
    let names = ToolNames.kathara.names(for: plan.nodes.map(\.name))
    return plan.setupFiles(named: names, ending: ".startup", while: goesOn).map {
      [NetworkExport.File(name: "lab.conf", text: configuration(names))] + $0
    }
  }

  private func configuration(_ names: [String]) -> String {
    var lines = ExportHeader.lines("a natsh session's network for Kathara.", plan.differences)
    lines += [
      "#", "# kathara lstart, in this folder; kathara connect \(names.last ?? "internet"); kathara lclean", "",
      "LAB_NAME=\"natsh\"", "LAB_DESCRIPTION=\"A network of a natsh session\"",
    ]
    // A cable is a collision domain of two.
    let domains = plan.links.indices.map { "cable\($0 + 1)" }
    var cables: [Plan.Link.End: Int] = [:]
    for (number, link) in plan.links.enumerated() {
      cables[link.upper] = number
      cables[link.lower] = number
    }
    for (number, node) in plan.nodes.enumerated() {
      let name = names[number]
      lines += ["", "# \(node.name): \(node.summary)"]
      for (place, port) in node.ports.enumerated() {
        guard let link = cables[Plan.Link.End(node: number, port: port)] else { continue }
        lines.append("\(name)[\(place)]=\"\(domains[link])\"")
      }
      lines.append("\(name)[image]=\"\(ContainerlabFiles.image)\"")
      let usesIPv6 = node.settings.contains { $0.path == "net/ipv6/conf/all/disable_ipv6" && $0.value == "0" }
      lines.append("\(name)[ipv6]=\"\(usesIPv6)\"")
      // A device may not write below /proc/sys, so the container is started with its settings there.
      for setting in node.settings where !setting.isOfInterface && Self.isSetFromOutside(setting.path) {
        lines.append("\(name)[sysctl]=\"\(setting.path.replacing("/", with: "."))=\(setting.value)\"")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Kathará sets IPv6's and the reverse path filter itself; those of bridges are the whole machine's.
  private static func isSetFromOutside(_ path: String) -> Bool {
    !path.hasPrefix("net/ipv6/conf/all") && !path.hasPrefix("net/bridge/") && !path.hasSuffix("/rp_filter")
  }
}
