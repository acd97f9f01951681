// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

extension STUNMessage.Method {
  /// Its name in its RFC.
  public var name: String {
    switch self {
    case .binding: "Binding"
    case .allocate: "Allocate"
    case .refresh: "Refresh"
    case .send: "Send"
    case .data: "Data"
    case .createPermission: "CreatePermission"
    case .channelBind: "ChannelBind"
    default: "method \(rawValue)"
    }
  }

  /// Whether TURN defines it rather than STUN.
  public var isTURN: Bool {
    [.allocate, .refresh, .send, .data, .createPermission, .channelBind].contains(self)
  }
}

extension STUNErrorCode: CustomStringConvertible {
  public var description: String { phrase.isEmpty ? "\(rawValue)" : "\(rawValue) (\(phrase))" }
}

extension STUNMessage {
  /// The message in words: `STUN Binding request`.
  public var description: MessageDescription {
    let name = method.isTURN ? "TURN" : "STUN"
    var summary = "\(name) \(method.name) "
    switch kind {
    case .request: summary += "request"
    case .indication: summary += "indication"
    case .success: summary += "success response"
    case .error: summary += "error" + (errorCode.map { " \($0)" } ?? "")
    }
    if has(.useCandidate) { summary += " that nominates" }
    if let mapped = mappedAddress, kind == .success, method == .binding { summary += ": you are \(mapped)" }
    if let relayed = relayedAddress { summary += ": relayed as \(relayed)" }
    let fields = [MessageDescription.Field("transaction", transaction.description)] + attributes.map(\.field)
    return MessageDescription(protocolName: name, summary: summary, fields: fields)
  }
}

extension STUNAttribute {
  /// The attribute's name as its RFC writes it, and its value.
  public var field: MessageDescription.Field { MessageDescription.Field(name, valueText) }

  /// The name as its RFC writes it.
  public var name: String { Self.name(ofType: typeNumber) }

  private static func text(of code: STUNErrorCode, _ reason: String) -> String {
    reason.isEmpty ? "\(code.rawValue)" : "\(code.rawValue) \(reason)"
  }

  private var valueText: String {
    switch self {
    case .mappedAddress(let endpoint), .xorMappedAddress(let endpoint), .alternateServer(let endpoint),
      .responseOrigin(let endpoint), .otherAddress(let endpoint), .xorPeerAddress(let endpoint),
      .xorRelayedAddress(let endpoint):
      endpoint.description
    case .username(let text), .realm(let text), .nonce(let text), .software(let text), .alternateDomain(let text):
      text
    case .userhash(let value), .messageIntegrity(let value), .messageIntegritySHA256(let value): hexadecimal(value)
    case .fingerprint(let value): "0x" + String(value, radix: 16)
    case .errorCode(let code, let reason): Self.text(of: code, reason)
    case .addressErrorCode(let family, let code, let reason):
      (family == .ipv4 ? "IPv4: " : "IPv6: ") + Self.text(of: code, reason)
    case .passwordAlgorithms(let list): list.map(\.name).joined(separator: ", ")
    case .passwordAlgorithm(let algorithm): algorithm.name
    case .unknownAttributes(let types): types.map(Self.name(ofType:)).joined(separator: ", ")
    case .changeRequest(let address, let port):
      address ? port ? "change address and port" : "change address" : port ? "change port" : "change nothing"
    case .responsePort(let port): "\(port)"
    case .priority(let value): "\(value)"
    case .useCandidate, .dontFragment: "yes"
    case .iceControlled(let value), .iceControlling(let value), .reservationToken(let value):
      "0x" + String(value, radix: 16)
    case .channelNumber(let number): "0x" + String(number, radix: 16)
    case .lifetime(let seconds): "\(seconds) s"
    case .padding(let value), .data(let value), .unknown(_, let value): "\(value.count) bytes"
    case .requestedAddressFamily(let family), .additionalAddressFamily(let family):
      family == .ipv4 ? "IPv4" : "IPv6"
    case .evenPort(let reserveNext): reserveNext ? "and the next one reserved" : "yes"
    case .requestedTransport(let number): number == Self.udp ? "UDP" : "protocol \(number)"
    case .malformed(_, let value): "malformed: \(hexadecimal(value.prefix(32)))"
    }
  }

  /// The name of a type, or its number if it is not known.
  public static func name(ofType number: UInt16) -> String {
    Kind(rawValue: number)?.name ?? "0x" + hexadecimal([UInt8(number >> 8), UInt8(number & 0xFF)])
  }
}

extension STUNAttribute.PasswordAlgorithm {
  var name: String {
    switch number {
    case 1: "MD5"
    case 2: "SHA-256"
    default: "algorithm \(number)"
    }
  }
}

extension STUNAttribute.Kind {
  /// The name as its RFC writes it: the case's words in upper case.
  public var name: String {
    switch self {
    case .messageIntegritySHA256: "MESSAGE-INTEGRITY-SHA256"
    case .iceControlled: "ICE-CONTROLLED"
    case .iceControlling: "ICE-CONTROLLING"
    default:
      String(String(describing: self).flatMap { $0.isUppercase ? ["-", $0] : [Character($0.uppercased())] })
    }
  }
}
