// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands

/// Every remedy that `why` offers, carried out.
@Suite struct RemedyTests {
  private static func play(_ lines: String, in session: inout Session) throws {
    for statement in try Statement.statements(in: lines.replacing("\n", with: ";")) {
      _ = try session.execute(statement)
    }
  }

  /// Lines of traffic; between hosts without an address of one family there is none.
  private static func attempt(_ lines: String, in session: inout Session) throws {
    for line in lines.split(separator: ";") {
      do {
        try play(String(line), in: &session)
      } catch SessionError.command(let error) {
        switch error.kind {
        case .noCommonFamily, .host(.noAddress): continue
        default: throw error
        }
      }
    }
  }

  private static func why(_ number: Int, in session: inout Session) throws -> WhyReport {
    let statement = try #require(try Statement.statements(in: "why \(number)").first)
    let result = try session.execute(statement)
    return try #require(result.content as? WhyReport)
  }

  /// The fault of a remedy of packet `number`; nil if it does what it says.
  private static func fault(of remedy: Remedy, for number: Int, in session: Session) throws -> String? {
    var copy = session
    let record = try #require(session.network.trace.packet(number))
    let before = session.network.trace.packetCount
    let commands = remedy.commands.joined(separator: "; ")
    switch remedy.kind {
    case .advice: return remedy.commands.isEmpty ? nil : "advice has a command: \(commands)"
    case .look:
      do { try play(commands, in: &copy) } catch { return "'\(commands)' fails: \(error)" }
      return copy.standingLines == session.standingLines ? nil : "'\(commands)' changes something"
    case .fix:
      do { try play("\(commands); run", in: &copy) } catch { return "'\(commands)' fails: \(error)" }
      let trace = copy.network.trace
      // A remedy for a report that was dropped lets it come, or makes it needless.
      let isReport = record.packet.icmp.isError
      let original = record.about.flatMap { session.network.trace.packet($0) }
      let arrived = (before + 1..<trace.packetCount + 1).contains {
        guard let sent = trace.packet($0) else { return false }
        return sent.origin == record.origin && sent.packet.transport == record.packet.transport
          && sent.state == .delivered && !sent.packet.icmp.isError
          || isReport && sent.state == .delivered && sent.endedAt == original?.origin && sent.packet.icmp.isError
          || isReport && sent.state == .delivered && sent.origin == original?.origin
      }
      return arrived ? nil : "'\(commands)' brings nothing there"
    }
  }

  /// Carries out all distinct remedies of all packets that were dropped; returns the reasons that had a fix.
  private static func carryOutAll(_ setting: String, _ session: inout Session) throws -> Set<DropReason> {
    var seen: Set<String> = []
    var fixed: Set<DropReason> = []
    for number in 1..<session.network.trace.packetCount + 1 {
      guard let record = session.network.trace.packet(number), case .dropped(let reason) = record.state else {
        continue
      }
      let place = record.endedAt.map { session.network.device($0).name } ?? ""
      let kind = "\(reason) \(place) \(record.packet.transport) \(record.packet.icmp) \(record.origin)"
      guard seen.insert(kind).inserted else { continue }
      let report = try why(number, in: &session)
      for remedy in report.remedies {
        let fault = try fault(of: remedy, for: number, in: session)
        #expect(fault == nil, "\(setting), packet \(number), \(reason): \(fault ?? "")")
        if remedy.kind == .fix { fixed.insert(reason) }
      }
    }
    return fixed
  }

