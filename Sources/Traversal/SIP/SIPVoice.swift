// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// One end's part of a call's voice: it sends a few RTP packets to where the other wants them, and counts what it hears.
struct SIPVoice {
  static let packets = 5
  static let pace = Interval.milliseconds(20)
  /// 20 ms of PCMU and the header.
  static let length = 172
  static let usualPort: UInt16 = 7_078

  let local: Endpoint
  let remote: Endpoint
  private(set) var sent = 0
  private(set) var heard = 0

  init(from local: Endpoint, to remote: Endpoint) {
    self.local = local
    self.remote = remote
  }

  /// Sends the next; returns whether there are more.
  mutating func send(_ host: inout ProgramContext) -> Bool {
    let packet = RTPPacket(
      stream: UInt32(local.port), sequence: sent, sentAt: host.now, length: Self.length)
    host.send(packet.payload, from: local, to: remote)
    sent += 1
    return sent < Self.packets
  }

  mutating func hear() { heard += 1 }

  /// Takes the usual port for a voice, or another.
  static func openPort(_ host: inout ProgramContext) -> UInt16? {
    (try? host.open(.udp, usualPort)) ?? (try? host.open(.udp))
  }
}
