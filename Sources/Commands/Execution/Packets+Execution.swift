// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

extension Session {
  /// Lets a host put something on the wire towards TO, and reports what happened then.
  fileprivate mutating func putOnWire(
    _ from: Located<EndpointReference>, _ to: Located<EndpointReference>,
    _ body: (inout Network, DeviceID, Endpoint) throws(HostError) -> Void
  ) throws(CommandError) -> CommandOutcome {
    let host = try sender(from)
    let destination = try destination(to, from: host, typed: from)
    return try moving { session throws(CommandError) in
      do throws(HostError) {
        try body(&session.network, host, destination)
      } catch {
        throw CommandError(error, from: from, to: to)
      }
    }
  }
}

extension SendCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.putOnWire(from, to) { network, host, destination throws(HostError) in
      try network.send(
        from: host, port: from.value.port, to: destination, transport?.value ?? .udp, payload: Payload(text?.value),
        timeToLive: timeToLive?.value ?? 64, dontFragment: isUnfragmentable)
    }
  }
}

extension PingCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.putOnWire(from, to) { network, host, destination throws(HostError) in
      try network.ping(from: host, to: destination.address)
    }
  }
}

extension ConnectCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.putOnWire(from, to) { network, host, destination throws(HostError) in
      try network.connect(from: host, port: from.value.port, to: destination)
    }
  }
}

extension CloseCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.putOnWire(from, to) { network, host, destination throws(HostError) in
      try network.close(from: host, port: from.value.port, to: destination)
    }
  }
}

extension ReplyCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.moving { session throws(CommandError) in
      do throws(HostError) {
        try session.network.reply(payload: Payload(text?.value))
      } catch {
        throw CommandError(.host(error))
      }
    }
  }
}

extension Payload {
  fileprivate init(_ text: String?) {
    if let text, !text.isEmpty { self = .data(Array(text.utf8)) } else { self = .empty }
  }
}
