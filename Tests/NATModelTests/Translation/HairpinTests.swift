// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

/// Packets from inside to the router's own outside endpoints (RFC 4787 §6, REQ-9).
@Suite("Hairpinning")
struct HairpinTests {
  private func table(_ mapping: EndpointDependence, _ filtering: EndpointDependence) -> PacketTable {
    var behavior = NATBehavior(mapping: mapping, filtering: filtering)
    behavior.hairpinning = true
    return PacketTable(behavior)
  }

  @Test func off() {
    var table = PacketTable(.home)
    table.play(
      """
      out udp alice:1 > bob:1      | home:62000 > bob:1 +1
      out udp carol:1 > home:62000 | hairpin-off
      """)
    #expect(table.nat.count == 1)
  }

  /// The receiver sees the sender's outside endpoint (REQ-9a), and its answer finds the way back.
  @Test func externalSource() {
    var table = table(.endpointIndependent, .endpointIndependent)
    table.play(
      """
      out udp alice:1 > bob:1      | home:62000 > bob:1 +1
      out udp carol:1 > home:62000 | home:62001 > alice:1 back +2
      out udp alice:1 > home:62001 | home:62000 > carol:1 back ~1
      out udp carol:1 > home:62000 | home:62001 > alice:1 back ~2
      out udp alice:1 > home:62000 | home:62000 > alice:1 back ~1   # to oneself
      """)
    #expect(table.nat.mappings.map(\.packetsIn) == [3, 1])
  }

  @Test(
    arguments: [
      (.endpointIndependent, "home:62001 > alice:1 back +2"), (.addressDependent, "filtered =1"),
      (.addressAndPortDependent, "filtered =1"),
    ] as [(EndpointDependence, String)])
  func theReceiversFilterJudges(filtering: EndpointDependence, outcome: String) {
    var table = table(.endpointIndependent, filtering)
    table.play(
      """
      out udp alice:1 > bob:1      | home:62000 > bob:1 +1
      out udp carol:1 > home:62000 | \(outcome)
      out udp alice:1 > home:62001 | home:62000 > carol:1 back ~1   # carol has sent there
      out udp carol:1 > home:62000 | home:62001 > alice:1 back ~2   # and now alice has
      """)
  }

  @Test func nobodyThere() {
    var table = table(.endpointIndependent, .endpointIndependent)
    table.play(
      """
      out udp carol:1 > home:4000  | no-mapping           # and makes no row
      out udp alice:1 > bob:1      | home:62000 > bob:1 +1
      at 5m
      out udp carol:1 > home:62000 | expired =1
      """)
  }

  @Test func toAStaticMapping() throws {
    var table = table(.addressAndPortDependent, .addressAndPortDependent)
    try table.nat.addStaticMapping(.tcp, port: 80, to: #require(PacketTable.endpoint("alice:8080")), at: .zero)
    table.play(
      """
      out tcp carol:1 > home:80 syn          | home:62000 > alice:8080 back +2
      out tcp alice:8080 > home:62000 syn ack | home:80 > carol:1 back ~1
      """)
  }

  @Test func toAnotherOutsideAddress() {
    var behavior = NATBehavior(mapping: .endpointIndependent, filtering: .endpointIndependent)
    behavior.hairpinning = true
    var table = PacketTable(behavior, addresses: ["home", "home2"])
    table.play(
      """
      out udp alice:1 > bob:1       | home:62000 > bob:1 +1
      out udp carol:1 > bob:1       | home2:62000 > bob:1 +2
      out udp alice:1 > home2:62000 | home:62000 > carol:1 back ~1
      out udp carol:1 > home:62000  | home2:62000 > alice:1 back ~2
      """)
  }

  @Test func aHairpinnedQuerysIdentifierIsOneField() {
    var table = table(.endpointIndependent, .endpointIndependent)
    table.play(
      """
      out icmp alice:7 > bob        | home:62000 > bob:62000 +1
      out icmp carol:62000 > home   | home:7 > alice:7 back +2
      """)
  }

  /// An ICMP error about a packet that was turned round goes back to its sender inside (RFC 5508 REQ-7).
  @Test func errorsAboutHairpinnedPackets() {
    var table = table(.endpointIndependent, .endpointIndependent)
    table.play(
      """
      out udp alice:1 > bob:1      | home:62000 > bob:1 +1
      out udp carol:1 > home:62000 | home:62001 > alice:1 back +2
      out icmp alice > home port-unreachable about udp home:62001 > alice:1 | home > carol about carol:1 > home:62000 back =1
      """)
  }
}
