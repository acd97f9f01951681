// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

extension Session {
  /// Has a host send something to TO, and reports what happened then.
  mutating func putOnWire(
    _ action: HostAction, _ from: Located<EndpointReference>, _ to: Located<EndpointReference>
  ) throws(CommandError) -> CommandOutcome {
    let host = try sender(from)
    let connected = try connectedEndpoint(action, from, to, by: host)
    if connected == nil, let program = catalog.errands, let errand = try errand(action, from, to, by: host) {
      return try moving { session throws(CommandError) in
        do throws(HostError) {
          try program.begin(errand, &session.network, host)
        } catch {
          throw CommandError(error, from: from, to: to)
        }
      }
    }
    let destination = if let connected { connected } else { try destination(to, from: host, typed: from) }
    return try moving { session throws(CommandError) in
      do throws(HostError) {
        try session.network.act(action, from: host, port: from.value.port, to: destination)
      } catch {
        throw CommandError(error, from: from, to: to)
      }
    }
  }

  /// The endpoint of the device TO with which FROM has the TCP connection that `action` is about; nil if there is none.
  /// A new connection is a second one only if it is asked for from the same port.
  private func connectedEndpoint(
    _ action: HostAction, _ from: Located<EndpointReference>, _ to: Located<EndpointReference>, by host: DeviceID
  ) throws(CommandError) -> Endpoint? {
    guard action.usesConnection, action != .connect || from.value.port != nil, case .device(let device) = to.value.host
    else { return nil }
    var addresses = network.addresses(of: try identify(Located(device, columns: to.columns)))
    if case .address(let source) = from.value.host { addresses.removeAll { $0.family != source.family } }
    guard addresses.count > 1 else { return nil }
    let endpoints = addresses.map { Endpoint($0, to.value.port ?? Self.standardPort) }
    return endpoints.first { network.isConnected(host, port: from.value.port, to: $0) }
  }
}

extension Payload {
  init(_ text: String?) {
    if let text, !text.isEmpty { self = .data(Array(text.utf8)) } else { self = .empty }
  }
}
