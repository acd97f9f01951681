// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `request HOST udp|tcp PORT [as OUTSIDE] [for DURATION] [with pcp|nat-pmp|upnp]`
struct RequestCommand: Command {
  let host: Located<NamedDevice>
  let transport: TransportProtocol
  let port: UInt16
  let outside: UInt16?
  let duration: Located<Interval>?
  /// Nil tries one after another.
  let dialect: PortControlSetting.Dialect?
  let usesIPv6: Bool?

  init(_ arguments: Arguments) throws(SyntaxError) {
    host = try arguments.device("HOST")
    transport = arguments.has("tcp") ? .tcp : .udp
    port = try arguments.port("PORT").value
    outside = arguments.optionalPort("as")?.value
    duration = arguments.optionalDuration("for")
    dialect = arguments.choice("with").flatMap { PortControlSetting.Dialect(rawValue: $0.value) }
    usesIPv6 = arguments.choice("family").map { $0.value == "ipv6" }
  }

  static let declaration = CommandDeclaration(
    Self.self, "request", strangers: ["upnpc", "natpmpc", "portmap", "pinhole", "lease"], group: .traffic,
    effect: .changes,
    forms: ["udp", "tcp"].map { transport in
      [
        .required("HOST", .device(.hosts)), .keyword(transport), .required("PORT", .port),
        .clause("as", "OUTSIDE", .port), .clause("for", "DURATION", .duration),
        .clause("with", "pcp|nat-pmp|upnp", .word(PortControlSetting.Dialect.allCases.map(\.rawValue))),
        .choice("family", ["ipv4", "ipv6"]),
      ]
    },
    summary: said("lets a host ask its router for a port, as consoles and torrent clients do"),
    details: [
      said(
        "The router answers if its `port-control` lets it: PCP (RFC 6887), NAT-PMP (RFC 6886) or UPnP. `with` chooses one; ",
        "without it they are tried in that order until the router answers one. What is granted is a forward for a time: ",
        "two hours, or as long as `for` says (`for 0s` gives it up). The host does not ask again, so it ends."),
      said(
        "`as OUTSIDE` asks for another outside port. PCP and NAT-PMP may give one that was not asked for; UPnP refuses. ",
        "With `ipv6`, PCP asks the firewall to let everybody in to that port."),
      said("A router behind another router grants what it has, an address that means nothing outside."),
    ],
    examples: [
      "scene two-homes", "set home-a port-control pcp nat-pmp", "request alice udp 8080 for 10m", "run", "table home-a",
      "send bob 49.36.10.25:8080", "run",
    ],
    seeAlso: ["forward", "set", "table"])

  /// The lifetime that RFC 6886 §3.3 recommends.
  private static let standardDuration = Interval.seconds(Int64(NATPMP.recommendedLifetime))

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id: DeviceID = try session.identify(host)
    let network = session.network
    let parent = network.device(id).parent
    guard let router = network.router(parent) else {
      throw CommandError(.other(RequestFault.noRouter(host.value.name)), at: host.columns)
    }
    let wanted: AddressFamily? = usesIPv6.map { $0 ? .ipv6 : .ipv4 }
    let own = network.addresses(of: id).first { wanted == nil || $0.family == wanted }
    guard let own, let asked = router.insideAddresses.first(where: { $0.family == own.family }) else {
      throw CommandError(.host(.noAddress(wanted ?? .ipv4, host: host.value.name)), at: host.columns)
    }
    var dialects = dialect.map { [$0] } ?? PortControlSetting.Dialect.allCases
    if !own.isIPv4 {
      guard dialects.contains(.pcp) else { throw CommandError(.other(RequestFault.onlyPCP), at: host.columns) }
      dialects = [.pcp]
    }
    let seconds = (duration?.value ?? Self.standardDuration).microseconds / 1_000_000
    let wish = RequestProgram.Wish(
      transport: transport, port: port, outside: outside ?? port, lifetime: UInt32(clamping: seconds))
    // A host can ask again for what it has asked for: its secret is the same each time.
    var secrets = SeededGenerator(
      seed: network.seed, name: network.device(id).name, purpose: "pcp \(transport.name) \(port)")
    let program = RequestProgram(
      wish, of: own, at: asked, with: dialects, nonce: PCP.Nonce(using: &secrets))
    return try session.moving { session throws(CommandError) in
      try session.start(program, on: id, at: host.columns)
    }
  }
}

/// Why a host cannot ask for a port.
enum RequestFault: CommandFault {
  case noRouter(String)
  case onlyPCP

  var word: String {
    switch self {
    case .noRouter: "no-router"
    case .onlyPCP: "only-pcp"
    }
  }

  var message: String {
    switch self {
    case .noRouter(let name):
      said("\(name) is not behind a router, so there is none to ask; everybody can send to it anyway")
    case .onlyPCP: said("only PCP can ask for IPv6; add `with pcp`")
    }
  }
}
