// SPDX-License-Identifier: GPL-3.0-or-later

/// The side of a NAT that a packet comes from.
public enum Side: Hashable, Sendable {
  case inside
  case outside

  /// The side on which a packet from this one leaves.
  public var other: Side { self == .inside ? .outside : .inside }
}

/// A packet's effect on the mapping it used.
public enum MappingChange: String, Hashable, Sendable, Codable {
  case created
  case refreshed
}

/// The NAT's decision about a packet; the packet itself is rewritten in place.
public enum Translation: Hashable, Sendable {
  /// The packet goes on to the side named (back inside, for a hairpinned one).
  case forward(to: Side, Change)
  /// The packet ends here. A mapping may have been made on the way, when the refusal came after it.
  case drop(DropReason, Change)

  /// The mapping a packet used and its change.
  public struct Change: Hashable, Sendable {
    /// The mapping's number, from 1 in each router; nil if none was used.
    public var mapping: Int?
    public var kind: MappingChange?

    public init(mapping: Int? = nil, kind: MappingChange? = nil) {
      self.mapping = mapping
      self.kind = kind
    }

    public static let none = Change()
  }
}
