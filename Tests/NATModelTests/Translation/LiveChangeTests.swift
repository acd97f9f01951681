// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

/// Effects of changed settings on a working NAT.
@Suite("Changing a working NAT")
struct LiveChangeTests {
  /// A conversation under way keeps its row; a new one gets one by the new rule.
  @Test func fromIndependentToDependentMapping() {
    var table = PacketTable(.home)
    table.play("out udp alice:1 > bob:1 | home:62000 > bob:1 +1")
    table.change { $0.mapping = .addressAndPortDependent }
    table.play(
      """
      out udp alice:1 > bob:1     | home:62000 > bob:1 ~1
      out udp alice:1 > bob:2     | home:62001 > bob:2 +2
      out udp alice:1 > dave:1    | home:62002 > dave:1 +3
      in  udp bob:1 > home:62000  | bob:1 > alice:1 =1
      at 4m
      out udp alice:1 > bob:2     | home:62001 > bob:2 ~2
      at 5m
      out udp alice:1 > bob:1     | home:62003 > bob:1 +4
      out udp alice:1 > dave:1    | home:62004 > dave:1 +5
      """)
  }

  @Test func fromDependentToIndependentMapping() {
    var table = PacketTable(.symmetric)
    table.play(
      """
      out udp alice:1 > bob:1  | home:62000 > bob:1 +1
      out udp alice:1 > dave:1 | home:62001 > dave:1 +2
      """)
    table.change { $0.mapping = .addressDependent }
    table.play(
      """
      out udp alice:1 > bob:1  | home:62000 > bob:1 ~1
      out udp alice:1 > bob:2  | home:62002 > bob:2 +3
      out udp alice:1 > bob:3  | home:62002 > bob:3 ~3
      """)
    table.change { $0.mapping = .endpointIndependent }
    table.play(
      """
      out udp alice:1 > bob:1  | home:62000 > bob:1 ~1
      out udp alice:1 > dave:1 | home:62001 > dave:1 ~2
      out udp alice:1 > bob:3  | home:62002 > bob:3 ~3
      out udp alice:1 > bob:4  | home:62003 > bob:4 +4
      out udp alice:1 > isp:4  | home:62003 > isp:4 ~4
      """)
  }

  @Test func filteringCountsAtOnceForTheRowsThereAre() {
    var table = PacketTable(.fullCone)
    table.play(
      """
      out udp alice:1 > bob:1     | home:62000 > bob:1 +1
      out udp alice:1 > bob:2     | home:62000 > bob:2 ~1
      in  udp dave:1 > home:62000 | dave:1 > alice:1 =1
      """)
    table.change { $0.filtering = .addressDependent }
    table.play(
      """
      in  udp dave:1 > home:62000 | filtered =1       # who only came in was never sent to
      in  udp bob:3 > home:62000  | bob:3 > alice:1 =1
      """)
    table.change { $0.filtering = .addressAndPortDependent }
    table.play(
      """
      in  udp bob:3 > home:62000  | filtered =1
      in  udp bob:2 > home:62000  | bob:2 > alice:1 =1
      """)
  }

  @Test func togglingTranslationEmptiesTheTable() throws {
    var table = PacketTable(.home)
    try table.nat.addStaticMapping(.udp, port: 80, to: #require(PacketTable.endpoint("carol:80")), at: .zero)
    table.play(
      """
      out udp alice:1 > bob:1 | home:62000 > bob:1 +2
      out udp alice:2 > bob:1 | home:62001 > bob:1 +3
      """)
    var behavior = table.nat.behavior
    behavior.translates = false
    #expect(table.nat.configure(behavior, at: table.now) == 2)
    #expect(table.nat.mappings.map(\.isStatic) == [true] && table.nat.count == 1)
    #expect(table.nat.expiredTotal == 0, "thrown away is not timed out")
    table.play("in udp bob:1 > alice:1 | firewall")
    behavior.translates = true
    #expect(table.nat.configure(behavior, at: table.now) == 0)
    table.play(
      """
      in  udp bob:1 > home:62000 | no-mapping
      in  udp bob:1 > home:80    | bob:1 > carol:80 =1
      out udp alice:1 > bob:1    | home:62002 > bob:1 +4
      """)
  }

  @Test func outsideAddressesComeAndGo() {
    var table = PacketTable(.home)
    table.play("out udp alice:1 > bob:1 | home:62000 > bob:1 +1")
    let (home, home2) = (PacketTable.address("home"), PacketTable.address("home2"))
    table.nat.setExternalAddresses([home2, home].compactMap(\.self), at: table.now)
    table.play(
      """
      out udp alice:1 > bob:1 | home:62000 > bob:1 ~1
      out udp alice:2 > bob:1 | home:62001 > bob:1 +2    # paired with the address it had
      out udp carol:1 > bob:1 | home2:62000 > bob:1 +3
      """)
    table.nat.setExternalAddresses([home2].compactMap(\.self), at: table.now)
    #expect(table.nat.mappings.map(\.id) == [3])
    table.play(
      """
      in  udp bob:1 > home:62000  | no-mapping
      out udp alice:1 > bob:1     | home2:62001 > bob:1 +4
      out udp alice:1 > home:80   | home2:62001 > home:80 ~4   # no longer one's own
      """)
  }

  @Test func presetsAreTheirAxes() {
    for preset in NATPreset.allCases {
      let behavior = preset.behavior
      #expect(behavior.translates == (preset != .open) && behavior.firewall == (preset != .open))
      #expect(behavior.hairpinning == (preset == .cgnat))
    }
    #expect(NATPreset.home.behavior == NATBehavior())
    #expect(NATPreset.fullCone.behavior.filtering == .endpointIndependent)
    #expect(NATPreset.restrictedCone.behavior.filtering == .addressDependent)
    #expect(NATPreset.portRestrictedCone.behavior == NATBehavior())
    #expect(NATPreset.symmetric.behavior.mapping == .addressAndPortDependent)
    #expect(
      NATPreset.cgnat.behavior.maximumMappingsPerHost != nil && NATPreset.cgnat.behavior.portRest == .seconds(120))
    #expect(NATPreset.allCases.map(\.rawValue).contains("port-restricted-cone"))
  }
}
