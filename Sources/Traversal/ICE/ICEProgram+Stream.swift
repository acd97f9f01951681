// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A call's stream on the pair that ICE has selected.
extension ICEProgram: StreamCarrier {
  static var streamTimer: Int { Alarm.stream.rawValue }

  var hasWay: Bool { agent?.state == .completed && agent?.selected != nil }

  var way: TrafficReport.Way { agent?.selected.map { TrafficReport.Way($0.path) } ?? .none }

  mutating func carry(_ piece: RTPPacket, _ host: inout ProgramContext) {
    // While ICE begins again there is no pair that may be sent by (RFC 7675 §5.1).
    guard hasWay, let pair = agent?.selected, let port else { return }
    guard isRelayed(pair.local.base), let turn else {
      host.send(piece.payload, from: pair.local.base, to: pair.remote.address)
      return
    }
    guard let bytes = piece.payload.bytes, turn.isPermitted(pair.remote.address.address, at: host.now) else { return }
    let wrapped = turn.wrap(bytes, to: pair.remote.address, using: &host.generator)
    host.send(Payload(bytes: wrapped), from: port, to: turn.server)
  }
}
