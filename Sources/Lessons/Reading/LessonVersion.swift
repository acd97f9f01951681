// SPDX-License-Identifier: GPL-3.0-or-later

/// Distinguishes one text of a lesson from another.
enum LessonVersion {
  /// Sixteen digits derived from the text by FNV-1a: enough to tell texts apart, not to keep anybody from making
  /// another.
  static func of(_ text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
