// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Tells two peers who want to meet how it sees each of them (RFC 5128 §3.3), over UDP or TCP.
struct RendezvousServer: HostProgram {
  private struct Guest: Sendable {
    var name: String
    var peer: String
    var transport: TransportProtocol
    var place: Place
    /// The server's own endpoint to which it came.
    var door: Endpoint
    /// When it asked last.
    var asked: Instant
    /// The place of its peer, as it was told last.
    var told: Place?

    /// Whether this one and the other want to meet.
    func wants(_ other: Guest) -> Bool {
      name == other.peer && peer == other.name && transport == other.transport
    }
  }

  /// The endpoint from which a guest is heard, and the one it knows itself.
  private struct Place: Hashable, Sendable {
    var outside: Endpoint
    var local: Endpoint
  }

  /// The most guests: beyond this, the oldest one is forgotten.
  private static let mostGuests = 1_024
  /// How long a guest who no longer asks is taken to be here: as long as each of two goes on asking.
  private static let patience = Interval(
    microseconds: 2 * Int64(PunchOptions.mostRegistrations) * PunchOptions.interval.microseconds)

  let port: UInt16?
  private var guests: [Guest] = []
  /// The endpoint from which each correspondent was last heard, by name.
  var correspondents: [String: Endpoint] = [:]

  init(port: UInt16) { self.port = port }

  var name: String { "rendezvous" }
  var state: String { "serving" }

  static let service = Service(
    "rendezvous", port: 3_478,
    ProgramDescription(
      "rendezvous", summary: said("tells two peers who want to meet how it sees each of them"),
      events: ["registered": ["name", "peer", "outside"]]
    ) { event in
      guard event.event == "registered", let who = event.data["name"]?.text, let seen = event.data["outside"]?.text,
        let peer = event.data["peer"]
      else { return nil }
      return said("\(who) is at \(seen)") + (peer == .null ? "" : said(" and wants to meet \(peer.text)"))
    }
  ) { RendezvousServer(port: $0.port) }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    try host.open(.udp, port)
    try host.open(.tcp, port)
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    if let bytes = delivery.bytes, let signal = SignalMessage(decoding: bytes[...]) {
      return pass(signal, delivery, &host)
    }
    guard let payload = delivery.payload, case .register(let name, let peer, let local)? = RendezvousMessage(payload)
    else { return }
    let guest = Guest(
      name: name, peer: peer, transport: delivery.transport, place: Place(outside: delivery.remote, local: local),
      door: delivery.local, asked: host.now)
    receive(guest)
    host.tell(
      "registered", ["name": .text(name), "peer": .text(peer), "outside": .endpoint(delivery.remote)])
    say(.seen(delivery.remote), to: guest, &host)
    introduce(guest, &host)
  }

  /// Notes who is here.
  private mutating func receive(_ guest: Guest) {
    guests.removeAll { $0.asked + Self.patience < guest.asked }
    if let known = index(of: guest), guests[known].place.local == guest.place.local {
      guests[known].place = guest.place
      guests[known].door = guest.door
      guests[known].asked = guest.asked
      return
    }
    // A guest with another endpoint of its own has begun anew. Where the other one was when they met last, it will not be
    // the next time.
    guests.removeAll { $0.wants(guest) && $0.told != nil }
    if let known = index(of: guest) {
      guests[known] = guest
    } else {
      if guests.count >= Self.mostGuests { guests.removeFirst() }
      guests.append(guest)
    }
  }

  private func index(of guest: Guest) -> Int? {
    guests.firstIndex { $0.name == guest.name && $0.peer == guest.peer && $0.transport == guest.transport }
  }

  /// Tells a pair about each other, once both are there. A guest who asks again has not heard it, and one whose peer has
  /// moved has heard something else.
  private mutating func introduce(_ guest: Guest, _ host: inout ProgramContext) {
    guard let place = index(of: guest), let other = guests.firstIndex(where: { $0.wants(guest) }) else { return }
    for (listener, subject) in [(other, place), (place, other)]
    where listener == place || guests[listener].told != guests[subject].place {
      let seen = guests[subject].place
      guests[listener].told = seen
      say(.peer(name: guests[subject].name, outside: seen.outside, local: seen.local), to: guests[listener], &host)
    }
  }

  private func say(_ message: RendezvousMessage, to guest: Guest, _ host: inout ProgramContext) {
    if guest.transport == .tcp {
      host.sendData(message.payload, from: guest.door, to: guest.place.outside)
    } else {
      host.send(message.payload, from: guest.door, to: guest.place.outside)
    }
  }
}
