// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// `filter ROUTER drop PROTOCOL [port N]`, `filter ROUTER off`
public struct FilterCommand: Command {
  let router: Located<NamedDevice>
  /// Nil removes all rules.
  let rule: Located<RouterFilter>?

  public init(_ arguments: Arguments) throws(SyntaxError) {
    router = try arguments.device("ROUTER")
    guard let transport = arguments.transport("PROTOCOL") else {
      rule = nil
      return
    }
    let port = arguments.optionalPort("port")
    if transport.value == .icmp, let port {
      throw SyntaxError(.conflict("icmp", "port"), column: port.columns.lowerBound, length: port.columns.count)
    }
    rule = Located(RouterFilter(transport.value, port: port?.value), columns: transport.columns)
  }

  public static let declaration = CommandDeclaration(
    Self.self, "filter", aliases: ["filters"], strangers: ["block", "deny", "acl", "iptables", "nft"], group: .building,
    effect: .changes,
    forms: [
      [.required("ROUTER", .device(.routers)), .keyword("off")],
      [
        .required("ROUTER", .device(.routers)), .keyword("drop"),
        .required("PROTOCOL", .word(TransportProtocol.allCases.map(\.name))), .clause("port", "N", .port),
      ],
    ],
    summary: said("has a router drop all packets of a protocol, or those for a port"),
    details: [
      said(
        "The packets end as `blocked`, from whichever side they come and whatever the table says. Several rules add up; ",
        "`off` removes them all. What the router sends itself is not filtered."),
      said(
        "Some administrators `drop icmp` to be careful, and break more than pings: ICMP also tells senders that a packet ",
        "was too long for some link. Without those reports long packets vanish and short ones do not, a path-MTU black ",
        "hole (RFC 2923 §2.1). `scene black-hole` has one."),
    ],
    examples: [
      "scene one-home", "filter home-a drop icmp", "ping alice bob", "run", "filter home-a drop tcp port 25",
      "filter home-a off",
    ],
    seeAlso: ["refusals", "mtu", "filtering", "set"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(router)
    var rules: [RouterFilter] = []
    if let rule { rules = session.network.filters(of: id).filter { $0 != rule.value } + [rule.value] }
    session.network.setFilters(of: id, rules)
    return CommandOutcome(FilterReport(router: router.value.name, rules: rules.map(FilterReport.Rule.init)))
  }
}

/// `filter`: the rules by which a router drops packets.
public struct FilterReport: ResultContent {
  public struct Rule: Encodable, Sendable {
    public var transport: TransportProtocol
    /// The destination's port; nil is any.
    public var port: UInt16?

    init(_ filter: RouterFilter) { (transport, port) = (filter.transport, filter.port) }

    private enum CodingKeys: String, CodingKey {
      case transport = "protocol"
      case port
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(transport.name, forKey: .transport)
      try container.encode(port, forKey: .port)
    }
  }
  public var router: String
  public var rules: [Rule]
}
