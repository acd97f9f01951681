// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

/// The outside endpoint that a new mapping gets (RFC 4787 §4.1 pooling, §4.2 ports).
@Suite("Port assignment")
struct PortAssignmentTests {
  private func table(
    _ assignment: PortAssignment, mapping: EndpointDependence = .endpointIndependent, parity: Bool = false,
    addresses: [String] = ["home"]
  ) -> PacketTable {
    var behavior = NATBehavior(mapping: mapping, filtering: .addressAndPortDependent)
    behavior.portAssignment = assignment
    behavior.preservesParity = parity
    return PacketTable(behavior, addresses: addresses)
  }

  @Test func sequentialWrapsThrough1024() {
    var table = table(.sequential(first: 65_534))
    table.play(
      """
      out udp alice:1 > bob:1 | home:65534 > bob:1 +1
      out udp alice:2 > bob:1 | home:65535 > bob:1 +2
      out udp alice:3 > bob:1 | home:1024 > bob:1 +3
      out udp alice:4 > bob:1 | home:1025 > bob:1 +4
      out tcp alice:4 > bob:1 | home:65534 > bob:1 +5  # each protocol has its own ports
      """)
  }

  @Test func sequentialBelow1024WrapsToItsFirst() {
    var table = table(.sequential(first: 1_000))
    table.play("out udp alice:1 > bob:1 | home:1000 > bob:1 +1")
  }

  @Test func aFreedPortWaitsForTheWrap() {
    var table = table(.sequential(first: 65_533))
    table.play(
      """
      out udp alice:1 > bob:1 | home:65533 > bob:1 +1
      wait 5m
      out udp alice:1 > bob:1 | home:65534 > bob:1 +2
      wait 5m
      out udp alice:1 > bob:1 | home:65535 > bob:1 +3
      out udp alice:2 > bob:1 | home:1024 > bob:1 +4
      """)
  }

