// SPDX-License-Identifier: GPL-3.0-or-later

/// Every property that `set` can change. `ports` is one of a router and another of a host.
public enum Property: Hashable, Sendable, CaseIterable {
  case preset, mapping, filtering, portAssignment, parity, hairpinning, pooling, addresses, refresh
  case udpTimeout, udpStreamTimeout, tcpEstablishedTimeout, tcpTransitoryTimeout, tcpOpeningTimeout
  case tcpClosingTimeout, icmpTimeout
  case maximumMappings, maximumMappingsPerHost, rejects, tracking, untracked, midstream, firewall, nat, exempt,
    portControl
  case hostPorts
  case delay, rate, mtu, loss

  /// How it is written, what it takes and what it means.
  public var declaration: PropertyDeclaration { PropertyDeclaration.declaration(of: self) }
}

/// Whose property it is.
public enum PropertyOwner: String, Hashable, Sendable, Encodable {
  case router
  case host
  /// Of hosts and routers alike.
  case any

  /// Whether a device of `kind` has it.
  public func includes(_ kind: DeviceKind) -> Bool {
    switch self {
    case .router: kind == .router
    case .host: kind == .host
    case .any: kind != .internet
    }
  }
}