  /// The hosts of a scene send to each other: all to all, by each protocol; then strangers to the endpoints that they
  /// have opened.
  private static func traffic(_ session: inout Session) throws {
    let hosts = session.network.allDevices.filter { session.network.host($0.id) != nil }.map(\.name)
    for (from, to) in hosts.flatMap({ one in hosts.map { (one, $0) } }) where from != to {
      try attempt(
        "send \(from):5000 \(to):4000 hello; run; send \(from) \(to):22 tcp; run; ping \(from) \(to); run", in: &session
      )
    }
    let open = session.network.allDevices.compactMap { session.network.router($0.id)?.nat }.flatMap(\.mappings)
    for mapping in open.prefix(8) {
      for host in hosts {
        let line =
          switch mapping.transport {
          case .udp: "send \(host):4001 \(mapping.external)"
          case .tcp: "send \(host):4001 \(mapping.external) tcp"
          case .icmp: "ping \(host) \(mapping.external.address)"
          }
        try attempt("\(line); run", in: &session)
      }
    }
    for router in session.network.allDevices where router.isRouter {
      for host in hosts { try attempt("send \(host):4002 \(router.name):7777; run", in: &session) }
      guard let nat64 = session.network.router(router.id)?.nat.behavior.nat64 else { continue }
      for address in session.network.allDevices.flatMap({ session.network.addresses(of: $0.id) }) where address.isIPv4 {
        for host in hosts { try attempt("send \(host):4003 \(nat64.embed(address)); run", in: &session) }
      }
    }
    try attempt("wait 6m", in: &session)
    for mapping in open.prefix(4) where mapping.transport == .udp {
      for host in hosts { try attempt("send \(host):4000 \(mapping.external); run", in: &session) }
    }
  }

  @Test(arguments: Scene.standard.map(\.name)) func everySceneHasUsefulRemedies(scene: String) throws {
    for preset in NATPreset.allCases {
      var session = Session(catalog: .standard)
      try Self.play("scene \(scene)", in: &session)
      for router in session.network.allDevices where router.isRouter {
        try Self.play("set \(router.name) preset \(preset.rawValue)", in: &session)
      }
      try Self.traffic(&session)
      let fixed = try Self.carryOutAll("\(scene), \(preset.rawValue)", &session)
      if ["one-home", "two-homes"].contains(scene), preset != .open {
        #expect(fixed.contains(.noMapping), "\(preset)")
      }
    }
  }

