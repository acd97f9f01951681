// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// The results of video streams that `call` and `crowd` share.
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
    /// Why they were dropped; nil if `node` got them but was not the destination.
    public var reason: DropReason?
    public var packets: Int
  }

  /// How packets went in the end where it was to be found out.
  public enum Way: String, CaseIterable, Sendable {
    case direct
    /// By holes that the two have made in their routers.
    case punched
    /// Through a TURN server.
    case relayed
    /// There was no way.
    case none

    init(_ path: ICEPath) {
      switch path {
      case .direct: self = .direct
      case .punched: self = .punched
      case .relayed: self = .relayed
      }
    }
  }

  /// The server's name; nil for a direct path.
  public var via: String?
  public var users: Int
  public var packets: Int
  public var lost: Int
  /// One way, from the sender to the receiver; nil if nothing arrived.
  public var delay: Delay?
  public var server: Server?
  public var rateBitsPerSecond: Int64
  /// How long the streams lasted.
  public var durationMicroseconds: Int64
  /// The fates of lost packets, including registrations with the server; empty for a crowd.
  public var losses: [Loss]
  /// Whether it was stopped before its time.
  public var wasStopped: Bool

  /// Nil if the command said which way to take.
  public var way: Way?
  /// Whether each pair has found its own way.
  public var isByICE = false

  /// `direct` or `via`, or the way that was found; `ice` for many pairs.
  public var path: String { isByICE ? "ice" : way?.rawValue ?? (via == nil ? "direct" : "via") }

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
    // The contract requires the keys, whatever is known.
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

extension TrafficReport {
  init(_ result: TrafficResult, users: Int, via: String?, name: (DeviceID) -> String) {
    self.init(
      via: via, users: users, packets: result.sent, lost: result.lost,
      delay: result.delays.summary.map {
        Delay(
          minimum: $0.minimum.microseconds, median: $0.median.microseconds, maximum: $0.maximum.microseconds)
      },
      server: result.server.map {
        Server(inBitsPerSecond: $0.inBitsPerSecond, outBitsPerSecond: $0.outBitsPerSecond)
      },
      rateBitsPerSecond: result.plan.bitsPerSecond, durationMicroseconds: result.plan.duration.microseconds,
      losses: result.losses.map { loss in
        let reason: DropReason? = if case .dropped(let reason) = loss.end { reason } else { nil }
        return Loss(node: name(loss.node), reason: reason, packets: loss.packets)
      },
      wasStopped: result.wasStopped)
  }
}
