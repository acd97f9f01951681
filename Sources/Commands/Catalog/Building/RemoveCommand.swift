// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Wording

/// `remove NAME`
public struct RemoveCommand: Command {
  public let device: Located<NamedDevice>

  public init(_ arguments: Arguments) throws(SyntaxError) { device = try arguments.device("NAME") }

  public static let declaration = CommandDeclaration(
    Self.self, "remove", strangers: ["delete", "del", "rm", "destroy", "kill"], group: .building, effect: .changes,
    forms: [[.required("NAME", .device(.devices))]],
    summary: said("removes a device"),
    details: [said("Its packets in flight go with it. `undo` brings it back.")],
    examples: ["host bob", "remove bob"], seeAlso: ["reset", "undo"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(device)
    do throws(BuildError) {
      try session.network.remove(id)
    } catch {
      throw CommandError(.build(error), at: device.columns)
    }
    return CommandOutcome(ChangeReport(change: .removed(device.value.name)))
  }
}
