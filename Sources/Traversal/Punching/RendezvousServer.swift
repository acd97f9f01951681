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
    /// The endpoint from which it is heard, and the one it knows itself.
    var outside: Endpoint
    var local: Endpoint
    /// The server's own endpoint to which it came.
    var door: Endpoint
    var wasTold = false
  }

  /// The most guests: beyond this, the oldest one is forgotten.
  private static let mostGuests = 1_024

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
      name: name, peer: peer, transport: delivery.transport, outside: delivery.remote, local: local,
      door: delivery.local)
    if let known = guests.firstIndex(where: { $0.name == name && $0.peer == peer && $0.transport == guest.transport }) {
      // A guest who comes from elsewhere begins again.
      let isBack = guests[known].outside != guest.outside
      guests[known].outside = guest.outside
      guests[known].local = local
      guests[known].door = guest.door
      if isBack { guests[known].wasTold = false }
    } else {
      if guests.count >= Self.mostGuests { guests.removeFirst() }
      guests.append(guest)
    }
    host.tell(
      "registered", ["name": .text(name), "peer": .text(peer), "outside": .endpoint(delivery.remote)])
    say(.seen(delivery.remote), to: guest, &host)
    introduce(guest, &host)
  }

  /// Tells a pair about each other, once both are there. A guest who asks again has not heard it.
  private mutating func introduce(_ guest: Guest, _ host: inout ProgramContext) {
    guard
      let place = guests.firstIndex(where: {
        $0.name == guest.name && $0.peer == guest.peer && $0.transport == guest.transport
      }),
      let other = guests.firstIndex(where: {
        $0.name == guest.peer && $0.peer == guest.name && $0.transport == guest.transport
      })
    else { return }
    for (listener, subject) in [(other, place), (place, other)] where listener == place || !guests[listener].wasTold {
      guests[listener].wasTold = true
      say(
        .peer(name: guests[subject].name, outside: guests[subject].outside, local: guests[subject].local),
        to: guests[listener], &host)
    }
  }

  private func say(_ message: RendezvousMessage, to guest: Guest, _ host: inout ProgramContext) {
    if guest.transport == .tcp {
      host.sendData(message.payload, from: guest.door, to: guest.outside)
    } else {
      host.send(message.payload, from: guest.door, to: guest.outside)
    }
  }
}
