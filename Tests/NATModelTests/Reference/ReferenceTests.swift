// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NATReference
import Testing

/// Random behaviours, packets and times: the NAT and the naive reference must agree on every packet.
@Suite("Against the reference")
struct ReferenceTests {
  @Test(arguments: 0..<8)
  func randomLives(group: Int) {
    for seed in 0..<12 {
      var life = RandomLife(Choices(seed: UInt64(group * 1_000 + seed)))
      for step in 0..<120 {
        if let difference = life.step() {
          Issue.record("seed \(group * 1_000 + seed), step \(step): \(difference)")
          return
        }
      }
    }
  }

  /// A snapshot is not changed by what the original does afterwards, and continues from where it was taken.
  @Test func aCopyIsASnapshot() {
    for seed in UInt64(0)..<4 {
      var life = RandomLife(Choices(seed: 500_000 + seed))
      for _ in 0..<150 { _ = life.step() }
      let kept = life
      let (mappings, total) = (kept.nat.mappings, kept.nat.expiredTotal)
      var seen: [String] = []
      for _ in 0..<150 {
        _ = life.step()
        seen.append(life.lastOutcome)
      }
      #expect(kept.nat.mappings == mappings && kept.nat.expiredTotal == total)
      var again = kept
      var seenAgain: [String] = []
      for _ in 0..<150 {
        _ = again.step()
        seenAgain.append(again.lastOutcome)
      }
      #expect(seen == seenAgain && again.nat.mappings == life.nat.mappings)
    }
  }
}
