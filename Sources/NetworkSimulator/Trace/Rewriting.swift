// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// What a router made of a packet besides its endpoints: its text, and its TCP numbers.
public struct Rewriting: Hashable, Sendable {
  /// The router's hop.
  public var hop: Int
  public var payload: Payload
  public var sequenceNumber: UInt32
  public var acknowledgementNumber: UInt32

  /// Changes a packet, as it was sent, to what it is from that hop on.
  public func apply(to packet: inout Packet) {
    packet.payload = payload
    packet.sequenceNumber = sequenceNumber
    packet.acknowledgementNumber = acknowledgementNumber
  }
}

extension Trace {
  /// What the packet of hop `hop` was rewritten to by that hop's device; nil if it was not.
  public func rewriting(at hop: Int) -> Rewriting? {
    // They are in the order of their hops.
    var (low, high) = (rewritings.oldest, rewritings.total + 1)
    while low < high {
      let middle = (low + high) / 2
      if rewritings[middle].hop < hop { low = middle + 1 } else { high = middle }
    }
    return rewritings.contains(low) && rewritings[low].hop == hop ? rewritings[low] : nil
  }

  /// The packet of `hop` as it came to that hop's device, as far as its text and its TCP numbers go.
  package func textual(_ packet: Packet, before hop: Hop) -> Packet {
    guard rewritings.total > 0 else { return packet }
    var packet = packet
    var earlier = self.hop(before: hop)
    while let one = earlier {
      if let rewriting = rewriting(at: one.number) {
        rewriting.apply(to: &packet)
        break
      }
      earlier = self.hop(before: one)
    }
    return packet
  }
}
