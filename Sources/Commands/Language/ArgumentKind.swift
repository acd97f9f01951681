// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The kinds of words in a command: each says how the word is read, completed and recognised.
public enum ArgumentKind: Hashable, Sendable {
  /// A name for a device that does not exist yet.
  case newName
  /// A name that is only shown, and need not be unique.
  case label
  /// An existing device of those kinds.
  case device(DeviceKinds)
  case address
  case prefix
  /// `NAME[:PORT]` of those kinds, `ADDRESS[:PORT]`, `[IPv6]:PORT`.
  case endpoint(DeviceKinds)
  case duration
  case rate
  case count(ClosedRange<Int>)
  case port
  /// `5000` or `5000-5010`.
  case ports
  /// A port, or a range of them, forwarded by the router that the argument with that label names.
  case forwardedPort(of: String)
  case timeToLive
  /// One of these words.
  case word([String])
  case text
  /// A word of a named list, which the value lent to the session provides; read as a text.
  case listed(String)
  case preset
  case scene
  /// A property of the device that the argument with that label names.
  case property(of: String)
  /// The values of the property that the argument with that label names; takes all words to the end.
  case propertyValue(of: String)
  case helpSubject
  case file
  case seed
}

/// A word of a command, read.
public enum ArgumentValue: Hashable, Sendable {
  /// A new device's name.
  case name(String)
  /// An existing device, in its own spelling.
  case device(NamedDevice)
  case address(IPAddress)
  case prefix(IPPrefix)
  case endpoint(EndpointReference)
  case duration(Interval)
  case rate(BitRate)
  case count(Int)
  case port(UInt16)
  case ports(ClosedRange<UInt16>)
  case timeToLive(UInt8)
  case text(String)
  /// One of the words of a choice, as it was declared.
  case word(String)
  case preset(NATPreset)
  case property(Property)
  case propertyValue(PropertyValue)
  case seed(UInt64)
}
