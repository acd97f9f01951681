// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// `matrix [udp|tcp] [presets|behaviors]` · `matrix A-TYPE B-TYPE`
struct MatrixCommand: Command {
  let transport: TransportProtocol
  let usesPresets: Bool
  /// The two kinds of one cell; nil means all of them.
  let cell: (MatrixKind, MatrixKind)?

  init(_ arguments: Arguments) throws(SyntaxError) {
    transport = arguments.transport("protocol")?.value ?? .udp
    usesPresets = arguments.choice("kinds")?.value == "presets"
    guard arguments.has("A-TYPE") else {
      cell = nil
      return
    }
    cell = (try Self.kind("A-TYPE", arguments), try Self.kind("B-TYPE", arguments))
  }

  private static func kind(_ label: String, _ arguments: Arguments) throws(SyntaxError) -> MatrixKind {
    let word = try arguments.text(label)
    if let kind = MatrixKind.named(word.value) { return kind }
    let names = (MatrixKind.behaviors + MatrixKind.presets).map(\.name)
    throw SyntaxError(
      .unexpectedWord(word.value, usage: arguments.usage), column: word.columns.lowerBound, length: word.columns.count,
      suggestion: Nearest.candidate(to: word.value, among: names) ?? "eim/apdf")
  }

  static let declaration = CommandDeclaration(
    Self.self, "matrix", strangers: ["grid", "pairs", "combinations"], group: .traffic, effect: .looks,
    forms: [
      [.choice("protocol", ["udp", "tcp"]), .choice("kinds", ["behaviors", "presets"])],
      [.required("A-TYPE", .text), .required("B-TYPE", .text), .choice("protocol", ["udp", "tcp"])],
    ],
    summary: said("tries hole punching between every pair of kinds of routers"),
    details: [
      said(
        "For each pair, natsh builds two homes and a server of their own and lets the hosts punch a hole, as `punch` does; ",
        "your network is not touched. `behaviors` are the nine pairs of RFC 4787's words: `eim/adf` maps independently of ",
        "the endpoint and filters by address. `presets` are the routers that `set ROUTER preset` knows."),
      said(
        "`matrix A-TYPE B-TYPE` shows one pair as a ladder and says why it ended that way: `matrix symmetric home`."),
    ],
    examples: ["matrix", "matrix presets", "matrix symmetric home"],
    seeAlso: ["punch", "mapping", "filtering", "cones"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let seed = session.network.seed
    do throws(BuildError) {
      if let cell {
        let ran = try MatrixCell(cell.0, cell.1, transport, seed: seed)
        return CommandOutcome(MatrixCellReport(ran, in: session))
      }
      let kinds = usesPresets ? MatrixKind.presets : MatrixKind.behaviors
      var cells: [MatrixReport.Cell] = []
      for first in kinds {
        for second in kinds {
          cells.append(MatrixReport.Cell(try MatrixCell(first, second, transport, seed: seed)))
        }
      }
      return CommandOutcome(MatrixReport(rows: kinds.map(\.name), cells: cells))
    } catch {
      throw CommandError(.build(error))
    }
  }
}
