// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// The result of a successful command: the one value that text, JSON, the page and a lesson's conditions read.
public struct CommandResult: Sendable {
  /// The command as it was typed, without its surroundings.
  public var command: String
  /// The hops and events, for a command that can move packets or the clock; nil for one that cannot.
  public var activity: ActivityReport?
  /// The thing shown or changed by the command.
  public var content: any ResultContent
  /// Things worth knowing that are not errors: `"alice's SYN was never answered"`.
  public var notices: [Notice]
  /// The remarks of the session's companion, such as a lesson's tutor.
  public var remarks: [any ResultContent] = []

  public init(
    command: String, activity: ActivityReport? = nil, content: any ResultContent = NoContent(), notices: [Notice] = []
  ) {
    self.command = command
    self.activity = activity
    self.content = content
    self.notices = notices
  }
}

/// The report of one kind of command. Its coding keys stand beside `command` and `ok` in the command's JSON object, so
/// they are part of the contract; the renderer words its cases.
public protocol ResultContent: Encodable, Sendable {}

/// The content of a command whose activity says it all.
public struct NoContent: ResultContent {
  public init() {}
}

/// The activity that a command caused, read from the trace.
public struct ActivityReport: Encodable, Sendable {
  public var hops: [HopReport]
  /// Events of programs in that time.
  public var events: [EventReport]
  public var expired: [MappingReport]
  /// The clock after the command, in microseconds.
  public var timeMicroseconds: Int64
  /// Packets still on their way.
  public var inFlight: Int
  /// Hops that happened but are not listed, because there were more than a result carries.
  public var omittedHops: Int

  enum CodingKeys: String, CodingKey {
    case hops, events, expired
    case timeMicroseconds = "time_us"
    case inFlight = "in_flight"
    case omittedHops = "omitted_hops"
  }
}

/// One device's handling of one packet.
public struct HopReport: Encodable, Sendable {
  public var number: Int
  public var timeMicroseconds: Int64
  public var node: String
  /// `host`, `router` or `internet`.
  public var nodeKind: DeviceKind
  public var packet: Int
  public var verdict: Verdict
  /// `udp`, `tcp` or `icmp`.
  public var transport: TransportProtocol
  public var source: PacketEnd
  public var destination: PacketEnd
  public var newSource: PacketEnd?
  public var newDestination: PacketEnd?
  public var mapping: Int?
  public var mappingChange: MappingChange?
  public var reason: DropReason?
  public var timeToLive: Int
  /// Bytes, IP header included.
  public var length: Int
  /// The packet's text, if it carries any.
  public var text: String?
  /// The packet's message in its application protocol; nil if it has none, or none that is known.
  public var message: MessageDescription?
  /// A TCP segment's flags; nil for other protocols.
  public var flags: TCPFlags?
  /// An ICMP message's kind; nil for other protocols.
  public var icmp: ICMPKind?
  /// The packet that an ICMP error reports on.
  public var about: Int?
  /// The senders that the row made by this packet admits; nil if it made none.
  public var permitted: Mapping.Permitted?
  /// A SYN's maximum segment size as it came, and as the device made it; nil for none.
  public var maximumSegmentSize: Int?
  public var newMaximumSegmentSize: Int?
  /// The piece of the packet that came here; nil if all of it did.
  public var fragment: FragmentReport?
  /// What the device made of the packet besides its endpoints; an event tells it.
  public var rewriting: Rewriting?

