// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

/// A message of STUN (RFC 8489 §5) or of a protocol built on it: behaviour discovery, TURN, ICE.
///
/// A received message is a ``ReceivedSTUNMessage``: integrity is about the bytes as they came.
public struct STUNMessage: Hashable, Sendable {
  public var method: Method
  public var kind: Kind
  public var transaction: TransactionID
  public var attributes: [STUNAttribute]

  /// The port of STUN and TURN over UDP and TCP (RFC 8489 §18.6, RFC 8656 §5).
  public static let standardPort: UInt16 = 3_478
  /// The number that distinguishes STUN messages from others (RFC 8489 §5).
  static let magicCookie: UInt32 = 0x2112_A442
  static let headerLength = 20

  public init(
    _ kind: Kind, _ method: Method, _ transaction: TransactionID, _ attributes: [STUNAttribute] = []
  ) {
    self.kind = kind
    self.method = method
    self.transaction = transaction
    self.attributes = attributes
  }

  /// A message's class (RFC 8489 §5).
  public enum Kind: UInt16, Hashable, Sendable, CaseIterable {
    case request = 0
    case indication = 1
    case success = 2
    case error = 3
  }

  /// The purpose of a message: 12 bits (RFC 8489 §18.2, RFC 8656 §17).
  public struct Method: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16

    public init?(rawValue: UInt16) {
      guard rawValue < 0x1000 else { return nil }
      self.init(rawValue)
    }

    private init(_ number: UInt16) { rawValue = number }

    public static let binding = Method(1)
    public static let allocate = Method(3)
    public static let refresh = Method(4)
    public static let send = Method(6)
    public static let data = Method(7)
    public static let createPermission = Method(8)
    public static let channelBind = Method(9)

    /// The lowest 12 bits of a type's parts that belong to the method.
    init(of type: UInt16) { rawValue = type & 0xF | type >> 1 & 0x70 | type >> 2 & 0xF80 }

    /// The method's bits with gaps for the class.
    var spread: UInt16 { rawValue & 0xF | (rawValue & 0x70) << 1 | (rawValue & 0xF80) << 2 }
  }

  /// The number that a response shares with its request: 96 bits drawn anew for each.
  public struct TransactionID: Hashable, Sendable, CustomStringConvertible {
    var high: UInt32
    var low: UInt64

    public init(high: UInt32, low: UInt64) {
      self.high = high
      self.low = low
    }

    /// Draws one.
    public init(using generator: inout SeededGenerator) {
      high = UInt32(truncatingIfNeeded: generator.next())
      low = generator.next()
    }

    public var description: String {
      var bytes: [UInt8] = []
      bytes.appendNumber(high)
      bytes.appendNumber(low)
      return hexadecimal(bytes)
    }
  }

  /// A request of a new transaction.
  public static func request(
    _ method: Method, _ attributes: [STUNAttribute] = [], using generator: inout SeededGenerator
  ) -> STUNMessage {
    STUNMessage(.request, method, TransactionID(using: &generator), attributes)
  }

  /// The answer to this request.
  public func response(_ attributes: [STUNAttribute]) -> STUNMessage {
    STUNMessage(.success, method, transaction, attributes)
  }

  /// The refusal of this request.
  public func refusal(_ code: STUNErrorCode, _ attributes: [STUNAttribute] = []) -> STUNMessage {
    STUNMessage(.error, method, transaction, [.errorCode(code, reason: code.phrase)] + attributes)
  }
}

