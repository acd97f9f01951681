// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// `table`: one router's translation table, or every router's.
public enum TablesReport: ResultContent {
  case one(TableReport)
  case all([TableReport])

  private enum CodingKeys: String, CodingKey { case tables }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .one(let table): try table.encode(to: encoder)
    case .all(let tables):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(tables, forKey: .tables)
    }
  }
}

/// One router's translation table.
public struct TableReport: Encodable, Sendable {
  public var router: String
  public var mappings: [MappingReport]
  /// Rows that timed out since the table was last shown.
  public var expired: [MappingReport]
  public var mappingBehavior: EndpointDependence
  /// The behaviour from which the rows' `permitted` follow.
  public var filteringBehavior: EndpointDependence
  /// Whether the router translates at all.
  public var translates: Bool
  /// Whether the learner does not know the words of RFC 4787 yet.
  public var isPlain = false
  /// For a router that takes packets for nobody inside as its own: the endpoints that such datagrams keep. Nil
  /// elsewhere.
  public var held: [HeldPairReport]?
  /// The inside host that gets what is nobody else's.
  public var dmz: IPAddress?
  /// Outside addresses that are one inside host's each; nil for none.
  public var pairs: [AddressPairReport]?
  /// The ports of each inside host; nil where hosts have no ports of their own.
  public var blocks: [PortBlockReport]?
  /// New flows that lost a race for their outside port; nil for none.
  public var insertFailures: Int?

  enum CodingKeys: String, CodingKey {
    case router, mappings, expired, dmz, pairs, blocks
    case mappingBehavior = "mapping_behavior"
    case filteringBehavior = "filtering_behavior"
    case translates, held
    case insertFailures = "insert_failed"
  }
}

/// An outside address, and the inside host whose it is alone.
public struct AddressPairReport: Encodable, Sendable {
  public var external: IPAddress
  public var `internal`: IPAddress
}

/// The outside ports that are one inside host's alone.
public struct PortBlockReport: Encodable, Sendable {
  public var `internal`: IPAddress
  public var external: IPAddress
  public var first: UInt16
  public var last: UInt16
  /// The most that are in use of one protocol.
  public var used: Int

  public init(_ block: PortBlock) {
    (`internal`, external, used) = (block.inside, block.external, block.used)
    (first, last) = (block.ports.lowerBound, block.ports.upperBound)
  }

  public var size: Int { Int(last - first) + 1 }
}

/// Two endpoints that a datagram from outside, which was the router's own, keeps from inside hosts for a while.
public struct HeldPairReport: Encodable, Sendable {
  public var external: Endpoint
  public var remote: Endpoint
  /// The packet that came first.
  public var createdBy: Int
  public var expiresInMicroseconds: Int64

  enum CodingKeys: String, CodingKey {
    case external, remote
    case createdBy = "created_by"
    case expiresInMicroseconds = "expires_in_us"
  }
}

/// One property of a device and its value.
public struct SettingReport: Encodable, Sendable {
  public var value: PropertyValue
  /// Whether it differs from that of a new device of the kind.
  public var isChanged: Bool

  public var property: Property { value.property }

  private enum CodingKeys: String, CodingKey { case property, value, changed }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(property.name, forKey: .property)
    try container.encode(value, forKey: .value)
    try container.encode(isChanged, forKey: .changed)
  }
}

/// A device, its place and its settings.
public struct DeviceReport: Encodable, Sendable {
  public var name: String
  public var kind: DeviceKind
  /// A host's addresses, a router's outside addresses.
  public var addresses: [IPAddress]
  /// A router's inside prefixes; empty for a host.
  public var lan: [IPPrefix]
  /// A router's own address in each inside prefix.
  public var lanAddresses: [IPAddress]
  /// The router that it is behind; nil on the internet.
  public var behind: String?
  /// The router whose inside network a second gateway shares; nil for others.
  public var beside: String?
  /// The routes that it was given; nil if there are none.
  public var routes: [RouteReport]?
  /// The ports a host listens on.
  public var listening: [ListeningPort]
  public var settings: [SettingReport]

  enum CodingKeys: String, CodingKey {
    case name, kind, addresses, lan
    case lanAddresses = "lan_addresses"
    case behind, beside, routes, listening, settings
  }
}

/// A route that a device was given.
public struct RouteReport: Encodable, Sendable {
  public var prefix: IPPrefix
  public var via: IPAddress
}

/// `show`: one device, or all.
public enum DevicesReport: ResultContent {
  case one(DeviceReport)
  case all([DeviceReport])

  private enum CodingKeys: String, CodingKey { case device, devices }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .one(let device): try container.encode(device, forKey: .device)
    case .all(let devices): try container.encode(devices, forKey: .devices)
    }
  }
}

/// A change to the network, and the device that was changed.
public struct ChangeReport: ResultContent {
  public enum Change: Sendable {
    case created
    /// The device of that name.
    case removed(String)
    case set(PropertyValue, previous: PropertyValue)
    case listening([TransportProtocol], port: UInt16)
    case forwarding(ListeningPort, to: Endpoint)
    case unforwarded(ListeningPort)
    /// The host gets everything that is nobody else's, or no longer does.
    case forwardingAll(to: IPAddress)
    case unforwardedAll
    /// The outside address is the host's alone, or no longer is.
    case forwardingAddress(IPAddress, to: IPAddress)
    case unforwardedAddress(IPAddress)
    case routed(IPPrefix, via: IPAddress)
    case unrouted(IPPrefix)
    case reset
    case sceneLoaded(name: String, summary: String)
    case seeded(UInt64)
  }
  public var change: Change
  /// The device as it is now; nil when it is gone, or when it concerns several.
  public var device: DeviceReport?

