// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Bytes that nobody can guess, for codes and cookies; nothing of the simulation comes from here.
package enum MachineChance {
  package static func bytes(_ count: Int) throws(SystemError) -> [UInt8] {
    let descriptor = open("/dev/urandom", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        retryingInterrupted { read(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled) }
      }
      guard got > 0 else { throw got < 0 ? .last : SystemError(code: EIO) }
      filled += got
    }
    return bytes
  }

  /// So many decimal digits, each as likely as any other.
  package static func digits(_ count: Int) throws(SystemError) -> String {
    var digits = ""
    while digits.count < count {
      // 250 is the largest multiple of ten in a byte.
      for byte in try bytes(count) where byte < 250 && digits.count < count { digits += String(byte % 10) }
    }
    return digits
  }

  /// So many bytes in hexadecimal.
  package static func token(_ count: Int) throws(SystemError) -> String {
    try bytes(count).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
