// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

/// Why bytes are not a STUN message (RFC 8489 §6.3): they may be another protocol's.
public enum STUNDecodingError: Error, Hashable, Sendable {
  /// There are fewer bytes than a header has.
  case tooShort(Int)
  /// The first two bits are not zero, or the magic cookie is wrong.
  case notSTUN
  /// The header gives a length that disagrees with the bytes after it, or not in whole words.
  case lengthsDisagree(says: Int, actual: Int)
  /// An attribute's length goes beyond the message.
  case attributeTooLong(type: UInt16, says: Int, available: Int)
}

/// A STUN message as received: its contents, and the bytes covered by its integrity.
public struct ReceivedSTUNMessage: Sendable {
  /// Its contents. Attributes that follow its integrity are left out, since they are to be ignored (RFC 8489 §9).
  public let message: STUNMessage
  public let bytes: [UInt8]
  private let seals: Seals

  /// The places of the integrity attributes and the fingerprint, if they are there and have the right length.
  private struct Seals {
    var integrity: Int?
    var integritySHA256: Int?
    var fingerprint: Int?

    /// After MESSAGE-INTEGRITY only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT count, after those only FINGERPRINT, and
    /// after that nothing (RFC 8489 §9, §14.7).
    func admit(_ attribute: STUNAttribute) -> Bool {
      if fingerprint != nil { return false }
      switch attribute {
      case .fingerprint: return true
      case .messageIntegritySHA256: return integritySHA256 == nil
      default: return integrity == nil && integritySHA256 == nil
      }
    }

    mutating func note(_ attribute: STUNAttribute, at offset: Int) {
      switch attribute {
      case .messageIntegrity: integrity = offset
      case .messageIntegritySHA256: integritySHA256 = offset
      case .fingerprint: fingerprint = offset
      default: break
      }
    }
  }

  /// Reads a message.
  ///
  /// - Throws: ``STUNDecodingError`` if the bytes are not framed as a message. A value that is invalid for its
  ///   attribute is kept as malformed.
  public init(decoding bytes: ArraySlice<UInt8>) throws(STUNDecodingError) {
    guard bytes.count >= STUNMessage.headerLength else { throw .tooShort(bytes.count) }
    var reader = ByteReader(bytes)
    guard let type = reader.number(UInt16.self), let length = reader.number(UInt16.self),
      let cookie = reader.number(UInt32.self), let high = reader.number(UInt32.self),
      let low = reader.number(UInt64.self), let kind = STUNMessage.Kind(rawValue: type >> 4 & 1 | type >> 7 & 2),
      type < 0x4000, cookie == STUNMessage.magicCookie
    else { throw .notSTUN }
    guard Int(length) == reader.rest.count, length % 4 == 0 else {
      throw .lengthsDisagree(says: Int(length), actual: reader.rest.count)
    }
    let transaction = STUNMessage.TransactionID(high: high, low: low)
    var message = STUNMessage(kind, STUNMessage.Method(of: type), transaction)
    var seals = Seals()
    while !reader.isAtEnd {
      let offset = reader.rest.startIndex - bytes.startIndex
      // The length is in whole words, so that a type is followed by a length.
      guard let number = reader.number(UInt16.self), let says = reader.number(UInt16.self) else { break }
      let available = reader.rest.count
      guard let value = reader.bytes(Int(says)), reader.bytes((4 - Int(says) % 4) % 4) != nil else {
        throw .attributeTooLong(type: number, says: Int(says), available: available)
      }
      let attribute = STUNAttribute(type: number, value: value, transaction)
      guard seals.admit(attribute) else { continue }
      seals.note(attribute, at: offset)
      message.attributes.append(attribute)
    }
    self.message = message
    self.bytes = Array(bytes)
    self.seals = seals
  }

  public var hasIntegrity: Bool { integrityAlgorithm != nil }

  /// The algorithm by which its integrity is judged; the longer digest if both are there (RFC 8489 §9.1.3).
  public var integrityAlgorithm: STUNMessage.Integrity? {
    seals.integritySHA256 != nil ? .sha256 : seals.integrity != nil ? .sha1 : nil
  }

  /// Whether the bytes were signed with `key`; false if they were not signed.
  public func isSigned(with key: [UInt8]) -> Bool {
    let digest: Digest
    let offset: Int
    if let integritySHA256 = seals.integritySHA256 {
      (digest, offset) = (.sha256, integritySHA256)
    } else if let integrity = seals.integrity {
      (digest, offset) = (.sha1, integrity)
    } else {
      return false
    }
    // The attribute's length gives the number of digest bytes.
    let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
    let code = digest.authenticate(header(statingEnd: offset + 4 + length)[...], bytes[20..<offset], key: key)
    return code.prefix(length).elementsEqual(bytes[offset + 4..<offset + 4 + length])
  }

  /// Whether its fingerprint is right; nil if it has none.
  public var hasRightFingerprint: Bool? {
    guard let fingerprint = seals.fingerprint else { return nil }
    let expected = CRC32.checksum(of: header(statingEnd: fingerprint + 8) + bytes[20..<fingerprint])
    return message.attributes.contains(.fingerprint(expected ^ STUNMessage.fingerprintMask))
  }

  /// The header with a length as if the message ended there.
  private func header(statingEnd end: Int) -> [UInt8] {
    var header = Array(bytes[..<STUNMessage.headerLength])
    header.replace(at: 2, with: UInt16(truncatingIfNeeded: end - STUNMessage.headerLength))
    return header
  }
}

extension STUNMessage {
  /// Reads a message without keeping its bytes; see ``ReceivedSTUNMessage/init(decoding:)``.
  public init(decoding bytes: ArraySlice<UInt8>) throws(STUNDecodingError) {
    self = try ReceivedSTUNMessage(decoding: bytes).message
  }

  /// The types of attributes that must be understood but are not (RFC 8489 §14), each once, in their order.
  ///
  /// - Parameter known: The types that the receiver understands; by default all that are known here.
  public func unknownRequiredTypes(understanding known: Set<STUNAttribute.Kind>? = nil) -> [UInt16] {
    var types: [UInt16] = []
    for attribute in attributes where attribute.typeNumber < 0x8000 && !types.contains(attribute.typeNumber) {
      if let type = attribute.type, known?.contains(type) ?? true { continue }
      types.append(attribute.typeNumber)
    }
    return types
  }

  /// Whether an attribute's value is invalid for it: such a request is a bad one.
  public var isMalformed: Bool {
    attributes.contains { if case .malformed = $0 { true } else { false } }
  }
}
