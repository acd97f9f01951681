// SPDX-License-Identifier: GPL-3.0-or-later

/// A piece of a packet that a NAT has dealt with.
public struct TranslatedFragment: Hashable, Sendable {
  /// The piece as it arrived.
  public var arrived: Packet
  /// The piece as it leaves, if it does.
  public var packet: Packet
  public var number: Int
  public var translation: Translation
}

/// Pieces of packets (RFC 4787 §11).
extension NAT {
  /// Takes a piece of a packet from one side to the other.
  ///
  /// The first piece has the ports, and goes as a whole packet would; the others go where it went. One that comes
  /// before the first waits for it: a bounded number of them, for ``Reassembly/wait``.
  ///
  /// - Returns: the pieces that can go on, or end, now: none, this one, or this one and those that waited for it.
  public mutating func translateFragment(
    _ packet: Packet, from side: Side, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) -> [TranslatedFragment] {
    guard let fragment = packet.fragment else {
      var whole = packet
      let translation = translate(&whole, from: side, at: now, number: number, using: &generator)
      return [TranslatedFragment(arrived: packet, packet: whole, number: number, translation: translation)]
    }
    fragments.giveUp(at: now)
    let key = FragmentTracker.Key(
      side: side, source: packet.source.address, destination: packet.destination.address,
      transport: packet.transport, identification: fragment.identification)
    guard fragment.offset == 0 else {
      if let decision = fragments.decision(for: key) { return [Self.carryOut(decision, packet, number)] }
      if fragments.wait(packet, number: number, for: key, at: now) { return [] }
      return [
        TranslatedFragment(arrived: packet, packet: packet, number: number, translation: .drop(.tableFull, .none))
      ]
    }
    var first = packet
    let translation = translate(&first, from: side, at: now, number: number, using: &generator)
    let decision: FragmentTracker.Decision
    switch translation {
    case .drop(let reason, let change): decision = .drop(reason, mapping: change.mapping)
    case .forward(let to, let change):
      var cut = fragment
      if first.source.address != packet.source.address, packet.source.address.isIPv4 {
        cut.identification = fragments.nextIdentification()
      }
      first.payload = .fragment(cut)
      first.crossFamily(from: packet)
      if let crossed = first.fragment { cut = crossed }
      decision = .forward(
        to: to, source: first.source.address, destination: first.destination.address,
        identification: cut.identification, mapping: change.mapping)
    }
    let waiting = fragments.decide(decision, for: key, at: now)
    return [TranslatedFragment(arrived: packet, packet: first, number: number, translation: translation)]
      + waiting.map { Self.carryOut(decision, $0.packet, $0.number) }
  }

  private static func carryOut(
    _ decision: FragmentTracker.Decision, _ packet: Packet, _ number: Int
  ) -> TranslatedFragment {
    var rewritten = packet
    switch decision {
    case .drop(let reason, let mapping):
      return TranslatedFragment(
        arrived: packet, packet: packet, number: number,
        translation: .drop(reason, Translation.Change(mapping: mapping)))
    case .forward(let side, let source, let destination, let identification, let mapping):
      rewritten.source.address = source
      rewritten.destination.address = destination
      if var cut = packet.fragment {
        cut.identification = identification
        rewritten.payload = .fragment(cut)
      }
      rewritten.crossFamily(from: packet)
      return TranslatedFragment(
        arrived: packet, packet: rewritten, number: number,
        translation: .forward(to: side, Translation.Change(mapping: mapping)))
    }
  }

  /// The pieces that wait for their first one.
  public var waitingFragments: Int { fragments.waitingCount }
}
