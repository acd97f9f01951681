// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The end of a mapping: its cause and its time.
public struct EndReport: Encodable, Sendable {
  public var cause: Mapping.Cause
  public var timeMicroseconds: Int64

  init(_ end: Mapping.End) {
    cause = end.cause
    timeMicroseconds = end.time.microseconds
  }

  private enum CodingKeys: String, CodingKey {
    case cause, packet
    case timeMicroseconds = "time_us"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(cause.name, forKey: .cause)
    try container.encode(timeMicroseconds, forKey: .timeMicroseconds)
    switch cause {
    case .reset(let packet), .reopened(let packet): try container.encode(packet, forKey: .packet)
    default: break
    }
  }
}

extension Mapping.Cause {
  /// The word for it in JSON.
  public var name: String {
    switch self {
    case .timedOut: "timed-out"
    case .reset: "reset"
    case .reopened: "reopened"
    case .unforwarded: "unforwarded"
    case .replaced: "replaced"
    case .addressRemoved: "address-removed"
    case .emptied: "emptied"
    }
  }
}

/// A port that a router would have kept, and its holder: a row, or a datagram that was the router's own.
public struct ChangedPortReport: Hashable, Encodable, Sendable {
  public var router: String
  public var port: UInt16
  /// The packet that took it first; nil for a static mapping.
  public var packet: Int?
  /// The row that has it; nil if no row does.
  public var mapping: Int?
}
