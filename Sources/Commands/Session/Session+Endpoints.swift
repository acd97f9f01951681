// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Turns the names and addresses that a learner types into devices and endpoints.
extension Session {
  /// The port of the other end if none is given.
  static let standardPort: UInt16 = 4_000

  package func identify(_ device: Located<NamedDevice>) throws(CommandError) -> DeviceID {
    guard let found = network.device(named: device.value.name) else {
      // Parsing has looked it up already.
      throw CommandError(.host(.notAHost(device.value.name)), at: device.columns)
    }
    return found.id
  }

  package func identify(_ device: Located<NamedDevice>?) throws(CommandError) -> DeviceID? {
    guard let device else { return nil }
    return try identify(device)
  }

  /// The host that FROM means.
  package func sender(_ from: Located<EndpointReference>) throws(CommandError) -> DeviceID {
    switch from.value.host {
    case .device(let device): return try identify(Located(device, columns: from.columns))
    case .name(let name): throw CommandError(.host(.notAHost(name)), at: from.columns)
    case .address(let address):
      let owners = network.devices(withAddress: address)
      guard let owner = owners.first else { throw CommandError(.unknownSource(address), at: from.columns) }
      guard owners.count == 1 else {
        let names = owners.map { network.device($0).name }
        throw CommandError(.ambiguousSource(address, owners: names), at: from.columns, suggestion: names.first)
      }
      return owner
    }
  }

  /// The address that an endpoint stands for: a name's is the one its device is configured with, of `family`.
  package func address(
    of endpoint: Located<EndpointReference>, family: AddressFamily
  ) throws(CommandError) -> IPAddress {
    switch endpoint.value.host {
    case .address(let address): return address
    case .name(let name): throw CommandError(.nameNotAsked(name), at: endpoint.columns)
    case .device(let device):
      let addresses = network.addresses(of: try identify(Located(device, columns: endpoint.columns)))
      guard let address = addresses.first(where: { $0.family == family }) else {
        throw CommandError(.host(.noAddress(family, host: device.name)), at: endpoint.columns)
      }
      return address
    }
  }

  /// The destination of a packet from `sender` to TO: a name's address of a family that both have, IPv4 first.
  package func destination(
    _ to: Located<EndpointReference>, from sender: DeviceID, typed from: Located<EndpointReference>
  ) throws(CommandError) -> Endpoint {
    let port = to.value.port ?? Self.standardPort
    let device: NamedDevice
    switch to.value.host {
    case .address(let address): return Endpoint(address, port)
    case .name(let name): throw CommandError(.nameNotAsked(name), at: to.columns)
    case .device(let named): device = named
    }
    var families = network.addresses(of: sender).map(\.family)
    if case .address(let source) = from.value.host { families = [source.family] }
    let addresses = network.addresses(of: try identify(Located(device, columns: to.columns)))
    guard let address = addresses.first(where: { families.contains($0.family) }) else {
      let ipv4 = addresses.first(where: \.isIPv4)
      // A port only where one was typed: some commands have none.
      let across = ipv4.flatMap { nat64(from: sender)?.embed($0) }.map { address in
        to.value.port.map { Endpoint(address, $0).description } ?? address.description
      }
      throw CommandError(
        .noCommonFamily(from: network.device(sender).name, to: device.name), at: to.columns, suggestion: across)
    }
    return Endpoint(address, port)
  }

  /// The prefix under which a host reaches IPv4 hosts, by the first router on its way out that translates.
  package func nat64(from host: DeviceID) -> EmbeddingPrefix? {
    var device = network.device(host).parent
    while device != .internet {
      if let prefix = network.router(device)?.nat.behavior.nat64 { return prefix }
      device = network.device(device).parent
    }
    return nil
  }

  /// The IPv4 address that `address` stands for, as far as `host` is concerned.
  func embedded(in address: IPAddress, from host: DeviceID) -> IPAddress? {
    (nat64(from: host) ?? .wellKnown).embedded(in: address)
  }
}

extension CommandError {
  /// A host's error, pointed at the endpoint that caused it.
  init(_ error: HostError, from: Located<EndpointReference>, to: Located<EndpointReference>) {
    switch error {
    case .notAHost: self.init(.host(error), at: from.columns)
    default: self.init(.host(error), at: to.columns)
    }
  }
}
