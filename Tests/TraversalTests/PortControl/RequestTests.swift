// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// Hosts that ask their router for a port, and what the router makes of it.
@Suite struct RequestTests: CommandSuite {
  /// What programs told while `line` and `run` went by, the host's and the router's apart.
  static func events(_ line: String, in session: inout Session) throws -> [EventReport] {
    try run(line, in: &session)
    return try #require(try run("run", in: &session).activity?.events)
  }

  static func outcome(_ events: [EventReport]) -> String {
    guard let last = events.last(where: { $0.program == "request" }) else { return "nothing" }
    func value(_ key: String) -> String { last.data[key]?.text ?? "" }
    let what = last.event == "granted" ? "\(value("external")) \(value("lifetime_s"))" : value("code") + value("reason")
    return "\(last.event) \(what) \(value("with"))"
  }

  static let requests: [(settings: [String], line: String, outcome: String)] = [
    (["port-control pcp"], "request alice udp 8080", "granted 49.36.10.25:8080 7200 pcp"),
    (["port-control nat-pmp"], "request alice tcp 8080 for 10m", "granted 49.36.10.25:8080 600 nat-pmp"),
    (["port-control upnp"], "request alice tcp 8080 for 10m", "granted 49.36.10.25:8080 600 upnp"),
    (
      ["port-control pcp nat-pmp"], "request alice udp 80 as 8080 with nat-pmp", "granted 49.36.10.25:8080 7200 nat-pmp"
    ),
    (["port-control pcp"], "request alice udp 80 for 1s", "granted 49.36.10.25:80 120 pcp"),
    (["port-control pcp"], "request alice udp 80 for 100h", "granted 49.36.10.25:80 86400 pcp"),
    (["port-control pcp lying"], "request alice udp 80", "granted 49.36.10.25:80 7200 pcp"),
    (["port-control off"], "request alice udp 80 with pcp", "failed nobody listens there pcp"),
    ([], "request alice udp 80", "failed no answer upnp"),
    (["port-control pcp"], "request alice udp 80 with nat-pmp", "failed it speaks PCP and not NAT-PMP nat-pmp"),
    (["port-control pcp", "max-mappings 1"], "request alice udp 80", "granted 49.36.10.25:80 7200 pcp"),
  ]

  @Test(arguments: requests) func whatIsAskedForIsGrantedInEveryDialect(
    settings: [String], line: String, outcome: String
  ) throws {
    var session = try Self.session(["scene two-homes"] + settings.map { "set home-a \($0)" })
    #expect(Self.outcome(try Self.events(line, in: &session)) == outcome)
  }

  /// What is offered has been tried: asked for again, the port admits the same packet.
  @Test func aLeaseThatHasEndedIsAskedForAgain() throws {
    var session = try Self.session(
      "scene two-homes", "set home-a port-control pcp", "request alice udp 5000 as 8080 for 2m", "run", "wait 5m",
      "send bob:4000 49.36.10.25:8080", "run")
    let why = try #require(try Self.run("why", in: &session).content as? WhyReport)
    #expect(why.hop.reason == .expired)
    let fix = try #require(why.remedies.first)
    #expect(fix.idea == .renewLease && fix.kind == .fix)
    for command in fix.commands { try Self.run(command, in: &session) }
    try Self.run("run", in: &session)
    #expect(session.network.trace.packet(session.network.trace.packetCount)?.state == .delivered)
  }

