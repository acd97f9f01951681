// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Rendering

/// `import capture FILE`
struct ImportCommand: Command {
  let path: Located<String>

  init(_ arguments: Arguments) throws(SyntaxError) { path = try arguments.text("FILE") }

  static let declaration = CommandDeclaration(
    Self.self, "import", strangers: ["analyze", "infer"], group: .building, effect: .outer,
    forms: [[.keyword("capture"), .required("FILE", .file)]],
    summary: "builds the network that a capture implies, and says what the capture tells of its NAT",
    details: [
      "Private addresses that sent something become hosts behind a router, public ones hosts on the internet. Where the capture "
        + "has both sides of a router, what left it under which address says which router it was and how it maps, filters and "
        + "numbers ports: what contradicts a behaviour is reported, and the router is set to what is left.",
      "The network is built by ordinary commands, which `save` writes and one `undo` takes back. Nothing is built if a name or an "
        + "address is taken already.",
    ],
    examples: ["import capture calls.pcapng"], seeAlso: ["replay", "capture", "set"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    var reader = try session.openCapture(path)
    var survey = CaptureSurvey()
    var damage: CaptureFault?
    var read = 0
    while true {
      if read & 1_023 == 1_023, session.monitor?.goesOn(.reading, read) == false { throw CommandError(.interrupted) }
      do throws(CaptureFault) {
        guard let frame = try reader.next() else { break }
        survey.add(frame)
      } catch {
        damage = error
        break
      }
      read += 1
    }
    survey.end()
    let plan = CapturePlan(survey, names: reader.names, taken: session.network.allDevices.map(\.name) + ["internet"])
    guard !plan.commands.isEmpty else {
      if let damage { throw CommandError(.other(CaptureRefusal.bad(path.value, damage)), at: path.columns) }
      throw CommandError(.other(CaptureRefusal.nothingInIt(path.value)), at: path.columns)
    }
    try session.build(plan.commands)
    return CommandOutcome(
      ImportReport(file: path.value, packets: survey.packets, plan, skipped: survey.skipped, damage: damage))
  }
}

extension Session {
  /// Carries out commands as if they had been typed, all or none.
  fileprivate mutating func build(_ commands: [String]) throws(CommandError) {
    try group { session throws(CommandError) in
      for line in commands {
        do throws(SessionError) {
          for statement in try Session.statements(in: line) { _ = try session.execute(statement) }
        } catch {
          throw CommandError(.other(ImportFault.refused(line, ErrorWording.report(for: error).message)))
        }
      }
    }
  }

  private static func statements(in line: String) throws(SessionError) -> [Statement] {
    do throws(SyntaxError) {
      return try Statement.statements(in: line)
    } catch {
      throw .syntax(error)
    }
  }
}

/// Why a network was not built.
enum ImportFault: CommandFault {
  /// One of the commands failed, with that message.
  case refused(String, String)

  var word: String { "cannot-import" }

  var message: String {
    switch self {
    case .refused(let line, let message): "'\(line)' fails: \(message); nothing was built (`reset` makes room)"
    }
  }
}

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
      "Built from \(Count.of(packets, "packet")) of '\(file)': \(Count.of(routers, "router")), \(Count.of(hosts, "host"))."
    )
    for command in commands.prefix(page.mostListed) { page.add(StyledText(command, .command), indent: 2, hanging: 4) }
    for finding in findings {
      page.add(
        "\(finding.router, .name): \(finding.property) \(finding.property == "ports" ? "are" : "is") not \(finding.not.listed("or"), .changed): \(finding.words).",
        hanging: 2)
      if finding.not.count == 3 { page.add("Nothing is left: its rows may have ended in between.", indent: 2) }
    }
    if findings.isEmpty {
      page.add("Nothing in it contradicts a behaviour: it does not show both sides of a router with two destinations.")
    }
    if leftOut > 0 { page.add("\(Count.of(leftOut, "address", "addresses")) more were left out.", hanging: 2) }
    page.add(skipped, "Not used:")
    if let damage { page.add("The rest of the file cannot be read: \(damage.message).", hanging: 2) }
    return page.text
  }
}
