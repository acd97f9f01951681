// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// `table [ROUTER] [--as FORM]`
public struct TableCommand: Command {
  /// Nil is every router's.
  public let router: Located<NamedDevice>?
  /// As another tool prints it; nil is natsh's own way.
  public let form: ForeignTable.Form?

  public init(_ arguments: Arguments) throws(SyntaxError) {
    router = arguments.optionalDevice("ROUTER")
    guard let word = arguments.optionalText("--as") else {
      form = nil
      return
    }
    guard let known = ForeignTable.Form.allCases.first(where: { $0.rawValue.matches(word.value) }) else {
      let names = ForeignTable.Form.allCases.map(\.rawValue)
      throw SyntaxError(
        .unknownValue(word.value, of: "--as", allowed: names), column: word.columns.lowerBound,
        length: word.columns.count, suggestion: Nearest.candidate(to: word.value, among: names))
    }
    form = known
  }

  public static let declaration = CommandDeclaration(
    Self.self, "table", aliases: ["tables"], strangers: ["nat", "conntrack", "mappings", "translations"],
    group: .looking, effect: .looks, forms: [[.optional("ROUTER", .device(.routers)), .clause("--as", "FORM", .text)]],
    summary: "shows the translation table, and what changed since it was last shown",
    details: [
      "A row is a mapping: an inside endpoint, the outside endpoint that stands for it, whom the filter admits, and how "
        + "long the row has to live. `+` marks a row that is new, `~` one that was refreshed, `-` one that expired.",
      "`--as conntrack`, `--as cisco` and `--as pf` print it as `conntrack -L`, `show ip nat translations` and `pfctl -s "
        + "state` do, a flow a line.",
    ],
    examples: [
      "scene two-homes", "send alice:5000 203.0.113.99:4000", "step", "table home-a", "table",
      "table home-a --as conntrack",
    ],
    seeAlso: ["show", "nat", "mapping", "filtering"])
}

/// `map`
public struct MapCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "map", strangers: ["draw", "topology", "network", "diagram"], group: .looking, effect: .looks,
    summary: "draws the network, with the packets in flight on it",
    examples: ["scene two-homes", "map"], seeAlso: ["show", "ladder"])
}

/// `packets`
public struct PacketsCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "packets", group: .looking, effect: .looks,
    summary: "lists all packets, and what became of them",
    examples: ["scene direct", "send alice bob hello", "run", "packets"], seeAlso: ["packet", "why", "trace"])
}

/// `packet [N]`
public struct PacketCommand: Command {
  /// The packet's number; nil is the last packet's.
  public let number: Located<Int>?

  public init(_ arguments: Arguments) throws(SyntaxError) { number = arguments.optionalCount("N") }

  public static let declaration = CommandDeclaration(
    Self.self, "packet", group: .looking, effect: .looks, forms: [[.optional("N", .count(1...Int.max))]],
    summary: "shows one packet hop by hop, its headers before and after",
    details: [
      "Without a number it is the last packet. The headers are those that would stand on a wire, field by field and in "
        + "their order; what a device has changed is marked."
    ],
    examples: ["scene one-home", "send alice:5000 bob:4000 hello", "run", "packet 1"], seeAlso: ["packets", "why"])
}

/// `why [N]`
public struct WhyCommand: Command {
  /// The packet's number; nil is the last packet's.
  public let packet: Located<Int>?

  public init(_ arguments: Arguments) throws(SyntaxError) { packet = arguments.optionalCount("N") }

  public static let declaration = CommandDeclaration(
    Self.self, "why", strangers: ["explain", "reason"], group: .looking, effect: .looks,
    forms: [[.optional("N", .count(1...Int.max))]],
    summary: "says in plain words why a packet was delivered or dropped",
    details: [
      "Without a number it is about the last packet. It names the rule, and the section of the RFC that has it."
    ],
    examples: ["scene one-home", "send bob 49.36.10.25:62000 \"anybody there?\"", "run", "why"],
    seeAlso: ["refusals", "packet", "trace"])
}

/// `trace [N]`
public struct TraceCommand: Command {
  /// How many hops; nil is the last 20.
  public let count: Located<Int>?

  public init(_ arguments: Arguments) throws(SyntaxError) { count = arguments.optionalCount("N") }

  public static let declaration = CommandDeclaration(
    Self.self, "trace", strangers: ["traceroute", "tcpdump", "hops", "log"], group: .looking, effect: .looks,
    forms: [[.optional("N", .count(1...1_000_000))]],
    summary: "lists the last hops, or the last N",
    details: ["A hop is what one device did with one packet: sent, forwarded, translated, delivered or dropped it."],
    examples: ["scene one-home", "ping alice bob", "run", "trace", "trace 3"], seeAlso: ["ladder", "packet"])
}

/// `ladder`
public struct LadderCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "ladder", strangers: ["sequence", "arrows"], group: .looking, effect: .looks,
    summary: "draws the last hops as a sequence diagram",
    examples: ["scene one-home", "ping alice bob", "run", "ladder"], seeAlso: ["trace", "map"])
}

/// `stats`
public struct StatsCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "stats", strangers: ["statistics", "counters", "netstat"], group: .looking, effect: .looks,
    summary: "counts bytes and packets by device and link, and times each conversation",
    details: [
      "A TURN server that has passed data on has a line of its own: the megabits a second that crossed its link in and "
        + "out, and the bytes that an hour of it would add to somebody's bill."
    ],
    examples: ["scene one-home", "ping alice bob", "run", "stats"], seeAlso: ["packets", "trace"])
}
