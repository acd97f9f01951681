// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// `stats`.
public struct StatsReport: ResultContent {
  public struct Counter: Encodable, Sendable {
    public var packets: Int
    public var bytes: Int
  }
  public struct Device: Encodable, Sendable {
    public var name: String
    public var kind: DeviceKind
    public var sent: Counter
    public var forwarded: Counter
    public var delivered: Counter
    public var dropped: Counter
  }
  public struct Link: Encodable, Sendable {
    /// The device whose link towards the internet this is.
    public var device: String
    public var up: Counter
    public var down: Counter
  }
  public struct Conversation: Encodable, Sendable {
    public var from: String
    public var to: String
    public var transport: TransportProtocol
    public var packets: Int
    public var minimumMicroseconds: Int64
    public var medianMicroseconds: Int64
    public var maximumMicroseconds: Int64
    /// The routers and the internet that each packet crossed: the least and the most.
    public var hops: ClosedRange<Int>

    enum CodingKeys: String, CodingKey {
      case from, to
      case transport = "protocol"
      case packets
      case minimumMicroseconds = "min_us"
      case medianMicroseconds = "median_us"
      case maximumMicroseconds = "max_us"
      case minimumHops = "min_hops"
      case maximumHops = "max_hops"
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(from, forKey: .from)
      try container.encode(to, forKey: .to)
      try container.encode(transport.name, forKey: .transport)
      try container.encode(packets, forKey: .packets)
      try container.encode(minimumMicroseconds, forKey: .minimumMicroseconds)
      try container.encode(medianMicroseconds, forKey: .medianMicroseconds)
      try container.encode(maximumMicroseconds, forKey: .maximumMicroseconds)
      try container.encode(hops.lowerBound, forKey: .minimumHops)
      try container.encode(hops.upperBound, forKey: .maximumHops)
    }
  }
  /// What a program has passed on between others, in payload, and what that comes to.
  public struct Relay: Encodable, Sendable {
    public var host: String
    public var program: String
    public var inBytes: Int64
    public var outBytes: Int64
    /// How long data flowed, without the pauses; 0 if none did, and then there are no rates.
    public var streamMicroseconds: Int64
    /// Over that time.
    public var inBitsPerSecond: Int64
    public var outBitsPerSecond: Int64
    /// What the provider counts if it goes on like that for an hour.
    public var hourlyBytes: Int64

    enum CodingKeys: String, CodingKey {
      case host, program
      case inBytes = "in_bytes"
      case outBytes = "out_bytes"
      case streamMicroseconds = "stream_us"
      case inBitsPerSecond = "in_bps"
      case outBitsPerSecond = "out_bps"
      case hourlyBytes = "hour_bytes"
    }
  }
  public var devices: [Device]
  public var links: [Link]
  public var conversations: [Conversation]
  public var relays: [Relay] = []
}
