// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

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
    Self.self, "set", strangers: ["config", "configure", "change", "let"], group: .building, effect: .changes,
    forms: [
      [
        .required("NAME", .device(.devices)), .required("PROPERTY", .property(of: "NAME")),
        .rest("VALUE", .propertyValue(of: "PROPERTY")),
      ]
    ],
    summary: "changes a property of a device",
    details: [
      "The network goes on running. `filtering` and `firewall` apply at once, to old rows too; most others apply to "
        + "rows made from then on; `nat` and `preset` empty the table.",
      "`ports` of a router is how it chooses outside ports; `ports` of a host says which ports accept packets.",
      "`help PROPERTY` explains one property, `show NAME` shows those of a device.",
    ],
    examples: [
      "router home-a", "host bob", "set home-a filtering endpoint-independent", "set home-a ports random 20000 30000",
      "set home-a udp-timeout 30s", "set bob loss 5%",
    ],
    seeAlso: ["show", "presets", "mapping", "filtering", "ports"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(device)
    let previous = session.value(of: property.value, session.network.device(id))
    var notices: [Notice] = []
    var emptied = 0
    switch value.value {
    case .preset(let preset): emptied = session.network.apply(preset, to: id)
    case .addresses(let addresses):
      do throws(BuildError) {
        try session.network.setMoreAddresses(of: id, addresses)
      } catch {
        throw CommandError(.build(error), at: value.columns)
      }
    case .hostPorts(let bound): session.network.setPortPolicy(of: id, bound ? .bound : .open)
    case .delay(let delay): session.network.setDelay(of: id, delay)
    case .rate(let rate): session.network.setRate(of: id, rate?.bitsPerSecond)
    case .mtu(let mtu): session.network.setMTU(of: id, mtu)
    case .loss(let loss): session.network.setLoss(of: id, perMillion: loss.partsPerMillion)
    default:
      var behavior = session.network.router(id)?.nat.behavior ?? NATBehavior()
      value.value.apply(to: &behavior)
      emptied = session.network.configure(id, behavior)
    }
    if emptied > 0 { notices.append(.tableEmptied(router: device.value.name, rows: emptied)) }
    if [.preset, .nat].contains(property.value) { notices += session.unreachableNotice(id) }
    let now = session.network.device(id)
    return CommandOutcome(
      ChangeReport(
        change: .set(session.value(of: property.value, now), previous: previous), device: session.report(now)),
      notices: notices)
  }
}
