// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

/// Packets as Linux 6 wrote them to a tun device, with what they say. Documentation addresses, otherwise untouched.
struct CapturedPacket: Sendable, CustomTestStringConvertible {
  var name: String
  var bytes: [UInt8]

  init(_ name: String, _ hex: String) {
    self.name = name
    bytes = Self.bytes(hex)
  }

  var testDescription: String { name }

  static func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  static let datagram = CapturedPacket(
    "a datagram", "450000214915400040116dacc0000201c000020913880fa0000d14cf68656c6c6f")
  static let datagramIPv6 = CapturedPacket(
    "a datagram over IPv6",
    """
    600ff19a000d114020010db800000000000000000000000120010db800000000000000000000000913880fa0000d3d5e68656c6c6f
    """)
  static let opening = CapturedPacket(
    "a SYN",
    """
    4500003c2a9c400040068c15c0000201c000020913890050ffb9fd4900000000a002faf085fb0000020405b40402080a2b19071000000000
    0103030a
    """)
  static let openingIPv6 = CapturedPacket(
    "a SYN over IPv6",
    """
    60056c010028064020010db800000000000000000000000120010db8000000000000000000000009138900505785c0e600000000a002fd20
    39870000020405a00402080ac682c325000000000103030a
    """)
  static let unreachable = CapturedPacket(
    "port unreachable",
    """
    45c0003d4b7f00004001aa76c0000201c0000209030381260000000045000021000040004011b6c1c0000209c00002010fa00009000d284e
    68656c6c6f
    """)
  static let unreachableIPv6 = CapturedPacket(
    "port unreachable over IPv6",
    """
    6001f75c003d3a4020010db800000000000000000000000120010db8000000000000000000000009010431d90000000060000000000d1140
    20010db800000000000000000000000920010db80000000000000000000000010fa00009000d50dd68656c6c6f
    """)
  static let reset = CapturedPacket(
    "a RST", "45000028000040004006b6c5c0000201c000020900090fa000000000000003e95014000018340000")
  static let resetIPv6 = CapturedPacket(
    "a RST over IPv6",
    """
    600d7e050014064020010db800000000000000000000000120010db800000000000000000000000900090fa000000000000003e950140000
    40c30000
    """)
  static let echoReply = CapturedPacket(
    "an echo reply", "4500001f4c6100004001aa72c0000201c000020900003b9500070001616263")
  static let echoReplyIPv6 = CapturedPacket(
    "an echo reply over IPv6",
    "60074f50000b3a4020010db800000000000000000000000120010db800000000000000000000000981005ed300070001616263")

  static let all = [
    datagram, datagramIPv6, opening, openingIPv6, unreachable, unreachableIPv6, reset, resetIPv6, echoReply,
    echoReplyIPv6,
  ]
}
