// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Traversal

/// The first byte says how many messages the bytes are, each with a length of two bytes: a server's life with one client
/// that knows the password and one that does not.
enum TURNTarget {
  static func finding(in bytes: [UInt8]) -> String? {
    var generator = SeededGenerator(seed: 1)
    var authenticator = LongTermAuthenticator(realm: "natsh", passwords: [:], using: &generator)
    authenticator.guestPassword = "natsh"
    var service = TURNService(authenticator: authenticator, quota: 3, capacity: 4)
    let server = Endpoint(IPAddress(ipv4: 0xCB00_7101), 3_478)
    var nonces: [Endpoint: String] = [:]
    var rest = bytes[...]
    var now = Instant.zero
    var taken: Set<UInt16> = []
    while rest.count >= 4 {
      let head = Array(rest.prefix(4))
      rest = rest.dropFirst(4)
      let client = Endpoint(IPAddress(ipv4: 0x3124_0A19), 62_000 + UInt16(head[0] & 3))
      now = now + .seconds(Int64(head[1]))
      let body = Array(rest.prefix(Int(head[3])))
      rest = rest.dropFirst(Int(head[3]))
      var message = body
      // A request of one who knows the password, around whatever attributes the bytes are.
      if head[0] & 4 != 0, let bare = try? STUNMessage(decoding: body[...]) {
        var signed = bare
        signed.attributes += [.username("a"), .realm("natsh"), .nonce(nonces[client] ?? "")]
        message = signed.encoded(signedWith: LongTermCredential.key(username: "a", realm: "natsh", password: "natsh"))
      }
      let actions =
        head[0] & 8 != 0
        ? service.receive(
          body, fromPeer: client, atPort: taken.min() ?? 50_000, at: now, using: &generator)
        : service.receive(message, from: client, to: server, at: now, using: &generator) { taken.insert($0).inserted }
      for action in actions + service.expire(at: now) {
        switch action {
        case .toClient(let bytes, let source, _):
          guard source == server else { return "a client was answered from \(source)" }
          if let refusal = try? STUNMessage(decoding: bytes[...]), let nonce = refusal.nonce { nonces[client] = nonce }
        case .toPeer(_, let source, let peer, _):
          guard taken.contains(source.port) else { return "relayed from \(source), which was not taken" }
          guard peer.address.scope.isRoutedOnInternet else { return "relayed to \(peer)" }
        case .close(let port): taken.remove(port)
        case .note: break
        }
      }
      if service.allocationCount > 4 { return "\(service.allocationCount) allocations" }
    }
    return nil
  }
}
