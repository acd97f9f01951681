// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// What a person has a host send to an endpoint.
public enum HostAction: Hashable, Sendable {
  /// One packet, or data on an open TCP connection.
  case send(TransportProtocol, Payload, timeToLive: UInt8, dontFragment: Bool)
  case ping
  case connect
  case close

  /// Whether it is about the TCP connection that the host may have with the endpoint.
  public var usesConnection: Bool {
    switch self {
    case .send(let transport, _, _, _): transport == .tcp
    case .connect, .close: true
    case .ping: false
    }
  }
}

extension Network {
  /// Has a host send something.
  ///
  /// - Parameter port: the host's port; nil is the next ephemeral one, or that of the connection. A ping needs none.
  /// - Returns: the number of the first packet.
  @discardableResult
  public mutating func act(
    _ action: HostAction, from id: DeviceID, port: UInt16?, to remote: Endpoint
  ) throws(HostError) -> Int {
    switch action {
    case .send(let transport, let payload, let timeToLive, let dontFragment):
      try send(
        from: id, port: port, to: remote, transport, payload: payload, timeToLive: timeToLive,
        dontFragment: dontFragment)
    case .ping: try ping(from: id, to: remote.address)
    case .connect: try connect(from: id, port: port, to: remote)
    case .close: try close(from: id, port: port, to: remote)
    }
  }

  /// Whether a host has an open TCP connection with `remote`, from `port` if one is given.
  public func isConnected(_ id: DeviceID, port: UInt16?, to remote: Endpoint) -> Bool {
    guard case .host(let slot) = nodes[id.index].role else { return false }
    return hosts[slot].isConnected(port: port, to: remote)
  }
}

extension Host {
  func isConnected(port: UInt16?, to remote: Endpoint) -> Bool {
    address(remote.address.family).map { establishedConnection(from: $0, port: port, to: remote) != nil } ?? false
  }
}
