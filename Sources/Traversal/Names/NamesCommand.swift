// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// `names [HOST]`, `names HOST NAME ADDRESS…`, `names HOST NAME none`
struct NamesCommand: Command {
  let host: Located<NamedDevice>?
  /// The name to change; nil to list.
  let name: Located<String>?
  let addresses: [Located<IPAddress>]

  init(_ arguments: Arguments) throws(SyntaxError) {
    host = arguments.optionalDevice("HOST")
    name = arguments.optionalText("NAME")
    addresses = arguments.addresses("ADDRESS") + arguments.addresses("MORE")
  }

  static let declaration = CommandDeclaration(
    Self.self, "names", strangers: ["dns", "nslookup", "dig", "hosts", "resolve"], group: .traffic, effect: .changes,
    forms: [
      [.optional("HOST", .device(.hosts))],
      // Of two forms that fit equally far, the last one's error is told.
      [.required("HOST", .device(.hosts)), .required("NAME", .label), .keyword("none")],
      [
        .required("HOST", .device(.hosts)), .required("NAME", .label), .required("ADDRESS", .address),
        .optional("MORE", .address, atMost: 3),
      ],
    ],
    summary: said("lists the names that servers know, or tells a server one"),
    details: [
      said(
        "`serve HOST names` makes a host a server for names (DNS, RFC 1035); `names HOST NAME ADDRESS…` puts a name into its ",
        "table, `names HOST NAME none` takes it out. A name that is asked for has a dot in it: `shop.example`."),
      said(
        "`send`, `ping` and `connect` take such a name as TO. The host first asks its server, in real packets, and then ",
        "sends. It asks the only server there is, or the one that `set NAME resolver ADDRESS` says, at the host or at a ",
        "router on its way out."),
      said(
        "Two servers may give two answers: inside, a name can have an inside address (split DNS). Try `scene split-dns`. ",
        "`serve HOST names upstream ADDRESS` asks another server for what is not in the table, and `dns64 PREFIX` makes up ",
        "IPv6 addresses for hosts behind a NAT64 (RFC 6147): `scene dns64`."),
    ],
    examples: [
      "scene one-home", "host dns 203.0.113.53", "serve dns names", "names dns bob.example 88.90.100.110", "names",
      "send alice bob.example", "run",
    ],
    seeAlso: ["serve", "send", "connect", "set"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(host)
    let servers = session.network.programs(on: id).filter { $0.isRunning && $0.name == Errand.namesProgram }
    guard let name, let host else {
      var outcome = CommandOutcome(NamesReport(servers: servers.compactMap { session.table(of: $0) }))
      outcome.changedNothing = true
      return outcome
    }
    guard let server = servers.first else {
      throw CommandError(.other(NamesFault.servesNone(host.value.name)), at: host.columns)
    }
    guard name.value.contains(".") else {
      throw CommandError(.other(NamesFault.noDot(name.value)), at: name.columns, suggestion: "\(name.value).example")
    }
    guard DNSName.isValid(name.value) else {
      throw CommandError(.other(NamesFault.badLabel(name.value)), at: name.columns)
    }
    let hasChanged = session.network.instruct(server.id, as: NamesServer.self) { program, _ in
      program.set(name.value, to: addresses.map(\.value))
    }
    if hasChanged == false, addresses.isEmpty {
      throw CommandError(.other(NamesFault.unknown(name.value, host.value.name)), at: name.columns)
    }
    return CommandOutcome(NamesReport(servers: [session.table(of: server)].compactMap(\.self)))
  }
}

/// Why a name was not changed.
enum NamesFault: CommandFault {
  case servesNone(String)
  case noDot(String)
  case badLabel(String)
  case unknown(String, String)

  var word: String {
    switch self {
    case .servesNone: "serves-not"
    case .noDot, .badLabel: "bad-name"
    case .unknown: "unknown-name"
    }
  }

  var message: String {
    switch self {
    case .servesNone(let host): said("\(host) does not serve names; `serve \(host) names` first")
    case .noDot(let name):
      said("'\(name)' has no dot, as names that servers know must; write one such as shop.example")
    case .badLabel(let name):
      said("'\(name)' is not a name that a server can know: between its dots there must be 1 to 63 bytes")
    case .unknown(let name, let host): said("\(host) does not know \(name); `names \(host)` lists what it knows")
    }
  }
}

extension Session {
  /// What a server for names knows.
  fileprivate func table(of program: ProgramSummary) -> NamesReport.Server? {
    guard let server = network.program(program.id, as: NamesServer.self) else { return nil }
    return NamesReport.Server(
      host: network.device(program.host).name, port: program.port.map(Int.init) ?? 0,
      upstream: server.upstream?.address, dns64: server.dns64?.prefix.description,
      names: server.records.map { NamesReport.Entry(name: $0.name, addresses: $0.addresses) })
  }
}

/// `names`: servers, and what each of them answers.
struct NamesReport: ResultContent {
  struct Entry: Encodable, Sendable {
    var name: String
    var addresses: [IPAddress]
  }

  struct Server: Encodable, Sendable {
    var host: String
    var port: Int
    /// The server that it asks for other names.
    var upstream: IPAddress?
    /// The prefix under which it makes up IPv6 addresses.
    var dns64: String?
    var names: [Entry]
  }

  var servers: [Server]
}

extension NamesReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    guard !servers.isEmpty else {
      page.add(said("No host serves names. \(typed: "serve HOST names") begins a server."))
      return page.text
    }
    for (place, server) in servers.enumerated() {
      if place > 0 { page.addGap() }
      let names = Count.of(server.names.count, "name")
      var head: StyledText = said("\(server.host, .name) knows \(names)")
      if let upstream = server.upstream { head += said(", and asks \(upstream, .address) for others") }
      if let dns64 = server.dns64 { head += said("; it makes up IPv6 addresses under \(dns64, .address)") }
      page.add(head + (server.names.isEmpty ? "." : ":"), hanging: 2)
      guard !server.names.isEmpty else { continue }
      var table = TextTable([.init(said("name")), .init(said("addresses"))])
      for entry in server.names {
        table.addRow([
          StyledText(entry.name, .name),
          StyledText(entry.addresses.map(\.description).joined(separator: ", "), .address),
        ])
      }
      table.add(to: &page)
    }
    return page.text
  }
}
