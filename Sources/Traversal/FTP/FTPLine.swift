// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The lines of an FTP control connection (RFC 959 §5.3).
enum FTPLine {
  static func payload(_ line: String) -> Payload { .data(Array((line + "\r\n").utf8)) }

  static func lines(in bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
  }
}
