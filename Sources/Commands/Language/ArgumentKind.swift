// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// What a word of a command can be: it says how the word is read, completed and recognised.
public enum ArgumentKind: Hashable, Sendable {
  /// A name for a device that is not there yet.
  case newName
  /// A device of those kinds that is there.
  case device(DeviceKinds)
  case address
  case prefix
  /// `NAME[:PORT]` of those kinds, `ADDRESS[:PORT]`, `[IPv6]:PORT`.
  case endpoint(DeviceKinds)
  case duration
  case rate
  case count(ClosedRange<Int>)
  case port
  case timeToLive
  case text
  case preset
  case scene
  /// A property of the device that the argument of that label names.
  case property(of: String)
  /// The values of the property that the argument of that label names; takes all words to the end.
  case propertyValue(of: String)
  case helpSubject
  case file
  case seed
}

/// A word of a command, read.
public enum ArgumentValue: Hashable, Sendable {
  /// A new device's name.
  case name(String)
  /// A device that is there, by its own spelling.
  case device(NamedDevice)
  case address(IPAddress)
  case prefix(IPPrefix)
  case endpoint(EndpointReference)
  case duration(Interval)
  case rate(BitRate)
  case count(Int)
  case port(UInt16)
  case timeToLive(UInt8)
  case text(String)
  /// One of the words of a choice, as it was declared.
  case word(String)
  case preset(NATPreset)
  case property(Property)
  case propertyValue(PropertyValue)
  case seed(UInt64)
}

/// One end of a conversation as it was typed: by name or by address, with a port or without.
public struct EndpointReference: Hashable, Sendable {
  public enum Host: Hashable, Sendable {
    /// A device that is there, by its own spelling.
    case device(NamedDevice)
    case address(IPAddress)
  }
  public var host: Host
  /// 1 to 65535; nil where none was given.
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
      case .address(let address): address.isIPv4 || port == nil ? "\(address)" : "[\(address)]"
      }
    return port.map { "\(name):\($0)" } ?? name
  }
}
