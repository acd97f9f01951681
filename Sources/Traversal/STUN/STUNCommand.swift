// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `stun HOST[:PORT] [via SERVER] [behavior]`
struct STUNCommand: Command {
  let host: Located<EndpointReference>
  let via: Located<NamedDevice>?
  let discovers: Bool

  init(_ arguments: Arguments) throws(SyntaxError) {
    host = try arguments.endpoint("HOST")
    via = arguments.optionalDevice("via")
    discovers = arguments.choice(said("how much")) != nil
  }

  static let declaration = CommandDeclaration(
    Self.self, "stun", strangers: ["whatismyip", "myip", "ipinfo"], group: .traffic, effect: .changes,
    forms: [
      [
        .required("HOST", .endpoint(.hosts)), .clause("via", "SERVER", .device(.hosts)),
        .choice(said("how much"), ["behavior"]),
      ]
    ],
    summary: said("lets a host ask a STUN server how it looks from outside"),
    details: [
      said(
        "HOST sends a Binding request (RFC 8489); the server answers with the address and port that the request came from. ",
        "An unanswered request is repeated after 0.5, 1, 2 … seconds, seven in all. The request waits for `step`, as ",
        "with `send`."),
      said(
        "`behavior` goes on with RFC 5780's tests: where answers are let in from, and whether the outside port depends on ",
        "the destination. The server needs a second address: `serve HOST stun alternate ADDRESS`."),
      said(
        "The tests cannot find out everything. If packets are lost, silence proves little, and the result says so. A router ",
        "such as `preset linux` treats an answer that it refused as a flow of its own: towards that sender the client's ",
        "port is then taken, so a client that asks there afterwards is seen at a different one, and its own question has ",
        "spoiled the mapping."),
      said("`via SERVER` may be left out if only one host serves it."),
    ],
    examples: [
      "scene one-home", "host stun 203.0.113.50", "serve stun stun alternate 203.0.113.51", "stun alice", "run",
      "stun alice behavior", "run",
    ],
    seeAlso: ["serve", "programs", "table"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.sender(host)
    let found = try session.server(.stun, via)
    let server = try session.endpoint(of: found, from: id, at: via?.columns ?? host.columns)
    let client = STUNClient(server: server, port: host.value.port, discovers: discovers)
    return try session.moving { session throws(CommandError) in
      try session.start(client, on: id, at: host.columns)
    }
  }
}
