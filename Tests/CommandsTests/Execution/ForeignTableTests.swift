// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Commands

/// `table --as FORM`, beside tables in the form that the tools themselves print: `conntrack -L` of conntrack-tools,
/// `show ip nat translations` of Cisco IOS 15, `pfctl -s state` of OpenBSD and FreeBSD.
@Suite struct ForeignTableTests {
  private static func execute(_ lines: String, in session: inout Session) throws {
    for line in lines.split(separator: "\n") {
      for statement in try Statement.statements(in: String(line)) { _ = try session.execute(statement) }
    }
  }

  private static func lines(
    _ form: String, of router: String = "home-a", in session: inout Session
  ) throws -> [String] {
    let statement = try #require(try Statement.statements(in: "table \(router) --as \(form)").first)
    let table = try #require(try session.execute(statement).content as? ForeignTable)
    return try #require(table.routers.first).lines
  }

  /// The router's table after these lines, as another tool would print it.
  private static func table(_ form: String, of router: String = "home-a", after script: String) throws -> String {
    var session = Session(catalog: .standard)
    try execute(script, in: &session)
    return try lines(form, of: router, in: &session).joined(separator: "\n")
  }

  /// Flows of each protocol that begin inside.
  private static let outwards = """
    scene one-home
    set home-a preset linux
    connect alice:5001 bob:80; run
    connect alice:5002 bob:81; run
    close alice:5002 bob:81; run
    send alice:5003 bob:4000; run
    send alice:5004 bob:4000; run
    send bob:4000 49.36.10.25:5004; run
    send alice:5005 bob:4000; run
    send bob:4000 49.36.10.25:5005; run
    wait 3s
    send alice:5005 bob:4000; run
    ping alice bob; run
    """

  /// Flows that begin outside: one that a forward lets in, one that the router takes for itself.
  private static let inwards = """
    scene one-home
    set home-a preset linux
    forward home-a 8080 to alice:80
    send bob:4001 49.36.10.25:8080; run
    send bob:4002 49.36.10.25:9; run
    """

