// SPDX-License-Identifier: GPL-3.0-or-later

/// The checksum of FINGERPRINT: the 32-bit CRC of ITU V.42 (RFC 8489 §14.7, RFC 1952 §8).
public enum CRC32 {
  /// The remainder of each byte: its bits run backwards through the polynomial.
  private static let table: [UInt32] = (0..<256 as Range<UInt32>).map { byte in
    (0..<8).reduce(byte) { remainder, _ in remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
  }

  /// The checksum of `bytes`.
  public static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    var register = UInt32.max
    for byte in bytes { register = table[Int((register ^ UInt32(byte)) & 0xFF)] ^ register >> 8 }
    return ~register
  }
}
