// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// ICE through routers that exchange prefixes, and through ports that a router has been asked for.
@Suite struct ICERouterTests: CommandSuite {
  /// The paths that both ends have selected; nil for an end without one, or one that has heard nothing on it.
  private static func paths(_ lines: [String]) throws -> [String?] {
    var session = try session(lines + ["ice alice bob"])
    let events = try #require(try run("run", in: &session).activity?.events)
    return ["alice", "bob"].map { host in
      guard events.contains(where: { $0.host == host && $0.event == "heard" }) else { return nil }
      return events.last { $0.host == host && $0.event == "selected" }?.data["path"]?.text
    }
  }

  /// Two offices with the same private prefix, or one and a host without a router.
  private static let office = [
    "router office 49.36.10.25 2001:db8:b::1 lan 192.168.1.0/24 lan fd01:203:405:1::/64",
    "set office nptv6 2001:db8:1::/48", "host alice fd01:203:405:1::1234 behind office ipv6-only",
    "host server 203.0.113.50 2001:db8:5::50", "serve server stun",
  ]
  private static let branch = [
    "router branch 49.36.20.25 2001:db8:e::1 lan 192.168.2.0/24 lan fd01:203:405:2::/64",
    "set branch nptv6 2001:db8:2::/48", "host bob fd01:203:405:2::99 behind branch ipv6-only",
  ]

  @Test(arguments: ["home", "linux", "symmetric"]) func prefixesMayBeExchangedAtBothEnds(preset: String) throws {
    let presets = ["set office preset \(preset)", "set branch preset \(preset)"]
    #expect(try Self.paths(Self.office + Self.branch + presets) == ["punched", "punched"])
    #expect(
      try Self.paths(Self.office + ["host bob 88.90.1.1 2001:db8:c::50", presets[0]]) == ["direct", "direct"])
  }

  /// Behind a router that exchanges prefixes a host is told the address that the outside knows, and may use it.
  @Test(arguments: ["home", "linux"]) func aPortBehindAnExchangedPrefixIsGrantedAsTheOutsideKnowsIt(
    preset: String
  ) throws {
    var session = try Self.session(
      Self.office + [
        "set office preset \(preset)", "set office port-control pcp", "host bob 88.90.1.1 2001:db8:c::50",
        "request alice udp 5000 for 10m with pcp",
      ])
    let granted = try #require(try Self.run("run", in: &session).activity?.events.last { $0.event == "granted" })
    #expect(granted.data["external"]?.text == "[2001:db8:1:d550::1234]:5000")
    #expect(granted.data["internal"]?.text == "[fd01:203:405:1::1234]:5000" && granted.data["public"] == .flag(true))
    func arrives() throws -> Bool {
      try Self.run("send bob [2001:db8:1:d550::1234]:5000", in: &session)
      return try #require(try Self.run("run", in: &session).activity).hops.contains { $0.verdict == .delivered }
    }
    #expect(try arrives())
    try Self.run("wait 11m", in: &session)
    #expect(try !arrives())
  }

  /// The port that a router has given is where its host is seen, so that a symmetric router is no obstacle.
  @Test(arguments: [(["preset symmetric"], true), (["preset linux"], true), (["preset linux"], false)])
  func aPortAskedForLetsTheOtherEndIn(settings: [String], asks: Bool) throws {
    let lines =
      ["router home-a 49.36.10.25 lan 192.168.1.0/24"] + settings.map { "set home-a \($0)" }
      + [
        "set home-a port-control pcp", "host alice 192.168.1.10 behind home-a",
        "router home-b 49.36.20.25 lan 192.168.2.0/24 preset symmetric", "host bob 192.168.2.10 behind home-b",
        "host server 203.0.113.50", "serve server stun",
      ]
    // The request itself takes the first of alice's ephemeral ports, and ICE the next.
    let asked = asks ? ["request alice udp 49153 for 1h with pcp", "run"] : []
    #expect(try Self.paths(lines + asked) == (asks ? ["punched", "punched"] : [nil, nil]))
  }

  @Test(arguments: ["home", "linux"]) func overIPv6AHoleIsAskedForInTheFirewall(preset: String) throws {
    let lines = [
      "scene call-ipv6", "set home-a preset \(preset)", "set home-a port-control pcp",
      "request alice udp 49153 for 1h ipv6", "run",
    ]
    #expect(try Self.paths(lines) == ["direct", "direct"])
  }
}
