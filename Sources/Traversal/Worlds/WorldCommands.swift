// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Rendering
import Wording

/// `fork [NAME]`
struct ForkCommand: Command {
  let name: Located<String>?

  init(_ arguments: Arguments) throws(SyntaxError) { name = arguments.optionalText("NAME") }

  static let declaration = CommandDeclaration(
    Self.self, "fork", strangers: ["branch", "copy", "clone", "snapshot"], group: .building, effect: .changes,
    forms: [[.optional("NAME", .label)]],
    summary: said("keeps the world as it is, and goes on in a copy of it"),
    details: [
      said(
        "The copy has everything: devices, tables, packets on their way, the clock and the random numbers to come. The world ",
        "you leave stays as it is under its name; the first one is called main. Change one thing, do the same again, and ",
        "`compare` shows what differs.")
    ],
    examples: [
      "scene two-homes", "fork strict", "set home-b filtering apdf", "send alice bob", "run", "switch main",
      "compare strict",
    ],
    seeAlso: ["worlds", "switch", "compare", "undo"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let left = session.network.worlds.current
    do throws(WorldError) {
      let name = try session.network.fork(named: name?.value)
      return CommandOutcome(WorldReport(world: name, left: left, isNew: true))
    } catch {
      throw CommandError(.other(WorldFault(error)), at: name?.columns)
    }
  }
}

/// `switch NAME`
struct SwitchCommand: Command {
  let name: Located<String>

  init(_ arguments: Arguments) throws(SyntaxError) { name = try arguments.text("NAME") }

  static let declaration = CommandDeclaration(
    Self.self, "switch", strangers: ["checkout", "goto", "enter"], group: .building, effect: .changes,
    forms: [[.required("NAME", .label)]],
    summary: said("goes on in another world that `fork` has kept"),
    examples: ["scene two-homes", "fork other", "switch main"],
    seeAlso: ["fork", "worlds", "compare"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let left = session.network.worlds.current
    do throws(WorldError) {
      try session.network.enterWorld(named: name.value)
      return CommandOutcome(WorldReport(world: session.network.worlds.current, left: left, isNew: false))
    } catch {
      throw CommandError(
        .other(WorldFault(error)), at: name.columns,
        suggestion: Nearest.candidate(to: name.value, among: session.network.worlds.names))
    }
  }
}

/// `worlds`
struct WorldsCommand: Command {
  init(_ arguments: Arguments) throws(SyntaxError) {}

  static let declaration = CommandDeclaration(
    Self.self, "worlds", strangers: ["branches"], group: .looking, effect: .looks,
    summary: said("lists the worlds that `fork` has kept"),
    examples: ["scene two-homes", "fork", "worlds"],
    seeAlso: ["fork", "switch", "compare"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let worlds = session.network.worlds
    return CommandOutcome(
      WorldsReport(
        worlds: worlds.names.compactMap { name in
          session.network.world(named: name).map { world in
            WorldsReport.Entry(
              name: name, isCurrent: name == worlds.current, clock: world.clock.microseconds,
              devices: world.allDevices.count, packets: world.trace.packetCount)
          }
        }))
  }
}

/// Why a world was not made or entered, in words.
struct WorldFault: CommandFault {
  let error: WorldError

  init(_ error: WorldError) { self.error = error }

  var word: String {
    switch error {
    case .nameTaken: "name-taken"
    case .noSuchWorld: "no-such-world"
    case .tooMany: "too-many-worlds"
    }
  }

  var message: String {
    switch error {
    case .nameTaken(let name): said("there is a world called \(name) already; `switch \(name)` enters it")
    case .noSuchWorld(let name, let names):
      said(
        "there is no world called \(name); there \(names.count == 1 ? said("is") : said("are")) \(names.joined(separator: ", "))"
      )
    case .tooMany(let limit): said("there are \(limit) worlds already; `undo` removes forks")
    }
  }
}

/// `fork` and `switch`: which world is the present one.
struct WorldReport: ResultContent, TextRenderable {
  var world: String
  var left: String
  var isNew: Bool

  private enum CodingKeys: String, CodingKey { case world, left }

  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    if isNew {
      page.add(
        said(
          "This is the world \(world, .name), a copy of \(left, .name), which stays as it is: \(typed: "switch \(left)") goes back."
        )
      )
    } else {
      page.add(said("This is the world \(world, .name)."))
    }
    return page.text
  }
}

/// `worlds`: all there are.
struct WorldsReport: ResultContent, TextRenderable {
  struct Entry: Encodable, Sendable {
    var name: String
    var isCurrent: Bool
    var clock: Int64
    var devices: Int
    var packets: Int

    private enum CodingKeys: String, CodingKey {
      case name, devices, packets
      case isCurrent = "current"
      case clock = "time_us"
    }
  }

  var worlds: [Entry]

  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    var table = TextTable([
      .init(""), .init(said("world")), .init(said("clock"), .right), .init(said("devices"), .right),
      .init(said("packets"), .right),
    ])
    for world in worlds {
      table.addRow([
        world.isCurrent ? "*" : "", StyledText(world.name, .name), "\(SimulatedTime.text(world.clock))",
        "\(world.devices)", "\(world.packets)",
      ])
    }
    table.add(to: &page)
    if worlds.count == 1 { page.add("\(typed: "fork")\(said(" keeps this one and goes on in a copy."), .faint)") }
    return page.text
  }
}
