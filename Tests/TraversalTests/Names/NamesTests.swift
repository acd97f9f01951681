// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

@Suite struct NamesTests: CommandSuite {
  /// What became of the last packet that `host` itself sent over `transport`.
  private static func fate(_ session: Session, of host: String, _ transport: TransportProtocol) throws -> String {
    let id = try #require(session.network.device(named: host)?.id)
    let trace = session.network.trace
    let number = try #require(
      (1...trace.packetCount).last { trace.packet($0)?.origin == id && trace.packet($0)?.packet.transport == transport }
    )
    let record = try #require(trace.packet(number))
    let end = record.endedAt.map { session.network.device($0).name } ?? "nowhere"
    switch record.state {
    case .delivered: return "\(record.packet.destination) at \(end)"
    case .dropped(let reason): return "\(reason.rawValue) at \(end)"
    case .inFlight: return "in flight"
    }
  }

  @Test func theOutsideAddressFailsInsideAndSplitDNSCuresIt() throws {
    var session = try Self.session("scene split-dns")
    try Self.run("connect bob shop.example:80", in: &session)
    try Self.run("run", in: &session)
    #expect(try Self.fate(session, of: "bob", .tcp) == "49.36.10.25:80 at web")
    try Self.run("connect laptop shop.example:80", in: &session)
    try Self.run("run", in: &session)
    #expect(try Self.fate(session, of: "laptop", .tcp) == "hairpin-off at home")
    let why = try #require(try Self.run("why", in: &session).content as? WhyReport)
    let cure = try #require(why.remedies.first { $0.commands.first == "set laptop resolver 192.168.1.53" })
    #expect(cure.kind == .fix && cure.commands.last == "connect laptop shop.example:80")
    for line in cure.commands + ["run"] { try Self.run(line, in: &session) }
    #expect(try Self.fate(session, of: "laptop", .tcp) == "192.168.1.80:80 at web")
    // A name that the server inside does not know comes from outside all the same.
    try Self.run("names dns bob.example 88.90.100.110", in: &session)
    try Self.run("ping laptop bob.example", in: &session)
    try Self.run("run", in: &session)
    let ping = try Self.fate(session, of: "laptop", .icmp)
    #expect(ping.hasPrefix("88.90.100.110:") && ping.hasSuffix("at bob"))
  }

  @Test func aDNS64MakesUpAddresses() throws {
    var session = try Self.session("scene dns64", "send phone bob.example:4000 hello", "run")
    #expect(try Self.fate(session, of: "phone", .udp) == "[64:ff9b::585a:646e]:4000 at bob")
    let events = session.network.trace.events(from: 1)
    #expect(
      events.last { $0.name == "resolved" }?.data["address"] == .address(try #require(IPAddress("64:ff9b::585a:646e"))))
    // A name with an IPv6 address of its own keeps it (RFC 6147 §5.1.1), and a private one is left alone (§5.1.2).
    try Self.run("names dns six.example 2001:db8:c::53 88.90.100.110", in: &session)
    try Self.run("names dns home.example 192.168.1.10", in: &session)
    try Self.run("send phone six.example", in: &session)
    try Self.run("run", in: &session)
    #expect(try Self.fate(session, of: "phone", .udp) == "[2001:db8:c::53]:4000 at dns")
    try Self.run("send phone home.example", in: &session)
    let result = try Self.run("run", in: &session)
    #expect(result.activity?.events.last?.data["reason"] == .text("no-address"))
  }

  @Test func anUnknownNameAndNoAnswer() throws {
    var session = try Self.session("scene split-dns", "send bob nobody.example")
    #expect(try Self.run("run", in: &session).activity?.events.last?.data["reason"] == .text("NXDOMAIN"))
    try Self.run("set bob resolver 203.0.113.99", in: &session)
    try Self.run("send bob shop.example", in: &session)
    #expect(try Self.run("run", in: &session).activity?.events.last?.data["reason"] == .text("timed-out"))
    // Asked twice, five seconds apart.
    #expect(session.clock >= Instant.zero + .seconds(10))
  }

  @Test func namesAreListedChangedUndoneAndSaved() throws {
    var session = try Self.session("scene one-home", "serve bob names", "names bob a.example 1.2.3.4 2001:db8::4")
    func listed(_ session: inout Session) throws -> [String] {
      let report = try #require(try Self.run("names", in: &session).content as? NamesReport)
      return report.servers.flatMap { $0.names.map { "\($0.name) \($0.addresses.map(\.description))" } }
    }
    #expect(try listed(&session) == [#"a.example ["1.2.3.4", "2001:db8::4"]"#])
    try Self.run("names bob A.example 5.6.7.8", in: &session)
    #expect(try listed(&session) == [#"a.example ["5.6.7.8"]"#])
    try Self.run("undo", in: &session)
    #expect(try listed(&session) == [#"a.example ["1.2.3.4", "2001:db8::4"]"#])
    var again = try Self.session(session.standingLines)
    let saved = try listed(&again)
    #expect(try listed(&session) == saved)
    try Self.run("names bob a.example none", in: &session)
    #expect(try listed(&session) == [])
  }

  @Test(
    arguments: [
      ("send alice shop.example", "nobody-serves"), ("ping alice bob.4000", "unknown-name"),
      ("send alice bob.", "unknown-name"), ("names bob shop.example 1.2.3.4", "serves-not"),
      ("serve bob names dns64 64:ff9b::/95", "prefix-embeds-nothing"), ("set alice resolver nowhere", "bad-address"),
      ("close alice shop.example", "unknown-name"),
    ])
  func mistakes(line: String, word: String) throws {
    var session = try Self.session("scene one-home")
    expect(word, line, in: &session)
  }

  @Test(
    arguments: [
      ("names bob shop 1.2.3.4", "bad-name"), ("names bob a..b 1.2.3.4", "bad-name"),
      ("names bob shop.example none", "unknown-name"), ("names bob shop.example", "missing-argument"),
    ])
  func mistakesWithAServer(line: String, word: String) throws {
    var session = try Self.session("scene one-home", "serve bob names")
    expect(word, line, in: &session)
  }

  /// Nothing is carried out, and nothing has changed.
  private func expect(_ word: String, _ line: String, in session: inout Session) {
    let before = session.standingLines
    do throws(any Error) {
      try Self.run(line, in: &session)
      Issue.record("carried out")
    } catch SessionError.command(let error) {
      #expect(error.kind.word == word)
    } catch SessionError.syntax(let error) {
      #expect(error.kind.word == word)
    } catch {
      Issue.record(error)
    }
    #expect(session.standingLines == before)
  }

  /// Servers that ask each other stop, and so does one that asks itself.
  @Test(arguments: ["203.0.113.53", "203.0.113.54"]) func serversThatAskEachOther(upstream: String) throws {
    var session = try Self.session(
      "scene one-home", "host one 203.0.113.53", "host two 203.0.113.54", "serve one names upstream \(upstream)",
      "serve two names upstream 203.0.113.53", "set alice resolver 203.0.113.53", "send alice shop.example")
    #expect(try Self.run("run", in: &session).activity?.events.last?.data["reason"] == .text("timed-out"))
    #expect(session.network.trace.packetCount < 20)
  }

  /// One question is enough for several who ask, and each gets an answer of its own.
  @Test func questionsArePassedOnOnce() throws {
    let session = try Self.session(
      "scene split-dns", "set home resolver 192.168.1.53", "names dns far.example 88.90.100.110",
      "send laptop far.example", "send web far.example", "run")
    let events = session.network.trace.events(from: 1)
    #expect(events.count { $0.program == "names-server" && $0.name == "asks" } == 1)
    #expect(events.count { $0.name == "resolved" } == 2)
    #expect(try Self.fate(session, of: "web", .udp) == "88.90.100.110:4000 at bob")
  }

  @Test func completionOffersNames() throws {
    let session = try Self.session("scene split-dns")
    let line = "send laptop sh"
    #expect(session.completions(line: line, cursor: line.utf8.count).candidates.map(\.text) == ["shop.example"])
  }

  @Test func twoServersMustBeChosenBetween() throws {
    var session = try Self.session("scene one-home", "host dns", "serve dns names", "serve bob names")
    do throws(any Error) {
      try Self.run("send alice shop.example", in: &session)
      Issue.record("carried out")
    } catch SessionError.command(let error) {
      #expect(error.kind.word == "several-serve")
    }
  }
}
