// SPDX-License-Identifier: GPL-3.0-or-later

/// The kinds of capture files, which their first four bytes tell apart.
package enum CaptureFormat: Hashable, Sendable {
  /// Records under one head, in that byte order; times count units of so many nanoseconds.
  case pcap(isLittleEndian: Bool, unit: Int64)
  /// Blocks, whose sections say their byte order themselves.
  case pcapng

  /// The format of a file that begins with those bytes; nil if it is not a capture.
  package init?(beginning bytes: [UInt8]) {
    switch bytes.prefix(4) {
    case [0x0A, 0x0D, 0x0D, 0x0A]: self = .pcapng
    case [0xA1, 0xB2, 0xC3, 0xD4]: self = .pcap(isLittleEndian: false, unit: 1_000)
    case [0xD4, 0xC3, 0xB2, 0xA1]: self = .pcap(isLittleEndian: true, unit: 1_000)
    case [0xA1, 0xB2, 0x3C, 0x4D]: self = .pcap(isLittleEndian: false, unit: 1)
    case [0x4D, 0x3C, 0xB2, 0xA1]: self = .pcap(isLittleEndian: true, unit: 1)
    default: return nil
    }
  }
}
