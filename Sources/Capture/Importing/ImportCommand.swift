// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Rendering
import Rulesets
import Wording

/// `import capture FILE`, `import [iptables|nft|pf|ios] FILE [as ROUTER]`
struct ImportCommand: Command {
  enum Source: Sendable {
    case capture
    /// Rules of that kind; nil leaves it to the file. The router is one to be made or one that is there.
    case rules(RulesetKind?, router: Located<String>?)
  }

  let path: Located<String>
  let source: Source

  init(_ arguments: Arguments) throws(SyntaxError) {
    path = try arguments.text("FILE")
    let kind = RulesetKind.allCases.first { arguments.has($0.rawValue) }
    source = arguments.has("capture") ? .capture : .rules(kind, router: arguments.optionalText("as"))
    let isKeyword = (["capture"] + RulesetKind.allCases.map(\.rawValue)).contains(path.value)
    if kind == nil, case .rules = source, isKeyword {
      throw SyntaxError(
        .missingArgument(label: "FILE", after: path.value, usage: arguments.usage),
        column: arguments.statement.endColumn)
    }
  }

  static let declaration = CommandDeclaration(
    Self.self, "import", strangers: ["analyze", "infer", "iptables-restore"], group: .building, effect: .outer,
    forms: [[.keyword("capture"), .required("FILE", .file)]]
      + RulesetKind.allCases.map { kind in
        [.keyword(kind.rawValue), .required("FILE", .file), .clause("as", "ROUTER", .label)]
      }
      + [[.required("FILE", .file), .clause("as", "ROUTER", .label)]],
    summary: said("builds a router from its rules, or the network that a capture implies"),
    details: [
      said(
        "`import FILE` reads what `iptables-save` or `nft list ruleset` prints, a pf.conf or the configuration of a Cisco ",
        "router, and makes a router that does the same: how it maps, filters and numbers ports, its outside addresses, ",
        "forwards, one-to-one NAT, timers. It says for each line what became of it, and what has no counterpart here. With ",
        "`as ROUTER`, the router gets that name; one that is there already gets the rules in place of its own. If the file ",
        "does not show what it is, say `iptables`, `nft`, `pf` or `ios`. Lines of `sysctl` with connection tracking's ",
        "timeouts may stand beside the rules."),
      said(
        "`import capture FILE`: private addresses that sent something become hosts behind a router, public ones hosts on the ",
        "internet. Where the capture has both sides of a router, what left it under which address says which router it was ",
        "and how it maps, filters and numbers ports: what contradicts a behaviour is reported, and the router is set to what ",
        "is left."),
      said(
        "What is built is built by ordinary commands, which `save` writes and one `undo` takes back. Nothing is built if a ",
        "name or an address is taken already."),
    ],
    examples: ["import rules.nft as home-a", "import iptables iptables-save.txt", "import capture calls.pcapng"],
    seeAlso: ["export", "replay", "capture", "set"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    switch source {
    case .capture: try importCapture(in: &session)
    case .rules(let kind, let router): try importRules(kind, as: router, in: &session)
    }
  }

  private func importCapture(in session: inout Session) throws(CommandError) -> CommandOutcome {
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
  mutating func build(_ commands: [String]) throws(CommandError) {
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
  /// The rules cannot be a host's.
  case notARouter(String)

  var word: String { "cannot-import" }

  var message: String {
    switch self {
    case .refused(let line, let message): said("'\(line)' fails: \(message); nothing was built (`reset` makes room)")
    case .notARouter(let name): said("\(name) is a host; rules make a router, so give another name after 'as'")
    }
  }
}