  private enum CodingKeys: String, CodingKey { case change, device, subject, value, previous }

  /// `subject` is the thing changed, such as `filtering` or `udp 4000`, `value` its present value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(change.word, forKey: .change)
    try container.encodeIfPresent(device, forKey: .device)
    switch change {
    case .created: try container.encodeIfPresent(device?.name, forKey: .subject)
    case .removed(let name): try container.encode(name, forKey: .subject)
    case .set(let value, let previous):
      try container.encode(value.property.name, forKey: .subject)
      try container.encode(value, forKey: .value)
      try container.encode(previous, forKey: .previous)
    case .listening(let transports, let port):
      try container.encode("\(Self.words(for: transports)) \(port)", forKey: .subject)
    case .forwarding(let port, let inside):
      try container.encode(port, forKey: .subject)
      try container.encode(inside, forKey: .value)
    case .unforwarded(let port): try container.encode(port, forKey: .subject)
    case .forwardingAll(let inside):
      try container.encode("all", forKey: .subject)
      try container.encode(inside, forKey: .value)
    case .unforwardedAll: try container.encode("all", forKey: .subject)
    case .forwardingAddress(let outside, let inside):
      try container.encode(outside, forKey: .subject)
      try container.encode(inside, forKey: .value)
    case .unforwardedAddress(let outside): try container.encode(outside, forKey: .subject)
    case .routed(let prefix, let gateway):
      try container.encode(prefix, forKey: .subject)
      try container.encode(gateway, forKey: .value)
    case .unrouted(let prefix): try container.encode(prefix, forKey: .subject)
    case .reset: break
    case .sceneLoaded(let name, let summary):
      try container.encode(name, forKey: .subject)
      try container.encode(summary, forKey: .value)
    case .seeded(let seed): try container.encode("\(seed)", forKey: .value)
    }
  }

  /// `udp`, `udp and tcp`.
  public static func words(for transports: [TransportProtocol]) -> String {
    transports.map(\.name).joined(separator: " and ")
  }
}

extension ChangeReport.Change {
  /// The word for it in JSON.
  fileprivate var word: String {
    switch self {
    case .created: "created"
    case .removed: "removed"
    case .set: "set"
    case .listening: "listening"
    case .forwarding, .forwardingAll, .forwardingAddress: "forwarding"
    case .unforwarded, .unforwardedAll, .unforwardedAddress: "unforwarded"
    case .routed: "routed"
    case .unrouted: "unrouted"
    case .reset: "reset"
    case .sceneLoaded: "scene-loaded"
    case .seeded: "seeded"
    }
  }
}

/// `scene` without a name.
public struct ScenesReport: ResultContent {
  public struct Entry: Encodable, Sendable {
    public var name: String
    public var summary: String
  }
  public var scenes: [Entry]
}

/// `map`: the network as it stands, for drawing.
public struct MapReport: ResultContent {
  public struct Link: Encodable, Sendable {
    public var delayMicroseconds: Int64
    public var rateBitsPerSecond: Int64?
    public var loss: LossRate

    private enum CodingKeys: String, CodingKey {
      case delay = "delay_us"
      case rate = "rate_bps"
      case loss = "loss_percent"
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(delayMicroseconds, forKey: .delay)
      try container.encodeIfPresent(rateBitsPerSecond, forKey: .rate)
      try container.encode(loss.percent, forKey: .loss)
    }
  }
  public struct Node: Encodable, Sendable {
    public var name: String
    public var kind: DeviceKind
    public var addresses: [IPAddress]
    public var lan: [IPPrefix]
    /// The router that it is behind; nil on the internet.
    public var behind: String?
    /// The link towards the internet.
    public var link: Link
    /// Whether a router translates; true for anything but a router.
    public var translates: Bool
    public var mappingCount: Int
    /// The router whose inside network it shares.
    public var beside: String?
    /// The routes that it was given; nil if there are none.
    public var routes: [RouteReport]?
  }
  public struct Flight: Encodable, Sendable {
    public var packet: Int
    public var from: String
    public var to: String
    public var source: Endpoint
    public var destination: Endpoint
    public var transport: TransportProtocol
    public var dueMicroseconds: Int64

    private enum CodingKeys: String, CodingKey {
      case packet, from, to, source, destination
      case transport = "protocol"
      case due = "due_us"
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(packet, forKey: .packet)
      try container.encode(from, forKey: .from)
      try container.encode(to, forKey: .to)
      try container.encode(source, forKey: .source)
      try container.encode(destination, forKey: .destination)
      try container.encode(transport.name, forKey: .transport)
      try container.encode(dueMicroseconds, forKey: .due)
    }
  }
  /// The hosts and routers in the order they were made; a device comes after the router in front of it.
  public var nodes: [Node]
  public var flights: [Flight]
}
