// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import WireFormat

/// A packet on a link, as bytes.
struct CrossingBytes {
  let network: Network
  let hop: Hop
  let record: PacketRecord

  /// The bytes on the link of `crossing`; nil if no header can express the packet.
  func bytes(of crossing: LinkCrossing) -> [UInt8]? {
    var packet = network.trace.textual(record.packet, before: hop)
    if crossing.fate == .lostHere { network.trace.rewriting(at: hop.number)?.apply(to: &packet) }
    packet.source = crossing.source
    packet.destination = crossing.destination
    packet.timeToLive = crossing.timeToLive
    if hop.maximumSegmentSize > 0 {
      packet.maximumSegmentSize =
        crossing.fate == .lostHere ? hop.newMaximumSegmentSize ?? hop.maximumSegmentSize : hop.maximumSegmentSize
    }
    packet.crossFamily(from: record.packet)
    if case .quote(let quoted) = packet.payload { packet.payload = .quote(onThisLink(quoted)) }
    let identification = packet.identification(
      ofNumber: record.number, sent: record.packet, meetsLimits: network.hasSizeLimits)
    guard let bytes = try? packet.encoded(identification: identification) else { return nil }
    return hop.fragment.map { piece(of: bytes, $0, isIPv4: packet.source.address.isIPv4) } ?? bytes
  }

  /// What an ICMP error quotes: the packet as it crossed this link, whose addresses routers translate with the error's.
  private func onThisLink(_ quoted: QuotedPacket) -> QuotedPacket {
    guard let about = record.about, let from = network.trace.hop(before: hop)?.node,
      let there = network.trace.hops(ofPacket: about).last(where: { $0.node == from })
    else { return quoted }
    var quoted = quoted
    // Only a NAT changes more than was quoted; the reporter quotes what it had itself.
    quoted.source = there.source
    quoted.destination = there.destination
    return quoted
  }

  /// A piece of a packet with an IP header of its own.
  private func piece(of whole: [UInt8], _ mark: FragmentMark, isIPv4: Bool) -> [UInt8] {
    let header = isIPv4 ? 20 : 40
    let start = min(header + Int(mark.offset), whole.count)
    let end = min(start + max(hop.pieceLength, 0), whole.count)
    var bytes = Array(whole[..<header])
    if isIPv4 {
      bytes.replace(at: 2, with: UInt16(truncatingIfNeeded: header + end - start))
      bytes.replace(at: 4, with: UInt16(truncatingIfNeeded: mark.identification))
      bytes.replace(at: 6, with: mark.offset / 8 | (mark.isLast ? 0 : 0x2000))
      bytes.sumIPv4Header()
    } else {
      bytes.replace(at: 4, with: UInt16(truncatingIfNeeded: 8 + end - start))
      let next = bytes[6]
      bytes[6] = 44
      bytes += [next, 0]
      bytes.appendNumber(mark.offset & ~7 | (mark.isLast ? 0 : 1))
      bytes.appendNumber(mark.identification)
    }
    return bytes + whole[start..<end]
  }
}
