// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Payloads as bytes: an application's as they are, an ICMP error's quoted packet as it was sent.
extension Payload {
  func encode(into bytes: inout [UInt8]) {
    switch self {
    case .empty: break
    case .data(let data): bytes += data
    case .filler(let count): bytes += repeatElement(0, count: max(count, 0))
    case .padded(let padded): bytes += padded.bytes
    case .quote(let quoted): quoted.encode(into: &bytes)
    case .fragment(let fragment): bytes += repeatElement(0, count: max(fragment.count, 0))
    }
  }
}

extension [UInt8] {
  /// Appends a number in network order.
  @inlinable
  package mutating func appendNumber(_ number: some FixedWidthInteger & UnsignedInteger) {
    Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
  }

  /// Appends an address: 4 bytes or 16.
  package mutating func appendAddress(_ address: IPAddress) {
    if address.isIPv4 {
      appendNumber(address.ipv4Bits)
    } else {
      appendNumber(address.high)
      appendNumber(address.low)
    }
  }

  /// Puts a number in network order into two existing bytes.
  package mutating func replace(at offset: Int, with number: UInt16) {
    self[offset] = UInt8(number >> 8)
    self[offset + 1] = UInt8(truncatingIfNeeded: number)
  }
}

extension IPAddress {
  /// The address in 4 or 16 bytes; nil for other counts, and for an IPv4 address in IPv6's clothes.
  package init?(bytes: ArraySlice<UInt8>) {
    func number(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    switch bytes.count {
    case 4: self.init(ipv4: UInt32(truncatingIfNeeded: number(bytes)))
    case 16: self.init(ipv6High: number(bytes.prefix(8)), low: number(bytes.dropFirst(8)))
    default: return nil
    }
  }
}
