// SPDX-License-Identifier: GPL-3.0-or-later

extension PropertyDeclaration {
  /// The one table of all properties, in the order in which they are shown.
  public static let all: [PropertyDeclaration] =
    translation + lifetimes + limits + [
      PropertyDeclaration(
        .hostPorts, "ports", .host,
        .words([
          .init("open", note: "every port takes what arrives"),
          .init("bound", note: "only a port that listens or has sent; the others answer as a real host does"),
        ]),
        "Which ports of the host take what arrives: all of them, or those that something listens on.", "at once"),
      PropertyDeclaration(
        .delay, "delay", .any,
        .duration(allowsZero: true, default: "1ms on a LAN, 10ms on an access link", instead: nil),
        "How long the device's link towards the internet takes, each way.", "for packets sent from now on"),
      PropertyDeclaration(
        .rate, "rate", .any, .rate,
        "How much the device's link towards the internet carries, each way; what is more waits up to 100 ms.",
        "for packets sent from now on"),
      PropertyDeclaration(
        .mtu, "mtu", .any, .mtu,
        "The longest packet that the device's link towards the internet takes, IP header included. An IPv4 packet that is "
          + "longer is cut into fragments, unless `send … df` forbids it; an IPv6 packet only by its host.",
        "for packets sent from now on"),
      PropertyDeclaration(
        .loss, "loss", .any, .loss,
        "The share of packets that the device's link towards the internet loses.", "for packets sent from now on"),
    ]

  private static let translation: [PropertyDeclaration] = [
    PropertyDeclaration(
      .preset, "preset", .router,
      .words([
        .init("home", note: "a common cheap router, with generous timers"),
        .init("full-cone", note: "filters nothing that has a mapping"),
        .init("restricted-cone", note: "admits the addresses that were sent to"),
        .init("port-restricted-cone", note: "admits the endpoints that were sent to"),
        .init("symmetric", note: "another outside port for every destination"),
        .init("linux", note: "netfilter's masquerade as it is"),
        .init("cgnat", note: "a carrier's NAT as RFC 6888 wants it"),
        .init("open", note: "neither NAT nor firewall"),
      ]),
      "All the axes at once, as a named kind of router has them.", "at once; the table is emptied"),
    PropertyDeclaration(
      .mapping, "mapping", .router, .words(dependences(independent: "eim", address: "adm", both: "apdm")),
      "When an inside endpoint keeps its outside endpoint: always, towards one address, or towards one endpoint "
        + "(RFC 4787 §4.1).", "for new rows"),
    PropertyDeclaration(
      .filtering, "filtering", .router,
      .words([
        .init("address-and-port-dependent", short: "apdf", note: "only endpoints that were sent to"),
        .init("endpoint-independent", short: "eif", note: "anyone"),
        .init("address-dependent", short: "adf", note: "any port of an address that was sent to"),
      ]),
      "Who may send to an outside endpoint that has a mapping (RFC 4787 §5).", "at once, for old rows too"),
    PropertyDeclaration(
      .portAssignment, "ports", .router, .portAssignment,
      "How outside ports are chosen: one after another, the inside port where it is free, the inside port shared, or "
        + "by chance (RFC 4787 §4.2).", "for new rows"),
    PropertyDeclaration(
      .parity, "parity", .router, .onOff(first: false),
      "Whether an even inside port gets an even outside port, and an odd one an odd one (RFC 4787 §4.2.2).",
      "for new rows"),
    PropertyDeclaration(
      .hairpinning, "hairpinning", .router,
      .words([
        .init("off", note: "what is for an outside endpoint of the router's own ends there"),
        .init("on", note: "it is turned round"),
        .init("forwards-only", note: "only where a port is forwarded"),
      ]),
      "Whether two hosts inside can reach each other by their outside endpoints (RFC 4787 §6).", "for new packets"),
    PropertyDeclaration(
      .pooling, "pooling", .router,
      .words([
        .init("paired", note: "a host keeps one outside address"),
        .init("arbitrary", note: "each mapping takes the next address"),
      ]),
      "Which outside address a host gets where there are several (RFC 4787 §4.1).", "for new rows"),
    PropertyDeclaration(
      .addresses, "addresses", .router, .addresses,
      "More outside addresses, besides the router's own.", "for new rows"),
    PropertyDeclaration(
      .refresh, "refresh", .router,
      .words([
        .init("outbound", note: "only packets from inside keep a mapping alive"),
        .init("both", note: "packets from outside do, too"),
      ]),
      "Which packets keep a mapping alive (RFC 4787 §4.3).", "for new packets"),
  ]

