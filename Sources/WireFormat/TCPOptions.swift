// SPDX-License-Identifier: GPL-3.0-or-later

/// The options behind a TCP header (RFC 9293 §3.2).
package enum TCPOptions {
  /// Where the value of the maximum segment size begins, in bytes from the first option; nil if there is none, or if what
  /// stands before it cannot be read.
  package static func offsetOfMaximumSegmentSize(in options: ArraySlice<UInt8>) -> Int? {
    var rest = options
    while let kind = rest.first, kind != 0 {
      if kind == 1 {
        rest = rest.dropFirst()
        continue
      }
      guard let length = rest.dropFirst().first.map(Int.init), length >= 2, length <= rest.count else { return nil }
      if kind == 2, length == 4 { return rest.startIndex - options.startIndex + 2 }
      rest = rest.dropFirst(length)
    }
    return nil
  }
}
