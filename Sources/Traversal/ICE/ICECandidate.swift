// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// An endpoint at which an agent might be reached (RFC 8445 §5.1).
public struct ICECandidate: Hashable, Sendable {
  public var type: Kind
  public var address: Endpoint
  /// The endpoint from which the agent sends: the host's own, or a relayed candidate itself.
  public var base: Endpoint
  public var priority: UInt32
  public var foundation: String

  /// The kinds, named as in SDP candidates (RFC 8839 §5.1).
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case host
    /// As a STUN server saw it.
    case serverReflexive = "srflx"
    /// As the peer saw it, or where the peer was heard from.
    case peerReflexive = "prflx"
    case relayed = "relay"

    /// RFC 8445 §5.1.2.2.
    public var preference: UInt32 {
      switch self {
      case .host: 126
      case .peerReflexive: 110
      case .serverReflexive: 100
      case .relayed: 0
      }
    }

    public var isReflexive: Bool { self == .serverReflexive || self == .peerReflexive }
  }

  /// The priority of a candidate (RFC 8445 §5.1.2.1).
  ///
  /// - Parameter localPreference: 65,535 for an agent with one address; different for each of several.
  public static func priority(_ type: Kind, localPreference: UInt16 = .max, component: UInt32 = 1) -> UInt32 {
    type.preference << 24 | UInt32(localPreference) << 8 | (256 - min(component, 256))
  }

  /// - Parameter server: The server from which it was learned.
  public init(
    _ type: Kind, _ address: Endpoint, base: Endpoint, server: IPAddress? = nil, localPreference: UInt16 = .max
  ) {
    self.init(
      type, address, base: base, priority: Self.priority(type, localPreference: localPreference),
      foundation: Self.foundation(type, base: base.address, server: server))
  }

  public init(_ type: Kind, _ address: Endpoint, base: Endpoint, priority: UInt32, foundation: String) {
    self.type = type
    self.address = address
    self.base = base
    self.priority = priority
    self.foundation = foundation
  }

  /// The same for candidates of one type, from one address, by one server (RFC 8445 §5.1.1.3); here in plain words.
  private static func foundation(_ type: Kind, base: IPAddress, server: IPAddress?) -> String {
    let letters: [Kind: String] = [.host: "h", .serverReflexive: "s", .peerReflexive: "p", .relayed: "r"]
    var bytes: [UInt8] = Array("\(base)".utf8)
    if let server { bytes += "\(server)".utf8 }
    return (letters[type] ?? "") + String(CRC32.checksum(of: bytes), radix: 16)
  }
}

/// A candidate of ours and one of the peer's (RFC 8445 §6.1.2).
public struct ICEPair: Hashable, Sendable {
  public let id: Int
  public var local: ICECandidate
  public var remote: ICECandidate
  public var priority: UInt64
  public var state: State
  /// Whether it has carried a request there and its answer back.
  public internal(set) var isValid = false
  public internal(set) var isNominated = false
  /// How often a check of it has failed.
  var failures = 0

  public enum State: String, Hashable, Sendable, CaseIterable {
    case frozen
    case waiting
    case inProgress = "in-progress"
    case succeeded
    case failed
  }

  /// The foundation that frozen pairs share.
  var foundation: String { local.foundation + ":" + remote.foundation }

  /// The priority of a pair (RFC 8445 §6.1.2.3).
  public static func priority(controlling: UInt32, controlled: UInt32) -> UInt64 {
    let (low, high) = (UInt64(min(controlling, controlled)), UInt64(max(controlling, controlled)))
    return low << 32 &+ 2 &* high &+ (controlling > controlled ? 1 : 0)
  }

  /// How data travels through this pair.
  public var path: ICEPath {
    if local.type == .relayed || remote.type == .relayed { return .relayed }
    return local.type == .host || remote.type == .host ? .direct : .punched
  }
}

/// How two ends reach each other in the end.
public enum ICEPath: String, Hashable, Sendable {
  /// At least one of them is reached at its own address.
  case direct
  /// Both at the addresses that their routers gave them.
  case punched
  /// Through a TURN server.
  case relayed
}