  enum CodingKeys: String, CodingKey {
    case number = "n"
    case timeMicroseconds = "time_us"
    case node
    case nodeKind = "node_kind"
    case packet, verdict
    case transport = "protocol"
    case source, destination
    case newSource = "new_source"
    case newDestination = "new_destination"
    case mapping
    case mappingChange = "mapping_change"
    case reason
    case timeToLive = "ttl"
    case maximumSegmentSize = "mss"
    case newMaximumSegmentSize = "new_mss"
    case length, text, message, flags, icmp, about, permitted, fragment
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(number, forKey: .number)
    try container.encode(timeMicroseconds, forKey: .timeMicroseconds)
    try container.encode(node, forKey: .node)
    try container.encode(nodeKind, forKey: .nodeKind)
    try container.encode(packet, forKey: .packet)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(transport.name, forKey: .transport)
    try container.encode(source, forKey: .source)
    try container.encode(destination, forKey: .destination)
    // The contract wants these keys with null rather than left out.
    try container.encode(newSource, forKey: .newSource)
    try container.encode(newDestination, forKey: .newDestination)
    try container.encode(mapping, forKey: .mapping)
    try container.encode(mappingChange, forKey: .mappingChange)
    try container.encode(reason, forKey: .reason)
    try container.encode(timeToLive, forKey: .timeToLive)
    try container.encode(length, forKey: .length)
    try container.encodeIfPresent(text, forKey: .text)
    try container.encodeIfPresent(message?.summary, forKey: .message)
    try container.encodeIfPresent(flags, forKey: .flags)
    try container.encodeIfPresent(maximumSegmentSize, forKey: .maximumSegmentSize)
    try container.encodeIfPresent(newMaximumSegmentSize, forKey: .newMaximumSegmentSize)
    try container.encodeIfPresent(icmp, forKey: .icmp)
    try container.encodeIfPresent(about, forKey: .about)
    try container.encodeIfPresent(permitted, forKey: .permitted)
    try container.encodeIfPresent(fragment, forKey: .fragment)
  }
}

/// A piece of a packet: `{"id": 1, "offset": 1480, "more": false}`.
public struct FragmentReport: Encodable, Sendable {
  /// The identification that all pieces of one packet share.
  public var identification: Int
  /// Bytes of the packet, IP header not included, before this piece.
  public var offset: Int
  /// Whether others follow.
  public var hasMore: Bool

  enum CodingKeys: String, CodingKey {
    case identification = "id"
    case offset
    case hasMore = "more"
  }
}

/// One row of a router's translation table, as it is or as it was when it timed out.
public struct MappingReport: Encodable, Sendable {
  /// The router that has it; given if a list mixes routers, or the mapping is gone.
  public var router: String?
  public var id: Int
  public var transport: TransportProtocol
  public var `internal`: Endpoint
  public var external: Endpoint
  /// The remote to which the mapping is bound: nil, an address or an endpoint.
  public var remote: Mapping.Remote?
  /// The senders that filtering admits now.
  public var permitted: Mapping.Permitted
  public var isStatic: Bool
  /// A TCP mapping's state: `syn-sent`, `established`, `fin-wait`, `closed` and so on.
  public var state: String?
  /// The lifetime left; nil for a static mapping, 0 for one that has timed out.
  public var expiresInMicroseconds: Int64?
  /// When it timed out, for one that has.
  public var expiredAtMicroseconds: Int64?
  /// The packet that made it.
  public var createdBy: Int?
  public var packetsOut: Int
  public var packetsIn: Int
  /// The change since the table was last shown; nil outside `table`.
  public var change: RowChange?

  enum CodingKeys: String, CodingKey {
    case router, id
    case transport = "protocol"
    case `internal`, external, remote, permitted
    case isStatic = "static"
    case state
    case expiresInMicroseconds = "expires_in_us"
    case expiredAtMicroseconds = "expired_at_us"
    case createdBy = "created_by"
    case packetsOut = "packets_out"
    case packetsIn = "packets_in"
    case change
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(router, forKey: .router)
    try container.encode(id, forKey: .id)
    try container.encode(transport.name, forKey: .transport)
    try container.encode(`internal`, forKey: .internal)
    try container.encode(external, forKey: .external)
    try container.encode(remote, forKey: .remote)
    try container.encode(permitted, forKey: .permitted)
    try container.encode(isStatic, forKey: .isStatic)
    try container.encode(state, forKey: .state)
    try container.encode(expiresInMicroseconds, forKey: .expiresInMicroseconds)
    try container.encodeIfPresent(expiredAtMicroseconds, forKey: .expiredAtMicroseconds)
    try container.encode(createdBy, forKey: .createdBy)
    try container.encode(packetsOut, forKey: .packetsOut)
    try container.encode(packetsIn, forKey: .packetsIn)
    try container.encodeIfPresent(change, forKey: .change)
  }
}

/// The change of a row since the learner last looked.
public enum RowChange: String, Encodable, Sendable {
  case new
  case refreshed
  case expired
}
