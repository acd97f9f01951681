// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `ftp HOST SERVER [active|passive] [extended]`
struct FTPCommand: Command {
  let host: Located<EndpointReference>
  let server: Located<EndpointReference>
  let isPassive: Bool
  let isExtended: Bool

  init(_ arguments: Arguments) throws(SyntaxError) {
    host = try arguments.endpoint("HOST")
    server = try arguments.endpoint("SERVER")
    isPassive = arguments.choice(said("who opens the data connection"))?.value == "passive"
    isExtended = arguments.choice("extended") != nil
  }

  static let declaration = CommandDeclaration(
    Self.self, "ftp", strangers: ["lftp", "ncftp", "download", "get"], group: .traffic, effect: .changes,
    forms: [
      [
        .required("HOST", .endpoint(.hosts)), .required("SERVER", .endpoint(.all)),
        .choice(said("who opens the data connection"), ["active", "passive"]), .choice("extended", ["extended"]),
      ]
    ],
    summary: said("lets a host ask an FTP server for its list of files"),
    details: [
      said(
        "FTP (RFC 959) has a connection for commands and another for each list or file. With `active`, which it is unless ",
        "you say otherwise, the client says in its text where it listens (`PORT`), and the server connects to it from port ",
        "20; with `passive` the server says where it listens (`227`), and the client connects."),
      said(
        "So an address goes through a NAT inside a text, where the NAT does not look, unless it has an application level ",
        "gateway: `set ROUTER alg ftp on`. That reads port 21, and nothing that is encrypted. `extended` uses `EPRT` and `EPSV` ",
        "(RFC 2428)."),
      said("SERVER is a host on which `serve HOST ftp` runs, or a router that forwards port 21 to it."),
    ],
    examples: [
      "scene ftp-active", "ftp alice files", "run", "set home-a alg ftp on", "ftp alice files", "run",
      "ftp alice files passive",
      "run",
    ],
    seeAlso: ["serve", "set", "why", "sip"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.sender(host)
    let target = try session.destination(
      server.at(ApplicationGateways.ftpPort), from: id, typed: host)
    if !isExtended, !target.address.isIPv4 { throw CommandError(.other(FTPFault.onlyExtended), at: server.columns) }
    let client = FTPClient(server: target, from: host.value.port, isPassive: isPassive, isExtended: isExtended)
    return try session.moving { session throws(CommandError) in
      try session.start(client, on: id, at: host.columns)
    }
  }
}

/// Why a client did not begin.
enum FTPFault: CommandFault {
  case onlyExtended

  var word: String { "only-extended" }

  var message: String {
    switch self {
    case .onlyExtended: said("`PORT` and `PASV` know only IPv4 addresses; add `extended`")
    }
  }
}

extension Located<EndpointReference> {
  /// The same endpoint, with that port unless it has one.
  func at(_ port: UInt16) -> Located<EndpointReference> {
    Located(EndpointReference(value.host, port: value.port ?? port), columns: columns)
  }
}
