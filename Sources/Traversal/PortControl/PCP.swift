// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

/// Port Control Protocol (RFC 6887): MAP, which asks for a mapping or an IPv6 pinhole, and ANNOUNCE.
public enum PCP {
  public static let version: UInt8 = 2
  /// The longest message (RFC 6887 §7).
  public static let mostBytes = 1_100
  /// Retransmission without an end: 3 s, doubling up to 1,024 s (RFC 6887 §8.1.1). Real clients give up; so does this
  /// one, after four requests.
  public static let retransmission = Retransmission(
    initial: .seconds(3), most: 4, patience: .seconds(24), longest: .seconds(1_024))

  static let headerLength = 24

  /// A result code (RFC 6887 §7.4).
  public struct ResultCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let success = ResultCode(rawValue: 0)
    public static let unsupportedVersion = ResultCode(rawValue: 1)
    public static let notAuthorized = ResultCode(rawValue: 2)
    public static let malformedRequest = ResultCode(rawValue: 3)
    public static let unsupportedOpcode = ResultCode(rawValue: 4)
    public static let unsupportedOption = ResultCode(rawValue: 5)
    public static let malformedOption = ResultCode(rawValue: 6)
    public static let networkFailure = ResultCode(rawValue: 7)
    public static let noResources = ResultCode(rawValue: 8)
    public static let unsupportedProtocol = ResultCode(rawValue: 9)
    public static let userExceededQuota = ResultCode(rawValue: 10)
    public static let cannotProvideExternal = ResultCode(rawValue: 11)
    public static let addressMismatch = ResultCode(rawValue: 12)
    public static let excessiveRemotePeers = ResultCode(rawValue: 13)

    private static let phrases = [
      "SUCCESS", "UNSUPP_VERSION", "NOT_AUTHORIZED", "MALFORMED_REQUEST", "UNSUPP_OPCODE", "UNSUPP_OPTION",
      "MALFORMED_OPTION", "NETWORK_FAILURE", "NO_RESOURCES", "UNSUPP_PROTOCOL", "USER_EX_QUOTA",
      "CANNOT_PROVIDE_EXTERNAL", "ADDRESS_MISMATCH", "EXCESSIVE_REMOTE_PEERS",
    ]

    /// The RFC's name for it.
    public var phrase: String {
      Int(rawValue) < Self.phrases.count ? Self.phrases[Int(rawValue)] : "result code \(rawValue)"
    }
  }

  /// The operation of a message.
  public enum Operation: Hashable, Sendable {
    /// Opcode 0: a router says that it has lost its state, a host asks whether it is there (RFC 6887 §14.1).
    case announce
    /// Opcode 1 (RFC 6887 §11).
    case map(Mapping)

    var opcode: UInt8 { self == .announce ? 0 : 1 }
  }

  /// The fields of MAP, the same in both directions: the external endpoint is suggested by the host and assigned by the
  /// router.
  public struct Mapping: Hashable, Sendable {
    /// 96 bits that only the host knows, so that nobody else changes its mapping.
    public var nonce: Nonce
    /// Nil means all protocols.
    public var transport: TransportProtocol?
    public var internalPort: UInt16
    public var external: Endpoint

    public init(nonce: Nonce, transport: TransportProtocol?, internalPort: UInt16, external: Endpoint) {
      self.nonce = nonce
      self.transport = transport
      self.internalPort = internalPort
      self.external = external
    }
  }

  public struct Nonce: Hashable, Sendable, CustomStringConvertible {
    public var high: UInt32
    public var low: UInt64

    public init(high: UInt32, low: UInt64) {
      self.high = high
      self.low = low
    }

    public init(using generator: inout SeededGenerator) {
      self.init(high: UInt32(truncatingIfNeeded: generator.next()), low: generator.next())
    }
  }

  /// An option (RFC 6887 §7.3); below 128 it must be processed.
  public struct Option: Hashable, Sendable {
    public var code: UInt8
    public var data: [UInt8]

    /// The suggested external endpoint or none (RFC 6887 §13.2).
    public static let preferFailure = Option(code: 2, data: [])

    public init(code: UInt8, data: [UInt8]) {
      self.code = code
      self.data = data
    }

    public var isRequired: Bool { code < 128 }
  }
}

/// Why bytes are not a PCP request, which determines the router's answer (RFC 6887 §8.3).
public enum PCPRequestError: Error, Hashable, Sendable {
  /// Too short, or a response: there is no answer.
  case notARequest
  case refused(PCP.ResultCode)
}

extension PCP {
  /// A host's request to its router.
  public struct Request: Hashable, Sendable {
    /// Seconds; 0 gives a mapping up (RFC 6887 §15).
    public var lifetime: UInt32
    /// The host's address as it knows it: it reveals a NAT in between (RFC 6887 §8.1).
    public var client: IPAddress
    public var operation: Operation
    public var options: [Option]

