// SPDX-License-Identifier: GPL-3.0-or-later

/// A message of lines, as FTP, SIP and SDP write them, each with its end.
struct TextLines {
  private(set) var lines: [String]

  /// Nil unless every byte is a character of ASCII that can be in such a line: text that is encrypted is not.
  init?(_ payload: Payload) {
    guard case .data(let bytes) = payload,
      bytes.allSatisfy({ $0 < 0x7F && $0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 })
    else { return nil }
    lines = []
    var line: [UInt8] = []
    for byte in bytes {
      line.append(byte)
      if byte == 0x0A {
        lines.append(String(decoding: line, as: UTF8.self))
        line = []
      }
    }
    if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
  }

  var bytes: [UInt8] { lines.flatMap { Array($0.utf8) } }

  /// A line without its end.
  func text(_ place: Int) -> String { Self.split(lines[place]).text }

  /// Replaces a line, which keeps its end.
  mutating func replace(_ place: Int, with text: String) { lines[place] = text + Self.split(lines[place]).end }

  private static func split(_ line: String) -> (text: String, end: String) {
    var bytes = Array(line.utf8)
    var end: [UInt8] = []
    while let last = bytes.last, last == 0x0A || last == 0x0D {
      end.insert(last, at: 0)
      bytes.removeLast()
    }
    return (String(decoding: bytes, as: UTF8.self), String(decoding: end, as: UTF8.self))
  }
}
