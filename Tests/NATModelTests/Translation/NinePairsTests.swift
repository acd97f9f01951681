// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

/// Every mapping behaviour with every filtering behaviour (RFC 4787 §4.1, §5).
@Suite("The nine pairs")
struct NinePairsTests {
  private static let pairs = EndpointDependence.allCases.flatMap { mapping in
    EndpointDependence.allCases.map { (mapping, $0) }
  }

  /// The outside port that each destination sees depends on mapping alone, whatever the filter.
  @Test(arguments: pairs)
  func whichPortADestinationSees(mapping: EndpointDependence, filtering: EndpointDependence) {
    var table = PacketTable(NATBehavior(mapping: mapping, filtering: filtering))
    let (otherPort, otherAddress) =
      switch mapping {
      case .endpointIndependent: ("home:62000 > bob:4001 ~1", "home:62000 > dave:4000 ~1")
      case .addressDependent: ("home:62000 > bob:4001 ~1", "home:62001 > dave:4000 +2")
      case .addressAndPortDependent: ("home:62001 > bob:4001 +2", "home:62002 > dave:4000 +3")
      }
    table.play(
      """
      out udp alice:5000 > bob:4000  | home:62000 > bob:4000 +1
      out udp alice:5000 > bob:4000  | home:62000 > bob:4000 ~1
      out udp alice:5000 > bob:4001  | \(otherPort)
      out udp alice:5000 > dave:4000 | \(otherAddress)
      out udp alice:5000 > bob:4000  | home:62000 > bob:4000 ~1
      """)
    let rows = table.nat.mappings.count
    let next = 62_000 + rows
    table.play(
      """
      out udp alice:5001 > bob:4000  | home:\(next) > bob:4000 +\(rows + 1)
      out udp carol:5000 > bob:4000  | home:\(next + 1) > bob:4000 +\(rows + 2)
      out tcp alice:5000 > bob:4000 syn | home:62000 > bob:4000 +\(rows + 3)
      """)
  }

  /// Whose packets come in depends on filtering alone, whatever the mapping.
  @Test(arguments: pairs)
  func filteringDecidesWhoMayComeIn(mapping: EndpointDependence, filtering: EndpointDependence) {
    var table = PacketTable(NATBehavior(mapping: mapping, filtering: filtering))
    let admitted = "> alice:5000 =1"
    let samePort = filtering <= .addressDependent ? "bob:4001 \(admitted)" : "filtered =1"
    let stranger = filtering == .endpointIndependent ? "dave:4000 \(admitted)" : "filtered =1"
    table.play(
      """
      in  udp bob:4000  > home:62000 | no-mapping
      out udp alice:5000 > bob:4000  | home:62000 > bob:4000 +1
      in  udp bob:4000  > home:62000 | bob:4000 \(admitted)
      in  udp bob:4001  > home:62000 | \(samePort)
      in  udp dave:4000 > home:62000 | \(stranger)
      in  udp bob:4000  > home:62001 | no-mapping
      in  tcp bob:4000  > home:62000 | no-mapping
      in  udp bob:4000  > home:5000  | no-mapping
      """)
    #expect(
      table.nat.mappings.first?.packetsIn == 1 + (filtering <= .addressDependent ? 1 : 0)
        + (filtering == .endpointIndependent ? 1 : 0))
  }

  /// A filter knows every remote that the row was used towards, not only the first.
  @Test(arguments: EndpointDependence.allCases)
  func everyRemoteIsRemembered(filtering: EndpointDependence) {
    var table = PacketTable(NATBehavior(mapping: .endpointIndependent, filtering: filtering))
    for port in 1...50 {
      table.play("out udp alice:5000 > dave:\(port) | home:62000 > dave:\(port) \(port == 1 ? "+" : "~")1")
    }
    for port in 1...50 {
      table.play("in udp dave:\(port) > home:62000 | dave:\(port) > alice:5000 =1")
    }
    let refused = filtering == .addressAndPortDependent ? "filtered =1" : "dave:51 > alice:5000 =1"
    table.play(
      """
      in udp dave:51 > home:62000 | \(refused)
      in udp bob:1   > home:62000 | \(filtering == .endpointIndependent ? "bob:1 > alice:5000 =1" : "filtered =1")
      """)
  }

  /// A row shows what it is bound to and whom it admits.
  @Test(
    arguments: [
      (.endpointIndependent, .endpointIndependent, ["1 udp alice:5000 home:62000 permits *"]),
      (.endpointIndependent, .addressDependent, ["1 udp alice:5000 home:62000 permits bob,dave"]),
      (
        .endpointIndependent, .addressAndPortDependent,
        ["1 udp alice:5000 home:62000 permits bob:4000,bob:4001,dave:4000"]
      ),
      (
        .addressDependent, .addressAndPortDependent,
        [
          "1 udp alice:5000 home:62000 for bob permits bob:4000,bob:4001",
          "2 udp alice:5000 home:62001 for dave permits dave:4000",
        ]
      ),
      (
        .addressAndPortDependent, .addressDependent,
        [
          "1 udp alice:5000 home:62000 for bob:4000 permits bob",
          "2 udp alice:5000 home:62001 for bob:4001 permits bob",
          "3 udp alice:5000 home:62002 for dave:4000 permits dave",
        ]
      ),
    ] as [(EndpointDependence, EndpointDependence, [String])])
  func rowsSayWhatTheyAre(mapping: EndpointDependence, filtering: EndpointDependence, rows: [String]) {
    var table = PacketTable(NATBehavior(mapping: mapping, filtering: filtering))
    for remote in ["bob:4000", "bob:4001", "dave:4000"] {
      guard let from = PacketTable.endpoint("alice:5000"), let to = PacketTable.endpoint(remote) else { continue }
      _ = table.send(Packet(.udp, from: from, to: to), from: .inside)
    }
    #expect(table.nat.mappings.map(\.line) == rows)
  }

  /// The contract's example, as the NAT sees it.
  @Test func theContractsExample() {
    var table = PacketTable(.home)
    table.play(
      """
      out udp alice:5000 > bob:4000 | home:62000 > bob:4000 +1
      in udp bob:4000 > home:62000  | bob:4000 > alice:5000 =1
      in udp bob:4001 > home:62000  | filtered =1
      in udp bob:49152 > home:62001 | no-mapping
      wait 5m
      in udp bob:4000 > home:62000  | expired =1
      """)
    #expect(table.nat.mappings.isEmpty && table.nat.count == 0)
  }
}
