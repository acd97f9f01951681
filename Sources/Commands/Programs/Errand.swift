// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Something that a host is to send as soon as it knows where to: it must ask for a name's addresses first, or find out
/// which of several addresses can be reached. A program of the host does it.
public struct Errand: Hashable, Sendable {
  public enum Destination: Hashable, Sendable {
    /// A name that a server knows.
    case name(String, server: Endpoint)
    /// Addresses of both families.
    case addresses([IPAddress])
  }

  public var action: HostAction
  public var destination: Destination
  /// The port it is sent from; nil is the next ephemeral one.
  public var localPort: UInt16?
  public var remotePort: UInt16

  /// The program that answers questions about names.
  public static let namesProgram = "names-server"
  /// The port at which such a program is asked (RFC 1035 §4.2).
  public static let namesPort: UInt16 = 53
}

/// The program that carries out errands.
public struct ErrandProgram: Sendable {
  /// Begins it on a host.
  public let begin: @Sendable (Errand, inout Network, DeviceID) throws(HostError) -> Void
  /// The names that can be asked for.
  public let names: @Sendable (Network) -> [String]

  public init(
    begin: @escaping @Sendable (Errand, inout Network, DeviceID) throws(HostError) -> Void,
    names: @escaping @Sendable (Network) -> [String]
  ) {
    self.begin = begin
    self.names = names
  }
}

extension Session {
  /// The server that a host asks for names: the one that it or a router on its way out is set to, or the only one.
  package func nameServer(of host: DeviceID, for name: String, at columns: Range<Int>) throws(CommandError) -> Endpoint
  {
    if let address = network.resolver(inUseBy: host) { return Endpoint(address, Errand.namesPort) }
    let servers = network.programs().filter { $0.isRunning && $0.name == Errand.namesProgram }
    guard let server = servers.first, let port = server.port else {
      throw CommandError(.nobodyServesNames(name), at: columns)
    }
    let (from, to) = (network.device(host).name, network.device(server.host).name)
    guard servers.count == 1 else {
      throw CommandError(
        .severalServeNames(servers.map { network.device($0.host).name }, host: from), at: columns)
    }
    let families = network.addresses(of: host).map(\.family)
    guard let address = network.addresses(of: server.host).first(where: { families.contains($0.family) }) else {
      throw CommandError(.noCommonFamily(from: from, to: to), at: columns)
    }
    return Endpoint(address, port)
  }

  /// What FROM is to do as soon as it knows where TO is; nil if that is known.
  func errand(
    _ action: HostAction, _ from: Located<EndpointReference>, _ to: Located<EndpointReference>, by host: DeviceID
  ) throws(CommandError) -> Errand? {
    let port = to.value.port ?? Self.standardPort
    if case .name(let name) = to.value.host {
      let server = try nameServer(of: host, for: name, at: to.columns)
      return Errand(
        action: action, destination: .name(name, server: server), localPort: from.value.port, remotePort: port)
    }
    guard action == .connect, case .device(let device) = to.value.host, case .device = from.value.host else {
      return nil
    }
    let families = network.addresses(of: host).map(\.family)
    let addresses = network.addresses(of: try identify(Located(device, columns: to.columns))).filter {
      families.contains($0.family)
    }
    guard Set(addresses.map(\.family)).count > 1 else { return nil }
    return Errand(
      action: action, destination: .addresses(addresses), localPort: from.value.port, remotePort: port)
  }
}
