// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// `send FROM TO [udp|tcp|icmp] [TEXT] [ttl N] [df]`
public struct SendCommand: Command {
  public let from: Located<EndpointReference>
  public let to: Located<EndpointReference>
  /// UDP where none was given.
  public let transport: Located<TransportProtocol>?
  public let text: Located<String>?
  public let timeToLive: Located<UInt8>?
  /// Whether no router may cut the packet into fragments.
  public let isUnfragmentable: Bool

  public init(_ arguments: Arguments) throws(SyntaxError) {
    from = try arguments.endpoint("FROM")
    to = try arguments.endpoint("TO")
    transport = arguments.transport("protocol")
    text = arguments.optionalText("TEXT")
    timeToLive = arguments.optionalTimeToLive("ttl")
    isUnfragmentable = arguments.choice("df") != nil
  }

  public static let declaration = CommandDeclaration(
    Self.self, "send", strangers: ["packet-to", "sendto", "transmit", "nc", "netcat"], group: .packets,
    effect: .changes,
    forms: [
      [
        .required("FROM", .endpoint(.hosts)), .required("TO", .endpoint(.all)),
        .choice("protocol", ["udp", "tcp", "icmp"]),
        .optional("TEXT", .text), .clause("ttl", "N", .timeToLive),
        .choice("df", ["df"]),
      ]
    ],
    summary: "puts one packet on the wire",
    details: [
      "The packet waits at its sender until `step` moves it on. It is UDP unless you say otherwise.",
      "FROM without a port takes the host's next free one, from 49152 up; TO without a port means port 4000. A name "
        + "stands for the address that its device is configured with, private or not: what Alice would tell Bob.",
      "`send … tcp` sends data on an open connection, or a lone SYN if there is none.",
      "`ttl` is the number of routers that the packet may pass, 64 unless you say otherwise. Quote a text of several "
        + "words.",
      "`df` (do not fragment) forbids routers to cut a packet too long for a link (`set … mtu`): the sender gets "
        + "an ICMP error instead.",
    ],
    examples: [
      "scene two-homes", "send alice:5000 bob:4000 \"hello\"", "step", "send alice 203.0.113.77:80 tcp ttl 3", "run",
    ],
    seeAlso: ["step", "reply", "endpoints", "why"])
}

/// `reply [TEXT]`
public struct ReplyCommand: Command {
  public let text: Located<String>?

  public init(_ arguments: Arguments) throws(SyntaxError) { text = arguments.optionalText("TEXT") }

  public static let declaration = CommandDeclaration(
    Self.self, "reply", strangers: ["answer", "respond"], group: .packets, effect: .changes,
    forms: [[.optional("TEXT", .text)]],
    summary: "answers the last packet delivered",
    details: [
      "The answer goes from the endpoint that got the packet to the endpoint that it came from, as the receiver saw "
        + "it: behind a NAT that is the router's outside endpoint."
    ],
    examples: ["scene one-home", "send alice:5000 bob:4000 hello", "run", "reply \"hi alice\"", "run"],
    seeAlso: ["send", "step"])
}

/// `ping FROM TO`
public struct PingCommand: Command {
  public let from: Located<EndpointReference>
  public let to: Located<EndpointReference>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    from = try arguments.endpoint("FROM")
    to = try arguments.endpoint("TO")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "ping", group: .packets, effect: .changes,
    forms: [[.required("FROM", .endpoint(.hosts)), .required("TO", .endpoint(.all))]],
    summary: "sends an ICMP echo request; the answer comes by itself",
    details: ["A NAT maps a ping's identifier as it maps a port (RFC 5508 §3.1)."],
    examples: ["scene one-home", "ping alice bob", "run"], seeAlso: ["send", "trace"])
}

/// `connect FROM TO`
public struct ConnectCommand: Command {
  public let from: Located<EndpointReference>
  public let to: Located<EndpointReference>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    from = try arguments.endpoint("FROM")
    to = try arguments.endpoint("TO")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "connect", strangers: ["open-connection", "telnet", "dial"], group: .packets, effect: .changes,
    forms: [[.required("FROM", .endpoint(.hosts)), .required("TO", .endpoint(.all))]],
    summary: "opens a TCP connection: the three-way handshake",
    details: [
      "SYN, SYN-ACK and ACK are three packets, and each of them takes its steps. Nothing is sent twice: if no answer "
        + "comes, you are told."
    ],
    examples: ["scene one-home", "connect alice:5000 bob:80", "run", "send alice:5000 bob:80 tcp \"GET /\"", "run"],
    seeAlso: ["close", "listen", "ladder"])
}

