// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// RFC 5508, NAT Behavioral Requirements for ICMP.
@Suite struct RFC5508Tests {
  private static let conversations = """
    out udp alice:5000 > bob:1     | home:62000 > bob:1 +1
    out tcp alice:5000 > bob:1 syn | home:62000 > bob:1 +2
    out icmp alice:7 > bob         | home:62000 > bob:62000 +3
    """

  @Test("RFC 5508 REQ-1: pings go out and their answers in, with one identifier for all receivers") func req1() {
    var table = PacketTable(.home)
    table.play(
      """
      out icmp alice:7 > bob               | home:62000 > bob:62000 +1
      out icmp carol:7 > bob               | home:62001 > bob:62001 +2
      in  icmp bob:62000 > home echo-reply  | bob:7 > alice:7 =1
      in  icmp bob:62001 > home echo-reply  | bob:7 > carol:7 =2
      out icmp alice:7 > dave              | home:62000 > dave:62000 ~1
      in  icmp dave:62000 > home echo-reply | dave:7 > alice:7 =1
      """)
  }

  @Test("RFC 5508 REQ-2: a ping's mapping lives 60 seconds, or as long as it is set") func req2() {
    for seconds in [Int64(60), 90] {
      var behavior = NATBehavior()
      if seconds != 60 { behavior.lifetimes.icmp = .seconds(seconds) }
      var table = PacketTable(behavior)
      table.play(
        """
        out icmp alice:7 > bob               | home:62000 > bob:62000 +1
        at \(seconds - 1)s
        in  icmp bob:62000 > home echo-reply | bob:7 > alice:7 =1
        at \(seconds)s
        in  icmp bob:62000 > home echo-reply | expired =1
        """)
    }
  }

  @Test("RFC 5508 REQ-3: an error that quotes nonsense is dropped") func req3() {
    var table = PacketTable(.home)
    table.play(Self.conversations)
    table.play(
      """
      in  icmp isp > home time-exceeded | invalid
      in  icmp isp > home time-exceeded about icmp home > bob port-unreachable | invalid
      in  icmp isp > home time-exceeded about udp dave:62000 > bob:1 | invalid
      in  icmp isp > home time-exceeded about udp bob:1 > home:62000 | invalid
      out icmp alice > bob port-unreachable | invalid
      out icmp alice > bob port-unreachable about icmp bob > alice port-unreachable | invalid
      out icmp alice > dave port-unreachable about udp bob:1 > alice:5000 | invalid
      """)
  }

  @Test("RFC 5508 REQ-4: errors from outside quote the packet as its sender sent it") func req4() {
    var table = PacketTable(.home)
    table.play(Self.conversations)
    table.play(
      """
      in icmp isp > home time-exceeded about udp home:62000 > bob:1        | isp > alice about alice:5000 > bob:1 =1
      in icmp isp > home host-unreachable about tcp home:62000 > bob:1     | isp > alice about alice:5000 > bob:1 =2
      in icmp isp > home time-exceeded about icmp home:62000 > bob         | isp > alice about alice:7 > bob:7 =3
      in icmp isp > home time-exceeded about udp home:62000 > dave:1       | filtered =1
      in icmp isp > home time-exceeded about udp home:62001 > bob:1        | no-mapping
      at 5m
      in icmp isp > home time-exceeded about udp home:62000 > bob:1        | expired =1
      """)
  }

  @Test("RFC 5508 REQ-5: errors from inside quote the packet as its sender sent it") func req5() {
    var table = PacketTable(.home)
    table.play(Self.conversations)
    table.play(
      """
      out icmp alice > bob port-unreachable about udp bob:1 > alice:5000 | home > bob about bob:1 > home:62000 =1
      out icmp 192.168.1.1 > bob time-exceeded about tcp bob:1 > alice:5000 | home > bob about bob:1 > home:62000 =2
      out icmp alice > bob time-exceeded about icmp bob:7 > alice | home > bob about bob:62000 > home:62000 =3
      out icmp alice > dave port-unreachable about udp dave:1 > alice:5000 | invalid
      out icmp alice > bob port-unreachable about udp bob:1 > alice:5001 | invalid
      """)
  }

