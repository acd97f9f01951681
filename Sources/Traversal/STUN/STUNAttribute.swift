// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// One attribute of a STUN message, decoded.
public enum STUNAttribute: Hashable, Sendable {
  // RFC 8489 §14
  case mappedAddress(Endpoint)
  case xorMappedAddress(Endpoint)
  case username(String)
  /// 32 bytes.
  case userhash([UInt8])
  /// 20 bytes.
  case messageIntegrity([UInt8])
  /// 16 to 32 bytes.
  case messageIntegritySHA256([UInt8])
  case fingerprint(UInt32)
  case errorCode(STUNErrorCode, reason: String)
  case realm(String)
  case nonce(String)
  case passwordAlgorithms([PasswordAlgorithm])
  case passwordAlgorithm(PasswordAlgorithm)
  /// The numbers of the types.
  case unknownAttributes([UInt16])
  case software(String)
  case alternateServer(Endpoint)
  case alternateDomain(String)
  // RFC 5780 §7
  case changeRequest(address: Bool, port: Bool)
  case responseOrigin(Endpoint)
  case otherAddress(Endpoint)
  case padding([UInt8])
  case responsePort(UInt16)
  // RFC 8445 §16.1
  case priority(UInt32)
  case useCandidate
  case iceControlled(UInt64)
  case iceControlling(UInt64)
  // RFC 8656 §18
  case channelNumber(UInt16)
  /// Seconds.
  case lifetime(UInt32)
  case xorPeerAddress(Endpoint)
  case data([UInt8])
  case xorRelayedAddress(Endpoint)
  case requestedAddressFamily(AddressFamily)
  case evenPort(reserveNext: Bool)
  /// The number in IP's protocol field.
  case requestedTransport(UInt8)
  case dontFragment
  case reservationToken(UInt64)
  case additionalAddressFamily(AddressFamily)
  /// Why there is no relayed address of a family.
  case addressErrorCode(AddressFamily, STUNErrorCode, reason: String)
  /// A type that is not known here; below 0x8000 it must be understood (RFC 8489 §14).
  case unknown(UInt16, [UInt8])
  /// A known type with a value that is invalid for it.
  case malformed(Kind, [UInt8])

  /// UDP's number for ``requestedTransport(_:)``.
  public static let udp: UInt8 = 17

  /// How the key is derived from a long-term password (RFC 8489 §18.5).
  public struct PasswordAlgorithm: Hashable, Sendable {
    public var number: UInt16
    public var parameters: [UInt8]

    public static let md5 = PasswordAlgorithm(number: 1, parameters: [])
    public static let sha256 = PasswordAlgorithm(number: 2, parameters: [])

    public init(number: UInt16, parameters: [UInt8]) {
      self.number = number
      self.parameters = parameters
    }
  }

  /// The types that are known here, by their numbers.
  public enum Kind: UInt16, Hashable, Sendable, CaseIterable {
    case mappedAddress = 0x0001
    case changeRequest = 0x0003
    case username = 0x0006
    case messageIntegrity = 0x0008
    case errorCode = 0x0009
    case unknownAttributes = 0x000A
    case channelNumber = 0x000C
    case lifetime = 0x000D
    case xorPeerAddress = 0x0012
    case data = 0x0013
    case realm = 0x0014
    case nonce = 0x0015
    case xorRelayedAddress = 0x0016
    case requestedAddressFamily = 0x0017
    case evenPort = 0x0018
    case requestedTransport = 0x0019
    case dontFragment = 0x001A
    case messageIntegritySHA256 = 0x001C
    case passwordAlgorithm = 0x001D
    case userhash = 0x001E
    case xorMappedAddress = 0x0020
    case reservationToken = 0x0022
    case priority = 0x0024
    case useCandidate = 0x0025
    case padding = 0x0026
    case responsePort = 0x0027
    case additionalAddressFamily = 0x8000
    case addressErrorCode = 0x8001
    case passwordAlgorithms = 0x8002
    case alternateDomain = 0x8003
    case software = 0x8022
    case alternateServer = 0x8023
    case fingerprint = 0x8028
    case iceControlled = 0x8029
    case iceControlling = 0x802A
    case responseOrigin = 0x802B
    case otherAddress = 0x802C
  }

  /// Its type; nil for one that is not known here.
  public var type: Kind? {
    switch self {
    case .mappedAddress: .mappedAddress
    case .xorMappedAddress: .xorMappedAddress
    case .username: .username
    case .userhash: .userhash
    case .messageIntegrity: .messageIntegrity
    case .messageIntegritySHA256: .messageIntegritySHA256
    case .fingerprint: .fingerprint
    case .errorCode: .errorCode
    case .realm: .realm
    case .nonce: .nonce
    case .passwordAlgorithms: .passwordAlgorithms
    case .passwordAlgorithm: .passwordAlgorithm
    case .unknownAttributes: .unknownAttributes
    case .software: .software
    case .alternateServer: .alternateServer
    case .alternateDomain: .alternateDomain
    case .changeRequest: .changeRequest
    case .responseOrigin: .responseOrigin
    case .otherAddress: .otherAddress
    case .padding: .padding
    case .responsePort: .responsePort
    case .priority: .priority
    case .useCandidate: .useCandidate
    case .iceControlled: .iceControlled
    case .iceControlling: .iceControlling
    case .channelNumber: .channelNumber
    case .lifetime: .lifetime
    case .xorPeerAddress: .xorPeerAddress
    case .data: .data
    case .xorRelayedAddress: .xorRelayedAddress
    case .requestedAddressFamily: .requestedAddressFamily
    case .evenPort: .evenPort
    case .requestedTransport: .requestedTransport
    case .dontFragment: .dontFragment
    case .reservationToken: .reservationToken
    case .additionalAddressFamily: .additionalAddressFamily
    case .addressErrorCode: .addressErrorCode
    case .unknown: nil
    case .malformed(let type, _): type
    }
  }

  /// The number of its type.
  public var typeNumber: UInt16 {
    if case .unknown(let number, _) = self { return number }
    return type?.rawValue ?? 0
  }
}
