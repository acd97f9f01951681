// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

/// Two new flows at the same instant that race for one outside port.
@Suite struct RaceTests {
  private static let alice = Endpoint(IPAddress(ipv4: 0xC0A8_010A), 5_000)
  private static let carol = Endpoint(IPAddress(ipv4: 0xC0A8_010B), 5_000)
  private static let bob = Endpoint(IPAddress(ipv4: 0x585A_646E), 53)
  private static let dave = Endpoint(IPAddress(ipv4: 0x585A_646F), 53)

  private func outcomes(
    _ ports: PortAssignment, races: Bool = true, to second: Endpoint = bob, after wait: Interval = .zero
  ) -> (reasons: [DropReason?], failures: Int) {
    var behavior = NATBehavior()
    behavior.portAssignment = ports
    behavior.races = races
    var nat = NAT(behavior: behavior, externalAddresses: [IPAddress(ipv4: 0x3124_0A19)])
    var generator = SeededGenerator(seed: 1, name: "r", purpose: "nat")
    var reasons: [DropReason?] = []
    for (place, (from, to)) in [(Self.alice, Self.bob), (Self.carol, second)].enumerated() {
      var packet = Packet(.udp, from: from, to: to)
      let translation = nat.translate(
        &packet, from: .inside, at: Instant.zero + (place == 0 ? .zero : wait), number: place + 1, using: &generator)
      if case .drop(let reason, _) = translation { reasons.append(reason) } else { reasons.append(nil) }
    }
    return (reasons, nat.insertFailures)
  }

  @Test func theSecondOneLoses() {
    for ports in [PortAssignment.sequential(first: 62_000), .preserve, .overload, .overloadWithin(1_024...65_535)] {
      let outcome = outcomes(ports)
      #expect(outcome.reasons == [nil, .insertFailed] && outcome.failures == 1, "\(ports)")
      #expect(outcomes(ports, races: false).reasons == [nil, nil], "\(ports)")
      #expect(outcomes(ports, after: Interval(microseconds: 1)).reasons == [nil, nil], "\(ports)")
    }
  }

  @Test func noRaceForDifferentPorts() {
    #expect(outcomes(.random(1_024...65_535)).reasons == [nil, nil])
    #expect(outcomes(.blocks(size: 64, within: 1_024...65_535)).reasons == [nil, nil])
    // One port may serve both if they go to different places.
    #expect(outcomes(.overload, to: Self.dave).reasons == [nil, nil])
  }
}
