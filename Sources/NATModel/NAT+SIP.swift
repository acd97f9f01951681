// SPDX-License-Identifier: GPL-3.0-or-later

/// The gateway for SIP over UDP (RFC 3261), and for the SDP that names media endpoints (RFC 4566).
extension NAT {
  /// A message from inside, translated: Via, Contact and SDP's `c=` and `m=` get outside endpoints.
  mutating func passSIPOutward(
    _ packet: inout Packet, from inside: Endpoint, at now: Instant, number: Int,
    using generator: inout SeededGenerator
  ) {
    guard var text = SIPText(packet.payload) else { return }
    let (signalling, peer) = (packet.source, packet.destination.address)
    var mapped: [Endpoint: Endpoint] = [inside: signalling]
    let ports = text.ports(of: inside.address, in: [.via, .contact])
    for port in ports + text.mediaPorts(at: inside.address) {
      let own = Endpoint(inside.address, port)
      if mapped[own] != nil { continue }
      do throws(DropReason) {
        let external = try expect(.udp, to: own, from: peer, at: now, number: number, using: &generator)
        mapped[own] = external
        gateway.notes.append(.expects(.sip, .udp, inside: own, external: external, remote: peer))
      } catch {
        gateway.notes.append(.refused(.sip, inside: own, error))
      }
    }
    text.replaceEndpoints(in: [.via, .contact]) { mapped[$0] }
    text.replaceMedia(at: inside.address) { mapped[$0] }
    finish(text, &packet)
  }

  /// A message from outside, translated: where it names the outside endpoint at which it came, it names the inside one.
  mutating func passSIPInward(_ packet: inout Packet, to external: Endpoint) {
    guard var text = SIPText(packet.payload) else { return }
    let inside = packet.destination
    text.replaceEndpoints(in: [.start, .via, .contact, .route]) { $0 == external ? inside : nil }
    finish(text, &packet)
  }

  private mutating func finish(_ text: SIPText, _ packet: inout Packet) {
    let (before, after) = (
      text.original.lines.indices.map(text.original.text), text.text.lines.indices.map(text.text.text)
    )
    var isChanged = false
    for (old, new) in zip(before, after) where old != new {
      gateway.notes.append(.rewrote(.sip, before: old, after: new))
      isChanged = true
    }
    guard isChanged else { return }
    let old = packet.payload
    packet.payload = Payload(bytes: text.text.bytes)
    if packet.length > Packet.mostLength {
      // There is no room for the longer text.
      packet.payload = old
      gateway.notes = []
    }
  }
}
