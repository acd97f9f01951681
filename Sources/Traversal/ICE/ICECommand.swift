// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `ice A B [via SERVER…] [mdns]` and `ice`
struct ICECommand: Command {
  /// Nil shows the present state.
  let ends: (one: Located<NamedDevice>, other: Located<NamedDevice>)?
  let via: [Located<NamedDevice>]
  /// Whether names stand for the hosts' own addresses.
  let hidesAddresses: Bool

  init(_ arguments: Arguments) throws(SyntaxError) {
    ends = arguments.has("A") ? (try arguments.device("A"), try arguments.device("B")) : nil
    via = arguments.devices("via")
    hidesAddresses = arguments.choice("addresses") != nil
  }

  var effect: CommandDeclaration.Effect { ends == nil ? .looks : .changes }

  static let declaration = CommandDeclaration(
    Self.self, "ice", strangers: ["webrtc", "connectivity", "negotiate"], group: .traffic, effect: .changes,
    forms: [
      [
        .required("A", .device(.hosts)), .required("B", .device(.hosts)),
        .clause("via", "SERVER", .device(.hosts), atMost: 4), .choice("addresses", ["mdns"]),
      ],
      [],
    ],
    summary: said("lets two hosts find a way to each other, as browsers do before a call"),
    details: [
      said(
        "Both gather candidates: their own address, the one that a STUN server sees, and an endpoint that a TURN server lends ",
        "(RFC 8445). They tell each other through a rendezvous server, pair them, and check the pairs, the best first. A ",
        "check that comes in is answered and causes one in return, which is what opens both routers. Then A chooses ",
        "the pair."),
      said(
        "With `mdns` they hide their own addresses from each other, as browsers do from strange pages: a candidate names the ",
        "host by a random name that ends in `.local`. Whoever gets it asks on its own network by multicast DNS (RFC 6762), ",
        "and only a neighbour hears that and answers; a router does not forward it."),
      said("`ice` on its own shows the present check list of each end."),
      said(
        "It uses the servers for `stun`, `turn` and `rendezvous`. `via SERVER` names the host if there are several."),
    ],
    examples: [
      "scene two-homes", "host server 203.0.113.50", "serve server stun", "serve server turn", "ice alice bob", "run",
      "ice",
    ],
    seeAlso: ["serve", "stun", "relay", "call"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let ends else {
      let reports = session.iceReports()
      guard !reports.isEmpty else { throw CommandError(.other(ICEFault.nothingYet)) }
      return CommandOutcome(ICEReport(agents: reports))
    }
    let (one, other) = (ends.one, ends.other)
    let (a, b): (DeviceID, DeviceID) = (try session.identify(one), try session.identify(other))
    if a == b { throw CommandError(.other(TrafficFault.callsItself(one.value.name)), at: other.columns) }
    return try session.allOrNothing { session throws(CommandError) in
      return try session.moving { session throws(CommandError) in
        try session.beginICE(from: a, one, to: b, other, via: via, hidesAddresses: hidesAddresses)
      }
    }
  }
}

/// Why ICE has nothing to show, or cannot begin.
enum ICEFault: CommandFault, Hashable {
  case nothingYet
  /// The named server serves nothing useful.
  case servesNothing(String)

  var word: String {
    switch self {
    case .nothingYet: "no-ice"
    case .servesNothing: "does-not-serve"
    }
  }

  var message: String {
    switch self {
    case .nothingYet: said("no two hosts have looked for a way to each other yet; `ice A B` lets two do so")
    case .servesNothing(let name):
      said("\(name) serves neither stun nor turn nor rendezvous; `serve \(name) stun` makes it serve one")
    }
  }
}

extension Session {
  /// Lets both ends begin.
  mutating func beginICE(
    from a: DeviceID, _ one: Located<NamedDevice>, to b: DeviceID, _ other: Located<NamedDevice>,
    via: [Located<NamedDevice>], hidesAddresses: Bool = false
  ) throws(CommandError) {
    let servers = try iceServers(via, columns: one.columns)
    let meeting = try rendezvous(besides: servers.meetingHost)
    for (host, name, peer, role) in [
      (a, one, other.value.name, ICEAgent.Role.controlling), (b, other, one.value.name, .controlled),
    ] {
      let asked = ICEProgram.Servers(
        stun: servers.stun.flatMap { endpoints(of: $0, from: host) },
        turn: servers.turn.flatMap { endpoints(of: $0, from: host).first },
        rendezvous: try endpoint(of: meeting, from: host, at: name.columns))
      // An end that begins again has nothing to do with earlier attempts.
      for program in network.programs(on: host) where program.name == "ice" { network.forget(program.id) }
      let program = ICEProgram(
        role, name: name.value.name, peer: peer, servers: asked, hidesAddresses: hidesAddresses, at: network.clock)
      try start(program, on: host, at: name.columns)
    }
  }

  /// The servers for each end: those named, else all there are, if they are not too many.
  private func iceServers(
    _ via: [Located<NamedDevice>], columns: Range<Int>
  ) throws(CommandError) -> (stun: [FoundServer], turn: FoundServer?, meetingHost: DeviceID) {
    let running = network.programs().filter(\.isRunning)
    func found(_ kind: ServerKind) throws(CommandError) -> [FoundServer] {
      var all: [FoundServer] = []
      for name in kind.programs {
        for program in running where program.name == name {
          guard let port = program.port, !all.contains(where: { $0.host == program.host }) else { continue }
          all.append(FoundServer(host: program.host, port: port))
        }
      }
      guard via.isEmpty else {
        let hosts = via.map { network.device(named: $0.value.name)?.id }
        return all.filter { hosts.contains($0.host) }
      }
      return all
    }
    for named in via {
      let host: DeviceID = try identify(named)
      let serves = running.contains {
        $0.host == host && ["stun-server", "turn-server", "rendezvous"].contains($0.name)
      }
      guard serves else { throw CommandError(.other(ICEFault.servesNothing(named.value.name)), at: named.columns) }
    }
    let (stun, turn, meeting) = (try found(.stun), try found(.turn), try found(.rendezvous))
    for (kind, servers) in [(ServerKind.turn, turn), (.rendezvous, meeting)] where via.isEmpty && servers.count > 1 {
      throw CommandError(
        .other(TraversalFault.severalServe(kind.rawValue, servers.map { network.device($0.host).name })), at: columns)
    }
    guard let host = (meeting + turn + stun).first?.host else {
      throw CommandError(.other(TraversalFault.nobodyServes("rendezvous")), at: columns)
    }
    return (Array(stun.prefix(2)), turn.first, host)
  }

  /// A server's endpoints to which a host can send, one per family.
  private func endpoints(of server: FoundServer, from host: DeviceID) -> [Endpoint] {
    let families = network.addresses(of: host).map(\.family)
    return network.addresses(of: server.host).filter { families.contains($0.family) }
      .map { Endpoint($0, server.port) }
  }
}
