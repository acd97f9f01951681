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
  /// `address-and-port-dependent` and the like: what the rows' `permitted` come from.
  public var mappingBehavior: String
  public var filteringBehavior: String
  /// Whether the router translates at all.
  public var translates: Bool

  enum CodingKeys: String, CodingKey {
    case router, mappings, expired
    case mappingBehavior = "mapping_behavior"
    case filteringBehavior = "filtering_behavior"
    case translates
  }
}

/// A device's kind.
public enum DeviceKind: String, Codable, Sendable {
  case host
  case router
  case internet
}

/// One property of a device and what it is set to.
public struct SettingReport: Encodable, Sendable {
  public var property: String
  public var value: String
  /// Whether it differs from what a new device of the kind has.
  public var isChanged: Bool

  enum CodingKeys: String, CodingKey {
    case property, value
    case isChanged = "changed"
  }
}

/// `show`: a device, where it stands, and its settings.
public struct DeviceReport: Encodable, Sendable {
  public var name: String
  public var kind: DeviceKind
  /// A host's addresses, a router's outside addresses.
  public var addresses: [String]
  /// A router's inside prefixes; empty for a host.
  public var lan: [String]
  /// A router's own address in each inside prefix.
  public var lanAddresses: [String]
  /// The router it stands behind; nil on the internet.
  public var behind: String?
  /// The ports a host listens on, as `udp 4000`.
  public var listening: [String]
  public var settings: [SettingReport]

  enum CodingKeys: String, CodingKey {
    case name, kind, addresses, lan
    case lanAddresses = "lan_addresses"
    case behind, listening, settings
  }
}

/// `show`, and what `router`, `host`, `remove`, `set` and their kin have made.
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

/// A command that changed the network: what it did, and the device it did it to.
public struct ChangeReport: ResultContent {
  public enum Change: String, Encodable, Sendable {
    case created, removed, set, listening, forwarding, unforwarded, reset
    case sceneLoaded = "scene-loaded"
    case seeded
  }
  public var change: Change
  /// The device as it is now; nil when it is gone, or when there is no one device.
  public var device: DeviceReport?
  /// What was changed: `filtering`, `udp 4000`, a scene's name, a removed device's name.
  public var subject: String?
  /// What it is now: a property's value, the endpoint a port is forwarded to.
  public var value: String?
  /// What it was before.
  public var previous: String?
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
    public var lossPercent: Double

    enum CodingKeys: String, CodingKey {
      case delayMicroseconds = "delay_us"
      case rateBitsPerSecond = "rate_bps"
      case lossPercent = "loss_percent"
    }
  }
  public struct Node: Encodable, Sendable {
    public var name: String
    public var kind: DeviceKind
    public var addresses: [String]
    public var lan: [String]
    /// The router it stands behind; nil on the internet.
    public var behind: String?
    /// The link towards the internet.
    public var link: Link
    /// Whether a router translates; true for what is no router.
    public var translates: Bool
    public var mappingCount: Int
  }
  public struct Flight: Encodable, Sendable {
    public var packet: Int
    public var from: String
    public var to: String
    public var source: String
    public var destination: String
    public var transport: String
    public var dueMicroseconds: Int64

    enum CodingKeys: String, CodingKey {
      case packet, from, to, source, destination
      case transport = "protocol"
      case dueMicroseconds = "due_us"
    }
  }
  /// In the order they were made; a device comes after the router it stands behind.
  public var nodes: [Node]
  public var flights: [Flight]
}

/// One packet's story in a line.
public struct PacketSummary: Encodable, Sendable {
  public enum State: String, Encodable, Sendable {
    case inFlight = "in-flight"
    case delivered
    case dropped
  }
  public var number: Int
  /// The device that put it on the wire.
  public var origin: String
  public var transport: TransportProtocol
  /// As it was sent.
  public var source: String
  public var destination: String
  public var sentMicroseconds: Int64
  public var state: State
  /// Where it ended; nil while in flight.
  public var endedAt: String?
  public var reason: DropReason?
  public var text: String?
  public var flags: [String]?
  public var icmp: String?
  /// The packet that this one answers or reports on.
  public var about: Int?

