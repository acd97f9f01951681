// SPDX-License-Identifier: GPL-3.0-or-later

/// Mixes the words of a key into the 32 bits under which ``HashIndex`` files rows.
struct KeyHash {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inline(__always)
  mutating func combine(_ word: UInt64) {
    let product = (state ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    state = product.high ^ product.low
  }

  @inline(__always)
  mutating func combine(_ address: IPAddress, _ port: UInt16, _ tag: UInt64) {
    // IPv4's high half is zero, and its low half leaves the top 16 bits free for the port.
    if address.high != 0 { combine(address.high) }
    combine(address.low ^ UInt64(port) << 48 ^ tag << 40)
  }

  var value: UInt32 { UInt32(truncatingIfNeeded: state ^ state >> 32) }

  /// The hash for entries filed by an address alone.
  @inline(__always)
  static func value(of address: IPAddress) -> UInt32 {
    var hash = KeyHash()
    hash.combine(address, 0, 0)
    return hash.value
  }

  /// The hash for entries filed by a protocol and an outside endpoint.
  @inline(__always)
  static func value(of transport: TransportProtocol, _ external: Endpoint) -> UInt32 {
    var hash = KeyHash()
    hash.combine(external.address, external.port, UInt64(transport.rawValue))
    return hash.value
  }
}
