// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// `reboot ROUTER`
struct RebootCommand: Command {
  let router: Located<NamedDevice>

  init(_ arguments: Arguments) throws(SyntaxError) { router = try arguments.device("ROUTER") }

  static let declaration = CommandDeclaration(
    Self.self, "reboot", strangers: ["restart-router", "powercycle"], group: .building, effect: .changes,
    forms: [[.required("ROUTER", .device(.routers))]],
    summary: said("switches a router off and on again: its table is gone"),
    details: [
      said(
        "What the router has learned from packets is gone; its static mappings and settings stay. Nobody is told: whoever uses ",
        "an earlier mapping finds out when nothing comes back.")
    ],
    examples: ["scene one-home", "send alice bob", "run", "reboot home-a", "table"],
    seeAlso: ["renumber", "table", "set"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id: DeviceID = try session.identify(router)
    let rows = session.network.reboot(id)
    return CommandOutcome(DisturbanceReport(router: router.value.name, event: "rebooted", rows: rows, address: nil))
  }
}

/// `renumber ROUTER [ADDRESS]`
struct RenumberCommand: Command {
  let router: Located<NamedDevice>
  let address: Located<IPAddress>?

  init(_ arguments: Arguments) throws(SyntaxError) {
    router = try arguments.device("ROUTER")
    address = arguments.addresses("ADDRESS").first
  }

  static let declaration = CommandDeclaration(
    Self.self, "renumber", strangers: ["readdress", "new-address"], group: .building, effect: .changes,
    forms: [[.required("ROUTER", .device(.routers)), .optional("ADDRESS", .address)]],
    summary: said("gives a router a new outside address, as providers do"),
    details: [
      said(
        "Without ADDRESS, it is the next free one. Every mapping is lost with the old address; forwards stay. Whoever still ",
        "sends to the old address reaches nobody.")
    ],
    examples: ["scene one-home", "renumber home-a", "show home-a"],
    seeAlso: ["reboot", "router"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id: DeviceID = try session.identify(router)
    do throws(BuildError) {
      let (rows, given) = try session.network.renumber(id, to: address?.value)
      return CommandOutcome(
        DisturbanceReport(router: router.value.name, event: "renumbered", rows: rows, address: given.description))
    } catch {
      throw CommandError(.build(error), at: address?.columns ?? router.columns)
    }
  }
}

/// `reboot` and `renumber`: the losses.
struct DisturbanceReport: ResultContent, TextRenderable {
  var router: String
  /// `rebooted` or `renumbered`.
  var event: String
  /// The number of mappings lost.
  var rows: Int
  var address: String?

  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    let gone: StyledText =
      rows == 0 ? said("its table was empty") : said("\(Count.of(rows, "row is", "rows are")) gone")
    if let address {
      page.add(said("\(router, .name) is at \(address, .changed) now; \(gone)."))
    } else {
      page.add(said("\(router, .name) has started again; \(gone)."))
    }
    return page.text
  }
}
