// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// What a word of a command can be: it says how the word is read, completed and recognised.
public enum ArgumentKind: Hashable, Sendable {
  /// A name for a device that is not there yet.
  case newName
  /// A name that is only shown, whoever else has it.
  case label
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
  /// A port that is forwarded by the router which the argument of that label names.
  case forwardedPort(of: String)
  case timeToLive
  /// One of these words.
  case word([String])
  case text
  /// A word of the list of that name, which whoever lends it to the session knows; read as a text.
  case listed(String)
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