  /// Reasons that need a setting of their own; each must have a fix.
  static let settings: [(DropReason, String)] = [
    (.tooBig, "set bob mtu 100; send alice:5000 bob \"\(String(repeating: "x", count: 150))\" df; run"),
    (
      .tooBig,
      """
      set home-a mtu 100; send alice:5000 bob "\(String(repeating: "x", count: 150))" df; run
      send alice:5000 bob "\(String(repeating: "x", count: 150))" df; run
      """
    ),
    (.blocked, "filter home-a drop udp; filter home-a drop icmp; send alice:5000 bob; ping alice bob; run"),
    (.blocked, "filter home-a drop tcp port 80; connect alice:5000 bob:80; run"),
    (
      .blocked,
      """
      reset; scene black-hole; connect alice:5000 88.90.100.110:80; run
      send server:80 49.36.10.25:62000 tcp "\(String(repeating: "x", count: 600))" df; run
      """
    ),
    (.blocked, "router office 77.1.1.1; host web behind office; filter office drop icmp; send web:5000 bob ttl 2; run"),
    (
      .tooBig,
      """
      set home-a mtu 576; connect alice:5000 bob:80; run
      send alice:5000 bob:80 tcp "\(String(repeating: "x", count: 600))" df; run
      """
    ),
    (.insertFailed, "host carol behind home-a; set home-a race on; send alice:5000 bob; send carol:5000 bob; run"),
    (
      .insertFailed,
      """
      host carol behind home-a; set home-a preset linux; set home-a race on
      connect alice:5000 bob:80; connect carol:5000 bob:80; run
      """
    ),
    (
      .invalid,
      "reset; scene two-gateways; connect bob:5000 49.36.10.25:80; run"
    ),
    (
      .invalid,
      """
      reset; scene two-gateways; set gw-a preset linux; set gw-b preset linux; connect bob:5000 49.36.10.25:80; run
      """
    ),
    (
      .filtered,
      """
      reset; scene two-gateways; forward gw-a udp 53 to web:53; router home-b; host carol behind home-b
      send carol:5000 49.36.10.25:53; run; reply; run
      """
    ),
    (.loss, "set bob loss 100%; send alice:5000 bob; run"),
    (.queueFull, "set alice rate 8kbit; \(String(repeating: "send alice:5000 bob hello; ", count: 12)) run"),
    (.ttlExpired, "send alice:5000 bob ttl 1; run; send alice:5000 bob ttl 2; run"),
    (.portClosed, "set bob ports bound; send alice:5000 bob:9; run; connect alice:5001 bob:9; run"),
    (.noSuchHost, "send alice:5000 192.168.1.99; run; send alice:5000 203.0.113.99; run"),
    (.noSuchHost, "remove bob; send alice:5000 88.90.100.110; run"),
    (.tableFull, "set home-a max-mappings 1; send alice:1 bob; send alice:2 bob; run"),
    (.tableFull, "set home-a max-mappings-per-host 1; send alice:1 bob; send alice:2 bob; run"),
    (.portsExhausted, "set home-a ports random 5000 5001; send alice:1 bob; send alice:2 bob; send alice:3 bob; run"),
    (.expired, "send alice:5000 bob:4000; run; wait 6m; send bob:4000 home-a:62000; run"),
    (
      .expired,
      "connect alice:5000 bob:80; run; close alice:5000 bob:80; run; wait 5m; send bob:80 home-a:62000 tcp; run"
    ),
    (
      .firewall,
      """
      reset; router r lan 45.10.20.0/24; set r nat off; host alice behind r; host bob
      send bob:4000 alice:5000; run
      """
    ),
    (.privateDestination, "send bob:4000 alice:5000; run; connect bob alice:80; run"),
    (.hairpinOff, "host carol behind home-a; send carol:7 bob; send alice:5000 home-a:62000; run"),
    (.hairpinOff, "host carol behind home-a; send alice:5000 home-a:9999; run"),
    (.noMapping, "set alice ports bound; send bob:4000 home-a:9999; run"),
    (.noMapping, "reset; router home-a; host bob; send bob:4000 home-a:80; run"),
    (.noMapping, "forward home-a 80 to alice:8080; unforward home-a 80; send bob:4000 home-a:80; run"),
    (.filtered, "set home-a preset symmetric; send alice:5000 bob:4000; run; send bob:4001 home-a:62000; run"),
    (.filtered, "set home-a preset linux; send alice:5000 bob:4000; run; send bob:4001 home-a:5000; run"),
    (.filtered, "send alice:5000 bob:4000; run; set home-a mapping apdm; send bob:4001 home-a:62000; run"),
  ]

  @Test(arguments: settings.indices) func everyReasonHasItsRemedy(place: Int) throws {
    let (reason, lines) = Self.settings[place]
    var session = Session(catalog: .standard)
    try Self.play("scene one-home; \(lines)", in: &session)
    #expect(try Self.carryOutAll(lines, &session).contains(reason), "\(reason): \(lines)")
  }

  /// The last packet's remedies.
  private static func ideas(_ lines: String) throws -> [Remedy.Idea] {
    var session = Session(catalog: .standard)
    try play("scene one-home; \(lines)", in: &session)
    return try why(session.network.trace.packetCount, in: &session).remedies.map(\.idea)
  }

  /// A port used again too early: which of several tries meets TIME_WAIT is up to its sequence number.
  @Test func aConnectionThatIsRemembered() throws {
    var session = Session(catalog: .standard)
    try Self.play("scene one-home; set bob time-wait 60s; set home-a ports preserve", in: &session)
    for _ in 0..<8 {
      try Self.play("connect alice:5000 bob:80; run", in: &session)
      if session.network.trace.hops(1...session.network.trace.hopCount).contains(where: { $0.reason == .timeWait }) {
        break
      }
      try Self.play("close bob:80 home-a:5000; run", in: &session)
    }
    #expect(try Self.carryOutAll("time-wait", &session).contains(.timeWait))
  }

