// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// `stop HOST [PROGRAM]`
struct StopCommand: Command {
  let host: Located<NamedDevice>
  /// A program's name or number; nil means all of them.
  let program: Located<String>?

  init(_ arguments: Arguments) throws(SyntaxError) {
    host = try arguments.device("HOST")
    program = arguments.optionalText("PROGRAM")
  }

  static let declaration = CommandDeclaration(
    Self.self, "stop", strangers: ["kill", "unserve", "end"], group: .traffic, effect: .changes,
    forms: [[.required("HOST", .device(.hosts)), .optional("PROGRAM", .text)]],
    summary: said("ends a host's programs"),
    details: [
      said(
        "PROGRAM is a name or a number from the list that `programs` shows; without one, all programs of the host end. Their ",
        "ports close, and their partners find out in their own time.")
    ],
    examples: ["scene one-home", "serve bob echo 7", "stop bob echo"],
    seeAlso: ["programs", "serve"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id: DeviceID = try session.identify(host)
    let running = session.network.programs(on: id).filter(\.isRunning)
    var wanted = running
    if let program {
      wanted = running.filter { $0.name == program.value.lowercased() || String($0.id) == program.value }
      guard !wanted.isEmpty else {
        throw CommandError(
          .other(StopFault.noSuchProgram(program.value, host: host.value.name)), at: program.columns,
          suggestion: Nearest.candidate(to: program.value, among: running.map(\.name)))
      }
    }
    guard !wanted.isEmpty else {
      throw CommandError(.other(StopFault.noPrograms(host: host.value.name)), at: host.columns)
    }
    return try session.moving(
      StoppedReport(host: host.value.name, stopped: wanted.map(\.name))
    ) { session throws(CommandError) in
      for program in wanted { session.network.stop(program.id) }
    }
  }
}

/// Why nothing was ended.
enum StopFault: CommandFault {
  case noSuchProgram(String, host: String)
  case noPrograms(host: String)

  var word: String {
    switch self {
    case .noSuchProgram: "no-such-program"
    case .noPrograms: "no-programs"
    }
  }

  var message: String {
    switch self {
    case .noSuchProgram(let name, let host):
      said("no program '\(name)' runs on \(host); `programs \(host)` lists those that do")
    case .noPrograms(let host): said("no program runs on \(host)")
    }
  }
}

/// `stop`: the programs that were ended.
struct StoppedReport: ResultContent {
  var host: String
  var stopped: [String]
}

extension StoppedReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.add(
      said(
        "\(host, .name) has ended \(stopped.joined(separator: ", ")); \(stopped.count == 1 ? said("its port is") : said("their ports are")) closed."
      )
    )
    return page.text
  }
}
