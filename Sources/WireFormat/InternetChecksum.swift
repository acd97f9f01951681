// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The checksum of IP, UDP, TCP and ICMP: the ones' complement of the ones' complement sum of all 16-bit words
/// (RFC 1071).
///
///     var checksum = InternetChecksum()
///     checksum.add([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7])
///     checksum.value  // 0x220D
public struct InternetChecksum: Hashable, Sendable {
  private var sum: UInt64 = 0

  public init() {}

  /// Adds bytes as 16-bit words in network order; an odd last byte counts as if a zero followed it, so only the last
  /// piece added may be of odd length.
  public mutating func add(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { add($0) }
  }

  /// The sum of words in either byte order is the same but for its own (RFC 1071 §2), so the machine's serves, four bytes
  /// at a time.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var (words, index) = (UInt64(0), 0)
    while index + 4 <= bytes.count {
      words &+= UInt64(bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
      index += 4
    }
    if index + 2 <= bytes.count {
      words &+= UInt64(bytes.loadUnaligned(fromByteOffset: index, as: UInt16.self))
      index += 2
    }
    while words >> 16 != 0 { words = (words & 0xFFFF) &+ (words >> 16) }
    sum &+= UInt64(UInt16(truncatingIfNeeded: words).bigEndian)
    if index < bytes.count { sum &+= UInt64(bytes[index]) << 8 }
  }

  public mutating func add(_ bytes: [UInt8]) { add(bytes[...]) }

  /// Adds a number that fills whole words.
  package mutating func add(_ number: UInt64) {
    sum &+= number & 0xFFFF
    sum &+= number >> 16 & 0xFFFF
    sum &+= number >> 32 & 0xFFFF
    sum &+= number >> 48
  }

  /// Adds the pseudo-header that is part of UDP's, TCP's and ICMPv6's sums, so that a segment that strays to another
  /// address is noticed (RFC 768, RFC 9293 §3.1, RFC 8200 §8.1).
  mutating func addPseudoHeader(_ source: IPAddress, _ destination: IPAddress, protocol number: UInt8, length: Int) {
    for address in [source, destination] {
      if address.isIPv4 {
        add(UInt64(address.ipv4Bits))
      } else {
        add(address.high)
        add(address.low)
      }
    }
    add(UInt64(number))
    add(UInt64(truncatingIfNeeded: length))
  }

  /// The checksum of the added bytes; 0 if a correct checksum was among them.
  public var value: UInt16 {
    var folded = sum
    while folded >> 16 != 0 { folded = (folded & 0xFFFF) + (folded >> 16) }
    return ~UInt16(truncatingIfNeeded: folded)
  }
}

extension [UInt8] {
  /// Puts the checksum of an IPv4 header of `length` bytes, which begins at `start`, into it.
  package mutating func sumIPv4Header(at start: Int = 0, length: Int = 20) {
    replace(at: start + 10, with: 0)
    var checksum = InternetChecksum()
    checksum.add(self[start..<start + length])
    replace(at: start + 10, with: checksum.value)
  }
}
