// SPDX-License-Identifier: GPL-3.0-or-later

/// The path of most packets: one more of a flow that already has its row, changing only the row's count and remaining
/// time.
///
/// These steps are also those of ``translateOutbound(_:at:number:using:)`` and ``translateInbound(_:at:number:)``,
/// without the branches for everything unusual: where one of those would be taken the answer is nil, nothing has
/// happened, and the packet goes the long way. This path is short because no branch leads back: the processor then sees
/// the next packet's memory while it still waits for this one's.
extension NAT {
  @inline(__always)
  mutating func passEstablishedOutbound(_ packet: inout Packet, at now: Instant) -> Translation? {
    let claim = rows.currentClaim()
    let (source, destination) = (packet.source, packet.destination)
    guard isPlain, packet.icmp == .none, Self.areIPv4(source.address, destination.address),
      !isNearExternal(source.address), !isNearExternal(destination.address)
    else { return nil }
    let key = FlowKey(
      packet.transport, .ipv4, inside: EndpointWord(source.address.ipv4Bits, source.port),
      remote: EndpointWord(destination.address.ipv4Bits, destination.port))
    guard let number = outboundRow(key, behavior.mapping), rows[number].isTowards(key.remote),
      let kind = settledClass(number, packet, at: now)
    else { return nil }
    let lease = timers.lease(rows[number], as: kind, at: now)
    guard lease.isFiled, rows.isOwn(number, claim) else { return nil }
    rows[own: number].noteOutbound(until: lease.due)
    packet.source = rows[number].external.ipv4
    return .forward(to: .outside, Translation.Change(mapping: Int(rows[number].id), kind: .refreshed))
  }

  @inline(__always)
  mutating func passEstablishedInbound(_ packet: inout Packet, at now: Instant) -> Translation? {
    let (source, destination) = (packet.source, packet.destination)
    guard packet.icmp == .none, Self.areIPv4(source.address, destination.address), !isNearExternal(source.address),
      let space = portSpace(packet.transport, destination.address),
      let number = portSpaces[space].row(of: destination.port), rows[number].isSoleDynamic
    else { return nil }
    let remote = EndpointWord(source.address.ipv4Bits, source.port)
    if !rows[number].isTowards(remote) {
      // An address that was sent to is valid; a stranger's may not be.
      guard source.address.isForwardable, source.port != 0 else { return nil }
      guard rows[number].isTowards(remote, behavior.effectiveFiltering) else {
        if rows[number].traits.contains(.hasSeveralRemotes) || packet.transport != .udp || behavior.rejection == .asHost
        {
          return nil
        }
        return .drop(.filtered, Translation.Change(mapping: Int(rows[number].id)))
      }
    }
    let claim = rows.currentClaim()
    guard let kind = settledClass(number, packet, at: now), rows.isOwn(number, claim) else { return nil }
    if behavior.refresh == .outbound {
      rows[own: number].noteInbound(until: rows[number].expiresAt)
    } else {
      // The first answer may change the row's lifetime.
      guard rows[number].traits.contains(.isAnswered) else { return nil }
      let lease = timers.lease(rows[number], as: kind, at: now)
      guard lease.isFiled else { return nil }
      rows[own: number].noteInbound(until: lease.due)
    }
    packet.destination = rows[number].internal.ipv4
    return .forward(
      to: .inside,
      Translation.Change(mapping: Int(rows[number].id), kind: behavior.refresh == .both ? .refreshed : nil))
  }

  /// The lifetime of a row whose state the packet does not change; nil if it may, and for ICMP.
  @inline(__always)
  private func settledClass(_ number: Int, _ packet: Packet, at now: Instant) -> LifetimeClass? {
    switch packet.transport {
    case .udp: return lifetimeClass(number, at: now)
    case .tcp:
      let isSettled =
        behavior.tracking == .mappings && rows[number].connection.isEstablished && packet.tcpFlags.contains(.ack)
        && packet.tcpFlags.isDisjoint(with: [.syn, .fin, .rst])
        && !rows[number].traits.contains(.hasSeveralRemotes)
      return isSettled ? .tcpEstablished : nil
    case .icmp: return nil
    }
  }

  /// Whether both are IPv4 addresses, in one comparison.
  @inline(__always)
  private static func areIPv4(_ one: IPAddress, _ other: IPAddress) -> Bool {
    let prefix: UInt64 = 0xFFFF_0000_0000
    return one.high | other.high | (one.low ^ prefix | other.low ^ prefix) >> 32 == 0
  }

  /// Whether `address` is in the range of the outside addresses, whether or not it is one of them.
  @inline(__always)
  private func isNearExternal(_ address: IPAddress) -> Bool {
    address.ipv4Bits >= lowestExternal && address.ipv4Bits <= highestExternal
  }
}
