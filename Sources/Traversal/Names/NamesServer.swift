// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Answers questions about names from a table of its own, and passes on what is not in there to another server, if it
/// has one.
///
/// As a DNS64 (RFC 6147) it makes up IPv6 addresses for names that have only IPv4 ones, under the prefix of a NAT64.
struct NamesServer: HostProgram {
  struct Record: Hashable, Sendable {
    var name: String
    var addresses: [IPAddress]
  }

  /// Somebody who has asked, and at which of the host's endpoints.
  private struct Client: Hashable, Sendable {
    var question: DNSMessage
    var remote: Endpoint
    var local: Endpoint
  }

  /// A question that has been passed on, and those who wait for its answer.
  private struct Waiting: Hashable, Sendable {
    var name: String
    var type: DNSMessage.RecordType
    var clients: [Client]
    var since: Instant
    /// Whether there was no IPv6 address, and the IPv4 ones are being asked for.
    var isSynthesis = false
  }

  let port: UInt16?
  /// The prefix under which it makes up addresses; nil if it does not.
  let dns64: EmbeddingPrefix?
  /// The server that it asks for other names.
  let upstream: Endpoint?
  private(set) var records: [Record] = []
  private var waiting: [UInt16: Waiting] = [:]
  private static let mostWaiting = 256
  private static let mostClients = 64
  /// How long a question is not passed on again, so that servers that ask each other do not do so for ever.
  private static let quiet = Interval.seconds(2)

  var name: String { Errand.namesProgram }
  var state: String { "serving" }

  init(port: UInt16?, dns64: EmbeddingPrefix? = nil, upstream: Endpoint? = nil) {
    (self.port, self.dns64, self.upstream) = (port, dns64, upstream)
  }

  /// Sets the addresses of a name; none removes it.
  ///
  /// - Returns: whether anything has changed.
  mutating func set(_ name: String, to addresses: [IPAddress]) -> Bool {
    let place = records.firstIndex { DNSName.folded($0.name) == DNSName.folded(name) }
    if let place, addresses.isEmpty {
      records.remove(at: place)
    } else if let place {
      guard records[place].addresses != addresses else { return false }
      records[place].addresses = addresses
    } else {
      guard !addresses.isEmpty else { return false }
      records.append(Record(name: name, addresses: addresses))
    }
    return true
  }

