// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

@Suite struct EventQueueTests {
  /// Whatever the delays, events come in order of time and then of scheduling: few kinds of delay, as links have, which
  /// go into runs; many, which need the wheel; and both.
  @Test(arguments: UInt64(1)...18)
  func givesBackInOrderOfTimeAndThenOfAsking(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var queue = EventQueue<Int>()
    var model: [(due: Int64, item: Int)] = []
    var kept: [(EventQueue<Int>, [Int])] = []
    let kinds = [[10_000], [1_000, 10_000, 0], (0..<40).map { $0 * 731 + 5 }][Int(seed % 3)]
    var now: Int64 = 0
    for item in 0..<1_800 {
      // Bursts, with hundreds waiting at times and none at others.
      if generator.below(10) < (item / 600 % 2 == 0 ? 8 : 3) {
        let due = now + Int64(kinds[Int(generator.below(UInt64(kinds.count)))])
        queue.add(item, at: Instant(microseconds: due))
        model.append((due, item))
      } else {
        let limit = generator.below(3) == 0 ? .max : now + Int64(generator.below(3_000))
        let wanted = model.enumerated().min { ($0.element.due, $0.offset) < ($1.element.due, $1.offset) }
        let got = queue.next(until: Instant(microseconds: limit))
        if let wanted, wanted.element.due <= limit {
          #expect(got?.item == wanted.element.item && got?.due.microseconds == wanted.element.due)
          now = wanted.element.due
          model.remove(at: wanted.offset)
        } else {
          #expect(got == nil)
          now = limit == .max ? now : limit
        }
      }
      #expect(queue.count == model.count)
      #expect(queue.nextDue.microseconds == model.map(\.due).min() ?? .max)
      if item % 400 == 0 { kept.append((queue, sorted(model))) }
    }
    kept.append((queue, sorted(model)))
    for (var queue, items) in kept {
      #expect(queue.pending.map(\.item) == items)
      #expect(items.allSatisfy { queue.next(until: .never)?.item == $0 } && queue.next(until: .never) == nil)
    }
  }

  private func sorted(_ model: [(due: Int64, item: Int)]) -> [Int] {
    model.enumerated().sorted { ($0.element.due, $0.offset) < ($1.element.due, $1.offset) }.map(\.element.item)
  }

  /// Packets over links of one delay need no wheel, however many are on their way: each is put at the end of a run
  /// once.
  @Test func anEventDueInOrderIsMovedOnce() {
    for waiting in [10, 10_000] {
      var queue = EventQueue<Int>()
      for place in 0..<waiting { queue.add(place, at: Instant(microseconds: Int64(place))) }
      for _ in 0..<20_000 {
        guard let next = queue.next(until: .never) else { continue }
        queue.add(next.item, at: next.due + .milliseconds(100))
      }
      #expect(queue.moves == waiting + 20_000 && queue.count == waiting)
    }
  }
}

@Suite struct StorageTests {
  @Test(arguments: UInt64(1)...20)
  func aPortSetIsASet(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var ports = PortSet()
    var plain: Set<LocalPort> = []
    for _ in 0..<3_000 {
      let transport: TransportProtocol = generator.below(2) == 0 ? .udp : .tcp
      let port = LocalPort(transport: transport, port: UInt16(generator.below(400)) &* 163)
      if generator.below(3) > 0 {
        #expect(ports.insert(port) == plain.insert(port).inserted)
      } else {
        ports.remove(port)
        plain.remove(port)
      }
      #expect(ports.count == plain.count && ports.contains(port) == plain.contains(port))
    }
    #expect(Set(ports.all) == plain)
  }

  @Test func aPayloadIsForgottenWithItsLastUser() {
    var payloads = PayloadStore()
    let plain = [Payload.empty, .filler(7)].map { payloads.put($0) }
    #expect(payloads.count == 0 && plain.map { payloads[$0].length } == [0, 7])
    let text = payloads.put(.data([104, 105]))
    payloads.retain(text)
    payloads.release(text)
    #expect(payloads[text] == .data([104, 105]) && payloads.count == 1)
    payloads.release(text)
    #expect(payloads.count == 0)
    let other = payloads.put(.data([33]))
    #expect(payloads[other] == .data([33]) && payloads.count == 1)
  }
}
