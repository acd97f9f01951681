// SPDX-License-Identifier: GPL-3.0-or-later

/// A field of a header on the wire, named as in its RFC.
public struct WireField: Hashable, Sendable {
  /// Whose field it is.
  public var layer: Layer
  public var name: Name
  /// Whether it belongs to the packet that an ICMP error quotes.
  public var isQuoted: Bool

  public init(_ layer: Layer, _ name: Name, isQuoted: Bool = false) {
    self.layer = layer
    self.name = name
    self.isQuoted = isQuoted
  }

  /// The headers, and the data after them.
  public enum Layer: String, Hashable, Sendable, CaseIterable {
    case ipv4 = "IPv4"
    case ipv6 = "IPv6"
    case udp = "UDP"
    case tcp = "TCP"
    case icmp = "ICMP"
    case icmpv6 = "ICMPv6"
    case payload
  }

  /// The fields of all headers; the raw value is the word for people.
  public enum Name: String, Hashable, Sendable, CaseIterable {
    // RFC 791 §3.1
    case version
    case headerLength = "header length"
    case typeOfService = "type of service"
    case totalLength = "total length"
    case identification
    case flags
    case fragmentOffset = "fragment offset"
    case timeToLive = "time to live"
    case `protocol`
    case checksum
    case source = "source address"
    case destination = "destination address"
    case options
    // RFC 8200 §3
    case trafficClass = "traffic class"
    case flowLabel = "flow label"
    case payloadLength = "payload length"
    case nextHeader = "next header"
    case hopLimit = "hop limit"
    // RFC 768, RFC 9293 §3.1
    case sourcePort = "source port"
    case destinationPort = "destination port"
    case length
    case sequenceNumber = "sequence number"
    case acknowledgementNumber = "acknowledgement number"
    case dataOffset = "data offset"
    case reserved
    case window
    case urgentPointer = "urgent pointer"
    case maximumSegmentSize = "maximum segment size"
    // RFC 792, RFC 4443
    case type
    case code
    case identifier
    case unused
    /// Everything after the last header.
    case data
  }
}

/// A field with its place in a packet and its value.
public struct WireFieldValue: Hashable, Sendable {
  public var field: WireField
  /// The bits that it takes up, counted from the packet's first.
  public var bits: Range<Int>
  /// The number in the bits; for an IPv6 address its last 64 bits, for data and options 0.
  public var value: UInt64

  /// The bytes that contain it, the first and the last perhaps in part.
  public var bytes: Range<Int> { bits.lowerBound / 8..<(bits.upperBound + 7) / 8 }
}
