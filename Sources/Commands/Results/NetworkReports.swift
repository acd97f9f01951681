// SPDX-License-Identifier: GPL-3.0-or-later

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
  /// Whether the learner does not know the words of RFC 4787 yet.
  public var isPlain = false

  enum CodingKeys: String, CodingKey {
    case router, mappings, expired
    case mappingBehavior = "mapping_behavior"
    case filteringBehavior = "filtering_behavior"
    case translates
  }
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

/// A device, where it stands, and its settings.
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
  /// The hosts and routers in the order they were made; a device comes after the router it stands behind.
  public var nodes: [Node]
  public var flights: [Flight]
}
