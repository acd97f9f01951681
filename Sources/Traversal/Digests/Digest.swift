// SPDX-License-Identifier: GPL-3.0-or-later

import CDigests

/// The digests of STUN and TURN, as libmd computes them. They produce the bytes that real programs would send; nothing
/// in natsh is kept secret by them.
public enum Digest: Sendable, CaseIterable {
  case md5
  case sha1
  case sha256

  /// The bytes of a digest.
  public var length: Int {
    switch self {
    case .md5: 16
    case .sha1: 20
    case .sha256: 32
    }
  }

  /// The bytes that each of the three processes at a time, to which HMAC's keys are padded.
  private static let blockLength = 64

  /// The digest of the concatenated parts.
  public func callAsFunction(_ parts: ArraySlice<UInt8>...) -> [UInt8] { compute(parts) }

  private func compute(_ parts: [ArraySlice<UInt8>]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: length)
    switch self {
    case .md5:
      var context = MD5_CTX()
      MD5Init(&context)
      for part in parts { part.withUnsafeBufferPointer { MD5Update(&context, $0.baseAddress, $0.count) } }
      MD5Final(&result, &context)
    case .sha1:
      var context = SHA1_CTX()
      SHA1Init(&context)
      for part in parts { part.withUnsafeBufferPointer { SHA1Update(&context, $0.baseAddress, $0.count) } }
      SHA1Final(&result, &context)
    case .sha256:
      var context = SHA2_CTX()
      SHA256Init(&context)
      for part in parts { part.withUnsafeBufferPointer { SHA256Update(&context, $0.baseAddress, $0.count) } }
      SHA256Final(&result, &context)
    }
    return result
  }

  /// The keyed digest of the concatenated parts (HMAC, RFC 2104 §2).
  public func authenticate(_ parts: ArraySlice<UInt8>..., key: [UInt8]) -> [UInt8] {
    var padded = key.count > Self.blockLength ? compute([key[...]]) : key
    padded += repeatElement(0, count: Self.blockLength - padded.count)
    let inner = compute([padded.map { $0 ^ 0x36 }[...]] + parts)
    return compute([padded.map { $0 ^ 0x5C }[...], inner[...]])
  }
}
