// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import WireFormat

/// Parts that requests and responses of PCP share.
extension PCP {
  static func mapping(from reader: inout ByteReader) throws(PCPRequestError) -> Mapping {
    guard let high = reader.number(UInt32.self), let low = reader.number(UInt64.self),
      let number = reader.number(UInt8.self), reader.bytes(3) != nil, let inside = reader.number(UInt16.self),
      let outside = reader.number(UInt16.self), let address = reader.pcpAddress()
    else { throw .refused(.malformedRequest) }
    let transport: TransportProtocol?
    switch number {
    case 0: transport = nil
    case 6: transport = .tcp
    case 17: transport = .udp
    default: throw .refused(.unsupportedProtocol)
    }
    // "All protocols" cannot be combined with a port (RFC 6887 §11.1).
    guard transport != nil || inside == 0 else { throw .refused(.malformedRequest) }
    return Mapping(
      nonce: Nonce(high: high, low: low), transport: transport, internalPort: inside,
      external: Endpoint(address, outside))
  }

  static func options(from reader: inout ByteReader) throws(PCPRequestError) -> [Option] {
    var options: [Option] = []
    while !reader.isAtEnd {
      guard let code = reader.number(UInt8.self), reader.bytes(1) != nil, let length = reader.number(UInt16.self),
        let data = reader.bytes(Int(length)), reader.bytes((4 - Int(length) % 4) % 4) != nil
      else { throw .refused(.malformedOption) }
      options.append(Option(code: code, data: Array(data)))
    }
    return options
  }

  static func encode(_ operation: Operation, _ options: [Option], into bytes: inout [UInt8]) {
    if case .map(let mapping) = operation {
      bytes += mapping.nonce.bytes
      bytes += [mapping.transport.map { $0 == .tcp ? 6 : 17 } ?? 0, 0, 0, 0]
      bytes.appendNumber(mapping.internalPort)
      bytes.appendNumber(mapping.external.port)
      bytes.appendPCPAddress(mapping.external.address)
    }
    for option in options {
      bytes += [option.code, 0]
      bytes.appendNumber(UInt16(truncatingIfNeeded: option.data.count))
      bytes += option.data
      bytes += repeatElement(0, count: (4 - option.data.count % 4) % 4)
    }
  }
}

extension ByteReader {
  /// An address in 128 bits, IPv4 in its mapped form (RFC 6887 §5).
  mutating func pcpAddress() -> IPAddress? {
    guard let high = number(UInt64.self), let low = number(UInt64.self) else { return nil }
    if high == 0, low >> 32 == 0xFFFF { return IPAddress(ipv4: UInt32(truncatingIfNeeded: low)) }
    return IPAddress(ipv6High: high, low: low)
  }
}

extension [UInt8] {
  /// The address in the form that ``ByteReader/pcpAddress()`` reads, which is also how addresses are kept here.
  mutating func appendPCPAddress(_ address: IPAddress) {
    appendNumber(address.high)
    appendNumber(address.low)
  }
}

extension PCP.Nonce {
  /// The 12 bytes.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendNumber(high)
    bytes.appendNumber(low)
    return bytes
  }

  /// The same in hexadecimal.
  public var description: String { hexadecimal(bytes) }
}

extension PCP.Operation {
  fileprivate var fields: [MessageDescription.Field] {
    guard case .map(let mapping) = self else { return [] }
    return [
      .init("mapping nonce", mapping.nonce.description), .init("protocol", mapping.transport?.name ?? "all"),
      .init("internal port", "\(mapping.internalPort)"),
      .init("external endpoint", "\(mapping.external)"),
    ]
  }

  fileprivate var name: String { self == .announce ? "ANNOUNCE" : "MAP" }
}

extension PCP.Request {
  /// The request in words.
  public var description: MessageDescription {
    var summary = "PCP \(operation.name) request"
    if case .map(let mapping) = operation {
      let ports = mapping.transport.map { "\($0.name) port \(mapping.internalPort)" } ?? "everything"
      summary += lifetime == 0 ? " to give up \(ports)" : " for \(ports)"
    }
    return MessageDescription(
      protocolName: "PCP", summary: summary,
      fields: [
        .init("version", "\(PCP.version)"), .init("requested lifetime", "\(lifetime) s"),
        .init("client address", "\(client)"),
      ] + operation.fields + options.map { .init("option", "\($0.code)") })
  }
}

extension PCP.Response {
  /// The response in words.
  public var description: MessageDescription {
    var summary = "PCP \(operation.name) response"
    if result != .success {
      summary = "PCP \(operation.name) error \(result.rawValue) (\(result.phrase))"
    } else if case .map(let mapping) = operation {
      summary += ": \(mapping.external) for \(lifetime) s"
    }
    return MessageDescription(
      protocolName: "PCP", summary: summary,
      fields: [
        .init("version", "\(PCP.version)"), .init("result code", "\(result.rawValue) (\(result.phrase))"),
        .init("lifetime", "\(lifetime) s"), .init("epoch", "\(epoch) s"),
      ] + operation.fields + options.map { .init("option", "\($0.code)") })
  }
}