  @Test func sequentialPassesOverTakenPortsAfterTheWrap() throws {
    var table = table(.sequential(first: 65_535))
    try table.nat.addStaticMapping(.udp, port: 1_024, to: #require(PacketTable.endpoint("carol:80")), at: .zero)
    table.play(
      """
      out udp alice:1 > bob:1 | home:65535 > bob:1 +2
      out udp alice:2 > bob:1 | home:1025 > bob:1 +3
      """)
  }

  @Test func changingTheAssignmentStartsOver() {
    var table = table(.sequential(first: 62_000))
    table.play("out udp alice:1 > bob:1 | home:62000 > bob:1 +1")
    table.change { $0.portAssignment = .sequential(first: 50_000) }
    table.play(
      """
      out udp alice:1 > bob:1 | home:62000 > bob:1 ~1   # a row keeps its port
      out udp alice:2 > bob:1 | home:50000 > bob:1 +2
      """)
  }

  @Test func preserveKeepsThePortOrTakesTheNextOfItsRange() {
    var table = table(.preserve)
    table.play(
      """
      out udp alice:5000 > bob:1   | home:5000 > bob:1 +1
      out udp carol:5000 > dave:1  | home:5001 > dave:1 +2   # taken, although the remote is another
      out udp carol:5001 > bob:1   | home:5002 > bob:1 +3
      out udp alice:65535 > bob:1  | home:65535 > bob:1 +4
      out udp carol:65535 > bob:1  | home:1024 > bob:1 +5    # round through 1024-65535
      out udp alice:1023 > bob:1   | home:1023 > bob:1 +6
      out udp carol:1023 > bob:1   | home:1 > bob:1 +7       # well-known ports stay among themselves
      """)
  }

  @Test func preserveKeepsOneRowAPortWhateverTheMapping() {
    var table = table(.preserve, mapping: .addressAndPortDependent)
    table.play(
      """
      out udp alice:5000 > bob:1 | home:5000 > bob:1 +1
      out udp alice:5000 > bob:2 | home:5001 > bob:2 +2
      """)
  }

  @Test func parity() {
    var sequential = table(.sequential(first: 62_000), parity: true)
    sequential.play(
      """
      out udp alice:5000 > bob:1 | home:62000 > bob:1 +1
      out udp alice:5002 > bob:1 | home:62002 > bob:1 +2
      out udp alice:5001 > bob:1 | home:62003 > bob:1 +3
      out udp alice:5003 > bob:1 | home:62005 > bob:1 +4
      """)
    var preserve = table(.preserve, parity: true)
    preserve.play(
      """
      out udp alice:5000 > bob:1  | home:5000 > bob:1 +1
      out udp carol:5000 > bob:1  | home:5002 > bob:1 +2
      out udp alice:65535 > bob:1 | home:65535 > bob:1 +3
      out udp carol:65535 > bob:1 | home:1025 > bob:1 +4
      """)
    for assignment in [PortAssignment.random(1024...65535), .overload] {
      var table = table(assignment, parity: true)
      for port in UInt16(5_000)..<5_100 {
        for host in ["alice", "carol"] { _ = table.play(udp: "\(host):\(port)", to: "bob:1") }
      }
      #expect(table.nat.mappings.count == 200)
      #expect(table.nat.mappings.allSatisfy { $0.internal.port & 1 == $0.external.port & 1 })
    }
  }

  @Test func overloadServesSeveralHostsWithOnePort() {
    var table = table(.overload)
    table.play(
      """
      out udp alice:5000 > bob:1  | home:5000 > bob:1 +1
      out udp carol:5000 > dave:1 | home:5000 > dave:1 +2    # another remote: the same outside port
      out udp erin:5000  > bob:2  | home:5000 > bob:2 +3
      in  udp bob:1  > home:5000  | bob:1 > alice:5000 =1
      in  udp dave:1 > home:5000  | dave:1 > carol:5000 =2
      in  udp bob:2  > home:5000  | bob:2 > erin:5000 =3
      in  udp dave:2 > home:5000  | filtered =2   # nearest to the one that talks to dave
      """)
    // The same remote: another port, and the row that has one keeps it for everything else.
    let other = table.play(udp: "carol:5000", to: "bob:1")
    #expect(other.hasPrefix("home:") && !other.hasPrefix("home:5000 ") && other.hasSuffix(" > bob:1 +4"))
    table.play(
      """
      out udp carol:5000 > dave:1 | home:5000 > dave:1 ~2
      out udp carol:5000 > dave:9 | home:5000 > dave:9 ~2
      in  udp dave:9 > home:5000  | dave:9 > carol:5000 =2
      """)
    #expect(table.play(udp: "carol:5000", to: "bob:1") == other.replacing("+", with: "~"))
  }

  @Test func aSharedPortGoesOnWhenOneOfItsRowsEnds() {
    var table = table(.overload)
    table.play(
      """
      out udp alice:5000 > bob:1  | home:5000 > bob:1 +1
      out udp carol:5000 > dave:1 | home:5000 > dave:1 +2
      out udp erin:5000  > bob:2  | home:5000 > bob:2 +3
      wait 4m
      out udp carol:5000 > dave:1 | home:5000 > dave:1 ~2
      wait 1m
      in  udp dave:1 > home:5000  | dave:1 > carol:5000 =2   # 1 and 3 timed out; 1 was the first of the sharers
      in  udp bob:1 > home:5000   | filtered =2
      out udp alice:5000 > bob:1  | home:5000 > bob:1 +4
      wait 4m
      in  udp bob:1 > home:5000   | bob:1 > alice:5000 =4
      in  udp dave:1 > home:5000  | filtered =4
      wait 1m
      in  udp bob:1 > home:5000   | expired =4
      """)
  }

  @Test func addressDependentFilteringOnASharedPort() {
    var table = table(.overload)
    table.change { $0.filtering = .addressDependent }
    table.play(
      """
      out udp alice:5000 > bob:1  | home:5000 > bob:1 +1
      out udp carol:5000 > dave:1 | home:5000 > dave:1 +2
      in  udp bob:7 > home:5000   | bob:7 > alice:5000 =1
      in  udp dave:7 > home:5000  | dave:7 > carol:5000 =2
      in  udp isp:7 > home:5000   | filtered =2   # the newest
      """)
  }

  @Test func randomPortsAreOfTheRangeAndOneEach() {
    var table = table(.random(40_000...40_099))
    for port in UInt16(1)...100 { _ = table.play(udp: "alice:\(port)", to: "bob:1") }
    let ports = table.nat.mappings.map(\.external.port)
    #expect(Set(ports) == Set(40_000...40_099) && ports != ports.sorted())
    #expect(table.play(udp: "alice:101", to: "bob:1") == "ports-exhausted")
  }

  @Test func pairedHostsKeepTheirAddressAndArbitraryOnesDoNot() {
    var paired = table(.sequential(first: 62_000), addresses: ["home", "home2"])
    paired.play(
      """
      out udp alice:1 > bob:1 | home:62000 > bob:1 +1
      out udp carol:1 > bob:1 | home2:62000 > bob:1 +2
      out udp alice:2 > bob:1 | home:62001 > bob:1 +3
      out tcp carol:1 > bob:1 | home2:62000 > bob:1 +4
      in  udp bob:1 > home2:62000 | bob:1 > carol:1 =2
      in  udp bob:1 > home2:62001 | no-mapping
      """)
    paired.change { $0.pooling = .arbitrary }
    paired.play(
      """
      out udp alice:3 > bob:1 | home:62002 > bob:1 +5
      out udp alice:4 > bob:1 | home2:62001 > bob:1 +6
      out udp alice:5 > bob:1 | home:62003 > bob:1 +7
      """)
  }
}

extension PacketTable {
  /// Sends one UDP packet out and returns the result.
  mutating func play(udp source: String, to destination: String) -> String {
    guard let source = Self.endpoint(source), let destination = Self.endpoint(destination) else { return "no packet" }
    return send(Packet(.udp, from: source, to: destination), from: .inside)
  }
}
