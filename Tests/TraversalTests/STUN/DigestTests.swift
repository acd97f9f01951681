// SPDX-License-Identifier: GPL-3.0-or-later

import Testing
import Traversal

/// The digests' own published examples.
struct DigestTests {
  static let digests: [(digest: Digest, text: String, expected: String)] = [
    (.md5, "", "d41d8cd98f00b204e9800998ecf8427e"),  // RFC 1321 A.5
    (.md5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    (.md5, "user:realm:pass", "8493fbc53ba582fb4c044c456bdc40eb"),  // RFC 8489 §9.2.2
    (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),  // FIPS 180
    (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ]

  @Test(arguments: digests) func aDigestIsAsPublished(digest: Digest, text: String, expected: String) {
    #expect(digest(Array(text.utf8)[...]) == bytes(expected))
    let (front, back) = (Array(text.utf8).prefix(2), Array(text.utf8).dropFirst(2))
    #expect(digest(front, back) == bytes(expected))
  }

  /// RFC 2202 and RFC 4231, test cases 1, 2 and the key that is longer than a block.
  static let codes: [(digest: Digest, key: [UInt8], text: String, expected: String)] = [
    (.md5, Array(repeating: 0x0B, count: 16), "Hi There", "9294727a3638bb1c13f48ef8158bfc9d"),
    (.sha1, Array(repeating: 0x0B, count: 20), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
    (.sha1, Array("Jefe".utf8), "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    (
      .sha1, Array(repeating: 0xAA, count: 80), "Test Using Larger Than Block-Size Key - Hash Key First",
      "aa4ae5e15272d00e95705637ce8a3b55ed402112"
    ),
    (
      .sha256, Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      .sha256, Array(repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ]

  @Test(arguments: codes) func aKeyedDigestIsAsPublished(
    digest: Digest, key: [UInt8], text: String, expected: String
  ) {
    #expect(digest.authenticate(Array(text.utf8)[...], key: key) == bytes(expected))
  }

  @Test func aChecksumIsThePublishedOne() {
    #expect(CRC32.checksum(of: "123456789".utf8) == 0xCBF4_3926)
    #expect(CRC32.checksum(of: []) == 0)
  }
}
