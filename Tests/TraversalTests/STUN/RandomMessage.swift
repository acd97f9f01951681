// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Traversal

/// Messages of every kind with any attributes, as far as their values allow.
struct RandomMessage {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func next() -> STUNMessage {
    let methods: [STUNMessage.Method] = [
      .binding, .allocate, .refresh, .send, .data, .createPermission, .channelBind,
      STUNMessage.Method(rawValue: number(0x1000)) ?? .binding,
    ]
    let kind = STUNMessage.Kind.allCases[Int(generator.below(4))]
    let method = methods[Int(generator.below(UInt64(methods.count)))]
    var message = STUNMessage(kind, method, STUNMessage.TransactionID(using: &generator))
    for _ in 0..<generator.below(6) { message.attributes.append(attribute()) }
    return message
  }

  private mutating func number(_ bound: UInt64) -> UInt16 { UInt16(generator.below(bound)) }

  private mutating func bytes(_ most: UInt64) -> [UInt8] {
    (0..<generator.below(most + 1)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  }

  private mutating func text() -> String {
    String((0..<generator.below(20)).map { _ in Character(["a", "9", ":", "ü", "マ", "🦉"][Int(generator.below(6))]) })
  }

  mutating func endpoint() -> Endpoint {
    let ipv6 = IPAddress(ipv6High: generator.next(), low: generator.next())
    let address = generator.below(2) == 0 ? ipv6 : nil
    return Endpoint(address ?? IPAddress(ipv4: UInt32(truncatingIfNeeded: generator.next())), number(0x10000))
  }

  private mutating func algorithm() -> STUNAttribute.PasswordAlgorithm {
    STUNAttribute.PasswordAlgorithm(number: number(4), parameters: bytes(9))
  }

  /// One attribute of every type but those that seal a message, and an unknown one.
  mutating func attribute() -> STUNAttribute {
    let choices = STUNAttribute.Kind.allCases.filter {
      ![.messageIntegrity, .messageIntegritySHA256, .fingerprint].contains($0)
    }
    let word = UInt32(truncatingIfNeeded: generator.next())
    guard let kind = choices.dropFirst(Int(generator.below(UInt64(choices.count) + 1))).first else {
      return .unknown(0x7F00 | number(0x100), bytes(20))
    }
    switch kind {
    case .mappedAddress: return .mappedAddress(endpoint())
    case .xorMappedAddress: return .xorMappedAddress(endpoint())
    case .alternateServer: return .alternateServer(endpoint())
    case .responseOrigin: return .responseOrigin(endpoint())
    case .otherAddress: return .otherAddress(endpoint())
    case .xorPeerAddress: return .xorPeerAddress(endpoint())
    case .xorRelayedAddress: return .xorRelayedAddress(endpoint())
    case .username: return .username(text())
    case .realm: return .realm(text())
    case .nonce: return .nonce(text())
    case .software: return .software(text())
    case .alternateDomain: return .alternateDomain("example.org")
    case .userhash: return .userhash(Array(repeating: UInt8(truncatingIfNeeded: word), count: 32))
    case .errorCode:
      return .errorCode(STUNErrorCode(rawValue: 300 + number(400)) ?? .badRequest, reason: text())
    case .addressErrorCode:
      return .addressErrorCode(
        word & 1 == 0 ? .ipv4 : .ipv6, STUNErrorCode(rawValue: 300 + number(400)) ?? .badRequest, reason: text())
    case .passwordAlgorithms: return .passwordAlgorithms([algorithm(), algorithm(), algorithm()])
    case .passwordAlgorithm: return .passwordAlgorithm(algorithm())
    case .unknownAttributes: return .unknownAttributes((0..<generator.below(5)).map { _ in number(0x10000) })
    case .changeRequest: return .changeRequest(address: word & 1 == 0, port: word & 2 == 0)
    case .padding: return .padding(bytes(40))
    case .responsePort: return .responsePort(number(0x10000))
    case .priority: return .priority(word)
    case .useCandidate: return .useCandidate
    case .iceControlled: return .iceControlled(generator.next())
    case .iceControlling: return .iceControlling(generator.next())
    case .channelNumber: return .channelNumber(number(0x10000))
    case .lifetime: return .lifetime(word)
    case .data: return .data(bytes(50))
    case .requestedAddressFamily: return .requestedAddressFamily(word & 1 == 0 ? .ipv4 : .ipv6)
    case .additionalAddressFamily: return .additionalAddressFamily(.ipv6)
    case .evenPort: return .evenPort(reserveNext: word & 1 == 0)
    case .requestedTransport: return .requestedTransport(UInt8(truncatingIfNeeded: word))
    case .dontFragment: return .dontFragment
    case .reservationToken: return .reservationToken(generator.next())
    case .messageIntegrity, .messageIntegritySHA256, .fingerprint: return .dontFragment
    }
  }
}
