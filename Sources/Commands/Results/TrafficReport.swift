// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// What streams of video came to: the part that `call` and `crowd` have in common.
public struct TrafficReport: Encodable, Sendable {
  public struct Delay: Encodable, Sendable {
    public var minimum: Int64
    public var median: Int64
    public var maximum: Int64
  }

  public struct Server: Encodable, Sendable {
    /// Bits of payload a second.
    public var inBitsPerSecond: Int64
    public var outBitsPerSecond: Int64

    enum CodingKeys: String, CodingKey {
      case inBitsPerSecond = "in_bps"
      case outBitsPerSecond = "out_bps"
    }
  }

  /// Packets that met the same end, in the order it first happened.
  public struct Loss: Encodable, Sendable {
    public var node: String
    /// Why they were dropped; nil where `node` got them and was not meant.
    public var reason: DropReason?
    public var packets: Int
  }

  /// The server's name; nil for a direct path.
  public var via: String?
  public var users: Int
  public var packets: Int
  public var lost: Int
  /// One way, from the sender to the receiver; nil where nothing arrived.
  public var delay: Delay?
  public var server: Server?
  public var rateBitsPerSecond: Int64
  /// How long the streams lasted.
  public var durationMicroseconds: Int64
  /// What became of what was lost, registrations with the server among it; empty for a crowd.
  public var losses: [Loss]
  /// Whether it was stopped before its time.
  public var wasStopped: Bool

  /// `direct` or `via`.
  public var path: String { via == nil ? "direct" : "via" }

  private enum CodingKeys: String, CodingKey {
    case path, via, users, packets, lost, server, losses, stopped
    case delay = "delay_us"
    case rate = "rate_bps"
    case duration = "duration_us"
  }

  private enum DelayKeys: String, CodingKey {
    case minimum = "min"
    case median
    case maximum = "max"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    try container.encode(via, forKey: .via)
    try container.encode(users, forKey: .users)
    try container.encode(packets, forKey: .packets)
    try container.encode(lost, forKey: .lost)
    // The contract wants the keys, whatever is known.
    var times = container.nestedContainer(keyedBy: DelayKeys.self, forKey: .delay)
    try times.encode(delay?.minimum, forKey: .minimum)
    try times.encode(delay?.median, forKey: .median)
    try times.encode(delay?.maximum, forKey: .maximum)
    try container.encode(server, forKey: .server)
    try container.encode(rateBitsPerSecond, forKey: .rate)
    try container.encode(durationMicroseconds, forKey: .duration)
    if !losses.isEmpty { try container.encode(losses, forKey: .losses) }
    if wasStopped { try container.encode(true, forKey: .stopped) }
  }
}

/// `call`: two hosts of the learner's network.
public struct CallReport: Measurement {
  public var from: String
  public var to: String
  public var traffic: TrafficReport
  /// The streams that began: two, unless somebody never heard of the call.
  public var streams: Int
  /// The mappings that timed out meanwhile.
  public var expired: [MappingReport]
  /// The clock afterwards.
  public var timeMicroseconds: Int64

  public var command: String { "call" }

  private enum CodingKeys: String, CodingKey {
    case call, expired
    case timeMicroseconds = "time_us"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(traffic, forKey: .call)
    try container.encode(expired, forKey: .expired)
    try container.encode(timeMicroseconds, forKey: .timeMicroseconds)
  }
}

/// `crowd`: many users on a network of their own.
public struct CrowdReport: Measurement {
  /// What a server carried for so many users.
  public struct Point: Encodable, Sendable {
    public var users: Int
    public var inBitsPerSecond: Int64
    public var outBitsPerSecond: Int64

    enum CodingKeys: String, CodingKey {
      case users
      case inBitsPerSecond = "in_bps"
      case outBitsPerSecond = "out_bps"
    }
  }

  public var traffic: TrafficReport
  /// The server's load against the number of users, each point measured in a shorter run but the last; empty for a
  /// direct path.
  public var growth: [Point]

  public var command: String { "crowd" }

  private enum CodingKeys: String, CodingKey { case crowd, growth }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(traffic, forKey: .crowd)
    if !growth.isEmpty { try container.encode(growth, forKey: .growth) }
  }
}
