// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A TCP connection from outside to a server inside, by a forwarded port: a conversation the other way round.
struct Visit {
  let client: Endpoint
  /// The forwarded endpoint that the client knows.
  let door: Endpoint
  let server: Endpoint
  private var conversation: Conversation

  init(client: Endpoint, door: Endpoint, server: Endpoint, generator: inout SeededGenerator) {
    self.client = client
    self.door = door
    self.server = server
    conversation = Conversation(inside: client, remote: server, generator: &generator)
  }

  mutating func next(generator: inout SeededGenerator) -> (packet: Packet, side: Side) {
    let (side, flags, length) = conversation.choose(generator: &generator)
    var packet = conversation.segment(from: side, flags, length: length)
    if side == .inside { packet.destination = door }
    return (packet, side.other)
  }

  /// A segment has come in.
  mutating func arrived(_ packet: Packet) {
    guard packet.transport == .tcp, packet.source == client, packet.destination == server else { return }
    conversation.passed(packet, from: .inside, outside: client)
  }

  /// A segment of the server has left as an answer.
  mutating func left(_ packet: Packet) { conversation.passed(packet, from: .outside, outside: client) }
}
