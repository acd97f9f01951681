// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

extension STUNAttribute {
  /// Appends type, length, value and padding; appends nothing if the value is too long for its length field.
  func encode(into bytes: inout [UInt8], _ transaction: STUNMessage.TransactionID) {
    let start = bytes.count
    bytes.appendNumber(typeNumber)
    bytes += [0, 0]
    encodeValue(into: &bytes, transaction)
    let length = bytes.count - start - 4
    guard let stated = UInt16(exactly: length) else { return bytes.removeLast(length + 4) }
    bytes.replace(at: start + 2, with: stated)
    Self.pad(&bytes, after: length)
  }

  /// Pads with zeros to whole words (RFC 8489 §14).
  static func pad(_ bytes: inout [UInt8], after length: Int) {
    bytes += repeatElement(0, count: (4 - length % 4) % 4)
  }

  private static func encode(_ code: STUNErrorCode, _ reason: String, family: UInt8 = 0, into bytes: inout [UInt8]) {
    bytes += [family, 0, UInt8(code.rawValue / 100), UInt8(code.rawValue % 100)]
    bytes += reason.utf8
  }

  private func encodeValue(into bytes: inout [UInt8], _ transaction: STUNMessage.TransactionID) {
    switch self {
    case .mappedAddress(let endpoint), .alternateServer(let endpoint), .responseOrigin(let endpoint),
      .otherAddress(let endpoint):
      Self.encode(endpoint, into: &bytes)
    case .xorMappedAddress(let endpoint), .xorPeerAddress(let endpoint), .xorRelayedAddress(let endpoint):
      Self.encode(endpoint, into: &bytes)
      Self.obscure(&bytes, after: bytes.count - (endpoint.address.isIPv4 ? 8 : 20), transaction)
    case .username(let text), .realm(let text), .nonce(let text), .software(let text), .alternateDomain(let text):
      bytes += text.utf8
    case .userhash(let value), .messageIntegrity(let value), .messageIntegritySHA256(let value),
      .padding(let value), .data(let value), .unknown(_, let value), .malformed(_, let value):
      bytes += value
    case .fingerprint(let value), .priority(let value), .lifetime(let value): bytes.appendNumber(value)
    case .errorCode(let code, let reason): Self.encode(code, reason, into: &bytes)
    case .addressErrorCode(let family, let code, let reason):
      Self.encode(code, reason, family: family.stunNumber, into: &bytes)
    case .passwordAlgorithms(let algorithms): for algorithm in algorithms { Self.encode(algorithm, into: &bytes) }
    case .passwordAlgorithm(let algorithm): Self.encode(algorithm, into: &bytes)
    case .unknownAttributes(let types): for type in types { bytes.appendNumber(type) }
    case .changeRequest(let address, let port): bytes += [0, 0, 0, (address ? 4 : 0) | (port ? 2 : 0)]
    case .responsePort(let port), .channelNumber(let port):
      bytes.appendNumber(port)
      bytes += [0, 0]
    case .useCandidate, .dontFragment: break
    case .iceControlled(let value), .iceControlling(let value), .reservationToken(let value):
      bytes.appendNumber(value)
    case .requestedAddressFamily(let family), .additionalAddressFamily(let family):
      bytes += [family.stunNumber, 0, 0, 0]
    case .evenPort(let reserveNext): bytes.append(reserveNext ? 0x80 : 0)
    case .requestedTransport(let number): bytes += [number, 0, 0, 0]
    }
  }

  private static func encode(_ endpoint: Endpoint, into bytes: inout [UInt8]) {
    bytes += [0, endpoint.address.family.stunNumber]
    bytes.appendNumber(endpoint.port)
    bytes.appendAddress(endpoint.address)
  }

  /// Hides an address, port first, from gateways that rewrite anything that looks like their own (RFC 8489 §14.2).
  private static func obscure(_ bytes: inout [UInt8], after start: Int, _ transaction: STUNMessage.TransactionID) {
    var key: [UInt8] = []
    key.appendNumber(STUNMessage.magicCookie)
    key.appendNumber(transaction.high)
    key.appendNumber(transaction.low)
    for index in 0..<2 { bytes[start + 2 + index] ^= key[index] }
    for (index, position) in bytes.indices[(start + 4)...].enumerated() { bytes[position] ^= key[index] }
  }

  private static func encode(_ algorithm: PasswordAlgorithm, into bytes: inout [UInt8]) {
    bytes.appendNumber(algorithm.number)
    bytes.appendNumber(UInt16(truncatingIfNeeded: algorithm.parameters.count))
    bytes += algorithm.parameters
    pad(&bytes, after: algorithm.parameters.count)
  }
}

extension AddressFamily {
  /// The number in attributes that hold addresses (RFC 8489 §14.1).
  var stunNumber: UInt8 { self == .ipv4 ? 1 : 2 }

  init?(stunNumber: UInt8) {
    switch stunNumber {
    case 1: self = .ipv4
    case 2: self = .ipv6
    default: return nil
    }
  }
}

extension STUNMessage {
  /// The algorithm of an integrity attribute.
  public enum Integrity: Hashable, Sendable {
    /// MESSAGE-INTEGRITY (RFC 8489 §14.5).
    case sha1
    /// MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.6).
    case sha256
  }

  /// The message's bytes: its attributes in their order, then integrity if there is a key, then the fingerprint if it
  /// is wanted.
  ///
  /// An attribute that is too long for its length field is left out, and so is any that would make the whole too long
  /// for the header's; neither happens to anything that fits into a datagram.
  public func encoded(
    signedWith key: [UInt8]? = nil, _ integrity: Integrity = .sha1, withFingerprint: Bool = false
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(160)
    bytes.appendNumber(method.spread | (kind.rawValue & 1) << 4 | (kind.rawValue & 2) << 7)
    bytes += [0, 0]
    bytes.appendNumber(Self.magicCookie)
    bytes.appendNumber(transaction.high)
    bytes.appendNumber(transaction.low)
    for attribute in attributes {
      let start = bytes.count
      attribute.encode(into: &bytes, transaction)
      if bytes.count - Self.headerLength > Self.mostAttributeBytes { bytes.removeLast(bytes.count - start) }
    }
    if let key {
      let digest: Digest = integrity == .sha1 ? .sha1 : .sha256
      Self.state(length: bytes.count + 4 + digest.length, in: &bytes)
      let code = digest.authenticate(bytes[...], key: key)
      (integrity == .sha1 ? STUNAttribute.messageIntegrity(code) : .messageIntegritySHA256(code))
        .encode(into: &bytes, transaction)
    }
    if withFingerprint {
      Self.state(length: bytes.count + 8, in: &bytes)
      STUNAttribute.fingerprint(CRC32.checksum(of: bytes) ^ Self.fingerprintMask).encode(into: &bytes, transaction)
    }
    Self.state(length: bytes.count, in: &bytes)
    return bytes
  }

  /// Leaves room for an integrity attribute and a fingerprint.
  private static let mostAttributeBytes = 65_532 - 36 - 8
  /// The mask that distinguishes a fingerprint from any other protocol's CRC (RFC 8489 §14.7).
  static let fingerprintMask: UInt32 = 0x5354_554E

  private static func state(length: Int, in bytes: inout [UInt8]) {
    bytes.replace(at: 2, with: UInt16(truncatingIfNeeded: length - headerLength))
  }
}
