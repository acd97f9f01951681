// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Why a device was not made or changed.
public enum BuildError: Error, Hashable, Sendable {
  case nameTaken(String)
  /// `address` already belongs to `owner`.
  case addressTaken(IPAddress, owner: String)
  /// No device may have such an address.
  case addressNotUsable(IPAddress, AddressScope)
  /// An outside address for translation that is not an IPv4 address.
  case addressNotTranslated(IPAddress)
  /// The address is in none of the router's inside prefixes.
  case addressOutsidePrefix(IPAddress, router: String, prefixes: [IPPrefix])
  /// A private or shared address without a router in front.
  case privateOnInternet(IPAddress)
  /// Two addresses or prefixes of one family.
  case sameFamilyTwice(AddressFamily)
  /// The router's inside has no prefix of that family.
  case noPrefix(AddressFamily, router: String)
  /// The prefix shares addresses with one of `other`'s.
  case prefixOverlaps(IPPrefix, with: IPPrefix, of: String)
  /// The prefix has no room for a router and a host.
  case prefixTooSmall(IPPrefix)
  /// The prefix is not one that an inside network can have.
  case prefixNotUsable(IPPrefix, AddressScope)
  /// The prefix cannot stand for the inside one: it is IPv4, longer than 64 bits, or longer than the inside one.
  case prefixNotExchangeable(IPPrefix, for: IPPrefix)
  /// No address is free there.
  case noFreeAddress(in: String)
  /// Other devices are behind it.
  case notEmpty(String, behind: [String])
  /// The router has no inside network of its own: it shares another's.
  case sharesNetwork(String, with: String)
  /// The gateway is not an address of a neighbour of the device.
  case gatewayNotNear(IPAddress, device: String)
  /// The gateway and the prefix are of different families.
  case gatewayOfOtherFamily(IPAddress, IPPrefix)
  /// The device has no such route.
  case noSuchRoute(IPPrefix, device: String)
  /// The internet cannot be removed or changed.
  case internetIsFixed
}
