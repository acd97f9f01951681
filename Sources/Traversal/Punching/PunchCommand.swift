// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// `punch A[:PORT] B[:PORT] [via SERVER] [udp|tcp] [skew DURATION] [first A|B] [low-ttl] [predict N]
/// [birthday N]`
struct PunchCommand: Command {
  let first: Located<EndpointReference>
  let second: Located<EndpointReference>
  let via: Located<NamedDevice>?
  let transport: TransportProtocol
  let skew: Located<Interval>?
  /// The one that begins if there is a skew.
  let beginner: Located<NamedDevice>?
  let usesLowTTL: Bool
  let predicted: Int
  let birthdayPorts: Int

  init(_ arguments: Arguments) throws(SyntaxError) {
    first = try arguments.endpoint("A")
    second = try arguments.endpoint("B")
    via = arguments.optionalDevice("via")
    transport = arguments.transport("protocol")?.value ?? .udp
    skew = arguments.optionalDuration("skew")
    beginner = arguments.optionalDevice("first")
    usesLowTTL = arguments.choice("ttl") != nil
    predicted = arguments.optionalCount("predict")?.value ?? 0
    birthdayPorts = arguments.optionalCount("birthday")?.value ?? 0
    for other in ["tcp", "predict"] where birthdayPorts > 0 {
      guard other == "tcp" ? transport == .tcp : predicted > 0 else { continue }
      let columns = arguments.columns("birthday")
      throw SyntaxError(.conflict(other, "birthday"), column: columns.lowerBound, length: columns.count)
    }
  }

  static let declaration = CommandDeclaration(
    Self.self, "punch", strangers: ["hole", "holepunch", "hole-punch", "traverse"], group: .traffic, effect: .changes,
    forms: [
      [
        .required("A", .endpoint(.hosts)), .required("B", .endpoint(.hosts)), .clause("via", "SERVER", .device(.hosts)),
        .choice("protocol", ["udp", "tcp"]), .clause("skew", "DURATION", .duration),
        .clause("first", "A|B", .device(.hosts)), .choice("ttl", ["low-ttl"]),
        .clause("predict", "N", .count(1...64)),
        .clause("birthday", "N", .count(2...PunchOptions.mostBirthdayPorts)),
      ]
    ],
    summary: said("lets two hosts make a hole through their NATs towards each other"),
    details: [
      said(
        "Both register at a rendezvous server (`serve HOST rendezvous`), which tells each how it sees the other. Both then ",
        "send there, again and again: even a packet that the other's router refuses has opened the sender's own. `run` ",
        "lets it happen, `step` a packet at a time."),
      said(
        "`skew DURATION` makes the second one, or the one that `first` does not name, begin later. `low-ttl` lets ",
        "the first packet die just outside the sender's own router. `predict N` tries N ports beyond the one that the ",
        "server saw, for routers that give the next flow the next port. With `tcp`, both connect at once (RFC 5128 §3.4)."
      ),
      said(
        "`birthday N` is for a router that gives every flow a random port: each side sends from N ports at once, so that N ",
        "ports of its router admit the other, and then guesses, a hundred ports a second, up to 2,048. `birthday` ",
        "measures how often that succeeds."),
    ],
    examples: ["scene call", "punch alice bob", "run", "table"],
    seeAlso: ["serve", "matrix", "birthday", "programs"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let (one, other): (DeviceID, DeviceID) = (try session.sender(first), try session.sender(second))
    if one == other {
      throw CommandError(.other(TraversalFault.samePeer(session.network.device(one).name)), at: second.columns)
    }
    let server = try session.server(.rendezvous, via)
    var options = PunchOptions()
    options.transport = transport
    options.beginsWithLowTTL = usesLowTTL
    options.predictedPorts = predicted
    options.birthdayPorts = birthdayPorts
    var late = other
    if let beginner {
      let id: DeviceID = try session.identify(beginner)
      guard id == one || id == other else {
        throw CommandError(.other(TraversalFault.notAPeer(beginner.value.name)), at: beginner.columns)
      }
      late = id == one ? other : one
    }
    return try session.allOrNothing { session throws(CommandError) in
      return try session.moving { session throws(CommandError) in
        for (host, peer, typed) in [(one, other, first), (other, one, second)] {
          var options = options
          if host == late { options.wait = skew?.value ?? .zero }
          let endpoint = try session.endpoint(of: server, from: host, at: typed.columns)
          let program = PunchProgram(
            peer: session.network.device(peer).name, server: endpoint, port: typed.value.port, options: options)
          try session.start(program, on: host, at: typed.columns)
        }
      }
    }
  }
}
