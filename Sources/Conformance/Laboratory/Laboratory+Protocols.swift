// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// TCP segments, pings, and more packets than anyone could list.
extension Laboratory {
  /// Sends a segment out to `remote`; returns it as it left, nil if it was dropped.
  @discardableResult
  mutating func send(_ flags: TCPFlags, _ party: Party, _ port: UInt16, to remote: Endpoint) -> Packet? {
    var packet = Packet(.tcp, from: endpoint(party, port), to: remote)
    packet.tcpFlags = flags
    return pass(packet, .inside, from: party)
  }

  /// Sends a segment from outside to `external`; returns it as it came in, nil if it was turned away.
  @discardableResult
  mutating func receive(_ flags: TCPFlags, _ external: Endpoint, from party: Party, _ port: UInt16) -> Packet? {
    var packet = Packet(.tcp, from: endpoint(party, port), to: external)
    packet.tcpFlags = flags
    return pass(packet, .outside, from: party)
  }

  /// Opens a connection from the pc's port 5000 to the server's port 80; returns its outside endpoint, nil if one of
  /// the three segments was dropped.
  mutating func connect() -> Endpoint? {
    let server = endpoint(.server, 80)
    guard let external = send(.syn, .pc, 5_000, to: server)?.source,
      receive([.syn, .ack], external, from: .server, 80) != nil, send(.ack, .pc, 5_000, to: server) != nil
    else { return nil }
    return external
  }

  /// Sends an echo request out; returns it as it left, nil if it was dropped.
  @discardableResult
  mutating func ping(_ party: Party, _ identifier: UInt16, to remote: Party) -> Packet? {
    var packet = Packet(.icmp, from: endpoint(party, identifier), to: endpoint(remote, identifier))
    packet.icmp = .echoRequest
    return pass(packet, .inside, from: party)
  }

  /// Answers an echo request as it left; returns the answer as it came in, nil if it was turned away.
  @discardableResult
  mutating func answer(_ request: Packet, from party: Party) -> Packet? {
    var packet = Packet(.icmp, from: request.destination, to: request.source)
    packet.icmp = .echoReply
    return pass(packet, .outside, from: party)
  }

  /// Sends so many packets out to the server, each from another port; returns how many of them left. They are not
  /// listed as rows.
  mutating func fill(_ party: Party, count: Int) -> Int {
    (0..<count).count { number in
      var packet = Packet(.udp, from: endpoint(party, UInt16(10_000 + number)), to: endpoint(.server, 4_000))
      if case .forward = passUnlisted(&packet) { return true }
      return false
    }
  }
}
