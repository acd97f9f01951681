// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `sip FROM TO [rport]`
struct SIPCommand: Command {
  let from: Located<EndpointReference>
  let to: Located<EndpointReference>
  let asksForSeenPort: Bool

  init(_ arguments: Arguments) throws(SyntaxError) {
    from = try arguments.endpoint("FROM")
    to = try arguments.endpoint("TO")
    asksForSeenPort = arguments.choice("rport") != nil
  }

  static let declaration = CommandDeclaration(
    Self.self, "sip", strangers: ["voip", "phone", "linphone"], group: .traffic, effect: .changes,
    forms: [
      [.required("FROM", .endpoint(.hosts)), .required("TO", .endpoint(.all)), .choice("rport", ["rport"])]
    ],
    summary: said("lets a host call another with SIP"),
    details: [
      said(
        "FROM invites TO (RFC 3261), and each says in the text where it wants to hear the other's voice (SDP, RFC 4566). ",
        "Both send five packets there, and FROM hangs up."),
      said(
        "A NAT changes the header and not the text, so the voice is sent to a private address, and the answer to a port ",
        "that nobody mapped. With `rport` (RFC 3581) the answer comes to where the request came from; the voice does not. ",
        "`set ROUTER alg sip on` has the router change the text as well."),
      said("TO is a host on which `serve HOST sip` runs, or a router that forwards UDP port 5060 to it."),
    ],
    examples: [
      "scene sip-alg", "sip alice bob rport", "run", "set home-a alg sip on", "sip alice bob", "run", "table home-a",
    ],
    seeAlso: ["serve", "set", "why", "ftp"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.sender(from)
    let target = try session.destination(to.at(ApplicationGateways.sipPort), from: id, typed: from)
    guard target.address.isIPv4 else { throw CommandError(.other(SIPFault.onlyIPv4), at: to.columns) }
    let caller = SIPCaller(callee: target, asksForSeenPort: asksForSeenPort)
    return try session.moving { session throws(CommandError) in
      try session.start(caller, on: id, at: from.columns)
    }
  }
}

/// Why a call did not begin.
enum SIPFault: CommandFault {
  case onlyIPv4

  var word: String { "only-ipv4" }

  var message: String {
    switch self {
    case .onlyIPv4: said("`sip` calls over IPv4 only, where something is translated")
    }
  }
}
