// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// `programs [HOST]`
struct ProgramsCommand: Command {
  let host: Located<NamedDevice>?

  init(_ arguments: Arguments) throws(SyntaxError) { host = arguments.optionalDevice("HOST") }

  static let declaration = CommandDeclaration(
    Self.self, "programs", strangers: ["ps", "processes", "services", "jobs"], group: .traffic, effect: .looks,
    forms: [[.optional("HOST", .device(.hosts))]],
    summary: said("lists the programs that run on hosts"),
    details: [
      said(
        "A host runs programs to serve others or to reach them: servers that `serve` began, or the ends of a conversation that ",
        "another command started. A program has its own port, receives packets there, and wakes on its own when its timers ",
        "run out. One that has ended stays in the list until another of its kind begins on that host."),
      said("`stop HOST` ends them."),
    ],
    examples: ["scene one-home", "serve bob echo 7", "programs", "programs bob"],
    seeAlso: ["serve", "stop"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let found = session.network.programs(on: try session.identify(host))
    return CommandOutcome(
      ProgramsReport(
        host: host?.value.name,
        programs: found.prefix(Session.mostListed).map { program in
          ProgramReport(
            id: program.id, host: session.network.device(program.host).name, program: program.name,
            port: program.port.map(Int.init), state: program.state, isRunning: program.isRunning)
        }),
      notices: Notice.leftOut(.programs, found.count - Session.mostListed))
  }
}

/// `programs`: the programs and their hosts.
struct ProgramsReport: ResultContent {
  /// The host that was asked about; nil means all.
  var host: String?
  var programs: [ProgramReport]

  private enum CodingKeys: String, CodingKey { case programs }
}

struct ProgramReport: Encodable, Sendable {
  var id: Int
  var host: String
  var program: String
  var port: Int?
  /// `serving`, `waiting`, `done`.
  var state: String
  var isRunning: Bool

  private enum CodingKeys: String, CodingKey {
    case id, host, program, port, state
    case isRunning = "running"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(host, forKey: .host)
    try container.encode(program, forKey: .program)
    try container.encode(port, forKey: .port)
    try container.encode(state, forKey: .state)
    try container.encode(isRunning, forKey: .isRunning)
  }
}

extension ProgramsReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    guard !programs.isEmpty else {
      let whose: StyledText = host.map { said("on \($0, .name)") } ?? said("on any host")
      page.add(said("No program runs \(whose). \(typed: "help serve") lists the servers."))
      return page.text
    }
    var table = TextTable([
      .init(said("id"), .right), .init(said("host")), .init(said("program")), .init(said("port"), .right),
      .init(said("state")),
    ])
    for program in programs {
      table.addRow([
        "\(program.id)", StyledText(program.host, .name), "\(program.program)",
        program.port.map { "\($0)" } ?? "", StyledText(program.state, program.isRunning ? .plain : .faint),
      ])
    }
    table.add(to: &page)
    return page.text
  }
}
