// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import TestSupport
import Testing

@testable import Export

/// Runs the script of `export netns` and sends real packets, whose fates must be the same as in natsh: who gets them,
/// from which address and port, and which are refused.
@Suite(.serialized, .enabled(if: Namespaces.missing == nil, "\(Namespaces.missing ?? "")"))
struct NamespaceTests {
  private static let home = "router home-a 49.36.10.25 lan 192.168.1.0/24\nhost alice 192.168.1.10 behind home-a\n"
  private static let bob = "host bob 88.90.100.110\nhost mallory 66.77.88.99\nlisten bob 4000 udp\n"

  /// The attempts of strangers against a home router, which distinguish the kinds.
  private static let strangers = """
    send alice:5000 bob:4000 "hello"
    send bob:4000 home-a:62000 "back"
    send bob:4001 home-a:62000 "other-port"
    send mallory:4000 home-a:62000 "stranger"
    send bob:4000 home-a:62001 "nobody"
    send bob:4000 alice:5000 "private"
    send alice:5000 mallory:4000 "second"
    send mallory:4000 home-a:62000 "invited"
    send mallory:4000 home-a:62001 "invited"
    send mallory:4001 home-a:62000 "other"
    send alice:5000 bob:4001 "third"
    send bob:4001 home-a:62002 "third-back"
    send alice:5001 bob:4000 "fourth"

    """

  private static func strangers(_ setting: String) -> String {
    home + bob + "listen mallory 4000 udp\nlisten bob 4001 udp\n" + setting + "\n" + strangers
  }

