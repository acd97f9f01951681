// SPDX-License-Identifier: GPL-3.0-or-later

/// What a router may do to IPv6 addresses: reach IPv4 hosts for those that have nothing else (RFC 6146, NAT64), and
/// exchange the prefix (RFC 6296, NPTv6).
///
/// NAT64's bindings and sessions are rows as any others are, with an IPv6 inside endpoint and IPv4 beyond it: on its way
/// out a packet first gets the IPv4 destination that its address stands for, then its row, and on its way in the row
/// comes first. NPTv6 has no rows of its own. The firewall's memory of flows has inside addresses, so the exchange is the
/// last thing that happens to a packet that leaves, and the first to one that comes.
extension NAT {
  @inline(never)
  mutating func translateWithIPv6(
    _ packet: inout Packet, from side: Side, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) -> Translation {
    let arrived = packet
    if side == .inside, let remote = embeddedDestination(of: packet) {
      guard behavior.nat64?.mayStand(for: remote) == true else { return .drop(.privateDestination, .none) }
      guard packet.hasForwardableAddresses, remote.isForwardable,
        behavior.nat64?.prefix.contains(packet.source.address) == false
      else { return .drop(.invalid, .none) }
      var crossing = halfTranslated(packet)
      let translation = translateValid(&crossing, from: side, at: now, number: number, using: &generator)
      return finish(translation, crossing, &packet)
    }
    guard let prefixes = behavior.prefixTranslation, !packet.source.address.isIPv4 else {
      let translation = translateChecked(&packet, from: side, at: now, number: number, using: &generator)
      let translated = packet
      packet = arrived
      return finish(translation, translated, &packet)
    }
    if side == .outside {
      return enter(&packet, by: prefixes, at: now, number: number, using: &generator)
    }
    return leave(&packet, by: prefixes, at: now, number: number, using: &generator)
  }

  /// The IPv4 host for which a packet from inside is; nil if it is for an IPv6 one.
  private func embeddedDestination(of packet: Packet) -> IPAddress? {
    packet.source.address.isIPv4 ? nil : behavior.nat64?.embedded(in: packet.destination.address)
  }

  /// A packet from inside with the IPv4 destination that its address stands for, and still its IPv6 source; any other as
  /// it is.
  func halfTranslated(_ packet: Packet) -> Packet {
    guard let nat64 = behavior.nat64, let remote = embeddedDestination(of: packet) else { return packet }
    var packet = packet
    packet.destination.address = remote
    if var quoted = packet.quoted {
      // The packet that it reports on came from there.
      if let source = nat64.embedded(in: quoted.source.address) { quoted.source.address = source }
      packet.payload = .quote(quoted)
    }
    return packet
  }

  /// Gives a packet that goes on addresses of one family, and all that depends on the family; `packet` is it as it came.
  private func finish(_ translation: Translation, _ translated: Packet, _ packet: inout Packet) -> Translation {
    guard case .forward(_, let change) = translation else { return translation }
    var translated = translated
    if let nat64 = behavior.nat64, !translated.destination.address.isIPv4 {
      if translated.source.address.isIPv4 { translated.source.address = nat64.embed(translated.source.address) }
      if var quoted = translated.quoted, quoted.destination.address.isIPv4 {
        quoted.destination.address = nat64.embed(quoted.destination.address)
        translated.payload = .quote(quoted)
      }
    }
    // A packet of no flow stays as it is, which here means that it can go nowhere.
    guard translated.source.address.isIPv4 == translated.destination.address.isIPv4 else {
      return .drop(.invalid, change)
    }
    translated.crossFamily(from: packet)
    packet = translated
    return translation
  }

  // MARK: Prefixes

  private mutating func leave(
    _ packet: inout Packet, by prefixes: PrefixTranslation, at now: Instant, number: Int,
    using generator: inout SeededGenerator
  ) -> Translation {
    var leaving = packet
    let translation = translateChecked(&leaving, from: .inside, at: now, number: number, using: &generator)
    guard case .forward(.outside, _) = translation, prefixes.inside.contains(packet.source.address) else {
      return translation
    }
    guard let source = prefixes.outward(leaving.source.address) else { return .drop(.invalid, .none) }
    leaving.source.address = source
    if var quoted = leaving.quoted, let address = prefixes.outward(quoted.destination.address) {
      quoted.destination.address = address
      leaving.payload = .quote(quoted)
    }
    guard prefixes.outside.contains(leaving.destination.address) else {
      packet = leaving
      return translation
    }
    // It is for a neighbour by its outside address, and turns round here, as a hairpin does (RFC 6296 §4.3).
    let turned = enter(&leaving, by: prefixes, at: now, number: number, using: &generator)
    if case .forward = turned { packet = leaving }
    return turned
  }

  private mutating func enter(
    _ packet: inout Packet, by prefixes: PrefixTranslation, at now: Instant, number: Int,
    using generator: inout SeededGenerator
  ) -> Translation {
    var entering = packet
    if prefixes.outside.contains(packet.destination.address) {
      guard let inside = prefixes.inward(packet.destination.address) else { return .drop(.invalid, .none) }
      entering.destination.address = inside
      if var quoted = entering.quoted, let address = prefixes.inward(quoted.source.address) {
        quoted.source.address = address
        entering.payload = .quote(quoted)
      }
    }
    let translation = translateChecked(&entering, from: .outside, at: now, number: number, using: &generator)
    if case .forward = translation { packet = entering }
    return translation
  }

  /// An untranslated row's endpoint as the outside knows it: with the outside prefix, if prefixes are exchanged.
  @inline(__always)
  public func shownOutside(_ endpoint: Endpoint) -> Endpoint {
    guard let address = behavior.prefixTranslation?.outward(endpoint.address) else { return endpoint }
    return Endpoint(address, endpoint.port)
  }

  // MARK: Settings

  /// Removes the rows whose outside ends were made with other prefixes; returns how many there were.
  mutating func removeOutdatedIPv6(since old: NATBehavior, at now: Instant) -> Int {
    var gone = 0
    for row in rows.indices where rows[row].traits.isDisjoint(with: [.isFree, .isStatic]) && rows[row].family == .ipv6 {
      let crosses = rows[row].traits.contains(.crossesFamilies)
      let isOutdated =
        crosses ? old.nat64 != behavior.nat64 : old.prefixTranslation != behavior.prefixTranslation
      guard isOutdated else { continue }
      removeRow(row, at: now, .emptied)
      gone += 1
    }
    return gone
  }
}