  @Test(
    "RFC 5508 REQ-6: an error neither refreshes nor ends what it is about", arguments: [MappingRefresh.outbound, .both])
  func req6(refresh: MappingRefresh) {
    var behavior = NATBehavior()
    behavior.refresh = refresh
    var table = PacketTable(behavior)
    table.play(Self.conversations)
    let before = table.nat.mappings
    table.play(
      """
      wait 30s
      in  icmp isp > home time-exceeded about icmp home:62000 > bob   | isp > alice about alice:7 > bob:7 =3
      in  icmp isp > home time-exceeded about udp home:62000 > bob:1  | isp > alice about alice:5000 > bob:1 =1
      out icmp alice > bob time-exceeded about icmp bob:7 > alice     | home > bob about bob:62000 > home:62000 =3
      """)
    #expect(table.nat.mappings == before)
  }

  @Test("RFC 5508 REQ-7: pings and errors are hairpinned") func req7() {
    var behavior = NATPreset.fullCone.behavior
    behavior.hairpinning = true
    var table = PacketTable(behavior)
    table.play(
      """
      out udp alice:1 > bob:1       | home:62000 > bob:1 +1
      out udp carol:1 > home:62000  | home:62001 > alice:1 back +2
      out icmp alice > home port-unreachable about udp home:62001 > alice:1 | home > carol about carol:1 > home:62000 back =1
      out icmp alice:7 > bob        | home:62000 > bob:62000 +3
      out icmp carol:62000 > home   | home:7 > alice:7 back +4
      """)
  }

  @Test("RFC 5508 REQ-8: a host that gets no mapping for want of room is told, code 13") func req8() throws {
    var homes = try TwoHomes()
    var behavior = NATBehavior()
    behavior.rejection = .icmp
    behavior.maximumMappings = 1
    homes.network.configure(homes.homeA, behavior)
    for (host, outcome, answers) in [
      (homes.alice, "delivered at bob", []),
      (homes.carol, "table-full at home-a", [ICMPKind.administrativelyProhibited]),
    ] {
      let number = try homes.network.send(from: host, port: 1, to: "88.90.100.110:1")
      homes.network.run()
      #expect(homes.network.end(of: number) == outcome)
      #expect(homes.network.answers(to: number).map(\.packet.icmp) == answers)
    }
  }

  @Test("RFC 5508 REQ-9: a router can be told to send no such messages") func req9() throws {
    var homes = try TwoHomes()
    var behavior = NATBehavior()
    behavior.maximumMappings = 0
    homes.network.configure(homes.homeA, behavior)
    let out = try homes.network.send(from: homes.alice, port: 1, to: "88.90.100.110:1")
    let into = try homes.network.send(from: homes.bob, port: 1, to: "49.36.10.25:1")
    homes.network.run()
    #expect(homes.network.answers(to: out).isEmpty && homes.network.answers(to: into).isEmpty)
  }

  @Test("RFC 5508 REQ-10: unreachable, time exceeded and echo work through the NAT and from it") func req10() throws {
    var table = PacketTable(.home)
    table.play(Self.conversations)
    for kind in ICMPKind.allCases where kind.isError {
      table.play(
        "in icmp isp > home \(kind.name) about udp home:62000 > bob:1 | isp > alice about alice:5000 > bob:1 =1")
    }
    // The router itself answers pings, and reports packets whose time is up.
    var homes = try TwoHomes()
    let ping = try homes.network.ping(from: homes.alice, to: "192.168.1.1")
    let short = try homes.network.send(from: homes.alice, to: "88.90.100.110:1", timeToLive: 1)
    homes.network.run()
    #expect(homes.network.answers(to: ping).map(\.packet.icmp) == [.echoReply])
    #expect(homes.network.answers(to: short).map(\.packet.icmp) == [.timeExceeded])
  }
}
