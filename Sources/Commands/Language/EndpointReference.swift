// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// One end of a conversation as it was typed: by name or by address, with a port or without.
public struct EndpointReference: Hashable, Sendable {
  public enum Host: Hashable, Sendable {
    /// An existing device, in its own spelling.
    case device(NamedDevice)
    case address(IPAddress)
    /// A name that the host asks for.
    case name(String)
  }
  public var host: Host
  /// 1 to 65535; nil if none was given.
  public var port: UInt16?

  public init(_ host: Host, port: UInt16? = nil) {
    self.host = host
    self.port = port
  }
}

extension EndpointReference: CustomStringConvertible {
  /// As it is typed: `alice:5000`, `[2001:db8::1]:4000`.
  public var description: String {
    let name =
      switch host {
      case .device(let device): device.name
      case .name(let name): name
      case .address(let address): address.isIPv4 || port == nil ? "\(address)" : "[\(address)]"
      }
    return port.map { "\(name):\($0)" } ?? name
  }
}
