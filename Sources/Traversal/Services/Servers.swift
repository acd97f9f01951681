// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// A service as commands that need one look for it.
enum ServerKind: String, Sendable {
  case stun
  case turn
  case rendezvous

  /// The programs that serve it: a TURN server answers Binding requests as well (RFC 8656 §3).
  var programs: [String] {
    switch self {
    case .stun: ["stun-server", "turn-server"]
    case .turn: ["turn-server"]
    case .rendezvous: ["rendezvous"]
    }
  }
}

extension Session {
  /// Starts a program on a host; what the host refuses is about what was typed at `columns`.
  mutating func start(
    _ program: some HostProgram, on host: DeviceID, at columns: Range<Int>
  ) throws(CommandError) {
    do throws(HostError) {
      try network.start(program, on: host)
    } catch {
      throw CommandError(.host(error), at: columns)
    }
  }

  /// A server that runs: its host and its port.
  struct FoundServer: Hashable {
    var host: DeviceID
    var port: UInt16
  }

  /// The server of a kind that a command is to use: the one named, or the only one there is.
  func server(_ kind: ServerKind, _ named: Located<NamedDevice>?) throws(CommandError) -> FoundServer {
    var found: [FoundServer] = []
    for name in kind.programs {
      for program in network.programs() where program.isRunning && program.name == name {
        guard let port = program.port, !found.contains(where: { $0.host == program.host }) else { continue }
        found.append(FoundServer(host: program.host, port: port))
      }
    }
    let names = found.map { network.device($0.host).name }
    guard let named else {
      guard let first = found.first else { throw CommandError(.other(TraversalFault.nobodyServes(kind.rawValue))) }
      guard found.count == 1 else { throw CommandError(.other(TraversalFault.severalServe(kind.rawValue, names))) }
      return first
    }
    let host: DeviceID = try identify(named)
    guard let match = found.first(where: { $0.host == host }) else {
      throw CommandError(
        .other(TraversalFault.servesNot(named.value.name, kind.rawValue, others: names)), at: named.columns,
        suggestion: names.first)
    }
    return match
  }

  /// The endpoint of a server to which a host can send, IPv4 first.
  func endpoint(
    of server: FoundServer, from host: DeviceID, at columns: Range<Int>?
  ) throws(CommandError) -> Endpoint {
    let families = network.addresses(of: host).map(\.family)
    guard let address = network.addresses(of: server.host).first(where: { families.contains($0.family) }) else {
      let (from, to) = (network.device(host).name, network.device(server.host).name)
      throw CommandError(.noCommonFamily(from: from, to: to), at: columns)
    }
    return Endpoint(address, server.port)
  }
}
