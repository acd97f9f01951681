// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Why a device was not made or changed.
public enum BuildError: Error, Hashable, Sendable {
  case nameTaken(String)
  /// `address` is already `owner`'s.
  case addressTaken(IPAddress, owner: String)
  /// No device may have such an address.
  case addressNotUsable(IPAddress, AddressScope)
  /// An outside address to translate to that is no IPv4 address.
  case addressNotTranslated(IPAddress)
  /// The address lies in none of the router's inside prefixes.
  case addressOutsidePrefix(IPAddress, router: String, prefixes: [IPPrefix])
  /// A private or shared address, and no router to stand behind.
  case privateOnInternet(IPAddress)
  /// Two addresses or prefixes of one family.
  case sameFamilyTwice(AddressFamily)
  /// The router's inside has no prefix of that family.
  case noPrefix(AddressFamily, router: String)
  /// The prefix shares addresses with `other`'s.
  case prefixOverlaps(IPPrefix, with: IPPrefix, of: String)
  /// The prefix has no room for a router and a host.
  case prefixTooSmall(IPPrefix)
  /// The prefix is none that an inside network can have.
  case prefixNotUsable(IPPrefix, AddressScope)
  /// No address is free there.
  case noFreeAddress(in: String)
  /// Other devices stand behind it.
  case notEmpty(String, behind: [String])
  /// The internet cannot be taken away or changed.
  case internetIsFixed
}