  enum CodingKeys: String, CodingKey {
    case number, origin
    case transport = "protocol"
    case source, destination
    case sentMicroseconds = "sent_us"
    case state
    case endedAt = "ended_at"
    case reason, text, flags, icmp, about
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(number, forKey: .number)
    try container.encode(origin, forKey: .origin)
    try container.encode(transport.name, forKey: .transport)
    try container.encode(source, forKey: .source)
    try container.encode(destination, forKey: .destination)
    try container.encode(sentMicroseconds, forKey: .sentMicroseconds)
    try container.encode(state, forKey: .state)
    try container.encode(endedAt, forKey: .endedAt)
    try container.encode(reason, forKey: .reason)
    try container.encodeIfPresent(text, forKey: .text)
    try container.encodeIfPresent(flags, forKey: .flags)
    try container.encodeIfPresent(icmp, forKey: .icmp)
    try container.encodeIfPresent(about, forKey: .about)
  }
}

/// `packets`.
public struct PacketsReport: ResultContent {
  public var packets: [PacketSummary]
  /// Older packets that the trace no longer holds.
  public var forgotten: Int
}

/// `packet N`: one packet hop by hop.
public struct PacketReport: ResultContent {
  public var packet: PacketSummary
  /// Every hop, each with the header before (`source`, `destination`) and after (`new_source`, `new_destination`).
  public var trace: [HopReport]
}

/// `trace` and `ladder`: hops in the order they happened.
public struct TraceReport: ResultContent {
  public enum Form: String, Encodable, Sendable {
    case list
    case ladder
  }
  public var form: Form
  public var trace: [HopReport]
  /// For a ladder, the devices as columns from left to right.
  public var columns: [String]
  /// Earlier hops that are not listed.
  public var omitted: Int
}

/// `why`: what decided a packet's fate. The words are the renderer's; the facts are here.
public struct WhyReport: ResultContent {
  public var packet: PacketSummary
  /// The last hop: where the packet was delivered or dropped, or is now.
  public var hop: HopReport
  /// Every hop up to it.
  public var trace: [HopReport]
  /// The mapping that decided, as it is now, or as it was when it timed out.
  public var mapping: MappingReport?
  /// The router's settings where a router decided.
  public var mappingBehavior: String?
  public var filteringBehavior: String?
  public var translates: Bool?
  /// The address scope of the destination at the deciding hop: `private`, `public`, …
  public var destinationScope: AddressScope
  /// The device elsewhere that a private destination was probably meant for: the host of that address in another home.
  public var meant: String?
  /// The hosts behind the deciding router, by the addresses that they have there.
  public var insideHosts: [InsideHost] = []
  /// The device whose link did not take the packet.
  public var lostOn: String?

  /// A host's name and its address.
  public struct InsideHost: Encodable, Sendable {
    public var name: String
    public var address: String
  }

  enum CodingKeys: String, CodingKey {
    case insideHosts = "inside_hosts"
    case lostOn = "lost_on"
    case packet, hop, trace, mapping
    case mappingBehavior = "mapping_behavior"
    case filteringBehavior = "filtering_behavior"
    case translates
    case destinationScope = "destination_scope"
    case meant
  }
}

/// `stats`.
public struct StatsReport: ResultContent {
  public struct Counter: Encodable, Sendable {
    public var packets: Int
    public var bytes: Int
  }
  public struct Device: Encodable, Sendable {
    public var name: String
    public var kind: DeviceKind
    public var sent: Counter
    public var forwarded: Counter
    public var delivered: Counter
    public var dropped: Counter
  }
  public struct Link: Encodable, Sendable {
    /// The device whose link towards the internet this is.
    public var device: String
    public var up: Counter
    public var down: Counter
  }
  public struct Conversation: Encodable, Sendable {
    public var from: String
    public var to: String
    public var transport: String
    public var packets: Int
    public var minimumMicroseconds: Int64
    public var medianMicroseconds: Int64
    public var maximumMicroseconds: Int64
    /// The routers and the internet that each packet crossed: the least and the most.
    public var hops: ClosedRange<Int>

    enum CodingKeys: String, CodingKey {
      case from, to
      case transport = "protocol"
      case packets
      case minimumMicroseconds = "min_us"
      case medianMicroseconds = "median_us"
      case maximumMicroseconds = "max_us"
      case minimumHops = "min_hops"
      case maximumHops = "max_hops"
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(from, forKey: .from)
      try container.encode(to, forKey: .to)
      try container.encode(transport, forKey: .transport)
      try container.encode(packets, forKey: .packets)
      try container.encode(minimumMicroseconds, forKey: .minimumMicroseconds)
      try container.encode(medianMicroseconds, forKey: .medianMicroseconds)
      try container.encode(maximumMicroseconds, forKey: .maximumMicroseconds)
      try container.encode(hops.lowerBound, forKey: .minimumHops)
      try container.encode(hops.upperBound, forKey: .maximumHops)
    }
  }
  public var devices: [Device]
  public var links: [Link]
  public var conversations: [Conversation]
}
