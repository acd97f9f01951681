// SPDX-License-Identifier: GPL-3.0-or-later

/// What else changes when a packet's addresses become those of the other family (RFC 7915).
extension Packet {
  /// How much longer an IPv6 header is than an IPv4 one without options, in bytes.
  public static let familyDifference = AddressFamily.ipv6.headerLength - AddressFamily.ipv4.headerLength

  /// The shortest MTU of an IPv6 link (RFC 8200 §5).
  public static let leastIPv6MTU = 1_280

  /// Changes what depends on the family, if that of the addresses is no longer that of `arrived`.
  package mutating func crossFamily(from arrived: Packet) {
    let isIPv4 = source.address.isIPv4
    guard isIPv4 != arrived.source.address.isIPv4 else { return }
    if var fragment {
      fragment.identification &= 0xFFFF
      fragment.whole.source.address = source.address
      fragment.whole.destination.address = destination.address
      payload = .fragment(fragment)
      dontFragment = false
    } else {
      // What an IPv6 link of the least MTU might have to carry may be cut on the IPv4 side (RFC 7915 §5.1).
      dontFragment = isIPv4 && length > Self.leastIPv6MTU - Self.familyDifference
    }
    guard icmp.isError else { return }
    icmp = icmp.afterCrossing(toIPv4: isIPv4)
    if icmp == .fragmentationNeeded { icmpSequence = Self.mtu(icmpSequence, toIPv4: isIPv4) }
    guard var quoted else { return }
    quoted.cross(toIPv4: isIPv4)
    payload = .quote(quoted)
  }

  /// A reported MTU as the other family must know it (RFC 7915 §4.2, §5.2); one that the reporter did not know is the
  /// least that IPv6 has.
  static func mtu(_ reported: UInt16, toIPv4: Bool) -> UInt16 {
    let difference = UInt16(familyDifference)
    let known = reported == 0 ? UInt16(leastIPv6MTU) - (toIPv4 ? 0 : difference) : reported
    if toIPv4 { return known > 68 + difference ? known - difference : 68 }
    return max(known.addingReportingOverflow(difference).overflow ? .max : known + difference, UInt16(leastIPv6MTU))
  }
}

extension ICMPKind {
  /// The kind that says the same in the other family: ICMPv6 reports only routes that are missing, ICMPv4's host
  /// unreachable covers both of ICMPv6's (RFC 7915 §4.2, §5.2).
  func afterCrossing(toIPv4: Bool) -> ICMPKind {
    switch self {
    case .hostUnreachable where !toIPv4: .networkUnreachable
    case .networkUnreachable where toIPv4: .hostUnreachable
    default: self
    }
  }
}

extension QuotedPacket {
  /// Adapts the lengths, once the addresses are those of the other family.
  mutating func cross(toIPv4: Bool) {
    let change = toIPv4 ? -Packet.familyDifference : Packet.familyDifference
    packetLength += change
    length = min(length + change, toIPv4 ? 576 - 28 : Packet.leastIPv6MTU - 48)
  }
}
