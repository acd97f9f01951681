// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

extension TransportProtocol {
  /// The number in IPv4's protocol field or IPv6's next header.
  func wireNumber(_ family: AddressFamily) -> UInt8 {
    switch self {
    case .icmp: family == .ipv4 ? 1 : 58
    case .tcp: 6
    case .udp: 17
    }
  }

  /// The protocol that `number` means in `family`: ICMP's number differs.
  init?(wireNumber number: UInt8, _ family: AddressFamily) {
    switch (number, family) {
    case (1, .ipv4), (58, .ipv6): self = .icmp
    case (6, _): self = .tcp
    case (17, _): self = .udp
    default: return nil
    }
  }

  /// The bytes of its header without options.
  var headerLength: Int { self == .tcp ? 20 : 8 }

  /// The place of the checksum in its header.
  package var checksumOffset: Int {
    switch self {
    case .icmp: 2
    case .tcp: 16
    case .udp: 6
    }
  }

  /// The layer whose fields its header has.
  func layer(_ family: AddressFamily) -> WireField.Layer {
    switch self {
    case .icmp: family == .ipv4 ? .icmp : .icmpv6
    case .tcp: .tcp
    case .udp: .udp
    }
  }
}

extension ICMPKind {
  /// The type and code on the wire (RFC 792, RFC 1812 §5.2.7.1; RFC 4443 §3, §4); nil for what is not a message.
  func wireNumbers(_ family: AddressFamily) -> (type: UInt8, code: UInt8)? {
    switch (self, family) {
    case (.none, _): nil
    case (.echoRequest, .ipv4): (8, 0)
    case (.echoReply, .ipv4): (0, 0)
    case (.networkUnreachable, .ipv4): (3, 0)
    case (.hostUnreachable, .ipv4): (3, 1)
    case (.portUnreachable, .ipv4): (3, 3)
    case (.fragmentationNeeded, .ipv4): (3, 4)
    case (.administrativelyProhibited, .ipv4): (3, 13)
    case (.timeExceeded, .ipv4): (11, 0)
    case (.echoRequest, .ipv6): (128, 0)
    case (.echoReply, .ipv6): (129, 0)
    case (.networkUnreachable, .ipv6): (1, 0)
    case (.hostUnreachable, .ipv6): (1, 3)
    case (.portUnreachable, .ipv6): (1, 4)
    case (.fragmentationNeeded, .ipv6): (2, 0)
    case (.administrativelyProhibited, .ipv6): (1, 1)
    case (.timeExceeded, .ipv6): (3, 0)
    }
  }

  init?(type: UInt8, code: UInt8, _ family: AddressFamily) {
    let found = Self.allCases.first {
      guard let numbers = $0.wireNumbers(family) else { return false }
      return numbers == (type, code)
    }
    guard let found else { return nil }
    self = found
  }

  /// Whether any message of `family` has this type.
  static func isKnown(type: UInt8, _ family: AddressFamily) -> Bool {
    allCases.contains { $0.wireNumbers(family)?.type == type }
  }
}
