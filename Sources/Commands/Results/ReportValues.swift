// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A value that a report carries as it is, but JSON as its text.
public protocol EncodedAsText: Encodable, CustomStringConvertible {}

extension EncodedAsText {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension IPAddress: EncodedAsText {}
extension IPPrefix: EncodedAsText {}
extension Endpoint: EncodedAsText {}
extension PropertyValue: EncodedAsText {}

/// One end of a packet as its header has it: an address, and a port if the header has one. A query's identifier counts
/// as its port; an ICMP error has neither, and nor does a fragment other than the first.
public struct PacketEnd: Hashable, Sendable {
  public var address: IPAddress
  public var port: UInt16?

  public init(_ address: IPAddress, _ port: UInt16?) {
    self.address = address
    self.port = port
  }

  /// `endpoint` as it is in the header of a packet with or without ports.
  public init(_ endpoint: Endpoint, hasPort: Bool = true) {
    self.init(endpoint.address, hasPort ? endpoint.port : nil)
  }
}

extension PacketEnd: EncodedAsText {
  public var description: String { port.map { Endpoint(address, $0).description } ?? address.description }
}

extension Mapping.Remote: EncodedAsText {
  public var description: String {
    switch self {
    case .address(let address): address.description
    case .endpoint(let endpoint): endpoint.description
    }
  }
}

extension Mapping.Permitted: Encodable {
  /// `["*"]`, addresses or endpoints.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .anyone: try container.encode(["*"])
    case .addresses(let addresses): try container.encode(addresses)
    case .endpoints(let endpoints): try container.encode(endpoints)
    }
  }

  /// Whether packets from `sender` are let in.
  public func admits(_ sender: PacketEnd) -> Bool {
    switch self {
    case .anyone: true
    case .addresses(let addresses): addresses.contains(sender.address)
    case .endpoints(let endpoints): endpoints.contains { $0.address == sender.address && $0.port == sender.port }
    }
  }
}

extension EndpointDependence: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}

extension ICMPKind: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}

extension TCPFlags: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(names)
  }
}

/// A port of a host, as `udp 4000`.
public struct ListeningPort: Hashable, EncodedAsText, Sendable {
  public var transport: TransportProtocol
  public var port: UInt16
  /// The last of a range that begins with `port`.
  public var last: UInt16

  public init(_ transport: TransportProtocol, _ port: UInt16) { self.init(transport, port...port) }

  public init(_ transport: TransportProtocol, _ ports: ClosedRange<UInt16>) {
    self.transport = transport
    (port, last) = (ports.lowerBound, ports.upperBound)
  }

  public var description: String { "\(transport.name) \(port)" + (last > port ? "-\(last)" : "") }
}