extension STUNMessage {
  /// Whether a datagram is a message of STUN, by its first bits and the number that distinguishes it (RFC 8489 §5).
  static func begins(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= headerLength, let first = bytes.first, first < 0x40 else { return false }
    return bytes.dropFirst(4).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } == magicCookie
  }

  /// The first attribute in which `read` finds something: if there are several of a type, the first counts (RFC 8489
  /// §14).
  public func first<Value>(_ read: (STUNAttribute) -> Value?) -> Value? {
    for attribute in attributes {
      if let value = read(attribute) { return value }
    }
    return nil
  }

  public func has(_ type: STUNAttribute.Kind) -> Bool { attributes.contains { $0.type == type } }

  /// The source of the request as the server saw it.
  public var mappedAddress: Endpoint? {
    first { if case .xorMappedAddress(let endpoint) = $0 { endpoint } else { nil } }
      ?? first { if case .mappedAddress(let endpoint) = $0 { endpoint } else { nil } }
  }

  public var relayedAddress: Endpoint? { relayedAddresses.first }

  /// The endpoints that a TURN server lends, at most one per family.
  public var relayedAddresses: [Endpoint] {
    attributes.compactMap { if case .xorRelayedAddress(let endpoint) = $0 { endpoint } else { nil } }
  }

  /// The first peer; there may be several (RFC 8656 §10.1).
  public var peerAddress: Endpoint? { peerAddresses.first }

  public var peerAddresses: [Endpoint] {
    attributes.compactMap { if case .xorPeerAddress(let endpoint) = $0 { endpoint } else { nil } }
  }

  public var otherAddress: Endpoint? {
    first { if case .otherAddress(let endpoint) = $0 { endpoint } else { nil } }
  }

  public var errorCode: STUNErrorCode? { first { if case .errorCode(let code, _) = $0 { code } else { nil } } }
  public var username: String? { first { if case .username(let name) = $0 { name } else { nil } } }
  public var realm: String? { first { if case .realm(let realm) = $0 { realm } else { nil } } }
  public var nonce: String? { first { if case .nonce(let nonce) = $0 { nonce } else { nil } } }
  /// Seconds.
  public var lifetime: UInt32? { first { if case .lifetime(let seconds) = $0 { seconds } else { nil } } }
  public var channelNumber: UInt16? { first { if case .channelNumber(let number) = $0 { number } else { nil } } }
  public var data: [UInt8]? { first { if case .data(let bytes) = $0 { bytes } else { nil } } }
  public var priority: UInt32? { first { if case .priority(let value) = $0 { value } else { nil } } }
}

/// Why a request was refused: 300 to 699 (RFC 8489 §14.8).
public struct STUNErrorCode: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt16

  public init?(rawValue: UInt16) {
    guard (300...699).contains(rawValue) else { return nil }
    self.init(rawValue)
  }

  private init(_ number: UInt16) { rawValue = number }

  public static let tryAlternate = STUNErrorCode(300)
  public static let badRequest = STUNErrorCode(400)
  public static let unauthenticated = STUNErrorCode(401)
  public static let unknownAttribute = STUNErrorCode(420)
  public static let staleNonce = STUNErrorCode(438)
  public static let serverError = STUNErrorCode(500)
  // RFC 8656 §19
  public static let forbidden = STUNErrorCode(403)
  public static let allocationMismatch = STUNErrorCode(437)
  public static let addressFamilyNotSupported = STUNErrorCode(440)
  public static let wrongCredentials = STUNErrorCode(441)
  public static let unsupportedTransport = STUNErrorCode(442)
  public static let peerAddressFamilyMismatch = STUNErrorCode(443)
  public static let allocationQuotaReached = STUNErrorCode(486)
  public static let insufficientCapacity = STUNErrorCode(508)
  // RFC 8445 §7.3.1.1
  public static let roleConflict = STUNErrorCode(487)

  /// The RFC's words for it; empty for an undefined code.
  public var phrase: String {
    switch self {
    case .tryAlternate: "Try Alternate"
    case .badRequest: "Bad Request"
    case .unauthenticated: "Unauthenticated"
    case .forbidden: "Forbidden"
    case .unknownAttribute: "Unknown Attribute"
    case .allocationMismatch: "Allocation Mismatch"
    case .staleNonce: "Stale Nonce"
    case .addressFamilyNotSupported: "Address Family not Supported"
    case .wrongCredentials: "Wrong Credentials"
    case .unsupportedTransport: "Unsupported Transport Protocol"
    case .peerAddressFamilyMismatch: "Peer Address Family Mismatch"
    case .allocationQuotaReached: "Allocation Quota Reached"
    case .roleConflict: "Role Conflict"
    case .serverError: "Server Error"
    case .insufficientCapacity: "Insufficient Capacity"
    default: ""
    }
  }
}
