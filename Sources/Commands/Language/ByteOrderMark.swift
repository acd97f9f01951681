// SPDX-License-Identifier: GPL-3.0-or-later

extension String {
  /// The text without the mark that some editors put at a file's beginning.
  package var withoutByteOrderMark: String {
    unicodeScalars.first == "\u{FEFF}" ? String(unicodeScalars.dropFirst()) : self
  }
}
