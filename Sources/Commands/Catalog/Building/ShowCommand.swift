// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `show [NAME]`
public struct ShowCommand: Command {
  public let device: Located<NamedDevice>?

  public init(_ arguments: Arguments) throws(SyntaxError) { device = arguments.optionalDevice("NAME") }

  public static let declaration = CommandDeclaration(
    Self.self, "show", strangers: ["ls", "list", "devices", "get", "info", "ip", "ifconfig", "ipconfig"],
    group: .building, effect: .looks, forms: [[.optional("NAME", .device(.devices))]],
    summary: said("shows a device and its settings, or all devices"),
    details: [said("A setting that differs from a new device's is marked.")],
    examples: ["scene two-homes", "show", "show alice"], seeAlso: ["set", "map", "table"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let device else {
      let devices = session.network.allDevices
      let listed = devices.prefix(Session.mostListed)
      return CommandOutcome(
        DevicesReport.all(listed.map { session.report($0) }),
        notices: Notice.leftOut(.devices, devices.count - listed.count))
    }
    return CommandOutcome(DevicesReport.one(session.report(session.network.device(try session.identify(device)))))
  }
}
