// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// `import capture`: what was built, and what the capture contradicts. `{"import": {"kind": "capture", "file": "x.pcap",
/// "packets": 12, "commands": ["router …"], "findings": [{"router": "home-a", "property": "mapping", "not":
/// ["endpoint-independent"], "value": "address-and-port-dependent", "words": "…"}]}}`.
struct ImportReport: ResultContent {
  var file: String
  var packets: Int
  var commands: [String]
  var findings: [CaptureFinding]
  var routers: Int
  var hosts: Int
  /// Addresses of which no device was made.
  var leftOut: Int
  var skipped: SkippedFrames
  var damage: CaptureFault?

  init(file: String, packets: Int, _ plan: CapturePlan, skipped: SkippedFrames, damage: CaptureFault?) {
    self.file = file
    self.packets = packets
    self.skipped = skipped
    self.damage = damage
    (commands, findings) = (plan.commands, plan.findings)
    (routers, hosts, leftOut) = (plan.routers, plan.hosts, plan.leftOut)
  }

  private enum CodingKeys: String, CodingKey { case `import` }
  private enum ImportKeys: String, CodingKey {
    case kind, file, packets, commands, findings, skipped, damage
    case leftOut = "left_out"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var nested = container.nestedContainer(keyedBy: ImportKeys.self, forKey: .import)
    try nested.encode("capture", forKey: .kind)
    try nested.encode(file, forKey: .file)
    try nested.encode(packets, forKey: .packets)
    try nested.encode(commands, forKey: .commands)
    try nested.encode(findings, forKey: .findings)
    try nested.encode(leftOut, forKey: .leftOut)
    try nested.encode(skipped.json, forKey: .skipped)
    try nested.encode(damage.map(DamageJSON.init), forKey: .damage)
  }
}

extension ImportReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.add(
      said(
        "Built from \(Count.of(packets, "packet")) of '\(file)': \(Count.of(routers, "router")), \(Count.of(hosts, "host"))."
      )
    )
    for command in commands.prefix(page.mostListed) { page.add(StyledText(command, .command), indent: 2, hanging: 4) }
    for finding in findings {
      page.add(
        said(
          "\(finding.router, .name): \(finding.property) \(finding.property == "ports" ? said("are") : said("is")) not \(finding.not.listed(.or), .changed): \(finding.words)."
        ),
        hanging: 2)
      if finding.not.count == 3 { page.add(said("Nothing is left: its rows may have ended in between."), indent: 2) }
    }
    if findings.isEmpty {
      page.add(
        said("Nothing in it contradicts a behaviour: it does not show both sides of a router with two destinations."))
    }
    if leftOut > 0 { page.add(said("\(Count.of(leftOut, "address", "addresses")) more were left out."), hanging: 2) }
    page.add(skipped, said("Not used:"))
    if let damage { page.add(said("The rest of the file cannot be read: \(damage.message)."), hanging: 2) }
    return page.text
  }
}
