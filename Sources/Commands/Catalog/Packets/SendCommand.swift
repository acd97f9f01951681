// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// `send FROM TO [udp|tcp|icmp] [TEXT] [ttl N] [df]`
public struct SendCommand: Command {
  public let from: Located<EndpointReference>
  public let to: Located<EndpointReference>
  /// UDP if none is given.
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
        .required("FROM", .endpoint(.hosts)), .required("TO", .endpoint(.reachable)),
        .choice("protocol", ["udp", "tcp", "icmp"]),
        .optional("TEXT", .text), .clause("ttl", "N", .timeToLive),
        .choice("df", ["df"]),
      ]
    ],
    summary: said("puts one packet on the wire"),
    details: [
      said("The packet waits at its sender until `step` moves it on. It is UDP unless you say otherwise."),
      said(
        "FROM without a port takes the host's next free one, from 49152 up; TO without a port means port 4000. A name ",
        "stands for the address that its device is configured with, private or not: what Alice would tell Bob."),
      said(
        "TO may also be a name that a server knows, with a dot in it: the host asks for its address first. ",
        "See `names`."),
      said("`send … tcp` sends data on an open connection, or a lone SYN if there is none."),
      said(
        "`ttl` is the number of routers that the packet may pass, 64 unless you say otherwise. Quote a text of several ",
        "words."),
      said(
        "`df` (do not fragment) forbids routers to cut a packet too long for a link (`set … mtu`): the sender gets ",
        "an ICMP error instead."),
    ],
    examples: [
      "scene two-homes", "send alice:5000 bob:4000 \"hello\"", "step", "send alice 203.0.113.77:80 tcp ttl 3", "run",
    ],
    seeAlso: ["step", "reply", "endpoints", "why"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    try session.putOnWire(
      .send(
        transport?.value ?? .udp, Payload(text?.value), timeToLive: timeToLive?.value ?? 64,
        dontFragment: isUnfragmentable), from, to)
  }
}