  private static let lifetimes: [PropertyDeclaration] = [
    PropertyDeclaration(
      .udpTimeout, "udp-timeout", .router, .duration(allowsZero: false, default: "5m", instead: nil),
      "How long an unused UDP mapping lives (RFC 4787 §4.3).", whenNew),
    PropertyDeclaration(
      .udpStreamTimeout, "udp-stream-timeout", .router,
      .duration(allowsZero: false, default: "udp-timeout", instead: "udp-timeout"),
      "How long an unused UDP mapping lives that has seen packets both ways; `udp-timeout` makes it the same.",
      whenNew),
    PropertyDeclaration(
      .tcpEstablishedTimeout, "tcp-established-timeout", .router,
      .duration(allowsZero: false, default: "2h4m", instead: nil),
      "How long a TCP mapping lives whose connection is open and quiet (RFC 5382 §5).", whenNew),
    PropertyDeclaration(
      .tcpTransitoryTimeout, "tcp-transitory-timeout", .router,
      .duration(allowsZero: false, default: "4m", instead: nil),
      "How long a TCP mapping lives whose connection is opening or closing (RFC 5382 §5).", whenNew),
    PropertyDeclaration(
      .tcpOpeningTimeout, "tcp-opening-timeout", .router,
      .duration(allowsZero: false, default: "tcp-transitory-timeout", instead: nil),
      "The same, only while the connection is opening (RFC 7857 §2.1).", whenNew),
    PropertyDeclaration(
      .tcpClosingTimeout, "tcp-closing-timeout", .router,
      .duration(allowsZero: false, default: "tcp-transitory-timeout", instead: nil),
      "The same, only once the connection is closing (RFC 7857 §2.1).", whenNew),
    PropertyDeclaration(
      .icmpTimeout, "icmp-timeout", .router, .duration(allowsZero: false, default: "60s", instead: nil),
      "How long an unused mapping of a ping lives (RFC 5508 §3.2).", whenNew),
  ]

  private static let limits: [PropertyDeclaration] = [
    PropertyDeclaration(
      .maximumMappings, "max-mappings", .router, .limit, "How many rows the table may have.", "for new rows"),
    PropertyDeclaration(
      .maximumMappingsPerHost, "max-mappings-per-host", .router, .limit,
      "How many rows one inside host may have (RFC 6888 §3).", "for new rows"),
    PropertyDeclaration(
      .rejects, "rejects", .router,
      .words([
        .init("silently", note: "the sender learns nothing"),
        .init("icmp", note: "the sender gets an ICMP error"),
        .init("as-host", note: "the router takes it for its own, and answers as a host does where nobody listens"),
      ]),
      "What happens to a packet from outside that is turned away.", "at once"),
    PropertyDeclaration(
      .tracking, "tracking", .router,
      .words([
        .init("mappings", note: "a mapping, and whom it was used towards"),
        .init("connections", note: "each flow's state, as Linux's connection tracking does"),
      ]),
      "How much the router knows of the flows that pass. With `connections` it tells which packets can come next.",
      "at once, for old rows too"),
    PropertyDeclaration(
      .untracked, "untracked", .router,
      .words([
        .init("dropped", note: "it ends here"),
        .init("passed", note: "it leaves with its inside address, as from Linux without a rule against it"),
      ]),
      "What happens to a packet from inside that belongs to no flow and can begin none.", "at once"),
    PropertyDeclaration(
      .midstream, "midstream", .router,
      .words([
        .init("picked-up", note: "it makes a row, as a request does"),
        .init("dropped", note: "it ends here, and nobody is told"),
        .init("reset", note: "it ends here, and its sender gets a reset"),
      ]),
      "What happens to a TCP segment from inside whose connection the router knows no more.", "for new rows"),
    PropertyDeclaration(
      .firewall, "firewall", .router, .onOff(first: true),
      "Whether packets from outside are filtered at all. Off, one without a mapping still has nowhere to go.",
      "at once, for old rows too"),
    PropertyDeclaration(
      .nat, "nat", .router, .onOff(first: true),
      "Whether addresses are translated. Off, addresses inside are reached as they are, and `filtering` still guards "
        + "them.", "at once; the table is emptied"),
    PropertyDeclaration(
      .exempt, "exempt", .router, .prefixes,
      "Destinations whose packets are left alone: not translated, not filtered (RFC 6888 REQ-6). The way back must know "
        + "the inside addresses.", "for new packets"),
    PropertyDeclaration(
      .portControl, "port-control", .router, .portControl,
      "How hosts inside may ask for a port by themselves: PCP (RFC 6887), NAT-PMP (RFC 6886), UPnP, any of them. "
        + "`lying` grants everything and maps nothing.", "at once; what was granted stays"),
  ]

  private static let whenNew = "for rows made or refreshed from now on"

  private static func dependences(independent: String, address: String, both: String) -> [PropertyGrammar.Word] {
    [
      .init("endpoint-independent", short: independent, note: "one outside endpoint for all destinations"),
      .init("address-dependent", short: address, note: "another one for each destination address"),
      .init("address-and-port-dependent", short: both, note: "another one for each destination endpoint"),
    ]
  }
}
