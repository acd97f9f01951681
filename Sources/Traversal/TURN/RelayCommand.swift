// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `relay A B [via SERVER]`
struct RelayCommand: Command {
  let one: Located<NamedDevice>
  let other: Located<NamedDevice>
  let via: Located<NamedDevice>?

  init(_ arguments: Arguments) throws(SyntaxError) {
    one = try arguments.device("A")
    other = try arguments.device("B")
    via = arguments.optionalDevice("via")
  }

  static let declaration = CommandDeclaration(
    Self.self, "relay", strangers: ["turn", "coturn", "proxy"], group: .traffic, effect: .changes,
    forms: [
      [
        .required("A", .device(.hosts)), .required("B", .device(.hosts)), .clause("via", "SERVER", .device(.hosts)),
      ]
    ],
    summary: said("lets two hosts talk through a TURN server"),
    details: [
      said(
        "A borrows an endpoint from the server (RFC 8656): it asks, is asked who it is, asks again, and has it. It tells B ",
        "through a rendezvous server, permits B to send to it, and binds a channel. B sends to the borrowed endpoint ",
        "as it would to any other."),
      said("If no host serves `rendezvous`, the TURN server's host does so from now on."),
      said("`via SERVER` may be left out if only one host serves `turn`."),
    ],
    examples: [
      "scene two-homes", "host server 203.0.113.50", "serve server turn", "relay alice bob", "run", "programs", "stats",
    ],
    seeAlso: ["serve", "programs", "ice", "call"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let (a, b): (DeviceID, DeviceID) = (try session.identify(one), try session.identify(other))
    if a == b { throw CommandError(.other(TrafficFault.callsItself(one.value.name)), at: other.columns) }
    let turn = try session.server(.turn, via)
    let server = try session.endpoint(of: turn, from: a, at: one.columns)
    return try session.allOrNothing { session throws(CommandError) in
      let meeting = try session.rendezvous(besides: turn.host)
      let now = session.network.clock
      let usesIPv6 = [a, b].contains { session.network.addresses(of: $0).contains { !$0.isIPv4 } }
      let peer = RelayParty(
        .peer, name: other.value.name, peer: one.value.name,
        rendezvous: try session.endpoint(of: meeting, from: b, at: other.columns), at: now)
      let client = RelayParty(
        .client(of: server), name: one.value.name, peer: other.value.name,
        rendezvous: try session.endpoint(of: meeting, from: a, at: one.columns), usesIPv6: usesIPv6, at: now)
      return try session.moving { session throws(CommandError) in
        try session.start(client, on: a, at: one.columns)
        try session.start(peer, on: b, at: one.columns)
      }
    }
  }
}

extension Session {
  /// The rendezvous server: an existing one, or else one that begins on `host`.
  mutating func rendezvous(besides host: DeviceID) throws(CommandError) -> FoundServer {
    let running = network.programs().filter { $0.isRunning && $0.name == "rendezvous" }
    if let found = running.first(where: { $0.host == host }) ?? running.first, let port = found.port {
      return FoundServer(host: found.host, port: port)
    }
    let options = Service.Options(host: host, port: STUNMessage.standardPort)
    do throws(HostError) {
      return FoundServer(host: host, port: try RendezvousServer.service.beginNearby(options, in: &network).port)
    } catch {
      throw CommandError(.host(error))
    }
  }
}
