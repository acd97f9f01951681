// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// `serve HOST SERVICE [PORT] [alternate ADDRESS]`, `serve HOST names [PORT] [upstream ADDRESS] [dns64 PREFIX]`
struct ServeCommand: Command {
  let host: Located<NamedDevice>
  let service: Service
  let port: Located<Int>?
  let alternate: Located<IPAddress>?
  let upstream: IPAddress?
  let dns64: EmbeddingPrefix?

  init(_ arguments: Arguments) throws(SyntaxError) {
    host = try arguments.device("HOST")
    port = arguments.optionalCount("PORT")
    alternate = arguments.addresses("alternate").first
    upstream = arguments.addresses("upstream").first?.value
    let prefix = arguments.prefixes("dns64").first
    dns64 = prefix.flatMap { EmbeddingPrefix($0.value) }
    if let prefix, dns64 == nil {
      throw SyntaxError(
        .prefixEmbedsNothing(prefix.value), column: prefix.columns.lowerBound, length: prefix.columns.count,
        suggestion: "\(EmbeddingPrefix.wellKnown.prefix)")
    }
    guard let service = Service.all.first(where: { arguments.has($0.word) }) else {
      let columns = arguments.columns("SERVICE")
      throw SyntaxError(
        .missingArgument(label: "SERVICE", after: host.value.name, usage: arguments.usage), column: columns.lowerBound)
    }
    self.service = service
  }

  static let declaration = CommandDeclaration(
    Self.self, "serve", strangers: ["server", "start", "daemon", "service"], group: .traffic, effect: .changes,
    forms: Service.all.map { service in
      var form: [Parameter] = [.required("HOST", .device(.hosts)), .keyword(service.word)]
      form.append(
        service.port == nil ? .required("PORT", .count(1...65_535)) : .optional("PORT", .count(1...65_535)))
      if service.takesAlternate { form.append(.clause("alternate", "ADDRESS", .address)) }
      return form + service.parameters
    },
    summary: said("makes a host run a server"),
    details: [
      Service.all.map { service in
        "`\(service.word)`"
          + (service.port.map { said(" (port \($0) unless you say otherwise)") } ?? "")
          + " \(service.description.summary)"
      }.joined(separator: "; ") + ".",
      said(
        "The server receives packets at its port and answers on its own, a step at a time. `programs` lists what runs, ",
        "and `stop` ends it."),
    ],
    examples: ["scene one-home", "serve bob echo 7", "send alice bob:7 hello", "run"],
    seeAlso: ["programs", "stop", "call"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id: DeviceID = try session.identify(host)
    guard let number = port.map({ UInt16(clamping: $0.value) }) ?? service.port else {
      throw CommandError(.other(ServeFault.noPort(service.word)), at: host.columns)
    }
    let before = session.network
    do throws(BuildError) {
      if let alternate, session.network.host(id)?.alternateAddresses.contains(alternate.value) != true {
        try session.network.addAlternateAddress(alternate.value, to: id)
      }
    } catch {
      throw CommandError(.build(error), at: alternate?.columns)
    }
    do throws(HostError) {
      let options = Service.Options(
        host: id, port: number, alternate: alternate?.value, upstream: upstream, dns64: dns64)
      let (program, taken) =
        port == nil
        ? try service.beginNearby(options, in: &session.network)
        : (try service.begin(options, &session.network), number)
      return CommandOutcome(
        ServeReport(host: host.value.name, service: service.word, port: Int(taken), program: program))
    } catch {
      session.network = before
      throw CommandError(.host(error), at: port?.columns ?? host.columns)
    }
  }
}

/// Why a server did not begin.
enum ServeFault: CommandFault {
  case noPort(String)

  var word: String { "no-port" }

  var message: String {
    switch self {
    case .noPort(let service): said("\(service) has no port of its own; give one: `serve HOST \(service) PORT`")
    }
  }
}

/// `serve`: the server that was begun.
struct ServeReport: ResultContent, TextRenderable {
  var host: String
  var service: String
  var port: Int
  /// The program's number.
  var program: Int

  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.add(said("\(host, .name) serves \(service) on port \(port)."))
    return page.text
  }
}
