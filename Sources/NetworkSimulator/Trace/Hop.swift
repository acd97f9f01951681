// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A device's number in its network; numbers are never reused.
public struct DeviceID: Hashable, Comparable, Sendable {
  public let rawValue: Int32

  init(_ rawValue: Int) { self.rawValue = Int32(truncatingIfNeeded: rawValue) }

  /// The node between all public addresses.
  public static let internet = DeviceID(0)

  var index: Int { Int(rawValue) }

  public static func < (left: DeviceID, right: DeviceID) -> Bool { left.rawValue < right.rawValue }
}

/// One device's handling of one packet.
public struct Hop: Hashable, Sendable {
  /// Counted from 1 through the whole trace.
  public var number: Int
  public var time: Instant
  public var node: DeviceID
  /// The packet's number, from 1.
  public var packet: Int
  public var verdict: Verdict
  public var reason: DropReason?
  public var transport: TransportProtocol
  /// The endpoints as the packet arrived.
  public var source: Endpoint
  public var destination: Endpoint
  /// The endpoints that the device gave the packet; nil if it did not change them.
  public var newSource: Endpoint?
  public var newDestination: Endpoint?
  public var mapping: Int?
  public var mappingChange: MappingChange?
  /// As the packet leaves, or as it arrived if it was delivered or dropped.
  public var timeToLive: UInt8
  /// Bytes, IP header included.
  public var length: Int
  public var tcpFlags: TCPFlags
  public var icmp: ICMPKind
  /// The device whose link towards the internet did not take the packet; nil if no link is to blame.
  public var lostOn: DeviceID?
  /// A SYN's maximum segment size as it arrived, 0 for none, and the one that the device gave it.
  public var maximumSegmentSize: UInt16 = 0
  public var newMaximumSegmentSize: UInt16?
  /// The piece of the packet that arrived; nil if all of it did.
  public var fragment: FragmentMark?
  /// The same packet's hop before; 0 for its first.
  var previous = 0
}

/// The piece of a packet that a hop is about.
public struct FragmentMark: Hashable, Sendable {
  public var identification: UInt32
  /// Bytes of the packet's own payload before this piece.
  public var offset: UInt16
  public var isLast: Bool

  init?(_ fragment: Fragment?) {
    guard let fragment else { return nil }
    identification = fragment.identification
    offset = UInt16(clamping: fragment.offset)
    isLast = fragment.isLast
  }
}
