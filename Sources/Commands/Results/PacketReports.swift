// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

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
  public var source: PacketEnd
  public var destination: PacketEnd
  public var sentMicroseconds: Int64
  public var state: State
  /// Where it ended; nil while in flight.
  public var endedAt: String?
  public var reason: DropReason?
  public var text: String?
  /// Its message in its application protocol, if that is known.
  public var message: MessageDescription?
  public var flags: TCPFlags?
  public var icmp: ICMPKind?
  /// The packet that this one answers or reports on.
  public var about: Int?

  enum CodingKeys: String, CodingKey {
    case number, origin
    case transport = "protocol"
    case source, destination
    case sentMicroseconds = "sent_us"
    case state
    case endedAt = "ended_at"
    case reason, text, message, flags, icmp, about
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
    try container.encodeIfPresent(message, forKey: .message)
    try container.encodeIfPresent(flags, forKey: .flags)
    try container.encodeIfPresent(icmp, forKey: .icmp)
    try container.encodeIfPresent(about, forKey: .about)
  }
}

/// `packets`.
public struct PacketsReport: ResultContent {
  public var packets: [PacketSummary]
  /// Older packets that the trace no longer has.
  public var forgotten: Int
}

/// `packet`: one packet hop by hop.
public struct PacketReport: ResultContent {
  public var packet: PacketSummary
  /// Every hop, each with the header before (`source`, `destination`) and after (`new_source`, `new_destination`).
  public var trace: [HopReport]
  /// Whether its first hops are no longer kept.
  public var beginIsForgotten = false
  /// The packet as it was put on the wire, if its headers are to be shown.
  public var sent: Packet?
  /// Whether some link carries only packets up to a length.
  public var meetsLimits = false

  enum CodingKeys: String, CodingKey {
    case packet, trace
    case beginIsForgotten = "begin_forgotten"
  }
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
  /// Those of them that are no longer kept, so that no larger list would have them.
  public var forgotten = 0
}

/// `why`: the facts that decided a packet's fate. The renderer words them.
public struct WhyReport: ResultContent {
  public var packet: PacketSummary
  /// The last hop: where the packet was delivered or dropped, or is now.
  public var hop: HopReport
  /// Every hop up to it.
  public var trace: [HopReport]
  /// The mapping that decided, as it is now, or as it was when it timed out.
  public var mapping: MappingReport?
  /// The router's settings, if a router decided.
  public var mappingBehavior: EndpointDependence?
  public var filteringBehavior: EndpointDependence?
  public var translates: Bool?
  /// The address scope of the destination at the deciding hop: `private`, `public`, …
  public var destinationScope: AddressScope
  /// The fault because of which no device passes the packet on; nil if it was dropped for another reason.
  public var fault: PacketFault?
  /// The device elsewhere that a private destination was probably meant for: the host of that address in another home.
  public var meant: String?
  /// The hosts behind the deciding router, with their addresses there.
  public var insideHosts: [InsideHost] = []
  /// The device whose link did not take the packet.
  public var lostOn: String?
  /// A TCP request that was turned away and whose sender will be told later: when, unless the inside asks meanwhile.
  public var answerAtMicroseconds: Int64?
  /// The packet that told the sender so.
  public var answeredBy: Int?
  /// Where that packet was dropped, if it was.
  public var answerLostAt: String?
  /// Whether a router that turned the packet away treated it as its own, as a host would.
  public var answersAsHost = false
  /// The end of the mapping that existed, and its time.
  public var ended: EndReport?
  /// The holders of ports that a router could not keep for the packet.
  public var changedPorts: [ChangedPortReport] = []
  /// The ports that the sender could have got, if a router gives each host ports of its own and they were used up.
  public var portBlock: PortBlockReport?
  /// How the deciding router chooses outside ports; nil if it is not a router.
  public var portAssignment: PortAssignment?
  /// The protocol of a row with the packet's destination as its outside endpoint, if only another protocol has one.
  public var otherTransport: TransportProtocol?
  /// Whether the packet is a reset by which a router tells that the row has timed out.
  public var isIdleReset = false
  /// The deciding router's treatment of TCP segments whose connection it does not know.
  public var midstream = MidstreamSegments.pickedUp
  /// Whether it turns round only what is for a forwarded port.
  public var hairpinsForwardsOnly = false
  /// The packet of another flow that took the outside port at the same instant.
  public var rival: Int?
  /// How many flows the deciding router has refused for that reason; nil if it is not a router.
  public var insertFailures: Int?
  /// How the packet's way differs from that of the packet it answers; nil if it does not.
  public var detour: DetourReport?
  /// The IPv4 address that the destination stands for (RFC 6052), under the prefix of a router on the way or the
  /// well-known one.
  public var embedded: IPAddress?
  /// The inside host's own endpoint, if the deciding router exchanges prefixes (RFC 6296).
  public var insideEndpoint: Endpoint?
  /// What the program that got the packet has told about it; nil if it has told nothing.
  public var events: [EventReport]?
  /// What routers on the way have changed in its text; nil if they have changed nothing.
  public var rewrites: [EventReport]?
  /// The packet whose text named the private endpoint that this one was sent to; nil if none is known.
  public var toldBy: Int?
  /// Changes that would help, each tried.
  public var remedies: [Remedy] = []

  /// A host's name and its address.
  public struct InsideHost: Encodable, Sendable {
    public var name: String
    public var address: IPAddress
  }

  enum CodingKeys: String, CodingKey {
    case insideHosts = "inside_hosts"
    case lostOn = "lost_on"
    case answerAtMicroseconds = "answer_at_us"
    case answeredBy = "answered_by"
    case answerLostAt = "answer_lost_at"
    case answersAsHost = "answers_as_host"
    case ended
    case changedPorts = "changed_ports"
    case packet, hop, trace, mapping
    case mappingBehavior = "mapping_behavior"
    case filteringBehavior = "filtering_behavior"
    case translates
    case destinationScope = "destination_scope"
    case fault, meant, detour, rival, embedded, events, rewrites
    case insertFailures = "insert_failed"
    case insideEndpoint = "inside_endpoint"
    case toldBy = "told_by"
  }
}

/// An answer that took another way than its question.
public struct DetourReport: Encodable, Sendable {
  /// The packet that it answers.
  public var question: Int
  /// The routers on the question's way, in order.
  public var there: [String]
  /// The routers on the answer's way, as far as it came.
  public var back: [String]
  /// The first of those that never saw the question.
  public var stranger: String
}
