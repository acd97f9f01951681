// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// A NAT fresh out of its box, set up as the audited one is, and packets sent through it by hand.
///
/// Limits on the number of mappings are lifted: how much a NAT can hold is not what RFC 4787 asks about.
struct Laboratory {
  let subject: NATUnderTest
  private var nat: NAT
  private var generator: SeededGenerator
  private(set) var now = Instant.zero
  private var lastSent = Instant.zero
  /// What was sent, and what became of it.
  private(set) var rows: [ExperimentRow] = []

  /// - Parameters:
  ///   - seed: the luck of random ports.
  ///   - addressCount: how many outside addresses the NAT has at least; the last one's neighbours are lent to it.
  init(_ subject: NATUnderTest, seed: UInt64 = 1, addressCount: Int = 1) {
    var behavior = subject.behavior
    behavior.maximumMappings = nil
    behavior.maximumMappingsPerHost = nil
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

  /// Maps `port` of the NAT to an insider's for good, so that no filter stands in the way; the endpoint it has outside.
  mutating func forward(_ port: UInt16, to inside: Endpoint) -> Endpoint {
    // The port of a NAT without mappings is free.
    _ = try? nat.addStaticMapping(.udp, port: port, to: inside, at: now)
    return Endpoint(subject.external[0], port)
  }

  /// What is left to live of the newest mapping; nil where there is none, or it lives for good.
  var newestLifetime: Interval? { nat.mappings.last?.expiresAt.map { $0 - now } }

  /// Sends a packet out to `remote`; returns the source that it left with, nil where it was dropped.
  @discardableResult
  mutating func send(
    _ party: Party, _ port: UInt16, to remote: Endpoint, _ transport: TransportProtocol = .udp, text: String? = nil
  ) -> Packet? {
    var packet = Packet(transport, from: endpoint(party, port), to: remote)
    if transport == .tcp { packet.tcpFlags = .syn }
    if let text { packet.payload = .text(Array(text.utf8)) }
    return pass(packet, .inside, from: party)
  }

  /// Sends a packet from outside to `external`; returns it as it came in, nil where it was turned away.
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

  private mutating func pass(_ sent: Packet, _ side: Side, from party: Party, about: Int? = nil) -> Packet? {
    var packet = sent
    let translation = nat.translate(&packet, from: side, at: now, number: rows.count + 1, using: &generator)
    var hop = HopReport(arrivalOf: sent, number: rows.count + 1, at: now, router: subject.name, about: about)
    let result: Packet?
    switch translation {
    case .forward(_, let change):
      hop.verdict = .translated
      hop.mapping = change.mapping
      hop.mappingChange = change.kind
      hop.newSource = packet.source == sent.source ? nil : packet.text(packet.source)
      hop.newDestination = packet.destination == sent.destination ? nil : packet.text(packet.destination)
      if change.kind == .created, side == .inside {
        hop.permitted = nat.mapping(sent.transport, external: packet.source, towards: sent.destination)?.admittedTexts
      }
      result = packet
    case .drop(let reason, let change):
      hop.verdict = .dropped
      hop.reason = reason
      hop.mapping = change.mapping
      hop.mappingChange = change.kind
      result = nil
    }
    rows.append(
      ExperimentRow(
        waitMicroseconds: (now - lastSent).microseconds, from: party.rawValue, to: name(of: sent.destination.address),
        hop: hop))
    lastSent = now
    return result
  }

  private func name(of address: IPAddress) -> String {
    Party.allCases.first { subject.addresses[$0] == address }?.rawValue ?? subject.name
  }
}

extension Mapping {
  /// Whom it admits, in the words of reports.
  fileprivate var admittedTexts: [String] {
    switch permitted {
    case .anyone: ["*"]
    case .addresses(let addresses): addresses.map(\.description)
    case .endpoints(let endpoints): endpoints.map(\.description)
    }
  }
}
