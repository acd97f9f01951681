// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A packet or an event that the owner of a host's port receives.
public struct Delivery: Sendable {
  public enum Content: Sendable {
    /// A UDP datagram.
    case datagram(Payload)
    /// A TCP connection is open, whichever side asked for it.
    case opened
    /// Data on an open TCP connection.
    case data(Payload)
    /// The other side has closed the TCP connection; the host has acknowledged it.
    case closed
    /// The other side, or somebody in its name, has reset or refused the TCP connection.
    case reset
    /// An ICMP error about a packet that was sent from the port.
    case error(ICMPKind, from: IPAddress, about: QuotedPacket)
  }

  public var host: DeviceID
  /// The number of the packet that brought it.
  public var number: Int
  public var time: Instant
  /// UDP or TCP; for an ICMP error, the protocol of the packet that it reports on.
  public var transport: TransportProtocol
  /// The host's end of the conversation, and the other one as the host sees it.
  public var local: Endpoint
  public var remote: Endpoint
  public var content: Content

  /// The application's bytes in a datagram or a segment; nil if there are none.
  public var bytes: [UInt8]? {
    switch content {
    case .datagram(let payload), .data(let payload): payload.bytes
    case .opened, .closed, .reset, .error: nil
    }
  }

  /// The payload of a datagram or a segment.
  public var payload: Payload? {
    switch content {
    case .datagram(let payload), .data(let payload): payload
    case .opened, .closed, .reset, .error: nil
    }
  }
}
