// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Packets that a router passes on with another text, or with other sequence numbers, than they came with.
extension Network {
  /// What events call the part of a router that reads texts.
  public static let gatewayName = "alg"

  /// Whether a router has changed more of a packet than its endpoints.
  // If called out of line from a mutating function, it would be given a copy of the whole network.
  @inline(__always)
  func isRewritten(_ packet: Packet, _ flight: Flight) -> Bool {
    guard case .router(let slot) = nodes[flight.to.index].role, routers[slot].nat.readsText else { return false }
    return packet.sequenceNumber != flight.headers.sequenceNumber
      || packet.acknowledgementNumber != flight.headers.acknowledgementNumber
      || packet.payload != payloads[flight.contents]
  }

  mutating func passRewritten(
    _ packet: Packet, _ headers: PacketHeaders, arrived flight: Flight, to next: NextHop, change: Translation.Change
  ) {
    let contents = payloads.put(packet.payload)
    let leg = Leg(number: flight.number, length: packet.length, from: flight.from, to: flight.to)
    pass(
      headers, contents, arrived: Flight(leg: leg, headers: flight.headers, contents: flight.contents), to: next,
      change: change)
    payloads.release(contents)
    if isTracing {
      trace.add(
        Rewriting(
          hop: trace.hopCount, payload: packet.payload, sequenceNumber: packet.sequenceNumber,
          acknowledgementNumber: packet.acknowledgementNumber))
    }
  }

  /// Tells what a router's gateways have done with a packet.
  mutating func tellOfGateways(_ slot: Int, _ number: Int) {
    for note in routers[slot].nat.takeGatewayNotes() where isTracing {
      let (event, data) = Self.event(for: note)
      trace.add(event, by: Self.gatewayName, on: routers[slot].id, at: clock, packet: number, data)
    }
  }

  private static func event(for note: GatewayNote) -> (String, EventData) {
    switch note {
    case .rewrote(let gateway, let before, let after):
      ("rewrote", ["protocol": .text(gateway.word), "before": .text(before), "after": .text(after)])
    case .expects(let gateway, let transport, let inside, let external, let remote):
      (
        "expects",
        [
          "protocol": .text(gateway.word), "transport": .text(transport.name), "inside": .endpoint(inside),
          "outside": .endpoint(external), "from": .address(remote),
        ]
      )
    case .refused(let gateway, let inside, let reason):
      (
        "refused",
        ["protocol": .text(gateway.word), "inside": .endpoint(inside), "reason": .text(reason.rawValue)]
      )
    }
  }
}
