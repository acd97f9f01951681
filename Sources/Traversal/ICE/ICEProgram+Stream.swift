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
    guard let outlet, let port else { return }
    guard outlet.isRelayed else {
      host.send(piece.payload, from: outlet.base, to: outlet.remote)
      return
    }
    guard let bytes = piece.payload.bytes, turn?.isPermitted(outlet.remote.address, at: host.now) == true,
      let wrapped = turn?.wrap(bytes, to: outlet.remote, using: &host.generator), let server = turn?.server
    else { return }
    host.send(Payload(bytes: wrapped), from: port, to: server)
  }

  /// Takes note of the pair by which data goes at present.
  mutating func noteOutlet() {
    outlet =
      hasWay
      ? agent?.selected.map {
        Outlet(base: $0.local.base, remote: $0.remote.address, isRelayed: isRelayed($0.local.base))
      } : nil
  }
}
