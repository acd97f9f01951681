// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import WireFormat

/// NAT Port Mapping Protocol (RFC 6886).
public enum NATPMP {
  public static let version: UInt8 = 0
  /// A host's default lifetime (RFC 6886 §3.3): 7,200 seconds.
  public static let recommendedLifetime: UInt32 = 7_200

  /// A result code (RFC 6886 §3.5); those that are not defined are errors as well.
  public struct ResultCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let success = ResultCode(rawValue: 0)
    public static let unsupportedVersion = ResultCode(rawValue: 1)
    public static let notAuthorized = ResultCode(rawValue: 2)
    public static let networkFailure = ResultCode(rawValue: 3)
    public static let outOfResources = ResultCode(rawValue: 4)
    public static let unsupportedOpcode = ResultCode(rawValue: 5)

    /// The RFC's words for it.
    public var phrase: String {
      switch self {
      case .success: "Success"
      case .unsupportedVersion: "Unsupported Version"
      case .notAuthorized: "Not Authorized/Refused"
      case .networkFailure: "Network Failure"
      case .outOfResources: "Out of resources"
      case .unsupportedOpcode: "Unsupported opcode"
      default: "result code \(rawValue)"
      }
    }
  }

  /// A host's request to its router.
  public enum Request: Hashable, Sendable {
    case externalAddress
    /// Lifetime in seconds; 0 gives the mapping up (RFC 6886 §3.4).
    case map(TransportProtocol, internalPort: UInt16, suggestedExternalPort: UInt16, lifetime: UInt32)

    /// Reads a request; nil for anything but one of this version with a known opcode.
    public init?(decoding bytes: ArraySlice<UInt8>) {
      var reader = ByteReader(bytes)
      guard reader.number(UInt8.self) == NATPMP.version, let opcode = reader.number(UInt8.self) else { return nil }
      if opcode == 0, reader.isAtEnd {
        self = .externalAddress
        return
      }
      guard let transport = TransportProtocol(natPMPOpcode: opcode), reader.bytes(2) != nil,
        let inside = reader.number(UInt16.self), let outside = reader.number(UInt16.self),
        let lifetime = reader.number(UInt32.self), reader.isAtEnd
      else { return nil }
      self = .map(transport, internalPort: inside, suggestedExternalPort: outside, lifetime: lifetime)
    }

    /// The request's bytes.
    public func encoded() -> [UInt8] {
      switch self {
      case .externalAddress: return [NATPMP.version, 0]
      case .map(let transport, let inside, let outside, let lifetime):
        var bytes: [UInt8] = [NATPMP.version, transport.natPMPOpcode, 0, 0]
        bytes.appendNumber(inside)
        bytes.appendNumber(outside)
        bytes.appendNumber(lifetime)
        return bytes
      }
    }
  }

  /// A router's answer, or its announcement when its address has changed (RFC 6886 §3.2.1).
  public struct Response: Hashable, Sendable {
    public var result: ResultCode
    /// Seconds since the router's table was set up (RFC 6886 §3.6).
    public var epoch: UInt32
    public var content: Content

    public enum Content: Hashable, Sendable {
      case externalAddress(IPAddress)
      /// Lifetime in seconds.
      case map(TransportProtocol, internalPort: UInt16, externalPort: UInt16, lifetime: UInt32)
      /// The version is not supported: nothing follows the epoch.
      case none
      /// The opcode is not supported: the request comes back from its fifth byte on, so there is no epoch.
      case returned(opcode: UInt8, request: [UInt8])
    }

    public init(_ result: ResultCode, epoch: UInt32, _ content: Content) {
      self.result = result
      self.epoch = epoch
      self.content = content
    }

    /// Reads a response; nil for anything else.
    public init?(decoding bytes: ArraySlice<UInt8>) {
      var reader = ByteReader(bytes)
      guard reader.number(UInt8.self) == NATPMP.version, let opcode = reader.number(UInt8.self),
        let result = reader.number(UInt16.self).map(ResultCode.init(rawValue:))
      else { return nil }
      if result == .unsupportedOpcode, opcode >= 128 {
        self.init(result, epoch: 0, .returned(opcode: opcode & 127, request: Array(reader.rest)))
        return
      }
      guard let epoch = reader.number(UInt32.self) else { return nil }
      switch opcode {
      case 0 where result == .unsupportedVersion && reader.isAtEnd: self.init(result, epoch: epoch, .none)
      case 128:
        guard let address = reader.number(UInt32.self), reader.isAtEnd else { return nil }
        self.init(result, epoch: epoch, .externalAddress(IPAddress(ipv4: address)))
      default:
        guard opcode > 128, let transport = TransportProtocol(natPMPOpcode: opcode - 128),
          let inside = reader.number(UInt16.self), let outside = reader.number(UInt16.self),
          let lifetime = reader.number(UInt32.self), reader.isAtEnd
        else { return nil }
        self.init(
          result, epoch: epoch,
          .map(transport, internalPort: inside, externalPort: outside, lifetime: lifetime))
      }
    }

    /// The response's bytes.
    public func encoded() -> [UInt8] {
      var bytes: [UInt8] = [NATPMP.version]
      switch content {
      case .externalAddress: bytes.append(128)
      case .map(let transport, _, _, _): bytes.append(128 + transport.natPMPOpcode)
      case .none: bytes.append(0)
      case .returned(let opcode, let request):
        bytes.append(128 | opcode)
        bytes.appendNumber(result.rawValue)
        return bytes + request
      }
      bytes.appendNumber(result.rawValue)
      bytes.appendNumber(epoch)
      switch content {
      case .externalAddress(let address): bytes.appendNumber(address.ipv4Bits)
      case .map(_, let inside, let outside, let lifetime):
        bytes.appendNumber(inside)
        bytes.appendNumber(outside)
        bytes.appendNumber(lifetime)
      case .none, .returned: break
      }
      return bytes
    }
  }

  /// A router's refusal of a message that is not a known request (RFC 6886 §3.5); nil if it is to be silent.
  public static func refusal(of bytes: ArraySlice<UInt8>, epoch: UInt32) -> Response? {
    var reader = ByteReader(bytes)
    guard let version = reader.number(UInt8.self), let opcode = reader.number(UInt8.self), opcode < 128 else {
      return nil
    }
    guard version == Self.version else { return Response(.unsupportedVersion, epoch: epoch, .none) }
    guard opcode > 2 else { return nil }
    return Response(
      .unsupportedOpcode, epoch: epoch, .returned(opcode: opcode, request: Array(reader.rest.dropFirst(2))))
  }
}

