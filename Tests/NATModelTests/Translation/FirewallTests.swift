// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

/// A router without NAT still protects: untranslated packets pass the same filter.
@Suite("The firewall without translation")
struct FirewallTests {
  private static func behavior(_ filtering: EndpointDependence) -> NATBehavior {
    NATBehavior(mapping: .endpointIndependent, filtering: filtering)
  }

  @Test(arguments: EndpointDependence.allCases)
  func ipv6(filtering: EndpointDependence) {
    var table = PacketTable(Self.behavior(filtering))
    let samePort = filtering <= .addressDependent ? "bob6:2 > alice6:5000 =1" : "filtered =1"
    let stranger = filtering == .endpointIndependent ? "dave6:1 > alice6:5000 =1" : "filtered =1"
    table.play(
      """
      in  udp bob6:1 > alice6:5000  | firewall
      out udp alice6:5000 > bob6:1  | alice6:5000 > bob6:1 +1
      in  udp bob6:1 > alice6:5000  | bob6:1 > alice6:5000 =1
      in  udp bob6:2 > alice6:5000  | \(samePort)
      in  udp dave6:1 > alice6:5000 | \(stranger)
      in  udp bob6:1 > alice6:5001  | firewall
      in  tcp bob6:1 > alice6:5000  | firewall
      at 5m
      in  udp bob6:1 > alice6:5000  | expired =1
      out icmp alice6:9 > bob6      | alice6:9 > bob6:9 +2
      in  icmp bob6:9 > alice6 echo-reply | bob6:9 > alice6:9 =2
      in  icmp dave6 > alice6 time-exceeded about udp alice6:5000 > bob6:1 | expired =1
      in  icmp dave6 > alice6 time-exceeded about icmp alice6:9 > bob6   | dave6 > alice6 about alice6:9 > bob6:9 =2
      out icmp alice6 > bob6 port-unreachable about udp bob6:1 > alice6:5000 | alice6 > bob6 about bob6:1 > alice6:5000
      """)
    #expect(table.nat.mappings.allSatisfy { $0.isUntranslated && $0.internal == $0.external })
  }

  @Test func natOffForIPv4() {
    var table = PacketTable(Self.behavior(.addressAndPortDependent))
    table.change { $0.translates = false }
    table.play(
      """
      in  tcp bob:1 > alice:80 syn      | firewall
      out tcp alice:80 > bob:1 syn      | alice:80 > bob:1 +1
      in  tcp bob:1 > alice:80 syn ack  | bob:1 > alice:80 =1
      in  tcp bob:2 > alice:80 syn      | filtered =1
      at 4m
      in  tcp bob:1 > alice:80 ack      | expired =1
      """)
  }

  @Test func natAndFirewallOff() {
    var table = PacketTable(.open)
    table.play(
      """
      in  udp bob:1 > alice:5000   | bob:1 > alice:5000
      out udp alice:5000 > bob:1   | alice:5000 > bob:1
      in  udp bob6:1 > alice6:5000 | bob6:1 > alice6:5000
      in  icmp isp > alice time-exceeded about udp alice:1 > bob:1 | isp > alice about alice:1 > bob:1
      out icmp alice > bob port-unreachable about udp bob:1 > alice:5000 | alice > bob about bob:1 > alice:5000
      """)
    #expect(table.nat.count == 0, "a plain router remembers nothing")
  }

  /// With the firewall off every row admits everyone; a packet without a row still has no destination.
  @Test func firewallOffUnderTranslation() {
    var table = PacketTable(Self.behavior(.addressAndPortDependent))
    table.play(
      """
      out udp alice:1 > bob:1    | home:62000 > bob:1 +1
      out udp alice6:1 > bob6:1  | alice6:1 > bob6:1 +2
      in  udp dave:1 > home:62000 | filtered =1
      """)
    table.change { $0.firewall = false }
    table.play(
      """
      in  udp dave:1 > home:62000 | dave:1 > alice:1 =1
      in  udp dave:1 > home:62001 | no-mapping
      in  udp dave6:1 > alice6:1  | dave6:1 > alice6:1 =2
      in  udp dave6:1 > alice6:2  | dave6:1 > alice6:2
      in  icmp dave6 > alice6 time-exceeded about udp alice6:1 > dave6:9 | dave6 > alice6 about alice6:1 > dave6:9 =2
      """)
    #expect(table.nat.mappings.map(\.permitted) == [.anyone, .anyone])
    table.change { $0.firewall = true }
    table.play(
      """
      in  udp dave:1 > home:62000 | filtered =1
      in  udp bob:1  > home:62000 | bob:1 > alice:1 =1
      """)
  }

  @Test func withoutAnOutsideAddressOnlyIPv6Passes() {
    var table = PacketTable(NATBehavior(), addresses: [])
    table.play(
      """
      out udp alice:1 > bob:1   | no-route
      out udp alice6:1 > bob6:1 | alice6:1 > bob6:1 +1
      in  udp bob:1 > home:1    | no-mapping
      """)
  }
}
