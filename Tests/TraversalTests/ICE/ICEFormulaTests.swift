// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing
import Traversal

/// ICE's formulas, and the pairs that two agents form before anything is sent.
struct ICEFormulaTests {
  static let priorities: [(kind: ICECandidate.Kind, priority: UInt32)] = [
    (.host, 2_130_706_431), (.peerReflexive, 1_862_270_975), (.serverReflexive, 1_694_498_815), (.relayed, 16_777_215),
  ]

  @Test(arguments: priorities) func aCandidatesPriorityIsTheFormulas(
    kind: ICECandidate.Kind, priority: UInt32
  ) {
    #expect(ICECandidate.priority(kind) == priority)
  }

  @Test func aPairsPriorityIsTheFormulas() {
    let (host, mapped) = (ICECandidate.priority(.host), ICECandidate.priority(.serverReflexive))
    let relayed = ICECandidate.priority(.relayed)
    #expect(ICEPair.priority(controlling: host, controlled: host) == 9_151_314_442_783_293_438)
    #expect(ICEPair.priority(controlling: host, controlled: mapped) == 7_277_816_997_797_167_103)
    #expect(ICEPair.priority(controlling: mapped, controlled: host) == 7_277_816_997_797_167_102)
    #expect(ICEPair.priority(controlling: relayed, controlled: relayed) == 72_057_589_776_515_070)
  }

  static let own = Endpoint(IPAddress(ipv4: 0xC0A8_010A), 5_000)
  static let mapped = Endpoint(IPAddress(ipv4: 0x3124_0A19), 62_000)
  static let server = IPAddress(ipv4: 0xCB00_7101)

  static func peer(_ last: UInt32, _ kind: ICECandidate.Kind = .host) -> ICECandidate {
    let address = Endpoint(IPAddress(ipv4: 0x5859_0000 | last), 4_000)
    return ICECandidate(kind, address, base: address)
  }

  private func agent() -> ICEAgent {
    var generator = SeededGenerator(seed: 1)
    var agent = ICEAgent(role: .controlling, using: &generator)
    agent.add(local: ICECandidate(.host, Self.own, base: Self.own), at: .zero)
    return agent
  }

  @Test func aReflexiveCandidateIsPairedOnceAsItsBase() {
    var agent = agent()
    agent.add(local: ICECandidate(.serverReflexive, Self.mapped, base: Self.own, server: Self.server), at: .zero)
    agent.add(remote: Self.peer(1), at: .zero)
    #expect(agent.pairs.map(\.local.type) == [.host])
    let relayed = Endpoint(Self.server, 50_000)
    agent.add(local: ICECandidate(.relayed, relayed, base: relayed, server: Self.server), at: .zero)
    #expect(agent.pairs.map(\.local.type) == [.host, .relayed])
    // One foundation each, so both may go.
    #expect(agent.pairs.map(\.state) == [.waiting, .waiting])
    agent.add(remote: Self.peer(1), at: .zero)
    #expect(agent.pairs.count == 2 && agent.remotes.count == 1)
  }

  @Test func pairsOfOneFoundationWaitForTheFirst() {
    var agent = agent()
    for last in 1...3 as ClosedRange<UInt32> {
      var candidate = Self.peer(last)
      candidate.foundation = "same"
      candidate.priority -= last
      agent.add(remote: candidate, at: .zero)
    }
    #expect(agent.pairs.map(\.state) == [.waiting, .frozen, .frozen])
    #expect(agent.pairs.map(\.priority) == agent.pairs.map(\.priority).sorted(by: >))
  }

  @Test func familiesAreNotMixedAndPairsAreLimited() throws {
    var agent = agent()
    let ipv6 = try #require(Endpoint("[2001:db8::1]:4000"))
    agent.add(remote: ICECandidate(.host, ipv6, base: ipv6), at: .zero)
    #expect(agent.pairs.isEmpty)
    for last in 1...150 as ClosedRange<UInt32> { agent.add(remote: Self.peer(last), at: .zero) }
    #expect(agent.pairs.count == 100)
  }
}
