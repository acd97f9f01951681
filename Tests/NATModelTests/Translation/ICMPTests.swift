// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

/// ICMP queries are mapped by their identifier, errors by the packet they quote (RFC 5508).
@Suite("ICMP")
struct ICMPTests {
  @Test func queries() {
    var table = PacketTable(.home)
    table.play(
      """
      out icmp alice:7 > bob              | home:62000 > bob:62000 +1
      out icmp carol:7 > bob              | home:62001 > bob:62001 +2
      in  icmp bob:62000 > home echo-reply | bob:7 > alice:7 =1
      in  icmp bob:62001 > home echo-reply | bob:7 > carol:7 =2
      in  icmp dave:62000 > home echo-reply | filtered =1
      in  icmp bob:62002 > home echo-reply | no-mapping
      out icmp alice:7 > dave             | home:62000 > dave:62000 ~1
      in  icmp dave:62000 > home echo-reply | dave:7 > alice:7 =1
      at 59s
      out icmp alice:7 > bob              | home:62000 > bob:62000 ~1
      at 1m
      in  icmp bob:62001 > home echo-reply | expired =2
      """)
    #expect(table.nat.mappings.map(\.line) == ["1 icmp alice:7 home:62000 permits bob,dave"])
  }

  /// RFC 5508 REQ-1 and §3.1: an ICMP query has no remote port for mapping or filtering to depend on.
  @Test func queriesUnderPortDependence() {
    var table = PacketTable(.symmetric)
    table.play(
      """
      out icmp alice:7 > bob               | home:62000 > bob:62000 +1
      out icmp alice:7 > dave              | home:62001 > dave:62001 +2
      in  icmp bob:62000 > home echo-reply  | bob:7 > alice:7 =1
      in  icmp bob:62001 > home echo-reply  | filtered =2
      """)
    #expect(table.nat.mappings.map(\.line).first == "1 icmp alice:7 home:62000 for bob permits bob")
  }

  @Test func anIdentifierOf0IsPreservedAsAnyOther() {
    var behavior = NATBehavior()
    behavior.portAssignment = .preserve
    var table = PacketTable(behavior)
    table.play(
      """
      out icmp alice > bob | home > bob +1
      out icmp carol > bob | home:1 > bob:1 +2
      """)
  }

  /// RFC 5508 REQ-3, REQ-4: the packet quoted is quoted as the inside host sent it; nothing is refreshed.
  @Test func errorsFromOutside() {
    var table = PacketTable(.home)
    table.play(
      """
      out udp alice:5000 > bob:1 | home:62000 > bob:1 +1
      out tcp alice:5000 > bob:1 syn | home:62000 > bob:1 +2
      out icmp alice:7 > bob     | home:62000 > bob:62000 +3
      in icmp isp > home time-exceeded about udp home:62000 > bob:1    | isp > alice about alice:5000 > bob:1 =1
      in icmp bob > home port-unreachable about udp home:62000 > bob:1 | bob > alice about alice:5000 > bob:1 =1
      in icmp isp > home host-unreachable about tcp home:62000 > bob:1 | isp > alice about alice:5000 > bob:1 =2
      in icmp isp > home time-exceeded about icmp home:62000 > bob     | isp > alice about alice:7 > bob:7 =3
      in icmp isp > home time-exceeded about udp home:62000 > dave:1   | filtered =1   # nobody sent such a packet
      in icmp isp > home time-exceeded about udp home:62001 > bob:1    | no-mapping
      in icmp isp > home time-exceeded                                 | invalid
      at 5m
      in icmp isp > home time-exceeded about udp home:62000 > bob:1    | expired =1
      """)
  }

  /// RFC 5508 REQ-5: an error about a packet that came in leaves from the outside address and quotes what was sent there.
  @Test(arguments: EndpointDependence.allCases)
  func errorsFromInside(mapping: EndpointDependence) {
    var table = PacketTable(NATBehavior(mapping: mapping, filtering: .addressAndPortDependent))
    table.play(
      """
      out udp alice:5000 > bob:1  | home:62000 > bob:1 +1
      out icmp alice:7 > bob      | home:62000 > bob:62000 +2
      in  udp bob:1 > home:62000  | bob:1 > alice:5000 =1
      out icmp alice > bob port-unreachable about udp bob:1 > alice:5000 | home > bob about bob:1 > home:62000 =1
      out icmp 192.168.1.1 > bob time-exceeded about udp bob:1 > alice:5000 | home > bob about bob:1 > home:62000 =1
      out icmp alice > bob time-exceeded about icmp bob:7 > alice | home > bob about bob:62000 > home:62000 =2
      out icmp alice > dave port-unreachable about udp dave:1 > alice:5000 | invalid   # never came in
      out icmp alice > bob port-unreachable about udp bob:1 > alice:5001 | invalid
      out icmp alice > bob port-unreachable | invalid
      """)
    #expect(table.nat.mappings.map(\.packetsOut) == [1, 1], "an error does not count as use of the mapping")
  }

  @Test func errorsAboutAStaticMappingsPackets() throws {
    var table = PacketTable(.home)
    try table.nat.addStaticMapping(.udp, port: 53, to: #require(PacketTable.endpoint("alice:5353")), at: .zero)
    table.play(
      """
      in  udp bob:1 > home:53 | bob:1 > alice:5353 =1
      out icmp alice > bob port-unreachable about udp bob:1 > alice:5353 | home > bob about bob:1 > home:53 =1
      out udp alice:5353 > bob:1 | home:53 > bob:1 ~1
      in icmp isp > home host-unreachable about udp home:53 > bob:1 | isp > alice about alice:5353 > bob:1 =1
      """)
  }

  @Test func aQuoteIsAsLongAsFits() throws {
    let (source, destination) = (
      try #require(PacketTable.endpoint("alice:1")), try #require(PacketTable.endpoint("bob:1"))
    )
    for (payload, quoted) in [(0, 28), (520, 548), (521, 548), (60_000, 548)] {
      let packet = Packet(.udp, from: source, to: destination, payload: .filler(payload))
      let error = packet.error(.timeExceeded, from: destination.address)
      #expect(packet.length == 28 + payload)
      #expect(error.quoted?.length == quoted && error.length == 28 + quoted)
    }
    let (source6, destination6) = (
      try #require(PacketTable.endpoint("alice6")), try #require(PacketTable.endpoint("bob6"))
    )
    let packet = Packet(.tcp, from: source6, to: destination6, payload: .filler(2_000))
    #expect(packet.length == 2_060 && packet.error(.timeExceeded, from: destination6.address).length == 1_280)
  }
}
