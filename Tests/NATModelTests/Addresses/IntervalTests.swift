// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@Suite("Intervals and instants")
struct IntervalTests {
  @Test(
    arguments: [
      ("250us", 250, "250us"), ("20ms", 20_000, "20ms"), ("30s", 30_000_000, "30s"), ("5m", 300_000_000, "5m"),
      ("2h", 7_200_000_000, "2h"), ("2h4m", 7_440_000_000, "2h4m"), ("0s", 0, "0s"), ("0h", 0, "0s"),
      ("90s", 90_000_000, "1m30s"),
      ("1.5s", 1_500_000, "1s500ms"), ("0.25ms", 250, "250us"), ("1.000000s", 1_000_000, "1s"),
      ("0.1h", 360_000_000, "6m"),
      ("1.25m", 75_000_000, "1m15s"), ("1h0m1us", 3_600_000_001, "1h1us"), ("5M", 300_000_000, "5m"),
      ("007s", 7_000_000, "7s"),
      ("1.0us", 1, "1us"), ("10000000h", 36_000_000_000_000_000, "10000000h"),
    ] as [(String, Int64, String)])
  func reads(text: String, microseconds: Int64, canonical: String) throws {
    let interval = try #require(Interval(text))
    #expect(interval.microseconds == microseconds)
    #expect(interval.description == canonical)
    #expect(Interval(canonical) == interval)
  }

  @Test(arguments: [
    "", "5", "s", "-5s", "+5s", "5 s", "5d", "1m1h", "1s1s", "1.s", ".5s", "1.5.5s", "0.1us", "1.0000001s", "1s ",
    "5sm", "٥s",
    "1e3s", "10000001h", "9999999999999999999999s", "9223372036854775807us9223372036854775807us", "1,5s", "5٫5s",
  ])
  func refuses(text: String) {
    #expect(Interval(text) == nil)
  }

  @Test func instantsSaturateAtNever() {
    #expect(Instant.never + .seconds(1) == .never)
    #expect(Instant(microseconds: 5) + Interval(microseconds: 7) == Instant(microseconds: 12))
    #expect(Instant(microseconds: 12) - Instant(microseconds: 5) == Interval(microseconds: 7))
    #expect(Interval.minutes(5) == .seconds(300) && Interval.hours(2) > .minutes(119))
  }

  /// SplitMix64's published sequence for seed 1234567 (Vigna's reference implementation).
  @Test func randomNumbersAreSplitMix64() {
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    #expect(generator.next() == 9_817_491_932_198_370_423)
  }

  @Test func aGeneratorBelongsToANameAndAPurpose() {
    func first(_ seed: UInt64, _ name: String, _ purpose: String) -> UInt64 {
      var generator = SeededGenerator(seed: seed, name: name, purpose: purpose)
      return generator.next()
    }
    #expect(first(1, "home-a", "ports") == first(1, "Home-A", "ports"))
    let others = [
      first(1, "home-a", "ports"), first(2, "home-a", "ports"), first(1, "home-b", "ports"), first(1, "home-a", "loss"),
    ]
    #expect(Set(others).count == 4)
    var generator = SeededGenerator(seed: 3)
    #expect((0..<1_000).allSatisfy { _ in generator.below(7) < 7 } && generator.below(0) == 0)
  }
}
