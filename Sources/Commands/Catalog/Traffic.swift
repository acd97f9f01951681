// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Traversal

/// How streams of video are to be: what `call` and `crowd` have in common.
public struct StreamOptions: Sendable {
  public let rate: Located<BitRate>?
  public let duration: Located<Interval>?

  init(_ arguments: Arguments) {
    rate = arguments.optionalRate("rate")
    duration = arguments.optionalDuration("for")
  }

  /// Throws where both paths are asked for.
  static func checkPath(_ arguments: Arguments) throws(SyntaxError) {
    guard let direct = arguments.choice("path"), arguments.has("via") else { return }
    let columns = arguments.columns("via")
    throw SyntaxError(.conflict(direct.value, "via"), column: columns.lowerBound, length: columns.count)
  }

  static let parameters: [Parameter] = [.clause("rate", "RATE", .rate), .clause("for", "DURATION", .duration)]
}

/// `call FROM TO [direct|via HOST] [rate RATE] [for DURATION]`
public struct CallCommand: Command {
  public let from: Located<EndpointReference>
  public let to: Located<EndpointReference>
  /// The server; nil is directly.
  public let via: Located<NamedDevice>?
  public let options: StreamOptions

  public init(_ arguments: Arguments) throws(SyntaxError) {
    try StreamOptions.checkPath(arguments)
    from = try arguments.endpoint("FROM")
    to = try arguments.endpoint("TO")
    via = arguments.optionalDevice("via")
    options = StreamOptions(arguments)
  }

  public static let declaration = CommandDeclaration(
    Self.self, "call", strangers: ["dial", "phone", "video", "talk", "facetime"], group: .traffic, effect: .changes,
    forms: [
      [
        .required("FROM", .endpoint(.hosts)), .required("TO", .endpoint(.devices)), .choice("path", ["direct"]),
        .clause("via", "HOST", .device(.hosts)),
      ] + StreamOptions.parameters
    ],
    summary: "lets two hosts have a video call, and measures it",
    details: [
      "Each sends a stream to the other as real packets of 1,200 bytes: 2 megabits a second for 10 seconds, unless you "
        + "say otherwise. The rate counts what the packets carry, not their headers. The clock moves on, routers make "
        + "mappings, and all of it is in the trace.",
      "`direct`, which need not be said: FROM sends to the address that TO is configured with, and TO answers to "
        + "wherever that came from. If FROM's packets never arrive, TO never hears of the call.",
      "`via HOST`: both register with a relay program on HOST first, which opens their own routers for its answers; "
        + "HOST then passes each one's packets on to the other. Delays are from end to end.",
      "Ctrl-C hangs up: the call is then as long as it was by that time.",
    ],
    examples: [
      "scene two-homes", "host server 203.0.113.50", "call alice bob", "call alice bob via server",
      "call alice bob via server rate 500kbit for 3s",
    ],
    seeAlso: ["crowd", "peer-to-peer", "stats"])
}

/// `crowd N [direct|via NAME] [rate RATE] [for DURATION]`
public struct CrowdCommand: Command {
  public let users: Located<Int>
  /// The server's name; nil is directly.
  public let via: Located<String>?
  public let options: StreamOptions

  public init(_ arguments: Arguments) throws(SyntaxError) {
    try StreamOptions.checkPath(arguments)
    users = try arguments.count("N")
    via = arguments.optionalText("via")
    options = StreamOptions(arguments)
  }

  public static let declaration = CommandDeclaration(
    Self.self, "crowd", strangers: ["users", "scale", "benchmark"], group: .traffic, effect: .looks,
    forms: [
      [
        .required("N", .count(2...Crowd.mostUsers)), .choice("path", ["direct"]), .clause("via", "NAME", .label),
      ] + StreamOptions.parameters
    ],
    summary: "lets N users call each other in pairs, and measures what it costs a server",
    details: [
      "N is even. Each user sends one stream and receives one, 2 megabits a second for 10 seconds, unless you say "
        + "otherwise, as real packets on a network of their own, where everybody has a public address. Your own network "
        + "is not touched.",
      "`via NAME` puts a server of that name in the middle and measures what goes into it and out of it, for smaller "
        + "crowds, too, so that you see it grow. `direct`, which need not be said, has no server.",
      "Ctrl-C stops it; what was measured by then is shown.",
    ],
    examples: ["crowd 10 via server", "crowd 10 direct", "crowd 100 via server rate 500kbit for 2s"],
    seeAlso: ["call", "peer-to-peer"])
}
