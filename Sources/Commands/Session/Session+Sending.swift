// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

extension Session {
  /// Lets a host put something on the wire towards TO, and reports what happened then.
  mutating func putOnWire(
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

extension Payload {
  init(_ text: String?) {
    if let text, !text.isEmpty { self = .data(Array(text.utf8)) } else { self = .empty }
  }
}
