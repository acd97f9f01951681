// SPDX-License-Identifier: GPL-3.0-or-later

/// An endpoint in one word, so that rows are compared and hashed in few steps: 32 bits of address, the port, and 16 low
/// bits for other uses.
///
/// An IPv4 address represents itself, an IPv6 address is represented by its number in the NAT's ``AddressBook``.
struct EndpointWord: Hashable, Sendable {
  let bits: UInt64

  @inline(__always)
  init(bits: UInt64) { self.bits = bits }

  @inline(__always)
  init(_ address: UInt32, _ port: UInt16) { bits = UInt64(address) << 32 | UInt64(port) << 16 }

  @inline(__always) var address: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }
  @inline(__always) var port: UInt16 { UInt16(truncatingIfNeeded: bits >> 16) }
  /// The endpoint, if it is an IPv4 one.
  @inline(__always) var ipv4: Endpoint { Endpoint(IPAddress(ipv4: address), port) }
  /// The endpoint with the same address that stands for all its ports.
  @inline(__always) var withoutPort: EndpointWord {
    EndpointWord(bits: bits & EndpointDependence.addressDependent.mask)
  }
}

extension EndpointDependence {
  /// The bits of a remote's ``EndpointWord`` that matter.
  @inline(__always) var mask: UInt64 {
    switch self {
    case .endpointIndependent: 0
    case .addressDependent: 0xFFFF_FFFF_0000_0000
    case .addressAndPortDependent: 0xFFFF_FFFF_FFFF_0000
    }
  }
}

/// The key by which a flow's rows are found.
struct FlowKey: Sendable {
  /// The inside endpoint's word; below it the family and the protocol.
  let inside: UInt64
  let remote: EndpointWord

  @inline(__always)
  init(
    _ transport: TransportProtocol, _ family: AddressFamily, inside: EndpointWord, remote: EndpointWord,
    crosses: Bool = false
  ) {
    self.inside = inside.bits | Self.tag(transport, family) | (crosses ? Self.crosses : 0)
    self.remote = remote
  }

  /// The key of a flow of the same inside endpoint with any port of the remote's address.
  var towardsAddress: FlowKey { FlowKey(inside: inside, remote: remote.withoutPort) }

  private init(inside: UInt64, remote: EndpointWord) {
    self.inside = inside
    self.remote = remote
  }

  static let isIPv6: UInt64 = 1 << 8
  static let transportShift: UInt64 = 9
  static let bindingShift: UInt64 = 11
  /// The inside is IPv6 and the remote IPv4 (RFC 6146).
  static let crosses: UInt64 = 1 << 13
  /// The part that distinguishes inside endpoints; the bits below it are free for a row's own use.
  static let insideMask: UInt64 = ~0xFF

  @inline(__always)
  static func tag(_ transport: TransportProtocol, _ family: AddressFamily) -> UInt64 {
    UInt64(transport.rawValue) << transportShift | (family == .ipv4 ? 0 : isIPv6)
  }

  @inline(__always) var family: AddressFamily { inside & Self.isIPv6 == 0 ? .ipv4 : .ipv6 }
  @inline(__always) var crossesFamilies: Bool { inside & Self.crosses != 0 }

  /// The inside endpoint combined with its row's binding.
  @inline(__always)
  func inside(_ binding: EndpointDependence) -> UInt64 { inside | UInt64(binding.rawValue) << Self.bindingShift }

  /// The hash under which rows with that binding are filed.
  @inline(__always)
  func hash(_ binding: EndpointDependence) -> UInt32 {
    var hash = KeyHash()
    hash.combine(inside(binding))
    if binding != .endpointIndependent { hash.combine(remote.bits & binding.mask) }
    return hash.value
  }

  /// The hash of the row that answers for the inside endpoint's outside port if ports are overloaded.
  var sourceHash: UInt32 {
    var hash = KeyHash()
    hash.combine(inside | 3 << Self.bindingShift)
    return hash.value
  }
}

/// The parts that rows sharing an outside endpoint have in common: the endpoint, the family and the protocol.
struct OutsideKey: Hashable, Sendable {
  let bits: UInt64

  @inline(__always)
  init(_ transport: TransportProtocol, _ family: AddressFamily, _ external: EndpointWord) {
    bits = external.bits | FlowKey.tag(transport, family)
  }
}
