// SPDX-License-Identifier: GPL-3.0-or-later

/// What a device can be called.
package enum DeviceName {
  /// The most characters of a name.
  static let longest = 63

  /// Whether a device can have the name.
  package static func isValid(_ text: String) -> Bool { !isTooLong(text) && hasNameCharacters(text) }

  static func isTooLong(_ text: String) -> Bool { text.count > longest || text.utf8.count > 4 * longest }

  /// A letter, then letters, digits, `.`, `-` and `_`. Letters of every script count, with the marks that they carry.
  static func hasNameCharacters(_ text: String) -> Bool {
    guard let first = text.first, isLetter(first) else { return false }
    return text.allSatisfy { isLetter($0) || ".-_0123456789".contains($0) }
  }

  private static func isLetter(_ character: Character) -> Bool {
    guard character.isLetter else { return false }
    return character.unicodeScalars.dropFirst().allSatisfy {
      $0.properties.isAlphabetic || $0.properties.generalCategory == .nonspacingMark
        || $0.properties.generalCategory == .spacingMark
    }
  }
}