/// `close FROM TO`
public struct CloseCommand: Command {
  public let from: Located<EndpointReference>
  public let to: Located<EndpointReference>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    from = try arguments.endpoint("FROM")
    to = try arguments.endpoint("TO")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "close", strangers: ["disconnect", "hangup"], group: .packets, effect: .changes,
    forms: [[.required("FROM", .endpoint(.hosts)), .required("TO", .endpoint(.all))]],
    summary: "closes a TCP connection",
    details: ["The router sees the FINs go by, and gives the mapping the shorter lifetime of a closing connection."],
    examples: ["scene one-home", "connect alice:5000 bob:80", "run", "close alice:5000 bob:80", "run"],
    seeAlso: ["connect", "table"])
}

/// `listen NAME PORT [udp|tcp]`
public struct ListenCommand: Command {
  public let host: Located<NamedDevice>
  public let port: Located<UInt16>
  public let transport: Located<TransportProtocol>?

  public init(_ arguments: Arguments) throws(SyntaxError) {
    host = try arguments.device("NAME")
    port = try arguments.port("PORT")
    transport = arguments.transport("protocol")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "listen", strangers: ["open", "bind", "serve"], group: .packets, effect: .changes,
    forms: [[.required("NAME", .device(.hosts)), .required("PORT", .port), .choice("protocol", ["udp", "tcp"])]],
    summary: "opens a port on a host",
    details: [
      "It matters after `set NAME ports bound`; before that every port of a host accepts packets. A port "
        + "that was sent from counts as open, too."
    ],
    examples: ["host bob", "set bob ports bound", "listen bob 80 tcp"], seeAlso: ["set", "forward", "connect"])
}

/// `forward ROUTER [udp|tcp] PORT to ENDPOINT`
public struct ForwardCommand: Command {
  public let router: Located<NamedDevice>
  public let transport: Located<TransportProtocol>?
  public let port: Located<UInt16>
  public let to: Located<EndpointReference>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    router = try arguments.device("ROUTER")
    transport = arguments.transport("protocol")
    port = try arguments.port("PORT")
    to = try arguments.endpoint("ENDPOINT")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "forward", strangers: ["portforward", "port-forward", "dnat", "upnp"], group: .packets, effect: .changes,
    forms: [
      [
        .required("ROUTER", .device(.routers)), .choice("protocol", ["udp", "tcp"]), .required("PORT", .port),
        .keyword("to"), .required("ENDPOINT", .endpoint(.devices)),
      ]
    ],
    summary: "opens a router's outside port to a host inside, for good",
    details: [
      "A static mapping: it is there before anyone inside has sent anything, it admits everyone, and it never expires. "
        + "This is what a games console asks you to do to your router.",
      "It holds for UDP unless you say `tcp`. ENDPOINT without a port means the same port inside.",
    ],
    examples: ["scene one-home", "forward home-a udp 8080 to alice:80", "send bob 49.36.10.25:8080 knock", "run"],
    seeAlso: ["unforward", "table", "listen"])
}

/// `unforward ROUTER [udp|tcp] PORT`
public struct UnforwardCommand: Command {
  public let router: Located<NamedDevice>
  public let transport: Located<TransportProtocol>?
  public let port: Located<UInt16>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    router = try arguments.device("ROUTER")
    transport = arguments.transport("protocol")
    port = try arguments.port("PORT")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "unforward", group: .packets, effect: .changes,
    forms: [
      [
        .required("ROUTER", .device(.routers)), .choice("protocol", ["udp", "tcp"]),
        .required("PORT", .forwardedPort(of: "ROUTER")),
      ]
    ],
    summary: "removes a static mapping",
    examples: ["scene one-home", "forward home-a 8080 to alice:80", "unforward home-a 8080"], seeAlso: ["forward"])
}