extension TransportProtocol {
  /// UDP 1, TCP 2 (RFC 6886 §3.3).
  fileprivate init?(natPMPOpcode: UInt8) {
    switch natPMPOpcode {
    case 1: self = .udp
    case 2: self = .tcp
    default: return nil
    }
  }

  fileprivate var natPMPOpcode: UInt8 { self == .tcp ? 2 : 1 }
}

extension NATPMP.Request {
  /// The request in words.
  public var description: MessageDescription {
    switch self {
    case .externalAddress:
      MessageDescription(
        protocolName: "NAT-PMP", summary: "NAT-PMP request for the external address",
        fields: [.init("version", "0"), .init("opcode", "0")])
    case .map(let transport, let inside, let outside, let lifetime):
      MessageDescription(
        protocolName: "NAT-PMP",
        summary: lifetime == 0
          ? "NAT-PMP request to give up \(transport.name) port \(inside)"
          : "NAT-PMP request to map \(transport.name) port \(inside)",
        fields: [
          .init("version", "0"), .init("opcode", "\(transport.natPMPOpcode)"), .init("internal port", "\(inside)"),
          .init("suggested external port", "\(outside)"), .init("requested lifetime", "\(lifetime) s"),
        ])
    }
  }
}

extension NATPMP.Response {
  /// The response in words.
  public var description: MessageDescription {
    var summary = "NAT-PMP response"
    var fields: [MessageDescription.Field] = [
      .init("version", "0"), .init("result code", "\(result.rawValue) (\(result.phrase))"),
    ]
    if case .returned = content {} else { fields.append(.init("seconds since start of epoch", "\(epoch)")) }
    switch content {
    case .externalAddress(let address):
      summary = "NAT-PMP external address \(address)"
      fields.append(.init("external address", "\(address)"))
    case .map(let transport, let inside, let outside, let lifetime):
      summary = "NAT-PMP \(transport.name) port \(inside) mapped to \(outside) for \(lifetime) s"
      fields += [
        .init("internal port", "\(inside)"), .init("mapped external port", "\(outside)"),
        .init("lifetime", "\(lifetime) s"),
      ]
    case .none, .returned: break
    }
    if result != .success { summary = "NAT-PMP error \(result.rawValue) (\(result.phrase))" }
    return MessageDescription(protocolName: "NAT-PMP", summary: summary, fields: fields)
  }
}