  mutating func start(_ host: inout ProgramContext) throws(HostError) { try host.open(.udp, port) }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard case .datagram = delivery.content, let message = delivery.bytes.flatMap({ DNSMessage(decoding: $0) }) else {
      return
    }
    if message.isAnswer { return passBack(message, delivery, &host) }
    let client = Client(question: message, remote: delivery.remote, local: delivery.local)
    guard let type = DNSMessage.RecordType(rawValue: message.type) else {
      return say(.notImplemented, to: client, &host)
    }
    if let record = records.first(where: { DNSName.folded($0.name) == DNSName.folded(message.name) }) {
      let found = record.addresses.filter { $0.family == type.family }
      return say(
        .noError, found.isEmpty && type == .aaaa ? synthesized(record.addresses) : found, to: client, &host)
    }
    if upstream == nil || !passOn(client, type, &host) { say(.nameError, to: client, &host) }
  }

  private func synthesized(_ addresses: [IPAddress]) -> [IPAddress] {
    guard let dns64 else { return [] }
    return addresses.filter { $0.isIPv4 && dns64.mayStand(for: $0) }.map { dns64.embed($0) }
  }

  /// Passes a question on, unless that has just been done; false if that cannot be.
  private mutating func passOn(
    _ client: Client, _ type: DNSMessage.RecordType, _ host: inout ProgramContext
  ) -> Bool {
    let name = DNSName.folded(client.question.name)
    let same = waiting.first { _, other in
      other.name == name && other.type == type && host.now - other.since < Self.quiet
    }
    if let id = same?.key {
      if waiting[id].map({ $0.clients.count < Self.mostClients }) == true { waiting[id]?.clients.append(client) }
      return true
    }
    return ask(Waiting(name: name, type: type, clients: [client], since: host.now), type, &host)
  }

  /// Asks the other server.
  private mutating func ask(
    _ question: Waiting, _ type: DNSMessage.RecordType, _ host: inout ProgramContext
  ) -> Bool {
    guard let upstream, let port else { return false }
    if waiting.count >= Self.mostWaiting { waiting = [:] }
    let id = UInt16(truncatingIfNeeded: host.generator.next())
    let message = DNSMessage(question: question.name, type, id: id)
    guard host.send(Payload(bytes: message.encoded()), from: port, to: upstream) else { return false }
    waiting[id] = question
    host.tell(
      "asks", ["name": .text(message.name), "type": .text(type.word), "server": .endpoint(upstream)], about: .lastSent)
    return true
  }

  /// The other server's answer goes to all who asked.
  private mutating func passBack(_ message: DNSMessage, _ delivery: Delivery, _ host: inout ProgramContext) {
    guard delivery.remote == upstream, let asked = waiting[message.id], asked.name == DNSName.folded(message.name)
    else { return }
    waiting[message.id] = nil
    var (code, addresses) = (message.code, message.addresses)
    if asked.isSynthesis {
      // There is a name, whatever is known of its IPv4 addresses.
      (code, addresses) = (.noError, synthesized(addresses))
    } else if dns64 != nil, asked.type == .aaaa, code == .noError, addresses.isEmpty {
      var again = asked
      again.isSynthesis = true
      if ask(again, .a, &host) { return }
    }
    for client in asked.clients { say(code, addresses, isAuthoritative: false, to: client, &host) }
  }

  private func say(
    _ code: DNSMessage.Code, _ addresses: [IPAddress] = [], isAuthoritative: Bool = true, to client: Client,
    _ host: inout ProgramContext
  ) {
    let answer = client.question.answer(code, addresses, isAuthoritative: isAuthoritative)
    host.send(Payload(bytes: answer.encoded()), from: client.local, to: client.remote)
    let found = addresses.map(\.description).joined(separator: " ")
    host.tell(
      "answers",
      [
        "name": .text(answer.name), "type": .text(answer.typeName), "client": .endpoint(client.remote),
        "answer": addresses.isEmpty ? .null : .text(found), "code": .text(code.word),
      ])
  }
}

extension NamesServer {
  static let service = Service(
    "names", port: DNSMessage.standardPort,
    parameters: [.clause("upstream", "ADDRESS", .address), .clause("dns64", "PREFIX", .prefix)],
    ProgramDescription(
      Errand.namesProgram,
      summary: said("answers questions about names (DNS, RFC 1035) from a table that `names` fills"),
      events: ["answers": ["name", "type", "client", "answer", "code"], "asks": ["name", "type", "server"]],
      words: words)
  ) {
    NamesServer(port: $0.port, dns64: $0.dns64, upstream: $0.upstream.map { Endpoint($0, DNSMessage.standardPort) })
  }

  /// The names that the servers of a network know.
  @Sendable static func names(in network: Network) -> [String] {
    var names: [String] = []
    for summary in network.programs() where summary.isRunning && summary.name == Errand.namesProgram {
      let records = network.program(summary.id, as: NamesServer.self)?.records ?? []
      names += records.map(\.name).filter { name in !names.contains { DNSName.folded($0) == DNSName.folded(name) } }
    }
    return names
  }

  private static let words: @Sendable (EventReport) -> String? = { event in
    func value(_ key: String) -> String { event.data[key]?.text ?? "?" }
    let (name, client) = (value("name"), value("client"))
    switch (event.event, value("code")) {
    case ("asks", _): return said("does not know \(name) and asks \(value("server"))")
    case ("answers", "NXDOMAIN"): return said("tells \(client) that there is no \(name)")
    case ("answers", "NOERROR"):
      if let answer = event.data["answer"]?.text { return said("tells \(client) that \(name) is \(answer)") }
      return value("type") == "A"
        ? said("tells \(client) that \(name) has no IPv4 address")
        : said("tells \(client) that \(name) has no IPv6 address")
    case ("answers", let code): return said("tells \(client) that it cannot say what \(name) is (\(code))")
    default: return nil
    }
  }
}