    public init(lifetime: UInt32, client: IPAddress, _ operation: Operation, options: [Option] = []) {
      self.lifetime = lifetime
      self.client = client
      self.operation = operation
      self.options = options
    }

    /// Reads a request.
    ///
    /// - Throws: ``PCPRequestError`` with the router's answer, in the RFC's order of checks (§8.3).
    public init(decoding bytes: ArraySlice<UInt8>) throws(PCPRequestError) {
      var reader = ByteReader(bytes)
      guard let version = reader.number(UInt8.self), let opcode = reader.number(UInt8.self), opcode < 128 else {
        throw .notARequest
      }
      guard version == PCP.version else { throw version == 0 ? .notARequest : .refused(.unsupportedVersion) }
      guard bytes.count >= PCP.headerLength, bytes.count <= PCP.mostBytes, bytes.count % 4 == 0,
        reader.bytes(2) != nil, let lifetime = reader.number(UInt32.self), let client = reader.pcpAddress()
      else { throw .refused(.malformedRequest) }
      guard opcode <= 1 else { throw .refused(.unsupportedOpcode) }
      var operation = Operation.announce
      if opcode == 1 { operation = .map(try PCP.mapping(from: &reader)) }
      self.init(lifetime: lifetime, client: client, operation, options: try PCP.options(from: &reader))
    }

    /// The request's bytes.
    public func encoded() -> [UInt8] {
      var bytes: [UInt8] = [PCP.version, operation.opcode, 0, 0]
      bytes.appendNumber(lifetime)
      bytes.appendPCPAddress(client)
      PCP.encode(operation, options, into: &bytes)
      return bytes
    }
  }

  /// A router's answer or announcement.
  public struct Response: Hashable, Sendable {
    public var result: ResultCode
    /// The mapping's lifetime in seconds; for an error, how long it will remain one.
    public var lifetime: UInt32
    /// Seconds since the router began (RFC 6887 §8.5).
    public var epoch: UInt32
    public var operation: Operation
    public var options: [Option]

    public init(
      _ result: ResultCode, lifetime: UInt32, epoch: UInt32, _ operation: Operation, options: [Option] = []
    ) {
      self.result = result
      self.lifetime = lifetime
      self.epoch = epoch
      self.operation = operation
      self.options = options
    }

    /// Reads a response; nil for anything else.
    public init?(decoding bytes: ArraySlice<UInt8>) {
      var reader = ByteReader(bytes)
      guard bytes.count >= PCP.headerLength, bytes.count <= PCP.mostBytes, bytes.count % 4 == 0,
        reader.number(UInt8.self) == PCP.version, let opcode = reader.number(UInt8.self), opcode & 127 <= 1,
        opcode >= 128, reader.bytes(1) != nil,
        let result = reader.number(UInt8.self).map(ResultCode.init(rawValue:)),
        let lifetime = reader.number(UInt32.self), let epoch = reader.number(UInt32.self), reader.bytes(12) != nil
      else { return nil }
      var operation = Operation.announce
      if opcode == 129 {
        guard let mapping = try? PCP.mapping(from: &reader) else { return nil }
        operation = .map(mapping)
      }
      guard let options = try? PCP.options(from: &reader) else { return nil }
      self.init(result, lifetime: lifetime, epoch: epoch, operation, options: options)
    }

    /// The response's bytes.
    public func encoded() -> [UInt8] {
      var bytes: [UInt8] = [PCP.version, 128 | operation.opcode, 0, result.rawValue]
      bytes.appendNumber(lifetime)
      bytes.appendNumber(epoch)
      bytes += repeatElement(0, count: 12)
      PCP.encode(operation, options, into: &bytes)
      return bytes
    }
  }

  /// The refusal of a request whose bytes cannot be read: they come back with the response's header (RFC 6887 §8.3).
  public static func refusal(of bytes: ArraySlice<UInt8>, _ result: ResultCode, lifetime: UInt32, epoch: UInt32)
    -> [UInt8]
  {
    var answer = Array(bytes.prefix(mostBytes))
    answer += repeatElement(0, count: max(headerLength - answer.count, 0))
    answer += repeatElement(0, count: (4 - answer.count % 4) % 4)
    let opcode = bytes.count > 1 ? bytes[bytes.startIndex + 1] & 127 : 0
    var header: [UInt8] = [version, 128 | opcode, 0, result.rawValue]
    header.appendNumber(lifetime)
    header.appendNumber(epoch)
    header += repeatElement(0, count: 12)
    answer.replaceSubrange(..<headerLength, with: header)
    return answer
  }
}
