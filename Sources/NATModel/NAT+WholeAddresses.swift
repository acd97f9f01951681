// SPDX-License-Identifier: GPL-3.0-or-later

/// An outside address that stands for one inside host alone, both ways and port for port: one-to-one NAT.
public struct AddressPair: Hashable, Sendable {
  public var external: IPAddress
  public var inside: IPAddress

  public init(external: IPAddress, inside: IPAddress) {
    self.external = external
    self.inside = inside
  }
}

/// Inside hosts that get more than single ports: an outside address of their own, or whatever is nobody's.
///
/// A pair needs no rows and filters nothing: each address is the other's name, and ports stay as they are.
extension NAT {
  /// Gives the inside host `inside` the outside address `external`, which single ports are no longer taken from.
  public mutating func pair(
    _ external: IPAddress, with inside: IPAddress, at now: Instant
  ) throws(StaticMappingError) {
    expire(at: now)
    guard externalAddresses.contains(external) else { throw .addressNotOutside(external) }
    guard external != externalAddresses[0] else { throw .addressIsFirst(external) }
    if let pair = pairs.first(where: { $0.external == external }) { throw .addressTaken(external, by: pair.inside) }
    try checkPair(of: inside)
    let hasForwards = rows.indices.contains {
      rows[$0].traits.contains(.isStatic) && !rows[$0].traits.contains(.isFree)
        && internalEndpoint($0).address == inside
    }
    if hasForwards || defaultHost == inside { throw .hasForwards(inside) }
    for row in rows.indices where rows[row].traits.isDisjoint(with: [.isFree, .isUntranslated, .isStatic]) {
      if externalEndpoint(row).address == external || internalEndpoint(row).address == inside {
        removeRow(row, at: now, .replaced)
      }
    }
    pairs.append(AddressPair(external: external, inside: inside))
  }

  /// Ends the pair of the outside address `external`.
  public mutating func unpair(_ external: IPAddress) throws(StaticMappingError) {
    guard isPaired(external) else { throw .noSuchMapping }
    pairs.removeAll { $0.external == external }
  }

  /// Sets the inside host that gets what comes from outside over UDP and TCP and is nobody's; nil for none.
  public mutating func setDefaultHost(_ inside: IPAddress?) throws(StaticMappingError) {
    if let inside { try checkPair(of: inside) } else if defaultHost == nil { throw .noSuchMapping }
    defaultHost = inside
  }

  /// Throws if the inside host has an outside address of its own.
  func checkPair(of inside: IPAddress) throws(StaticMappingError) {
    if let pair = pairs.first(where: { $0.inside == inside }) { throw .hasOwnAddress(inside, external: pair.external) }
  }

  /// Whether the outside address is one inside host's alone.
  public func isPaired(_ external: IPAddress) -> Bool { pairs.contains { $0.external == external } }

  /// Takes a packet through a pair; nil if it has nothing to do with one.
  mutating func translatePaired(
    _ packet: inout Packet, from side: Side, at now: Instant, number: Int
  ) -> Translation? {
    guard behavior.translates, packet.source.address.isIPv4 else { return nil }
    if side == .outside {
      guard let pair = pairs.first(where: { $0.external == packet.destination.address }) else { return nil }
      return enter(&packet, pair)
    }
    if packet.icmp.isError { return leave(withError: &packet) }
    guard let pair = pairs.first(where: { $0.inside == packet.source.address }),
      !isExempt(packet.destination.address)
    else { return nil }
    guard isExternal(packet.destination.address) else {
      packet.source.address = pair.external
      return .forward(to: .outside, .none)
    }
    guard behavior.hairpinning else { return .drop(.hairpinOff, .none) }
    if behavior.hairpinsForwardsOnly, !isPaired(packet.destination.address),
      let sought = inboundRow(packet.transport, packet.destination), !rows[sought].traits.contains(.isStatic),
      defaultEndpoint(for: packet, row: sought, from: word(packet.destination, packet.transport)) == nil,
      !wasUsed(packet.destination, towards: Endpoint(pair.external, packet.source.port), packet.transport)
    {
      return .drop(.hairpinOff, .none)
    }
    var arrived = packet
    arrived.source.address = pair.external
    let turned =
      translatePaired(&arrived, from: .outside, at: now, number: number)
      ?? translateInbound(&arrived, at: now, number: number)
    if case .forward = turned { packet = arrived }
    return turned
  }

  /// A packet from outside to an outside address of a pair.
  private func enter(_ packet: inout Packet, _ pair: AddressPair) -> Translation {
    if packet.icmp.isError {
      guard var quoted = packet.quoted, Self.isSensible(packet, quoted) else { return .drop(.invalid, .none) }
      quoted.source.address = pair.inside
      packet.payload = .quote(quoted)
    }
    packet.destination.address = pair.inside
    return .forward(to: .inside, .none)
  }

  /// An error from inside about a packet that had come in by a pair; nil for another one.
  private func leave(withError packet: inout Packet) -> Translation? {
    guard var quoted = packet.quoted, let pair = pairs.first(where: { $0.inside == quoted.destination.address }),
      Self.isSensible(packet, quoted), !isExternal(packet.destination.address)
    else { return nil }
    quoted.destination.address = pair.external
    packet.source.address = pair.external
    packet.payload = .quote(quoted)
    return .forward(to: .outside, .none)
  }

  /// The default host's endpoint, if it gets a packet from `remote`: one for which there is no row, or only those of
  /// the host's flows with others.
  func defaultEndpoint(for packet: Packet, row: Int?, from remote: EndpointWord) -> Endpoint? {
    guard let defaultHost else { return nil }
    return defaultEndpoint(of: defaultHost, for: packet, row: row, from: remote)
  }

  @inline(never)
  private func defaultEndpoint(
    of host: IPAddress, for packet: Packet, row: Int?, from remote: EndpointWord
  ) -> Endpoint? {
    guard packet.transport != .icmp, behavior.translates, isExternal(packet.destination.address),
      Self.canBegin(packet)
    else { return nil }
    if let row {
      guard rows[row].traits.contains(.isForwarded), internalEndpoint(row).address == host,
        !rows[row].isTowards(remote)
      else { return nil }
    }
    return Endpoint(host, packet.destination.port)
  }
}
