// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import WireFormat

struct InternetChecksumTests {
  @Test(
    arguments: [
      // RFC 1071 §3, whose sum is ddf2.
      ([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7], 0x220D),
      ([], 0xFFFF),
      // An odd byte counts as if a zero followed.
      ([0x01], 0xFEFF),
      ([0xFF, 0xFF], 0),
      // The carry of a carry is added as well.
      ([0xFF, 0xFF, 0x00, 0x01], 0xFFFE),
    ] as [([UInt8], UInt16)])
  func theSumOfWordsIsComplemented(bytes: [UInt8], expected: UInt16) {
    var checksum = InternetChecksum()
    checksum.add(bytes)
    #expect(checksum.value == expected)
  }

  @Test func aTextWithItsChecksumSumsToZero() {
    for length in 0..<64 {
      var bytes = (0..<UInt8(length)).map { $0 &* 37 &+ 5 } + [0]
      if bytes.count % 2 == 1 { bytes.append(0) }
      var checksum = InternetChecksum()
      checksum.add(bytes)
      checksum.add([UInt8(checksum.value >> 8), UInt8(checksum.value & 255)])
      #expect(checksum.value == 0)
    }
  }
}
