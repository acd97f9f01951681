// SPDX-License-Identifier: GPL-3.0-or-later

/// What a NAT has seen of one TCP connection (RFC 5382 §4 of its opening, §5 of its lifetimes).
struct ConnectionState: Hashable, Sendable {
  private(set) var bits: UInt8 = 0

  private static let synOutbound: UInt8 = 1
  private static let synInbound: UInt8 = 2
  private static let finOutbound: UInt8 = 4
  private static let finInbound: UInt8 = 8
  private static let isOpen: UInt8 = 16
  private static let reset: UInt8 = 32

  /// Both sides have agreed to talk, and not both have finished.
  var isEstablished: Bool {
    bits & Self.isOpen != 0 && bits & Self.reset == 0
      && bits & (Self.finOutbound | Self.finInbound) != Self.finOutbound | Self.finInbound
  }

  /// The word for it in tables; nil before any segment.
  var name: String? {
    if bits == 0 { return nil }
    if bits & Self.reset != 0 { return "closed" }
    if bits & (Self.finOutbound | Self.finInbound) != 0 { return "closing" }
    return bits & Self.isOpen != 0 ? "established" : "opening"
  }

  /// Takes in a segment with `flags`.
  mutating func see(_ flags: TCPFlags, outbound: Bool) {
    if flags.contains(.rst) {
      bits |= Self.reset
    } else if flags.contains(.syn) {
      // A new connection between the same endpoints starts over.
      if bits & (Self.reset | Self.finOutbound | Self.finInbound) != 0 { bits = 0 }
      // A SYN that acknowledges answers the other side's.
      bits |= flags.contains(.ack) ? Self.synOutbound | Self.synInbound : outbound ? Self.synOutbound : Self.synInbound
    } else {
      // A segment that is no SYN opens the flow once both sides have spoken. In a flow whose start went unseen it stands
      // for its side's SYN.
      let both = Self.synOutbound | Self.synInbound
      if bits & both == both { bits |= Self.isOpen }
      bits |= outbound ? Self.synOutbound : Self.synInbound
      if flags.contains(.fin) { bits |= outbound ? Self.finOutbound : Self.finInbound }
    }
  }
}
