// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

@Suite struct TimingWheelTests {
  /// A wheel's model: entries sorted by when they are due and, at one time, by when they were added.
  private struct Model {
    var entries: [(due: Int64, sequence: Int, number: Int)] = []
    var sequence = 0

    mutating func add(_ number: Int, at due: Int64) {
      entries.append((due, sequence, number))
      sequence += 1
    }

    var sorted: [(due: Int64, sequence: Int, number: Int)] {
      entries.sorted { ($0.due, $0.sequence) < ($1.due, $1.sequence) }
    }

    mutating func next(until limit: Int64) -> (number: Int, due: Int64)? {
      guard let first = sorted.first, first.due <= limit else { return nil }
      entries.removeAll { $0.sequence == first.sequence }
      return (first.number, first.due)
    }
  }

  @Test(arguments: UInt64(1)...60)
  func givesBackInOrderOfTimeAndThenOfAsking(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var wheel = TimingWheel()
    var model = Model()
    var now: Int64 = 0
    // Delays of every size, many of them equal.
    let spans: [UInt64] = [1, 2, 300, 10_000, 70_000, 20_000_000, 1 << 40]
    for _ in 0..<600 {
      if generator.below(5) < 3 {
        let span = spans[Int(generator.below(UInt64(spans.count)))]
        let due = now + Int64(generator.below(2) == 0 ? span : generator.below(span + 1))
        model.add(wheel.add(at: Instant(microseconds: due)), at: due)
      } else {
        let limit = generator.below(3) == 0 ? .max : now + Int64(generator.below(20_000))
        let (got, wanted) = (wheel.next(until: Instant(microseconds: limit)), model.next(until: limit))
        #expect(got?.number == wanted?.number && got?.due.microseconds == wanted?.due)
        // The clock goes to the entry that was due, or to the given limit.
        now = wanted?.due ?? (limit == .max ? now : limit)
      }
      #expect(wheel.count == model.entries.count)
      #expect(wheel.nextDue?.microseconds == model.sorted.first?.due)
    }
    #expect(wheel.pending.map(\.number) == model.sorted.map(\.number))
    #expect(wheel.pending.map(\.due.microseconds) == model.sorted.map(\.due))
    while let wanted = model.next(until: .max) { #expect(wheel.next(until: .never)?.number == wanted.number) }
    #expect(wheel.next(until: .never) == nil && wheel.nextDue == nil)
  }

  @Test func anEntryDueInThePastIsDueAtOnce() {
    var wheel = TimingWheel()
    _ = wheel.add(at: Instant(microseconds: 900))
    #expect(wheel.next(until: .never)?.due == Instant(microseconds: 900))
    let late = wheel.add(at: Instant(microseconds: 5))
    let now = wheel.add(at: Instant(microseconds: 900))
    #expect(wheel.next(until: .never)?.number == late)
    #expect(wheel.next(until: .never)?.number == now)
  }

  @Test func aCopyGoesItsOwnWay() {
    var wheel = TimingWheel()
    let numbers = (0..<2_000).map { wheel.add(at: Instant(microseconds: Int64($0) * 777)) }
    let kept = wheel
    while wheel.next(until: Instant(microseconds: 900_000)) != nil {}
    _ = wheel.add(at: .never)
    #expect(kept.pending.map(\.number) == numbers && kept.count == 2_000)
  }

  /// An entry costs the same however many wait: one for its delay's wheel and one for each below, no logarithm of their
  /// number.
  @Test func workIsLinear() {
    let perEntry = [100, 10_000].map { waiting in
      var wheel = TimingWheel()
      for place in 0..<waiting { _ = wheel.add(at: Instant(microseconds: Int64(place % 10_000))) }
      for _ in 0..<40_000 {
        guard let (_, due) = wheel.next(until: .never) else { continue }
        _ = wheel.add(at: due + .milliseconds(10))
      }
      return Double(wheel.moves) / Double(40_000 + waiting)
    }
    #expect(perEntry[0] <= 2.1 && perEntry[1] <= 2.1)
  }

  @Test func aPacketCostsAsManyMovesAmongManyHostsAsAmongFew() throws {
    let perEvent = try [10, 1_000].map { count in
      var network = Network()
      network.isTracing = false
      let hosts = try (0..<count).map { index in
        let address = IPAddress(ipv4: 0x2C00_0001 + UInt32(index))
        return (try network.addHost(named: "h\(index)", addresses: [address]), address)
      }
      var events = 0
      for round in 0..<20_000 / count {
        for (index, (host, _)) in hosts.enumerated() {
          try network.send(from: host, port: 5_000, to: Endpoint(hosts[index ^ 1].1, 5_000))
        }
        let next = Instant(microseconds: Int64(round + 1) * 4_800)
        while network.step(until: next) { events += 1 }
        network.moveClock(to: next)
      }
      while network.step() { events += 1 }
      return Double(network.queue.moves) / Double(events)
    }
    #expect(perEvent.allSatisfy { (0.9...1.1).contains($0) })
  }
}
