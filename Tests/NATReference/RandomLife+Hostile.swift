// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Packets from those who break the rules.
extension RandomLife {
  private static let martians = [
    "0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "169.254.1.1",
    "49.36.10.25", "49.36.10.26", "192.168.1.255", "::", "::1", "ff02::1", "fe80::1", "100.64.0.1",
  ].compactMap(IPAddress.init)

  /// Turns the packet into one that no host should send.
  mutating func spoil(_ packet: inout Packet) {
    switch choices.below(9) {
    case 0: packet.source.address = pick(Self.martians)
    case 1: packet.destination.address = pick(Self.martians)
    case 2: packet.source = packet.destination
    case 3 where packet.transport == .tcp: packet.tcpFlags = TCPFlags(rawValue: UInt8(choices.below(256)))
    case 4:
      packet.source.port = 0
      if choices.below(2) == 0 { packet.destination.port = 0 }
    case 5: packet.icmp = pick(ICMPKind.allCases)
    case 6: packet.timeToLive = UInt8(choices.below(256))
    case 7: spoilQuote(of: &packet)
    default: packet.payload = pick([.empty, .filler(65_507), .data(Array("\u{1B}[2J".utf8))])
    }
  }

  /// Turns the packet into an error about what was never sent, about another error, or about nothing.
  private mutating func spoilQuote(of packet: inout Packet) {
    guard var quoted = packet.quoted else {
      packet.icmp = .hostUnreachable
      return
    }
    switch choices.below(6) {
    case 0: quoted.source = quoted.destination
    case 1: quoted.destination.address = pick(Self.martians)
    case 2: quoted.source.port = 0
    case 3: quoted.icmp = pick(ICMPKind.allCases)
    case 4: quoted.transport = pick(TransportProtocol.allCases)
    default:
      packet.payload = .empty
      return
    }
    packet.payload = .quote(quoted)
  }

  /// Answers the refused requests from outside, never sooner than six seconds after them.
  mutating func answerHeldRequests() -> String? {
    let waiting = nat.heldCount
    let taken = takeDueAnswers()
    guard waiting <= 256, nat.heldCount + taken == waiting else { return "\(waiting) were held, \(taken) answered" }
    return nat.nextAnswer > now ? nil : "an answer is due and was not given"
  }

  /// Lets the pieces of a packet come in any order, some twice and some never. The reference does not know pieces, so a
  /// copy of the NAT takes them.
  mutating func passPieces() -> String? {
    let side = pick([Side.inside, .outside])
    var packet = side == .inside ? packetOut() : packetIn()
    if choices.below(3) == 0 { spoil(&packet) }
    packet.payload = .filler(Int(choices.below(4_000)))
    var pieces = packet.fragments(within: pick([68, 576, 1_500]), identification: UInt32(choices.below(4)))
    var copy = nat
    var portGenerator = SeededGenerator(seed: choices.below(4))
    var (arrived, done) = (0, 0)
    while !pieces.isEmpty, arrived < 12 {
      arrived += 1
      let place = Int(choices.below(UInt64(pieces.count)))
      let piece = choices.below(8) == 0 ? pieces[place] : pieces.remove(at: place)
      for result in copy.translateFragment(piece, from: side, at: now, number: arrived, using: &portGenerator) {
        done += 1
        if case .drop = result.translation, result.packet != result.arrived { return "a dropped piece was changed" }
        guard let before = result.arrived.fragment, let after = result.packet.fragment else { continue }
        guard before.offset == after.offset, before.end == after.end else { return "\(before) became \(after)" }
      }
      guard copy.waitingFragments <= 64, copy.waitingFragments + done <= nat.waitingFragments + arrived else {
        return "\(copy.waitingFragments) pieces wait, \(done) of \(arrived) are done"
      }
    }
    return copy.count == copy.mappings.count ? nil : "\(copy.count) rows are said, \(copy.mappings.count) are there"
  }
}
