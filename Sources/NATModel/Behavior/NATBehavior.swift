// SPDX-License-Identifier: GPL-3.0-or-later

/// The parts of a remote on which a mapping (RFC 4787 §4.1) or a filter (§5) depends.
public enum EndpointDependence: UInt8, Hashable, Sendable, CaseIterable, Comparable {
  case endpointIndependent
  case addressDependent
  case addressAndPortDependent

  /// The word for it: `endpoint-independent`.
  public var name: String {
    switch self {
    case .endpointIndependent: "endpoint-independent"
    case .addressDependent: "address-dependent"
    case .addressAndPortDependent: "address-and-port-dependent"
    }
  }

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// How outside ports are chosen (RFC 4787 §4.2).
public enum PortAssignment: Hashable, Sendable {
  /// One after another from `first`, wrapping through 1024–65535; a freed port is not used again before the wrap.
  case sequential(first: UInt16)
  /// The inside port if it is free, else the next free one of the same range (well-known or not, §4.2.1, REQ-3a).
  case preserve
  /// As `preserve`, but one outside port may serve several inside endpoints towards different remotes: a milder form of
  /// the port overloading that §4.2.1 forbids (REQ-3), since two flows are never mixed up.
  case overload
  /// Any free port of the range.
  case random(ClosedRange<UInt16>)
  /// The inside port or none: a flow whose port is taken is refused.
  case preserveOrRefuse
  /// As `overload`, but UDP and TCP get only ports of the range, as from a masquerade "to ports".
  case overloadWithin(ClosedRange<UInt16>)

  /// Each inside host has so many consecutive ports of the range for itself, and no others.
  case blocks(size: Int, within: ClosedRange<UInt16>)

  /// Whether each inside host has ports of its own.
  public var isByBlocks: Bool { if case .blocks = self { true } else { false } }

  /// Whether one outside port may serve several inside endpoints.
  public var sharesPorts: Bool {
    switch self {
    case .overload, .overloadWithin: true
    case .sequential, .preserve, .random, .preserveOrRefuse, .blocks: false
    }
  }
}

/// The fate of a TCP segment from inside that is in the middle of a connection without a row.
public enum MidstreamSegments: Hashable, Sendable {
  /// It makes a row, as a SYN does.
  case pickedUp
  case dropped
  /// It ends here, and its sender gets a reset.
  case reset
}

/// Which outside address an inside host gets if there are several (RFC 4787 §4.1).
public enum AddressPooling: Hashable, Sendable {
  /// The same one for all its mappings.
  case paired
  /// Each mapping the next one.
  case arbitrary
}

/// Which packets keep a mapping alive (RFC 4787 §4.3).
public enum MappingRefresh: Hashable, Sendable {
  case outbound
  case both
}

/// The answer to an inbound packet that is turned away.
public enum RejectionStyle: Hashable, Sendable {
  case silently
  /// An ICMP "administratively prohibited" goes back to the sender.
  case icmp
  /// It then belongs to the router, which answers as a host does on a closed port: "port unreachable", a reset, or an
  /// echo. The datagram's flow withholds its outside endpoint from inside hosts for a while; see ``OwnFlows``.
  case asHost
}

/// How long an unused mapping lives.
public struct MappingLifetimes: Hashable, Sendable {
  /// A UDP mapping that has not seen packets both ways.
  public var udp = Interval.minutes(5)
  /// A UDP mapping that has, and still does ``NATBehavior/streamAfter`` later; nil means the same as `udp`.
  public var udpStream: Interval?
  public var tcpEstablished = Interval.minutes(124)
  /// TCP that is opening or closing.
  public var tcpTransitory = Interval.minutes(4)
  /// The differences for single states of TCP.
  public var tcpStates = TCPStateLifetimes()
  public var icmp = Interval.seconds(60)

  public init() {}
}

/// A NAT's behaviour as independent axes: every combination is allowed, named presets are only starting points.
public struct NATBehavior: Hashable, Sendable {
  public var mapping = EndpointDependence.endpointIndependent
  public var filtering = EndpointDependence.addressAndPortDependent
  public var portAssignment = PortAssignment.sequential(first: 62_000)
  /// Whether an even inside port gets an even outside port (RFC 4787 §4.2.2).
  public var preservesParity = false
  public var pooling = AddressPooling.paired
  public var refresh = MappingRefresh.outbound
  public var hairpinning = false
  /// Whether, if anything is turned round, only packets for a static mapping are.
  public var hairpinsForwardsOnly = false
  public var lifetimes = MappingLifetimes()
  /// How old a UDP mapping must be before packets both ways make it a stream.
  public var streamAfter = Interval.zero
  public var tracking = FlowTracking.mappings
  public var untracked = UntrackedPackets.dropped
  public var midstream = MidstreamSegments.pickedUp
  /// Whether both ends of an open TCP connection get a reset when its row times out.
  public var resetsIdle = false
  /// Whether two new flows that come at the same instant choose their outside ports without seeing each other.
  public var races = false
  /// How long a freed outside port rests before it is used again (RFC 6888 REQ-8).
  public var portRest = Interval.zero
  /// The most mappings at once; nil means unlimited.
  public var maximumMappings: Int?
  /// The most mappings of one inside host; nil means unlimited (RFC 6888 REQ-4).
  public var maximumMappingsPerHost: Int?
  public var rejection = RejectionStyle.silently
  /// The error for an inside host that gets no mapping for want of room, unless packets are turned away silently: code
  /// 13 (RFC 5508 REQ-8), or from a carrier code 1, which does not make TCP give up at once (RFC 6888 REQ-11).
  public var noRoomError = ICMPKind.administrativelyProhibited
  /// Destinations whose packets are neither translated nor filtered (RFC 6888 REQ-6).
  public var exemptions: [IPPrefix] = [] {
    didSet { hasExemptions = !exemptions.isEmpty }
  }
  /// Whether there are any: every packet needs this, so it must be quick.
  private(set) var hasExemptions = false
  /// The protocols whose text it reads and changes.
  public var gateways: ApplicationGateways = []
  /// Whether inbound packets are filtered at all.
  public var firewall = true
  /// Whether IPv4 addresses are translated.
  public var translates = true
  /// The prefix under which IPv6 hosts inside reach IPv4 hosts outside (RFC 6146, NAT64); nil if they do not.
  public var nat64: EmbeddingPrefix? { didSet { noteIPv6() } }
  /// The prefix that replaces the inside one in IPv6 addresses (RFC 6296, NPTv6); nil if IPv6 addresses stay.
  public var prefixTranslation: PrefixTranslation? { didSet { noteIPv6() } }
  /// Whether anything is done to IPv6 addresses: every packet needs this, so it must be quick.
  private(set) var translatesIPv6 = false

  public init() {}

  /// A behaviour that differs from a common home router's in the axes given.
  public init(mapping: EndpointDependence, filtering: EndpointDependence) {
    self.mapping = mapping
    self.filtering = filtering
  }

  private mutating func noteIPv6() { translatesIPv6 = nat64 != nil || prefixTranslation != nil }

  /// The effective filtering, with the firewall's switch taken into account.
  public var effectiveFiltering: EndpointDependence { firewall ? filtering : .endpointIndependent }
}
