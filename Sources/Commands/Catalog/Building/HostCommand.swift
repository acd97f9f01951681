// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// `host NAME [ADDRESS] [behind ROUTER] [ipv4-only|ipv6-only]`
public struct HostCommand: Command {
  public let name: Located<String>
  public let addresses: [Located<IPAddress>]
  public let behind: Located<NamedDevice>?
  /// The only family of which it gets an address; nil for all that its network has.
  public let family: AddressFamily?

  public init(_ arguments: Arguments) throws(SyntaxError) {
    name = try arguments.name("NAME")
    addresses = arguments.addresses("ADDRESS")
    behind = arguments.optionalDevice("behind")
    family = arguments.choice("family").map { $0.value == "ipv6-only" ? .ipv6 : .ipv4 }
  }

  public static let declaration = CommandDeclaration(
    Self.self, "host", leadIns: ["create", "add"], strangers: ["computer", "device", "node", "pc", "laptop", "server"],
    group: .building, effect: .changes,
    forms: [
      [
        .required("NAME", .newName), .optional("ADDRESS", .address, atMost: 2),
        .clause("behind", "ROUTER", .device(.routers)), .choice("family", ["ipv4-only", "ipv6-only"]),
      ]
    ],
    summary: said("makes a computer"),
    details: [
      said(
        "With `behind` the computer is in that router's private network; without it, directly on the internet. ",
        "Leave ADDRESS out and it gets the next free one of its network."),
      said(
        "Behind a router that has an IPv6 `lan` as well, a host gets an address of each family. `ipv4-only` and ",
        "`ipv6-only` give it one."),
      said("A private address without `behind` is refused: on the internet nobody could find it."),
    ],
    examples: ["router home-a", "host alice behind home-a", "host bob 88.90.100.110"],
    seeAlso: ["router", "send", "private-addresses", "ipv6"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let router = try session.identify(behind)
    let id: DeviceID
    do throws(BuildError) {
      id = try session.network.addHost(
        named: name.value, addresses: addresses.map(\.value), behind: router, only: family)
    } catch {
      throw CommandError(error, addresses: addresses, name: name)
    }
    return CommandOutcome(session.created(id))
  }
}
