// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Why bytes are not a packet: the faulty field, its place, and the fault.
public struct WireError: Error, Hashable, Sendable {
  public var problem: Problem
  public var field: WireField
  /// The field's first byte, counted from 0 at the packet's start.
  public var offset: Int

  public init(_ problem: Problem, _ field: WireField, offset: Int) {
    self.problem = problem
    self.field = field
    self.offset = offset
  }

  public enum Problem: Hashable, Sendable {
    /// The bytes end before the field does, which takes them up to byte `needed`; there are `available`.
    case truncated(needed: Int, available: Int)
    /// The field gives a length, in bytes, that disagrees with the actual one.
    case lengthsDisagree(says: Int, actual: Int)
    /// The field gives a length, in bytes, that is less than its header needs.
    case tooShort(says: Int, least: Int)
    case wrongChecksum(found: UInt16, computed: UInt16)
    /// The field's value is not one that a packet here can have: another version, protocol or message.
    case unsupported(UInt64)
    /// The packet is a piece of a larger one.
    case fragment
  }
}

/// Why a packet cannot be written as bytes: no header can express it.
public enum UnencodablePacket: Error, Hashable, Sendable {
  /// It is longer than IP's length field can say: 65,535 bytes, in IPv6 as many after the header.
  case tooLong(Int)
  /// One of its addresses is IPv4 and the other IPv6.
  case mixedFamilies
  /// It is ICMP and says nothing.
  case noMessage
}

/// Exceptions that reading accepts although it would otherwise refuse them.
public struct WireTolerance: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Checksums are not checked.
  public static let wrongChecksums = WireTolerance(rawValue: 1)
  /// Bytes may follow the packet, as a short Ethernet frame's padding does.
  public static let padding = WireTolerance(rawValue: 2)
  /// The quote in an ICMP error need not be a packet: such a quote is read as plain bytes, for a NAT to judge.
  public static let nonsenseQuotes = WireTolerance(rawValue: 4)
}