  @Test(arguments: ["pcp", "nat-pmp", "upnp"]) func aLeaseLetsInAndEnds(dialect: String) throws {
    var session = try Self.session("scene two-homes", "set home-a port-control \(dialect)")
    _ = try Self.events("request alice udp 8080 for 10m", in: &session)
    let row = try #require(
      session.network.device(named: "home-a").flatMap { session.network.router($0.id) }?.nat.mappings.last)
    #expect(row.isStatic && row.external.port == 8_080 && row.expiresAt != nil)
    func knock() throws -> HopReport? {
      try Self.run("send bob 49.36.10.25:8080", in: &session)
      return try Self.run("run", in: &session).activity?.hops.last
    }
    #expect(try knock()?.verdict == .delivered)
    let waited = try Self.run("wait 9m", in: &session)
    #expect(waited.activity?.expired.contains { $0.isStatic } == false)
    #expect(try knock()?.verdict == .delivered)
    let ended = try Self.run("wait 2m", in: &session).activity?.expired
    #expect(ended?.filter(\.isStatic).map(\.external.description) == ["49.36.10.25:8080"])
    #expect(ended?.filter(\.isStatic).map(\.expiredAtMicroseconds) == [row.expiresAt?.microseconds])
    #expect(try knock()?.reason == .expired)
    // Undone, it is there again, with the time it had left.
    for _ in 0..<3 { try Self.run("undo", in: &session) }
    #expect(try knock()?.verdict == .delivered)
  }

  static let second: [(first: String, second: String, outcome: String)] = [
    ("request alice udp 80 with pcp", "request alice udp 80 for 1h with pcp", "granted 49.36.10.25:80 3600 pcp"),
    ("request alice udp 80 with pcp", "request alice udp 80 for 0s with pcp", "released  pcp"),
    ("request alice udp 80 with nat-pmp", "request alice udp 80 for 0s with nat-pmp", "released  nat-pmp"),
    ("request alice udp 80 with upnp", "request alice udp 80 for 0s with upnp", "released  upnp"),
    ("request alice udp 80 with pcp", "request carol udp 80 with pcp", "granted 49.36.10.25:81 7200 pcp"),
    ("request alice udp 80 with upnp", "request carol udp 80 with upnp", "refused 718ConflictInMappingEntry upnp"),
    (
      "forward home-a udp 80 to alice:80", "request alice udp 80 for 0s with nat-pmp",
      "refused 2Not Authorized/Refused nat-pmp"
    ),
    ("request alice udp 80 with upnp", "request alice udp 80 with nat-pmp", "refused 2Not Authorized/Refused nat-pmp"),
    ("forward home-a udp 80 to carol:9", "request alice udp 80 with upnp", "refused 718ConflictInMappingEntry upnp"),
    ("set home-a max-mappings-per-host 1", "request alice udp 80 with pcp", "granted 49.36.10.25:80 7200 pcp"),
    ("request alice udp 81 with pcp", "request alice udp 80 with pcp", "granted 49.36.10.25:80 7200 pcp"),
    ("set home-a max-mappings 1; send alice bob; run", "request alice udp 80 with pcp", "refused 8NO_RESOURCES pcp"),
    (
      "set home-a max-mappings 1; send alice bob; run", "request alice udp 80 with nat-pmp",
      "refused 4Out of resources nat-pmp"
    ),
    (
      "set home-a max-mappings 1; send alice bob; run", "request alice udp 80 with upnp",
      "refused 501Action Failed upnp"
    ),
    (
      "request alice udp 80 with pcp; run; reboot home-a", "request carol udp 80 with pcp",
      "granted 49.36.10.25:80 7200 pcp"
    ),
  ]

  @Test(arguments: second) func whatWasGrantedBeforeCounts(first: String, second: String, outcome: String) throws {
    var session = try Self.session(
      "scene two-homes", "host carol behind home-a", "set home-a port-control pcp nat-pmp upnp")
    for line in first.split(separator: ";") { try Self.run(String(line), in: &session) }
    try Self.run("run", in: &session)
    #expect(Self.outcome(try Self.events(second, in: &session)) == outcome)
  }

  @Test func aHostThatHasUsedUpItsShareIsToldSo() throws {
    var session = try Self.session(
      "scene two-homes", "set home-a port-control pcp", "set home-a max-mappings-per-host 1")
    _ = try Self.events("request alice udp 80", in: &session)
    #expect(Self.outcome(try Self.events("request alice udp 81", in: &session)) == "refused 10USER_EX_QUOTA pcp")
  }

  @Test func aRouterThatLiesMapsNothing() throws {
    var session = try Self.session("scene two-homes", "set home-a port-control pcp upnp lying")
    #expect(Self.outcome(try Self.events("request alice udp 80", in: &session)).hasPrefix("granted"))
    try Self.run("send bob 49.36.10.25:80", in: &session)
    #expect(try Self.run("run", in: &session).activity?.hops.last?.reason == .noMapping)
  }

  @Test func behindAnotherRouterItIsOfNoUse() throws {
    var session = try Self.session("scene call-cgnat", "set home-a port-control pcp")
    let events = try Self.events("request alice udp 8080", in: &session)
    let granted = try #require(events.last { $0.event == "granted" && $0.program == "request" })
    #expect(granted.data["public"]?.text == "no" && granted.data["external"]?.text == "100.64.0.10:8080")
    try Self.run("send bob 49.36.10.25:8080", in: &session)
    #expect(try Self.run("run", in: &session).activity?.hops.last?.reason == .noMapping)
    // A forward at each of the two is.
    try Self.run("forward isp udp 8080 to home-a:8080", in: &session)
    try Self.run("send bob 49.36.10.25:8080", in: &session)
    let last = try Self.run("run", in: &session).activity?.hops.last
    #expect(last?.verdict == .delivered && last?.node == "alice")
  }

  @Test func twoHomesBehindOneProviderMeetByAHairpin() throws {
    var session = try Self.session(
      "scene call-cgnat", "router home-c 100.64.0.11 lan 192.168.7.0/24 behind isp", "host carol behind home-c",
      "set home-a port-control nat-pmp", "request alice udp 8080", "run", "forward isp udp 8080 to home-a:8080")
    for (hairpinning, verdict) in [("on", Verdict.delivered), ("off", .dropped)] {
      try Self.run("set isp hairpinning \(hairpinning)", in: &session)
      try Self.run("send carol 49.36.10.25:8080", in: &session)
      #expect(try Self.run("run", in: &session).activity?.hops.last?.verdict == verdict)
    }
  }

  /// Whether the router keeps mappings or tracks connections, as Linux does.
  @Test(arguments: ["home", "linux"]) func pcpOpensTheFirewallForIPv6(preset: String) throws {
    var session = try Self.session("scene call-ipv6", "set home-a preset \(preset)", "set home-a port-control pcp")
    func knock() throws -> HopReport? {
      try Self.run("send bob [2001:db8:a1::10]:8080", in: &session)
      return try Self.run("run", in: &session).activity?.hops.last
    }
    #expect(try knock()?.reason == .firewall)
    // What alice has begun from there gives way to the pinhole, and is carried on by it.
    try Self.run("send alice:8080 [2001:db8:b1::25]:7000", in: &session)
    #expect(
      Self.outcome(try Self.events("request alice udp 8080 for 10m ipv6", in: &session))
        == "granted [2001:db8:a1::10]:8080 600 pcp")
    for _ in 0..<2 {
      #expect(try knock()?.verdict == .delivered)
      try Self.run("reply hi", in: &session)
      #expect(try Self.run("run", in: &session).activity?.hops.last?.verdict == .delivered)
    }
    let home = try #require(session.network.device(named: "home-a")?.id)
    let nat = try #require(session.network.router(home)?.nat)
    let rows = nat.mappings.filter { $0.internal.port == 8_080 }
    #expect(rows.count == 1 && rows.first?.isStatic == true && rows.first?.isUntranslated == true)
    try Self.run("wait 11m", in: &session)
    #expect(try knock()?.reason == .expired)
  }

  @Test(arguments: ["home", "linux"]) func aPinholeLetsConnectionsInUntilItIsGivenUp(preset: String) throws {
    var session = try Self.session(
      "scene call-ipv6", "set home-a preset \(preset)", "set home-a port-control pcp", "serve alice web 8080",
      "request alice tcp 8080 for 10m ipv6", "run", "connect bob [2001:db8:a1::10]:8080")
    let hops = try #require(try Self.run("run", in: &session).activity?.hops)
    #expect(hops.count { $0.verdict == .delivered } == 3 && !hops.contains { $0.verdict == .dropped })
    // The way in which connections are followed may change meanwhile; the pinhole stays.
    try Self.run("set home-a tracking \(preset == "home" ? "connections" : "mappings")", in: &session)
    try Self.run("connect bob [2001:db8:a1::10]:8080", in: &session)
    #expect(try Self.run("run", in: &session).activity?.hops.contains { $0.verdict == .dropped } == false)
  }

  @Test func aCaptureShowsSSDPAndSOAPAsText() throws {
    let session = try Self.session("scene two-homes", "set home-a port-control upnp", "request alice tcp 80", "run")
    let texts = (1...session.network.trace.packetCount).compactMap { number in
      session.network.trace.packet(number)?.packet.payload.text
    }
    for words in ["M-SEARCH * HTTP/1.1", "LOCATION: http://192.168.1.1:5000/rootDesc.xml", "<u:AddPortMapping "] {
      #expect(texts.contains { $0.contains(words) }, "\(words)")
    }
  }

  @Test(
    arguments: [
      ("request bob udp 80", "no-router"), ("request alice udp 80 with upnp ipv6", "no-address"),
    ])
  func whatCannotBeAskedIsRefused(line: String, word: String) throws {
    var session = try Self.session("scene one-home")
    do {
      try Self.run(line, in: &session)
      Issue.record("carried out")
    } catch let error as SessionError {
      guard case .command(let error) = error else { throw error }
      #expect(error.kind.word == word)
    }
  }
}
