// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// Properties of every network, whatever is done in it.
@Suite struct PropertyTests {
  private static let seeds: ClosedRange<UInt64> = 1...80

  private func hops(_ network: Network) -> [Hop] {
    network.trace.hopCount == 0 ? [] : network.trace.hops(1...network.trace.hopCount)
  }

  /// The other tests here prove no more than the networks contain.
  @Test func theNetworksHoldEveryKindOfEnd() throws {
    var reasons: Set<DropReason> = []
    var verdicts: Set<Verdict> = []
    var messages: Set<ICMPKind> = []
    for seed in Self.seeds {
      var world = try RandomNetwork(seed: seed, limitsSizes: true)
      try world.act(60)
      world.network.run()
      for hop in hops(world.network) {
        verdicts.insert(hop.verdict)
        messages.insert(hop.icmp)
        if let reason = hop.reason { reasons.insert(reason) }
      }
    }
    #expect(verdicts == Set(Verdict.allCases))
    #expect(Set(DropReason.allCases).subtracting(reasons).map(\.rawValue) == [])
    #expect(
      messages.isSuperset(of: [.echoReply, .timeExceeded, .portUnreachable, .administrativelyProhibited]))
  }

  @Test func everyPacketEnds() throws {
    for seed in Self.seeds {
      var world = try RandomNetwork(seed: seed)
      try world.act(60)
      var events = 0
      while world.network.step(), events < 20_000 { events += 1 }
      let network = world.network
      #expect(events < 20_000 && network.inFlight == 0 && network.packetsInFlight.isEmpty, "seed \(seed)")
      // Nobody needs what the packets carried any more.
      #expect(network.payloads.count == 0, "seed \(seed)")

      // Every packet sent was delivered or dropped, by the records and by the counters.
      let packets = (0..<network.trace.packetCount).compactMap { network.trace.packet($0 + 1) }
      #expect(packets.count == network.trace.packetCount)
      #expect(packets.allSatisfy { $0.state != .inFlight && $0.endedAt != nil && $0.endTime != nil }, "seed \(seed)")
      let devices = [network.device(.internet)] + network.allDevices
      let sent = devices.reduce(0) { $0 + $1.sent.packets }
      let ended = devices.reduce(0) { $0 + $1.delivered.packets + $1.dropped.packets }
      #expect(sent == packets.count && ended == sent, "seed \(seed)")

      let all = hops(network)
      for device in devices {
        let own = all.filter { $0.node == device.id }
        let counted: [(Verdict, PacketCounter)] = [
          (.sent, device.sent), (.delivered, device.delivered), (.dropped, device.dropped),
        ]
        for (verdict, counter) in counted {
          let these = own.filter { $0.verdict == verdict }
          #expect(counter.packets == these.count && counter.bytes == these.reduce(0) { $0 + $1.length })
        }
        #expect(device.forwarded.packets == own.count { [.forwarded, .translated].contains($0.verdict) })
      }
    }
  }

  @Test func everyPacketTakesAPossibleRoute() throws {
    for seed in Self.seeds {
      var world = try RandomNetwork(seed: seed)
      try world.act(60)
      world.network.run()
      let network = world.network
      for number in 1...max(network.trace.packetCount, 1) where network.trace.packetCount > 0 {
        let way = network.trace.hops(ofPacket: number)
        #expect(way.first?.verdict == .sent)
        #expect(way.dropFirst().dropLast().allSatisfy { $0.verdict == .forwarded || $0.verdict == .translated })
        #expect(way.last?.verdict == .delivered || way.last?.verdict == .dropped)
        #expect(way.filter { $0.verdict == .dropped }.allSatisfy { $0.reason != nil })
        for (one, next) in zip(way, way.dropFirst()) {
          #expect(one.time <= next.time && one.number < next.number)
          // A hop takes up what the one before it made.
          #expect((one.newSource ?? one.source).address == next.source.address)
          #expect((one.newDestination ?? one.destination).address == next.destination.address)
          let passes = next.verdict == .forwarded || next.verdict == .translated
          #expect(next.timeToLive == one.timeToLive - (passes ? 1 : 0), "seed \(seed) packet \(number)")
        }
        // Beyond the internet nothing goes to an address that is private there.
        for hop in way where hop.node == .internet && hop.verdict != .dropped && hop.verdict != .sent {
          #expect(hop.destination.address.scope.isRoutedOnInternet, "seed \(seed) packet \(number)")
        }
        if let last = way.last, last.verdict == .delivered, last.node != .internet,
          network.host(last.node) != nil
        {
          #expect(network.addresses(of: last.node).contains(last.destination.address), "seed \(seed) packet \(number)")
        }
      }
    }
  }

  @Test func theSameSeedGivesTheSameTrace() throws {
    for seed in Self.seeds {
      let limitsSizes = seed % 2 == 0
      var one = try RandomNetwork(seed: seed, limitsSizes: limitsSizes)
      var other = try RandomNetwork(seed: seed, limitsSizes: limitsSizes)
      try one.act(40)
      try other.act(40)
      one.network.run()
      other.network.run()
      #expect(hops(one.network) == hops(other.network), "seed \(seed)")
    }
    let traces = try (UInt64(1)...20).map { seed in
      var world = try RandomNetwork(seed: seed)
      try world.act(40)
      return hops(world.network)
    }
    #expect(Set(traces).count == 20)
  }

  @Test func aKeptCopyStaysAsItWasAndReplays() throws {
    for seed in Self.seeds {
      var world = try RandomNetwork(seed: seed, limitsSizes: seed % 2 == 0)
      try world.act(25)
      let kept = world
      let (clock, trace, flights) = (kept.network.clock, hops(kept.network), kept.network.inFlight)
      try world.act(25)
      world.network.run()
      #expect(hops(kept.network) == trace && kept.network.clock == clock && kept.network.inFlight == flights)
      var again = kept
      try again.act(25)
      again.network.run()
      #expect(hops(again.network) == hops(world.network), "seed \(seed)")
      let expired = (again.network.takeExpired().map(\.mapping), world.network.takeExpired().map(\.mapping))
      #expect(expired.0 == expired.1, "seed \(seed)")
      let unanswered = (again.network.takeUnanswered(), world.network.takeUnanswered())
      #expect(unanswered.0 == unanswered.1, "seed \(seed)")
    }
  }

  @Test func aStrangerChangesNobodysRandomNumbers() throws {
    for seed in Self.seeds {
      var (alone, watched) = (try RandomNetwork(seed: seed), try RandomNetwork(seed: seed, withStranger: true))
      try alone.act(40)
      try watched.act(40)
      alone.network.run()
      watched.network.run()
      func story(_ network: Network) -> [String] {
        hops(network).map { "\(network.brief($0)) \($0.source) \($0.newSource.map(\.description) ?? "")" }
      }
      #expect(story(alone.network) == story(watched.network), "seed \(seed)")
    }
  }

  @Test func recordingChangesNothingButTheRecord() throws {
    for seed in Self.seeds {
      var (seen, unseen) = (try RandomNetwork(seed: seed), try RandomNetwork(seed: seed))
      // Some networks begin with packets.
      let begun = unseen.network.trace.hopCount
      unseen.network.isTracing = false
      try seen.act(40)
      try unseen.act(40)
      seen.network.run()
      unseen.network.run()
      #expect(unseen.network.trace.hopCount == begun && unseen.network.clock == seen.network.clock, "seed \(seed)")
      for device in seen.network.allDevices {
        let other = unseen.network.device(device.id)
        #expect(device.delivered == other.delivered && device.dropped == other.dropped && device.link == other.link)
        #expect(device.crossed == other.crossed)
      }
      let unanswered = (seen.network.takeUnanswered(), unseen.network.takeUnanswered())
      #expect(unanswered.0 == unanswered.1, "seed \(seed)")
    }
  }
}
