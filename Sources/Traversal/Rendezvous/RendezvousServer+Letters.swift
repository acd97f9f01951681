// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Passing messages between hosts before there is a way between them, such as ICE's candidates.
extension RendezvousServer {
  /// The most names that are remembered; a flood of them must not displace those who are here.
  private static let mostCorrespondents = 65_536

  /// Handles a correspondent's message.
  mutating func pass(_ message: SignalMessage, _ delivery: Delivery, _ host: inout ProgramContext) {
    guard delivery.transport == .udp else { return }
    func send(_ message: SignalMessage, to guest: Endpoint) {
      // A letter may be for somebody who has registered over the other family.
      guard let own = host.address(towards: guest.address) else { return }
      let isSameFamily = own.family == delivery.local.address.family
      host.send(
        Payload(bytes: message.encoded()), from: isSameFamily ? delivery.local : Endpoint(own, delivery.local.port),
        to: guest)
    }
    switch message {
    case .register(let name):
      guard correspondents[name] != nil || correspondents.count < Self.mostCorrespondents else { return }
      correspondents[name] = delivery.remote
      send(.registered(delivery.remote), to: delivery.remote)
      host.tell(
        "registered", ["name": .text(name), "peer": .null, "outside": .endpoint(delivery.remote)])
    case .tell(let name, let letter):
      // Only from where its sender has registered: nobody can speak for somebody else.
      guard correspondents[letter.from] == delivery.remote else { return }
      if let guest = correspondents[name] {
        send(.told(letter), to: guest)
      } else {
        send(.unknown(name), to: delivery.remote)
      }
    case .registered, .told, .unknown: return
    }
  }
}
