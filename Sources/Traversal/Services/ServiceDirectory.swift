// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Finds the server that a command needs: the one named, or the only one there is.
enum ServiceDirectory {
  /// A server that runs.
  struct Entry: Sendable {
    var host: DeviceID
    var name: String
    var port: UInt16
  }

  /// - Parameter service: the server's program: `rendezvous`, `stun-server`.
  /// - Throws: the alternatives, if the named host does not serve it, nobody does, or several do.
  static func find(
    _ service: String, via: Located<NamedDevice>?, in session: Session
  ) throws(CommandError) -> Entry {
    let found = session.network.programs().filter { $0.isRunning && $0.name == service }
      .compactMap { program in
        program.port.map { Entry(host: program.host, name: session.network.device(program.host).name, port: $0) }
      }
    if let via {
      let id: DeviceID = try session.identify(via)
      guard let entry = found.first(where: { $0.host == id }) else {
        throw CommandError(
          .other(TraversalFault.servesNot(via.value.name, service, others: found.map(\.name))), at: via.columns,
          suggestion: found.first?.name)
      }
      return entry
    }
    guard let entry = found.first else { throw CommandError(.other(TraversalFault.nobodyServes(service))) }
    guard found.count == 1 else {
      throw CommandError(.other(TraversalFault.severalServe(service, found.map(\.name))))
    }
    return entry
  }

  /// The server's endpoint to which a host can send.
  static func endpoint(
    of entry: Entry, from host: DeviceID, typed: Located<EndpointReference>, in session: Session
  ) throws(CommandError) -> Endpoint {
    let name = session.network.device(host).name
    guard session.network.device(host).isHost else { throw CommandError(.host(.notAHost(name)), at: typed.columns) }
    let families = session.network.addresses(of: host).map(\.family)
    guard let address = session.network.addresses(of: entry.host).first(where: { families.contains($0.family) }) else {
      throw CommandError(.noCommonFamily(from: name, to: entry.name), at: typed.columns)
    }
    return Endpoint(address, entry.port)
  }
}

/// Why a command of traversal was not carried out.
enum TraversalFault: CommandFault, Hashable {
  case samePeer(String)
  case notAPeer(String)
  case nobodyServes(String)
  case severalServe(String, [String])
  case servesNot(String, String, others: [String])

  var word: String {
    switch self {
    case .samePeer: "same-peer"
    case .notAPeer: "not-a-peer"
    case .nobodyServes: "no-server"
    case .severalServe: "several-servers"
    case .servesNot: "does-not-serve"
    }
  }

  var message: String {
    switch self {
    case .samePeer(let name): said("\(name) cannot meet itself; name two different hosts")
    case .notAPeer(let name): said("\(name) is neither of the two; `first` names the one that begins")
    case .nobodyServes(let service):
      said(
        "no host serves \(Self.word(service)); `serve HOST \(Self.word(service))` begins one, and `scene call` has one")
    case .severalServe(let service, let hosts):
      said("\(hosts.joined(separator: ", ")) all serve \(Self.word(service)); choose one: `via \(hosts[0])`")
    case .servesNot(let host, let service, let others):
      said("\(host) does not serve \(Self.word(service))")
        + (others.isEmpty
          ? said("; `serve \(host) \(Self.word(service))` begins one")
          : said("; \(others.joined(separator: ", ")) does"))
    }
  }

  /// The word for a server in `serve`.
  private static func word(_ program: String) -> String {
    program.hasSuffix("-server") ? String(program.dropLast(7)) : program
  }
}
