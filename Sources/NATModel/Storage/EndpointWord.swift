// SPDX-License-Identifier: GPL-3.0-or-later

/// An endpoint in a word, so that rows are compared and hashed in few steps: 32 bits of address, the port, and 16 bits
/// below that are somebody else's.
///
/// An IPv4 address stands for itself, an IPv6 address by its number in the NAT's ``AddressBook``.
struct EndpointWord: Hashable, Sendable {
  let bits: UInt64

  @inline(__always)
  init(bits: UInt64) { self.bits = bits }

  @inline(__always)
  init(_ address: UInt32, _ port: UInt16) { bits = UInt64(address) << 32 | UInt64(port) << 16 }

  @inline(__always) var address: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }
  @inline(__always) var port: UInt16 { UInt16(truncatingIfNeeded: bits >> 16) }
  /// The endpoint, where it is one of IPv4.
  @inline(__always) var ipv4: Endpoint { Endpoint(IPAddress(ipv4: address), port) }
  /// The endpoint of the same address that stands for all its ports.
  @inline(__always) var withoutPort: EndpointWord {
    EndpointWord(bits: bits & EndpointDependence.addressDependent.mask)
  }
}

extension EndpointDependence {
  /// The bits of a remote's ``EndpointWord`` that are looked at.
  @inline(__always) var mask: UInt64 {
    switch self {
    case .endpointIndependent: 0
    case .addressDependent: 0xFFFF_FFFF_0000_0000
    case .addressAndPortDependent: 0xFFFF_FFFF_FFFF_0000
    }
  }
}

/// What the rows of a flow are found by.
struct FlowKey: Sendable {
  /// The inside endpoint's word; below it the family and the protocol.
  let inside: UInt64
  let remote: EndpointWord

  @inline(__always)
  init(_ transport: TransportProtocol, _ family: AddressFamily, inside: EndpointWord, remote: EndpointWord) {
    self.inside = inside.bits | Self.tag(transport, family)
    self.remote = remote
  }

  static let isIPv6: UInt64 = 1 << 8
  static let transportShift: UInt64 = 9
  static let bindingShift: UInt64 = 11
  /// What tells inside endpoints apart; the bits below it are free for a row's own use.
  static let insideMask: UInt64 = ~0xFF

  @inline(__always)
  static func tag(_ transport: TransportProtocol, _ family: AddressFamily) -> UInt64 {
    UInt64(transport.rawValue) << transportShift | (family == .ipv4 ? 0 : isIPv6)
  }

  @inline(__always) var family: AddressFamily { inside & Self.isIPv6 == 0 ? .ipv4 : .ipv6 }

  /// The inside endpoint with what a row of it is bound to.
  @inline(__always)
  func inside(_ binding: EndpointDependence) -> UInt64 { inside | UInt64(binding.rawValue) << Self.bindingShift }

  /// What rows that are bound so are filed under.
  @inline(__always)
  func hash(_ binding: EndpointDependence) -> UInt32 {
    var hash = KeyHash()
    hash.combine(inside(binding))
    if binding != .endpointIndependent { hash.combine(remote.bits & binding.mask) }
    return hash.value
  }

  /// What the row is filed under that answers for the inside endpoint's outside port where ports are overloaded.
  var sourceHash: UInt32 {
    var hash = KeyHash()
    hash.combine(inside | 3 << Self.bindingShift)
    return hash.value
  }
}

/// What rows that share an outside endpoint have in common: the endpoint, the family and the protocol.
struct OutsideKey: Hashable, Sendable {
  let bits: UInt64

  @inline(__always)
  init(_ transport: TransportProtocol, _ family: AddressFamily, _ external: EndpointWord) {
    bits = external.bits | FlowKey.tag(transport, family)
  }
}
