// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

extension STUNAttribute {
  /// Reads the value of an attribute whose type and length came before it.
  init(type number: UInt16, value: ArraySlice<UInt8>, _ transaction: STUNMessage.TransactionID) {
    guard let kind = Kind(rawValue: number) else {
      self = .unknown(number, Array(value))
      return
    }
    self = Self.read(kind, value, transaction) ?? .malformed(kind, Array(value))
  }

  private static func read(
    _ kind: Kind, _ value: ArraySlice<UInt8>, _ transaction: STUNMessage.TransactionID
  ) -> STUNAttribute? {
    switch kind {
    case .mappedAddress: endpoint(value).map { .mappedAddress($0) }
    case .alternateServer: endpoint(value).map { .alternateServer($0) }
    case .responseOrigin: endpoint(value).map { .responseOrigin($0) }
    case .otherAddress: endpoint(value).map { .otherAddress($0) }
    case .xorMappedAddress: endpoint(value, transaction).map { .xorMappedAddress($0) }
    case .xorPeerAddress: endpoint(value, transaction).map { .xorPeerAddress($0) }
    case .xorRelayedAddress: endpoint(value, transaction).map { .xorRelayedAddress($0) }
    case .username: text(value).map { .username($0) }
    case .realm: text(value).map { .realm($0) }
    case .nonce: text(value).map { .nonce($0) }
    case .software: text(value).map { .software($0) }
    case .alternateDomain: text(value, most: 255).map { .alternateDomain($0) }
    case .userhash: value.count == 32 ? .userhash(Array(value)) : nil
    case .messageIntegrity: value.count == 20 ? .messageIntegrity(Array(value)) : nil
    case .messageIntegritySHA256:
      (16...32).contains(value.count) && value.count % 4 == 0 ? .messageIntegritySHA256(Array(value)) : nil
    case .padding: .padding(Array(value))
    case .data: .data(Array(value))
    case .fingerprint: number(value).map { .fingerprint($0) }
    case .priority: number(value).map { .priority($0) }
    case .lifetime: number(value).map { .lifetime($0) }
    case .iceControlled: number(value).map { .iceControlled($0) }
    case .iceControlling: number(value).map { .iceControlling($0) }
    case .reservationToken: number(value).map { .reservationToken($0) }
    case .errorCode: errorCode(value).map { .errorCode($0.code, reason: $0.reason) }
    case .addressErrorCode:
      errorCode(value).flatMap { error in
        AddressFamily(stunNumber: error.family).map { .addressErrorCode($0, error.code, reason: error.reason) }
      }
    case .passwordAlgorithms: algorithms(value).map { .passwordAlgorithms($0) }
    case .passwordAlgorithm:
      algorithms(value).flatMap { $0.count == 1 ? $0.first.map { .passwordAlgorithm($0) } : nil }
    case .unknownAttributes: types(value)
    case .changeRequest:
      number(value, UInt32.self).map { .changeRequest(address: $0 & 4 != 0, port: $0 & 2 != 0) }
    case .responsePort: number(value, UInt32.self).map { .responsePort(UInt16($0 >> 16)) }
    case .channelNumber: number(value, UInt32.self).map { .channelNumber(UInt16($0 >> 16)) }
    case .useCandidate: value.isEmpty ? .useCandidate : nil
    case .dontFragment: value.isEmpty ? .dontFragment : nil
    case .requestedAddressFamily: family(value).map { .requestedAddressFamily($0) }
    case .additionalAddressFamily: family(value).map { .additionalAddressFamily($0) }
    case .evenPort: number(value, UInt8.self).map { .evenPort(reserveNext: $0 & 0x80 != 0) }
    case .requestedTransport: number(value, UInt32.self).map { .requestedTransport(UInt8($0 >> 24)) }
    }
  }

  /// A number that fills the whole value.
  private static func number<Number: FixedWidthInteger & UnsignedInteger>(
    _ value: ArraySlice<UInt8>, _: Number.Type = Number.self
  ) -> Number? {
    var reader = ByteReader(value)
    let number = reader.number(Number.self)
    return reader.isAtEnd ? number : nil
  }

  /// At most 763 bytes of UTF-8 (RFC 8489 §14.3).
  private static func text(_ value: ArraySlice<UInt8>, most: Int = 763) -> String? {
    value.count <= most ? String(validating: value, as: UTF8.self) : nil
  }

  private static func family(_ value: ArraySlice<UInt8>) -> AddressFamily? {
    number(value, UInt32.self).flatMap { AddressFamily(stunNumber: UInt8($0 >> 24)) }
  }

  /// Reads an address and a port; with a transaction, obscured ones.
  private static func endpoint(
    _ value: ArraySlice<UInt8>, _ transaction: STUNMessage.TransactionID? = nil
  ) -> Endpoint? {
    var reader = ByteReader(value)
    guard reader.number(UInt8.self) != nil,
      let family = reader.number(UInt8.self).flatMap(AddressFamily.init(stunNumber:)),
      var port = reader.number(UInt16.self)
    else { return nil }
    let cookie = transaction == nil ? 0 : STUNMessage.magicCookie
    port ^= UInt16(truncatingIfNeeded: cookie >> 16)
    let address: IPAddress?
    switch family {
    case .ipv4: address = reader.number(UInt32.self).map { IPAddress(ipv4: $0 ^ cookie) }
    case .ipv6:
      guard let high = reader.number(UInt64.self), let low = reader.number(UInt64.self) else { return nil }
      let mask = UInt64(cookie) << 32 | UInt64(transaction?.high ?? 0)
      address = IPAddress(ipv6High: high ^ mask, low: low ^ (transaction?.low ?? 0))
    }
    guard let address, reader.isAtEnd else { return nil }
    return Endpoint(address, port)
  }

  /// A code and its reason, and the family in the first byte, which only ADDRESS-ERROR-CODE has.
  private static func errorCode(
    _ value: ArraySlice<UInt8>
  ) -> (family: UInt8, code: STUNErrorCode, reason: String)? {
    var reader = ByteReader(value)
    guard let family = reader.number(UInt8.self), reader.number(UInt8.self) != nil,
      let hundreds = reader.number(UInt8.self), let rest = reader.number(UInt8.self),
      rest < 100, let code = STUNErrorCode(rawValue: UInt16(hundreds & 7) * 100 + UInt16(rest)),
      let reason = text(reader.rest)
    else { return nil }
    return (family, code, reason)
  }

  private static func types(_ value: ArraySlice<UInt8>) -> STUNAttribute? {
    guard value.count % 2 == 0 else { return nil }
    var reader = ByteReader(value)
    var types: [UInt16] = []
    while let type = reader.number(UInt16.self) { types.append(type) }
    return .unknownAttributes(types)
  }

  private static func algorithms(_ value: ArraySlice<UInt8>) -> [PasswordAlgorithm]? {
    var reader = ByteReader(value)
    var algorithms: [PasswordAlgorithm] = []
    while !reader.isAtEnd {
      guard let number = reader.number(UInt16.self), let length = reader.number(UInt16.self),
        let parameters = reader.bytes(Int(length))
      else { return nil }
      algorithms.append(PasswordAlgorithm(number: number, parameters: Array(parameters)))
      // The last one's padding belongs to the attribute.
      _ = reader.bytes(min((4 - Int(length) % 4) % 4, reader.rest.count))
    }
    return algorithms
  }
}
