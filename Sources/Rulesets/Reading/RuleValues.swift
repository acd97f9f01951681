// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Values as rules write them.
enum RuleValues {
  /// `80`, `5000-5010`, `5000:5010`, or a well-known service's name.
  static func ports(_ text: some StringProtocol, separator: Character) -> ClosedRange<UInt16>? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard let first = parts.first.flatMap({ port($0) }) else { return nil }
    if parts.count == 1 { return first...first }
    guard parts.count == 2, let last = port(parts[1]), first <= last else { return nil }
    return first...last
  }

  static func port(_ text: some StringProtocol) -> UInt16? { UInt16(text) ?? services[text.lowercased()] }

  private static let services: [String: UInt16] = [
    "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "domain": 53, "http": 80, "www": 80, "pop3": 110, "ntp": 123,
    "imap": 143, "imap2": 143, "https": 443, "submission": 587, "imaps": 993, "pop3s": 995, "isakmp": 500,
    "openvpn": 1_194, "rdp": 3_389, "sip": 5_060, "http-alt": 8_080,
  ]

  /// `192.168.1.0/24`, `192.168.1.0/255.255.255.0` or one address.
  static func prefix(_ text: some StringProtocol) -> IPPrefix? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let address = parts.first.flatMap({ IPAddress(String($0)) }), parts.count <= 2 else { return nil }
    guard parts.count == 2 else { return IPPrefix(containing: address, length: address.family.bitWidth) }
    if let length = Int(parts[1]) { return IPPrefix(containing: address, length: length) }
    return IPAddress(String(parts[1])).flatMap { mask in length(ofMask: mask) }.flatMap {
      IPPrefix(containing: address, length: $0)
    }
  }

  /// The length of a mask such as 255.255.255.0; nil if its ones have gaps.
  static func length(ofMask mask: IPAddress) -> Int? {
    guard mask.isIPv4 else { return nil }
    let ones = (~mask.ipv4Bits).leadingZeroBitCount
    return ones == mask.ipv4Bits.nonzeroBitCount ? ones : nil
  }

  /// The addresses of a range, at most so many; nil if it is none.
  static func addresses(from first: IPAddress, to last: IPAddress) -> [IPAddress]? {
    guard first.isIPv4, last.isIPv4, first.ipv4Bits <= last.ipv4Bits else { return nil }
    let count = min(Int(last.ipv4Bits - first.ipv4Bits) + 1, RouterDraft.mostAddresses + 1)
    return (0..<count).map { IPAddress(ipv4: first.ipv4Bits + UInt32($0)) }
  }

  /// `203.0.113.5`, `203.0.113.5-203.0.113.8` or `203.0.113.4/30`.
  static func addresses(_ text: some StringProtocol) -> [IPAddress]? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    if ends.count == 2, let first = IPAddress(String(ends[0])), let last = IPAddress(String(ends[1])) {
      return addresses(from: first, to: last)
    }
    guard let prefix = prefix(text) else { return nil }
    return addresses(from: prefix.address, to: prefix.lastAddress)
  }
}
