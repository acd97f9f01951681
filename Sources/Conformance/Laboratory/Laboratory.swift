// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// A brand-new NAT, set up as the audited one is, and packets sent through it by hand.
///
/// Limits on the number of mappings are lifted: RFC 4787 does not ask how much a NAT can hold.
struct Laboratory {
  let subject: NATUnderTest
  private var nat: NAT
  private var generator: SeededGenerator
  private(set) var now = Instant.zero
  private var lastSent = Instant.zero
  /// The packets sent, and their fates.
  private(set) var rows: [ExperimentRow] = []

  /// - Parameters:
  ///   - seed: the seed of random ports.
  ///   - addressCount: the least number of outside addresses; missing ones are lent, next to the last one.
  ///   - keepsLimits: whether the limits on mappings stay.
  init(_ subject: NATUnderTest, seed: UInt64 = 1, addressCount: Int = 1, keepsLimits: Bool = false) {
    var behavior = subject.behavior
    if !keepsLimits {
      behavior.maximumMappings = nil
      behavior.maximumMappingsPerHost = nil
    }
    var subject = subject
    while subject.external.count < addressCount, let last = subject.external.last {
      let neighbor = IPAddress(uncheckedHigh: last.high, low: last.low ^ 1)
      if subject.external.contains(neighbor) { break }
      subject.external.append(neighbor)
    }
    self.subject = subject
    nat = NAT(behavior: behavior, externalAddresses: subject.external)
    generator = SeededGenerator(seed: seed, name: subject.name, purpose: "audit")
  }

  func endpoint(_ party: Party, _ port: UInt16) -> Endpoint {
    Endpoint(subject.addresses[party] ?? subject.external[0], port)
  }

  mutating func wait(_ interval: Interval) { now = now + interval }

  /// Maps `port` of the NAT permanently to an insider's, so that no filter is in the way; returns its outside endpoint.
  mutating func forward(_ port: UInt16, to inside: Endpoint, _ transport: TransportProtocol = .udp) -> Endpoint {
    // The port of a NAT without mappings is free.
    _ = try? nat.addStaticMapping(transport, port: port, to: inside, at: now)
    return Endpoint(subject.external[0], port)
  }

  /// The newest mapping's remaining lifetime; nil if there is none, or it is permanent.
  var newestLifetime: Interval? { nat.mappings.last?.expiresAt.map { $0 - now } }

  /// Sends a packet out to `remote`; returns the source with which it left, nil if it was dropped.
  @discardableResult
  mutating func send(
    _ party: Party, _ port: UInt16, to remote: Endpoint, _ transport: TransportProtocol = .udp, text: String? = nil
  ) -> Packet? {
    var packet = Packet(transport, from: endpoint(party, port), to: remote)
    if transport == .tcp { packet.tcpFlags = .syn }
    if let text { packet.payload = .data(Array(text.utf8)) }
    return pass(packet, .inside, from: party)
  }

  /// Sends a packet from outside to `external`; returns it as it came in, nil if it was turned away.
  @discardableResult
  mutating func receive(_ external: Endpoint, from party: Party, _ port: UInt16) -> Packet? {
    pass(Packet(.udp, from: endpoint(party, port), to: external), .outside, from: party)
  }

  /// Sends an ICMP error about `packet` as `party` saw it, from its side.
  @discardableResult
  mutating func report(_ kind: ICMPKind, about packet: Packet, number: Int, from party: Party) -> Packet? {
    let isInside = party == .pc || party == .laptop
    let error = packet.error(kind, from: endpoint(party, 0).address)
    return pass(error, isInside ? .inside : .outside, from: party, about: number)
  }

  mutating func passUnlisted(_ packet: inout Packet) -> Translation {
    nat.translate(&packet, from: .inside, at: now, number: 0, using: &generator)
  }

  mutating func pass(_ sent: Packet, _ side: Side, from party: Party, about: Int? = nil) -> Packet? {
    var packet = sent
    let translation = nat.translate(&packet, from: side, at: now, number: rows.count + 1, using: &generator)
    addRow(sent, from: party, about: about)
    return conclude(rows.count - 1, sent, packet, translation, from: side)
  }

  /// Sends pieces of a packet in the order given; returns how many of them came through.
  mutating func passPieces(_ pieces: [Packet], _ side: Side, from party: Party) -> Int {
    let first = rows.count
    var passed = 0
    for piece in pieces {
      addRow(piece, from: party, about: nil)
      // Until proved otherwise, a piece has not come through.
      rows[rows.count - 1].hop.verdict = .dropped
      for result in nat.translateFragment(piece, from: side, at: now, number: rows.count, using: &generator)
      where (first + 1...rows.count).contains(result.number) {
        let end = conclude(result.number - 1, result.arrived, result.packet, result.translation, from: side)
        if end != nil { passed += 1 }
      }
    }
    return passed
  }

  /// Sends so many pieces of packets that never become whole; they are not listed as rows.
  mutating func flood(_ external: Endpoint, from party: Party, count: Int) {
    let whole = Packet(.udp, from: endpoint(party, 4_000), to: external, payload: .filler(100))
    for number in 0..<count {
      let pieces = whole.fragments(within: 68, identification: UInt32(truncatingIfNeeded: number))
      _ = nat.translateFragment(pieces[1], from: .outside, at: now, number: 0, using: &generator)
    }
  }

  private mutating func addRow(_ sent: Packet, from party: Party, about: Int?) {
    let hop = HopReport(arrivalOf: sent, number: rows.count + 1, at: now, router: subject.name, about: about)
    rows.append(
      ExperimentRow(
        waitMicroseconds: (now - lastSent).microseconds, from: party.rawValue, to: name(of: sent.destination.address),
        hop: hop))
    lastSent = now
  }

  /// Notes the fate of a row's packet; returns it as it left, nil if it was dropped.
  private mutating func conclude(
    _ row: Int, _ sent: Packet, _ packet: Packet, _ translation: Translation, from side: Side
  ) -> Packet? {
    switch translation {
    case .forward(_, let change):
      rows[row].hop.verdict = .translated
      rows[row].hop.mapping = change.mapping
      rows[row].hop.mappingChange = change.kind
      rows[row].hop.newSource = packet.source == sent.source ? nil : packet.end(packet.source)
      rows[row].hop.newDestination = packet.destination == sent.destination ? nil : packet.end(packet.destination)
      if change.kind == .created, side == .inside {
        rows[row].hop.permitted =
          nat.mapping(sent.transport, external: packet.source, towards: sent.destination)?.permitted
      }
      return packet
    case .drop(let reason, let change):
      rows[row].hop.verdict = .dropped
      rows[row].hop.reason = reason
      rows[row].hop.mapping = change.mapping
      rows[row].hop.mappingChange = change.kind
      return nil
    }
  }

  private func name(of address: IPAddress) -> String {
    Party.allCases.first { subject.addresses[$0] == address }?.rawValue ?? subject.name
  }
}