  static let scenes: [(name: String, script: String)] = [
    (
      "the first lesson",
      home + bob + """
        listen bob 80 tcp
        ping alice bob
        ping alice 198.51.100.1
        ping bob alice
        ping bob home-a
        ping alice home-a
        ping alice 192.168.1.1
        connect alice:5005 bob:80
        connect alice:5006 bob:81
        connect bob:5007 home-a:80
        send alice:5008 bob:4999 "closed"
        send alice:5009 8.8.8.8:53 "nobody-there"

        """
    ),
    ("home", strangers("set home-a preset home")),
    ("full cone", strangers("set home-a preset full-cone")),
    ("restricted cone", strangers("set home-a preset restricted-cone")),
    ("symmetric", strangers("set home-a preset symmetric")),
    ("address-dependent mapping", strangers("set home-a mapping adm")),
    ("firewall off", strangers("set home-a firewall off")),
    ("rejects", strangers("set home-a rejects icmp")),
    (
      "linux",
      home + bob + """
        set home-a preset linux
        listen mallory 4002 udp
        send alice:5000 bob:4000 "hello"
        send bob:4000 home-a:5000 "back"
        send bob:4001 home-a:5000 "other-port"
        send mallory:4000 home-a:5000 "stranger"
        send bob:4000 home-a:5001 "nobody"
        send bob:4000 alice:5000 "private"
        send alice:5000 mallory:4002 "second"
        send mallory:4002 home-a:5000 "invited"
        send alice:5009 home-a:5000 "round"
        ping bob home-a
        ping alice home-a
        ping alice bob
        connect bob:5007 home-a:80
        connect alice:5008 home-a:81

        """
    ),
    ("ports kept", strangers("set home-a ports preserve").replacing("62000", with: "5000")),
    (
      "hole punching",
      """
      scene two-homes
      send alice:5000 home-b:62000 "first"
      send bob:5000 home-a:62000 "second"
      send alice:5000 home-b:62000 "third"
      connect alice:6000 bob:80

      """
    ),
    (
      "one port, two inside hosts",
      home + bob + """
        host carol 192.168.1.20 behind home-a
        set home-a preset linux
        listen mallory 4000 udp
        send alice:5000 bob:4000 "alice"
        send carol:5000 mallory:4000 "carol"
        send bob:4000 home-a:5000 "to-alice"
        send mallory:4000 home-a:5000 "to-carol"

        """
    ),
    (
      "carrier",
      """
      router isp 49.36.10.25 lan 100.64.0.0/10 preset full-cone
      router home-a 100.64.0.10 lan 192.168.1.0/24 behind isp
      router home-b 100.64.0.11 lan 192.168.1.0/24 behind isp
      set isp hairpinning on
      host alice 192.168.1.10 behind home-a
      host carol 192.168.1.10 behind home-b
      host bob 88.90.100.110
      listen bob 4000 udp
      listen bob 80 tcp
      send alice:5000 bob:4000 "hello"
      send bob:4000 isp:62000 "back"
      send bob:4001 isp:62000 "stranger"
      send carol:5000 bob:4000 "hello"
      send alice:5000 isp:62001 "round"
      send carol:5000 isp:62000 "round"
      send alice:5000 isp:62001 "round-again"
      send alice:5000 home-b:62000 "neighbor"
      connect alice:7000 bob:80
      ping alice bob
      ping alice isp

      """
    ),
    (
      "forwarding and hairpinning",
      home + bob + """
        host carol 192.168.1.20 behind home-a
        forward home-a udp 8000 to alice:4000
        forward home-a tcp 8080 to alice:80
        set home-a hairpinning on
        set home-a filtering eif
        listen alice 4000 udp
        listen alice 80 tcp
        send mallory:4000 home-a:8000 "in"
        send alice:4000 mallory:4000 "out"
        send bob:4000 home-a:8001 "elsewhere"
        connect bob:5000 home-a:8080
        connect carol:5000 home-a:8080
        send carol:5001 home-a:8000 "round"
        send alice:4000 home-a:62000 "round-back"
        send carol:5001 alice:4000 "lan"

        """
    ),
    (
      "hairpinning off",
      home + bob + """
        host carol 192.168.1.20 behind home-a
        send alice:5000 bob:4000 "hello"
        send carol:5000 home-a:62000 "round"
        connect carol:5001 home-a:62000

        """
    ),
    (
      "both families",
      """
      router home-a 49.36.10.25 lan 192.168.1.0/24 lan 2001:db8:1::/64
      host alice 192.168.1.10 2001:db8:1::10 behind home-a
      host bob 88.90.100.110 2001:db8:2::1
      host mallory 66.77.88.99 2001:db8:3::1
      listen bob 4000 udp
      listen bob 80 tcp
      listen mallory 4000 udp
      listen alice 80 tcp
      send alice:5000 [2001:db8:2::1]:4000 "hello"
      send bob:4000 [2001:db8:1::10]:5000 "back"
      send bob:4001 [2001:db8:1::10]:5000 "other-port"
      send mallory:4000 [2001:db8:1::10]:5000 "stranger"
      connect alice:5001 [2001:db8:2::1]:80
      connect bob:5001 [2001:db8:1::10]:80
      ping bob 2001:db8:1::10
      ping alice 2001:db8:2::1
      send alice:5002 88.90.100.110:4000 "four"

      """
    ),
    (
      "both families, filtering endpoint-independent",
      """
      router home-a 49.36.10.25 lan 192.168.1.0/24 lan 2001:db8:1::/64
      host alice 192.168.1.10 2001:db8:1::10 behind home-a
      host bob 88.90.100.110 2001:db8:2::1
      host mallory 66.77.88.99 2001:db8:3::1
      set home-a filtering eif
      listen bob 4000 udp
      send mallory:4000 [2001:db8:1::10]:5000 "too-early"
      send alice:5000 [2001:db8:2::1]:4000 "hello"
      send mallory:4000 [2001:db8:1::10]:5000 "stranger"
      send mallory:4000 [2001:db8:1::10]:5001 "elsewhere"

      """
    ),
    (
      "neither NAT nor firewall",
      """
      router campus 49.36.10.25 lan 203.0.113.0/24 preset open
      router lab 203.0.113.9 lan 45.0.0.0/24 behind campus preset open
      host alice 203.0.113.10 behind campus
      host carol 45.0.0.5 behind lab
      host bob 88.90.100.110
      listen alice 4000 udp
      listen bob 4000 udp
      listen carol 4000 udp
      send bob:5000 alice:4000 "in"
      send alice:5000 bob:4000 "out"
      send bob:5000 carol:4000 "further-in"
      send alice:5000 carol:4000 "across"
      send carol:5000 alice:4000 "and-back"
      ping bob carol
      ping bob campus

      """
    ),
    (
      "NAT off behind a firewall",
      """
      router campus 49.36.10.25 lan 203.0.113.0/24
      set campus nat off
      set campus filtering adf
      host alice 203.0.113.10 behind campus
      host bob 88.90.100.110
      host mallory 66.77.88.99
      listen bob 4000 udp
      send mallory:4000 alice:5000 "too-early"
      send alice:5000 bob:4000 "hello"
      send bob:4001 alice:5000 "other-port"
      send mallory:4000 alice:5000 "stranger"

      """
    ),
    (
      "odd names",
      """
      router "Lan" 49.36.10.25 lan 192.168.1.0/24
      host default 192.168.1.10 behind "Lan"
      host a.name-with_everything.that-natsh-allows-in-63-characters-01234 behind "Lan"
      host wan 88.90.100.110
      host WWW.Example-Host.com 142.250.74.46
      listen wan 4000 udp
      send default:5000 wan:4000 "hello"
      send a.name-with_everything.that-natsh-allows-in-63-characters-01234:5000 wan:4000 "hello"
      ping www.example-host.com wan

      """
    ),
  ]

  @Test(arguments: scenes.indices) func realPacketsFareAsNatshSays(place: Int) throws {
    let (name, script) = Self.scenes[place]
    let scenario = try Scenario(script)
    let plan = try #require(Plan(scenario.network, interfaces: .byNeighbor))
    try Program.withFile(try #require(NamespaceScript(plan: plan).text { _ in true })) { file in
      let outcome = try Program.run(
        "bash", [file, "try", Namespaces.probe, "natsh-"], input: scenario.probeScript.lowercasedNodes(plan))
      #expect(outcome.status == 0, "\(name): \(outcome.errors)")
      var groups = outcome.output.split(separator: "end\n", omittingEmptySubsequences: false)
        .map { $0.split(separator: "\n").map(String.init).sorted() }
      groups.removeLast()
      #expect(groups.count == scenario.steps.count, "\(name): \(outcome.errors)")
      for (step, seen) in zip(scenario.steps, groups) {
        #expect(seen == step.events.map { $0.lowercasedNode() }, "\(name): \(step.line)")
      }
    }
  }
}

extension String {
  /// The probe finds nodes by namespaces, whose names are in lower case.
  fileprivate func lowercasedNodes(_ plan: Plan) -> String {
    split(separator: "\n").map { String($0).lowercasedNode() + "\n" }.joined()
  }

  fileprivate func lowercasedNode() -> String {
    var words = split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    if words.count > 1 { words[1] = words[1].lowercased() }
    return words.joined(separator: " ")
  }
}
