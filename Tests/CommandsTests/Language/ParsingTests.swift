// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import Commands

@Suite struct ParsingTests {
  @Test(arguments: [
    // Commands.
    ("sned alice bob", "unknown-command@1+4 send"), ("ls", "unknown-command@1+2 show"),
    ("xyzzy", "unknown-command@1+5"),
    (#""send" alice bob"#, "unknown-command@1+6"), ("step; stpe", "unknown-command@7+4 step"),
    ("SEND Alice BOB:4000", "none"),
    ("wai 5m", "unknown-command@1+3 wait"), ("create", "missing-argument@7+1"),
    ("create hots x", "unexpected-word@8+4 host"),
    ("add router r; create host h behind home-a", "none"), ("create step", "unexpected-word@8+4"),
    // Cut short.
    ("send", "missing-argument@5+1"), ("send alice", "missing-argument@11+1"),
    ("send alice bob ttl", "missing-argument@19+1"),
    ("router", "missing-argument@7+1"), ("host x behind", "missing-argument@14+1"),
    ("host behind home-a", "missing-argument@6+6"),
    (#"host "behind" behind home-a"#, "none"), ("wait", "missing-argument@5+1"), ("run for", "missing-argument@8+1"),
    ("forward home-a 80", "missing-keyword@18+1"), ("forward home-a 80 to", "missing-argument@21+1"),
    ("forward home-a udp", "missing-argument@19+1"), ("set alice", "missing-argument@10+1"),
    ("set home-a filtering", "missing-argument@21+1"), ("packet", "none"),
    ("load", "missing-argument@5+1"),
    // Too much, or not that.
    ("map now", "unexpected-word@5+3"), ("reset alice", "unexpected-word@7+5"),
    ("host x behnid home-a", "unexpected-word@8+6 behind"),
    ("host x ttl 3", "unexpected-word@8+3"), ("run 5s", "missing-keyword@5+2 for 5s"),
    ("run fro 5s", "missing-keyword@5+3 for"),
    ("forward home-a 80 alice", "missing-keyword@19+5 to alice"), ("send alice bob udp udp", "duplicate-clause@20+3"),
    ("send alice bob udp tcp", "conflict@20+3"), ("send alice bob ttl 3 ttl 4", "duplicate-clause@22+3"),
    (#"send alice bob "ttl" ttl 3 tcp"#, "none"), (#"send alice bob tcp "udp""#, "none"),
    // A protocol that hosts do not speak is not taken for a text, unless it is quoted.
    ("send alice bob esp", "unknown-protocol@16+3 udp"), ("send alice bob upd", "unknown-protocol@16+3 udp"),
    ("send alice bob icmpv6", "unknown-protocol@16+6 icmp"), (#"send alice bob "esp""#, "none"),
    ("send alice bob udp esp", "none"), ("reply esp", "none"),
    ("reply hi alice and ttl", "text-needs-quotes@7+16 \"hi alice and ttl\""),
    ("send alice bob hi there ttl 3", "text-needs-quotes@16+8 \"hi there\""),
    ("send alice bob tlt 3", "unexpected-word@16+3 ttl"), ("send alice bob hello udp", "none"),
    // Names.
    ("send alcie bob", "unknown-name@6+5 alice"), ("send alice:5000 bbo:4000", "unknown-name@17+3 bob"),
    ("send carol bob", "unknown-name@6+5"), ("send home-a bob", "wrong-device-kind@6+6"),
    ("table alice", "wrong-device-kind@7+5"),
    ("table hoem-a", "unknown-name@7+6 home-a"), ("host alice", "name-taken@6+5"), ("host ALICE", "name-taken@6+5"),
    ("host internet", "name-taken@6+8"), ("host 9lives", "bad-name@6+6"), ("host 192.168.1.10", "bad-name@6+12"),
    ("host a/b", "bad-name@6+3"), ("host jörg", "none"), (#"host """#, "bad-name@6+2"), ("host a_b.c-9", "none"),
    ("host \(String(repeating: "x", count: 63))", "none"),
    ("host \(String(repeating: "x", count: 64))", "name-too-long@6+64"),
    ("router r behind alice", "wrong-device-kind@17+5"), ("router r behind r", "unknown-name@17+1"),
    ("scene two-home", "unknown-scene@7+8 two-homes"), ("router r preset ful-cone", "unknown-preset@17+8 full-cone"),
    ("help snd", "unknown-subject@6+3 send"), ("help filtering", "none"), ("help no-mapping", "none"),
    ("help cgnat", "none"),
    // Addresses.
    ("host x 192.168.1.300", "bad-address@8+13"), ("host x 1.2.3.4 2001:db8::1", "none"),
    ("host x 1.2.3.4 1.2.3.5", "duplicate-family@16+7"),
    ("host x 1.2.3.4/24", "bad-address@8+10 1.2.3.4"), ("router r 10.0.0.0/8", "missing-keyword@10+10 lan 10.0.0.0/8"),
    ("router r lan 192.168.1.0/33", "prefix-too-long@14+14"),
    ("router r lan 192.168.1.7/24", "host-bits-set@14+14 192.168.1.0/24"),
    ("router r lan 192.168.1.0", "bad-prefix@14+11 192.168.1.0/24"), ("router r lan house", "bad-prefix@14+5"),
    ("router r lan 2001:db8::/129", "prefix-too-long@14+14"),
    ("router r lan 10.0.0.0/08", "bad-prefix@14+11 10.0.0.0/8"),
    ("router r lan 10.0.0.0/8 lan 2001:db8::/64", "none"),
    ("router r lan 10.0.0.0/8 lan 10.1.0.0/16", "duplicate-family@29+11"),
    ("router r lan 10.0.0.0/8 lan 2001:db8::/64 lan 10.0.0.0/8", "duplicate-clause@43+3"),
    // Endpoints.
    ("send 192.168.1.10 [2001:db8::1]:4000", "none"), ("send alice 2001:db8::1", "none"),
    ("send alice [2001:db8::1]", "none"),
    ("send alice bob:0", "port-out-of-range@12+5"), ("send alice bob:70000", "port-out-of-range@12+9"),
    ("send alice bob:http", "bad-port@12+8"), ("send alice bob:", "bad-port@12+4"),
    ("send alice 1.2.3:80", "bad-address@12+8"),
    ("send alice [1.2.3.4]:80", "bad-endpoint@12+12 1.2.3.4:80"), ("send alice [2001:db8::1", "bad-endpoint@12+12"),
    ("send alice [2001:db8::1]80", "bad-endpoint@12+15"), ("send alice :80", "bad-endpoint@12+3"),
    ("send alice a:b:c", "bad-address@12+5"),
    ("send alice internet", "none"),
    // Numbers.
    ("listen bob 0", "port-out-of-range@12+1"), ("listen bob 70000 tcp", "port-out-of-range@12+5"),
    ("listen bob web", "bad-port@12+3"),
    ("listen bob -1", "port-out-of-range@12+2"), ("step 0", "number-out-of-range@6+1"),
    ("step -1", "number-out-of-range@6+2"),
    ("step two", "bad-number@6+3"), ("step 99999999999999999999", "number-out-of-range@6+20"),
    ("send alice bob ttl 0", "number-out-of-range@20+1"),
    ("send alice bob ttl 256", "number-out-of-range@20+3"), ("seed 18446744073709551615", "none"),
    ("seed 18446744073709551616", "bad-seed@6+20"),
    ("wait 5", "bad-duration@6+1 5s"), ("wait 5 m", "bad-duration@6+3 5m"), ("wait 5min", "bad-duration@6+4 5m"),
    ("wait soon", "bad-duration@6+4"),
    ("wait 99999999999h", "duration-too-long@6+12"), ("run for 2h4m", "none"),
  ])
  func pointsAtWhatIsWrong(line: String, expected: String) {
    #expect(fault(line) == expected)
  }

  @Test func anEmptyNetworkIsSaidToBeEmpty() throws {
    #expect(throws: SyntaxError(.unknownName("alice", wanted: .hosts, exist: false), column: 6, length: 5)) {
      try parse("send alice bob", in: .empty)
    }
  }

  @Test func clausesComeInAnyOrder() throws {
    let lines = [
      "router r 1.2.3.4 2001:db8::1 lan 10.0.0.0/8 lan 2001:db8:1::/64 behind home-a preset cgnat",
      "create router r preset CGNAT lan 10.0.0.0/8 1.2.3.4 behind HOME-A 2001:db8::1 lan 2001:db8:1::/64",
    ]
    for line in lines {
      let router = try #require(try parse(line) as? RouterCommand)
      #expect(router.name.value == "r")
      #expect(router.addresses.map(\.value.description) == ["1.2.3.4", "2001:db8::1"])
      #expect(router.lans.map(\.value.description) == ["10.0.0.0/8", "2001:db8:1::/64"])
      #expect(router.behind?.value.name == "home-a")
      #expect(router.preset?.value == .cgnat)
    }
  }

  @Test func sendKnowsItsParts() throws {
    let send = try #require(try parse("send ALICE:5000 [2001:db8::1]:80 ttl 3 TCP \"hello\"") as? SendCommand)
    #expect(send.from.value.description == "alice:5000")
    #expect(send.from.columns == 6..<16)
    #expect(send.to.value == EndpointReference(.address(try #require(IPAddress("2001:db8::1"))), port: 80))
    #expect(send.transport?.value == .tcp)
    #expect(send.text?.value == "hello")
    #expect(send.timeToLive?.value == 3)
  }

  @Test func forwardTakesItsProtocolBeforeThePort() throws {
    let forward = try #require(try parse("forward home-a tcp 8080 to alice:80") as? ForwardCommand)
    #expect(forward.router.value.name == "home-a")
    guard case .ports(.tcp, let ports) = forward.what else {
      Issue.record("not a port of TCP")
      return
    }
    #expect(ports.value == 8080...8080)
    #expect(forward.to.value.description == "alice:80")
  }

  @Test(arguments: [
    "forward home-a 80 tcp to alice", "forward home-a 80 to alice tcp", "forward home-a tcp 80 to alice",
  ])
  func theProtocolOfAForwardStandsAnywhere(line: String) throws {
    guard case .ports(.tcp, _) = try (parse(line) as? ForwardCommand)?.what else {
      Issue.record("not a port of TCP")
      return
    }
  }

  @Test func forwardsOfMoreThanOnePort() throws {
    let range = try parse("forward home-a tcp 5000-5010 to alice:6000") as? ForwardCommand
    if case .ports(.tcp, let ports)? = range?.what {
      #expect(ports.value == 5000...5010)
    } else {
      Issue.record("not a range of TCP")
    }
    if case .all? = try (parse("forward home-a all to alice") as? ForwardCommand)?.what {
    } else {
      Issue.record("not all")
    }
    let address = try (parse("forward home-a address 49.36.10.26 to alice") as? ForwardCommand)?.what
    if case .address(let outside)? = address {
      #expect(outside.value == IPAddress("49.36.10.26"))
    } else {
      Issue.record("not an address")
    }
  }

  @Test func formsAreDistinguished() throws {
    #expect(try (parse("run") as? RunCommand)?.duration == nil)
    #expect(try (parse("run for 90s") as? RunCommand)?.duration?.value == .seconds(90))
    #expect(try parse("scene").effect == .looks)
    #expect(try parse("scene CGNAT").effect == .changes)
    #expect(try (parse("scene CGNAT") as? SceneCommand)?.scene?.value == "cgnat")
    #expect(try parse("seed").effect == .looks)
    #expect(try parse("seed 7").effect == .changes)
    #expect(try parse("back 2") is UndoCommand)
    #expect(try parse("exit") is QuitCommand)
  }

  @Test func keywordsCanBeNamesOfDevices() throws {
    let names = FakeNames(routers: ["to"], hosts: ["udp", "for"])
    let send = try #require(try parse("send udp for udp", in: names) as? SendCommand)
    #expect(send.from.value.description == "udp")
    #expect(send.to.value.description == "for")
    #expect(send.transport?.value == .udp)
    #expect(try parse("forward to 80 to udp", in: names) is ForwardCommand)
  }
}
