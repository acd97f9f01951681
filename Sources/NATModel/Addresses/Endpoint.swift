// SPDX-License-Identifier: GPL-3.0-or-later

/// An address and a port: one end of a conversation. For an ICMP query the port is its identifier (RFC 5508 §3.1).
public struct Endpoint: Hashable, Sendable {
  public var address: IPAddress
  public var port: UInt16

  @inlinable
  public init(_ address: IPAddress, _ port: UInt16) {
    self.address = address
    self.port = port
  }
}

extension Endpoint: LosslessStringConvertible {
  /// Reads `192.0.2.1:4000` or `[2001:db8::1]:4000`; the port is 0 to 65535.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    var host = text[..<colon]
    let digits = text[text.index(after: colon)...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(digits) else {
      return nil
    }
    let bracketed = host.first == "[" && host.last == "]" && host.count > 2
    if bracketed { host = host.dropFirst().dropLast() }
    guard let address = IPAddress(String(host)), address.isIPv4 != bracketed else { return nil }
    self.init(address, port)
  }

  public var description: String { address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}

extension Endpoint: Comparable {
  public static func < (left: Endpoint, right: Endpoint) -> Bool {
    (left.address, left.port) < (right.address, right.port)
  }
}
