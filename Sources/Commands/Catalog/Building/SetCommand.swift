// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// `set NAME PROPERTY VALUE…`
public struct SetCommand: Command {
  public let device: Located<NamedDevice>
  public let property: Located<Property>
  public let value: Located<PropertyValue>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    device = try arguments.device("NAME")
    property = try arguments.property("PROPERTY")
    value = try arguments.values("VALUE")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "set", strangers: ["config", "configure", "change"], group: .building, effect: .changes,
    forms: [
      [
        .required("NAME", .device(.devices)), .required("PROPERTY", .property(of: "NAME")),
        .rest("VALUE", .propertyValue(of: "PROPERTY")),
      ]
    ],
    summary: said("changes a property of a device"),
    details: [
      said(
        "The network goes on running. `filtering` and `firewall` apply at once, to old rows too; most others apply to ",
        "rows made from then on; `nat` and `preset` empty the table."),
      said("`ports` of a router is how it chooses outside ports; `ports` of a host says which ports accept packets."),
      said("`help PROPERTY` explains one property, `show NAME` shows those of a device."),
    ],
    examples: [
      "router home-a", "host bob", "set home-a filtering endpoint-independent", "set home-a ports random 20000 30000",
      "set home-a udp-timeout 30s", "set bob loss 5%",
    ],
    seeAlso: ["show", "presets", "mapping", "filtering", "ports"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(device)
    let previous = property.value.value(of: session.network.device(id), in: session.network)
    var notices: [Notice] = []
    let emptied: Int
    do throws(BuildError) {
      emptied = try value.value.carryOut(on: id, in: &session.network)
    } catch {
      throw CommandError(.build(error), at: value.columns)
    }
    if emptied > 0 { notices.append(.tableEmptied(router: device.value.name, rows: emptied)) }
    if [Properties.preset.property, Properties.nat.property].contains(property.value) {
      notices += session.unreachableNotice(id)
    }
    let now = session.network.device(id)
    return CommandOutcome(
      ChangeReport(
        change: .set(property.value.value(of: now, in: session.network), previous: previous),
        device: session.report(now)),
      notices: notices)
  }
}