  /// What `why` says of a dropped answer: the ways that it and its question took.
  @Test func anAnswerByAnotherWay() throws {
    var session = Session(catalog: .standard)
    try Self.play("scene two-gateways; connect bob:5000 49.36.10.25:80; run", in: &session)
    let report = try Self.why(2, in: &session)
    #expect(report.detour?.question == 1)
    #expect(report.detour?.there == ["gw-a"] && report.detour?.back == ["gw-b"])
    #expect(report.detour?.stranger == "gw-b")
    let prefix = try #require(IPPrefix("0.0.0.0/0"))
    #expect(report.remedies.map(\.idea).contains(.unroute("web", prefix)))
    #expect(report.remedies.map(\.idea).contains(.forwardAndWriteThere(host: "web", router: "gw-b", port: 80)))
    // An answer that comes back as it should has no detour, whatever else happens to it.
    try Self.play("unroute web 0.0.0.0/0; filter gw-a drop icmp; ping bob 49.36.10.25; run", in: &session)
    #expect(try Self.why(session.network.trace.packetCount, in: &session).detour == nil)
  }

  /// Behind a symmetric NAT the filter alone is not to blame: a packet sent first makes another row.
  @Test func theMappingIsTheCause() throws {
    let ideas = try Self.ideas(
      "set home-a preset symmetric; send alice:5000 bob:4000; run; send bob:4001 home-a:62000; run")
    let bob = PacketEnd(try #require(IPAddress("88.90.100.110")), 4_001)
    let shown = Endpoint(try #require(IPAddress("49.36.10.25")), 62_001)
    #expect(ideas.contains(.insideSendsAnew(host: "alice", to: bob, shows: shown)))
    #expect(ideas.contains(.mappingIsEndpointIndependent(host: "alice")))
    #expect(!ideas.contains(.insideSends(host: "alice", to: bob)))
    #expect(ideas.contains(.filterNothing))
  }

  /// A host that was told of a narrow link respects that until it forgets it.
  @Test func aLearnedPathMTU() throws {
    let text = String(repeating: "x", count: 150)
    let ideas = try Self.ideas(
      "set home-a mtu 100; send alice:5000 bob \(text) df; run; set home-a mtu unlimited; send alice:5000 bob \(text) df; run"
    )
    #expect(!ideas.contains(.linkWithoutMTU("alice")))
    #expect(ideas.contains(.forgetPathMTU(after: .minutes(10))))
  }

  @Test func remediesSayWhatHappened() throws {
    func report(_ lines: String, _ number: Int? = nil) throws -> WhyReport {
      var session = Session(catalog: .standard)
      try Self.play("scene one-home; \(lines)", in: &session)
      return try Self.why(number ?? session.network.trace.packetCount, in: &session)
    }
    let unforwarded = try report("forward home-a 80 to alice; unforward home-a 80; send bob:4000 home-a:80; run")
    #expect(unforwarded.ended?.cause == .unforwarded)
    let reset = try report(
      """
      set home-a preset linux; set bob ports bound; connect alice:5000 bob:9; run
      send bob:9 home-a:5000 tcp; run
      """, 3)
    #expect(reset.hop.reason == .noMapping && reset.ended?.cause == .reset(packet: 2))
    let emptied = try report("send alice:5000 bob; run; set home-a preset home; send bob:4000 home-a:62000; run")
    #expect(emptied.ended?.cause == .emptied)
    // A changed port tells which packet took the one that would have been kept.
    let changed = try report(
      "host carol behind home-a; set home-a ports preserve; send carol:5000 bob; run; send alice:5000 bob; run", 2)
    #expect(changed.changedPorts == [ChangedPortReport(router: "home-a", port: 5_000, packet: 1, mapping: 1)])
    let held = try report(
      "set home-a preset linux; send bob:4000 home-a:5000; run; send alice:5000 bob:4000; run", 3)
    #expect(held.changedPorts == [ChangedPortReport(router: "home-a", port: 5_000, packet: 1, mapping: nil)])
  }
}