  @Test func conntrack() throws {
    let outwards = try Self.table("conntrack", after: Self.outwards)
    #expect(
      outwards == """
        tcp      6 431996 ESTABLISHED src=192.168.1.10 dst=88.90.100.110 sport=5001 dport=80 \
        src=88.90.100.110 dst=49.36.10.25 sport=80 dport=5001 [ASSURED] mark=0 use=1
        tcp      6 116 TIME_WAIT src=192.168.1.10 dst=88.90.100.110 sport=5002 dport=81 \
        src=88.90.100.110 dst=49.36.10.25 sport=81 dport=5002 [ASSURED] mark=0 use=1
        udp      17 26 src=192.168.1.10 dst=88.90.100.110 sport=5003 dport=4000 [UNREPLIED] \
        src=88.90.100.110 dst=49.36.10.25 sport=4000 dport=5003 mark=0 use=1
        udp      17 26 src=192.168.1.10 dst=88.90.100.110 sport=5004 dport=4000 \
        src=88.90.100.110 dst=49.36.10.25 sport=4000 dport=5004 mark=0 use=1
        udp      17 119 src=192.168.1.10 dst=88.90.100.110 sport=5005 dport=4000 \
        src=88.90.100.110 dst=49.36.10.25 sport=4000 dport=5005 [ASSURED] mark=0 use=1
        icmp     1 29 src=192.168.1.10 dst=88.90.100.110 type=8 code=0 id=1 \
        src=88.90.100.110 dst=49.36.10.25 type=0 code=0 id=1 mark=0 use=1
        """)
    let inwards = try Self.table("conntrack", after: Self.inwards)
    #expect(
      inwards == """
        udp      17 29 src=88.90.100.110 dst=49.36.10.25 sport=4001 dport=8080 [UNREPLIED] \
        src=192.168.1.10 dst=88.90.100.110 sport=80 dport=4001 mark=0 use=1
        udp      17 29 src=88.90.100.110 dst=49.36.10.25 sport=4002 dport=9 [UNREPLIED] \
        src=49.36.10.25 dst=88.90.100.110 sport=9 dport=4002 mark=0 use=1
        """)
  }

  /// `preset home` forgets sooner or later, but what Linux would call a conversation is the same.
  @Test func anAnswerAloneIsNoConversation() throws {
    let script = """
      scene one-home
      send alice:5000 bob:4000; run
      send bob:4000 49.36.10.25:62000; run
      send alice:5000 bob:4000; run
      """
    var session = Session(catalog: .standard)
    try Self.execute(script, in: &session)
    #expect(try Self.lines("conntrack", in: &session).allSatisfy { !$0.contains("[") })
    try Self.execute("wait 2s\nsend bob:4000 49.36.10.25:62000; run", in: &session)
    // Nobody inside has refreshed it since.
    #expect(try Self.lines("conntrack", in: &session).allSatisfy { !$0.contains("[") })
    try Self.execute("send alice:5000 bob:4000; run", in: &session)
    #expect(try Self.lines("conntrack", in: &session).allSatisfy { $0.contains("[ASSURED]") })
  }

  @Test func cisco() throws {
    let outwards = try Self.table("cisco", after: Self.outwards)
    #expect(
      outwards == """
        Pro Inside global         Inside local          Outside local         Outside global
        tcp 49.36.10.25:5001      192.168.1.10:5001     88.90.100.110:80      88.90.100.110:80
        tcp 49.36.10.25:5002      192.168.1.10:5002     88.90.100.110:81      88.90.100.110:81
        udp 49.36.10.25:5003      192.168.1.10:5003     88.90.100.110:4000    88.90.100.110:4000
        udp 49.36.10.25:5004      192.168.1.10:5004     88.90.100.110:4000    88.90.100.110:4000
        udp 49.36.10.25:5005      192.168.1.10:5005     88.90.100.110:4000    88.90.100.110:4000
        icmp 49.36.10.25:1        192.168.1.10:1        88.90.100.110:1       88.90.100.110:1
        """)
    let inwards = try Self.table("cisco", after: Self.inwards)
    #expect(
      inwards == """
        Pro Inside global         Inside local          Outside local         Outside global
        udp 49.36.10.25:8080      192.168.1.10:80       88.90.100.110:4001    88.90.100.110:4001
        udp 49.36.10.25:9         49.36.10.25:9         88.90.100.110:4002    88.90.100.110:4002
        udp 49.36.10.25:8080      192.168.1.10:80       ---                   ---
        """)
    let rules = try Self.table(
      "cisco",
      after: """
        scene one-home
        set home-a addresses 49.36.10.26
        host carol behind home-a
        forward home-a address 49.36.10.26 to alice
        forward home-a all to carol
        forward home-a tcp 443 to carol
        """)
    #expect(
      rules == """
        Pro Inside global         Inside local          Outside local         Outside global
        tcp 49.36.10.25:443       192.168.1.2:443       ---                   ---
        --- 49.36.10.26           192.168.1.10          ---                   ---
        --- 49.36.10.25           192.168.1.2           ---                   ---
        """)
  }

  @Test func pf() throws {
    let outwards = try Self.table("pf", after: Self.outwards)
    #expect(
      outwards == """
        all tcp 49.36.10.25:5001 (192.168.1.10:5001) -> 88.90.100.110:80       ESTABLISHED:ESTABLISHED
        all tcp 49.36.10.25:5002 (192.168.1.10:5002) -> 88.90.100.110:81       FIN_WAIT_2:FIN_WAIT_2
        all udp 49.36.10.25:5003 (192.168.1.10:5003) -> 88.90.100.110:4000       SINGLE:NO_TRAFFIC
        all udp 49.36.10.25:5004 (192.168.1.10:5004) -> 88.90.100.110:4000       MULTIPLE:SINGLE
        all udp 49.36.10.25:5005 (192.168.1.10:5005) -> 88.90.100.110:4000       MULTIPLE:MULTIPLE
        all icmp 49.36.10.25:1 (192.168.1.10:1) -> 88.90.100.110:1       0:0
        """)
    let inwards = try Self.table("pf", after: Self.inwards)
    #expect(
      inwards == """
        all udp 192.168.1.10:80 (49.36.10.25:8080) <- 88.90.100.110:4001       NO_TRAFFIC:SINGLE
        all udp 49.36.10.25:9 <- 88.90.100.110:4002       NO_TRAFFIC:SINGLE
        """)
  }

  /// The states of the two ends, from the first segment to the last, as pf moves them.
  @Test(
    arguments: [
      ("linux", "alice:6000 bob:80", ["CLOSING:ESTABLISHED", "FIN_WAIT_2:CLOSING"]),
      ("home", "alice:6000 bob:80", ["CLOSING:ESTABLISHED", "FIN_WAIT_2:CLOSING"]),
      ("linux", "bob:80 49.36.10.25:6000", ["ESTABLISHED:CLOSING", "CLOSING:FIN_WAIT_2"]),
    ])
  func connectionsOfPF(preset: String, closing: String, states: [String]) throws {
    var session = Session(catalog: .standard)
    try Self.execute("scene one-home\nset home-a preset \(preset)\nset home-a ports preserve", in: &session)
    var seen: [String] = []
    for command in ["connect alice:6000 bob:80", "close \(closing)"] {
      try Self.execute(command, in: &session)
      for _ in 0..<120 {
        try Self.execute("run for 1ms", in: &session)
        for line in try Self.lines("pf", in: &session) {
          let state = line.split(separator: " ").last.map(String.init) ?? ""
          if seen.last != state { seen.append(state) }
        }
      }
    }
    let opening = ["SYN_SENT:CLOSED", "ESTABLISHED:SYN_SENT", "ESTABLISHED:ESTABLISHED"]
    #expect(seen == opening + states + ["FIN_WAIT_2:FIN_WAIT_2"])
  }

  /// IPv6 passes untranslated, or has an IPv4 address outside.
  @Test func ipv6() throws {
    let script = """
      scene nat64
      send phone:5000 [64:ff9b::585a:646e]:4000; run
      host carol 2001:db8:b::1
      send phone:5001 [2001:db8:b::1]:4000; run
      send carol:4000 [2001:db8:a1::10]:5001; run
      ping phone 2001:db8:b::1; run
      """
    let conntrack = try Self.table("conntrack", of: "carrier", after: script)
    #expect(
      conntrack == """
        udp      17 299 src=2001:db8:a1::10 dst=2001:db8:b::1 sport=5001 dport=4000 \
        src=2001:db8:b::1 dst=2001:db8:a1::10 sport=4000 dport=5001 mark=0 use=1
        icmpv6   58 59 src=2001:db8:a1::10 dst=2001:db8:b::1 type=128 code=0 id=1 \
        src=2001:db8:b::1 dst=2001:db8:a1::10 type=129 code=0 id=1 mark=0 use=1
        """)
    let cisco = try Self.table("cisco", of: "carrier", after: script)
    #expect(cisco.isEmpty)
    let pf = try Self.table("pf", of: "carrier", after: script)
    #expect(
      pf == """
        all udp 49.36.10.25:62000 (2001:db8:a1::10[5000]) -> \
        88.90.100.110:4000 (64:ff9b::585a:646e[4000])       SINGLE:NO_TRAFFIC
        all udp 2001:db8:a1::10[5001] -> 2001:db8:b::1[4000]       MULTIPLE:SINGLE
        all ipv6-icmp 2001:db8:a1::10[1] -> 2001:db8:b::1[1]       0:0
        """)
  }
}
