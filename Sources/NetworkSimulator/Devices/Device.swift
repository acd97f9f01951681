// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The parts of a device that packets need, whatever its kind, on two of the processor's cache lines; a network may
/// have a hundred thousand of these, and a packet needs one or two at each step.
struct Node: Sendable {
  let role: Device.Role
  /// The upper end of its link: a router, or the internet. The internet's is itself.
  let parent: DeviceID
  /// Whether it has been removed; its name stays, for the hops that it made.
  var isRemoved = false
  /// Whether its link costs a packet more than time; see ``LinkLimits``.
  var hasLimits = false
  /// The time a packet takes over its link.
  var delay: Interval
  /// The packets that crossed its link.
  var crossed = ByDirection(PacketCounter())

  var sent = PacketCounter()
  var forwarded = PacketCounter()
  var delivered = PacketCounter()
  var dropped = PacketCounter()

  init(role: Device.Role, parent: DeviceID, delay: Interval) {
    self.role = role
    self.parent = parent
    self.delay = delay
  }

  var isHost: Bool { if case .host = role { true } else { false } }
  var isRouter: Bool { if case .router = role { true } else { false } }

  /// Notes `length` bytes that have left on the link; returns when they arrive at its other end.
  @inline(__always)
  mutating func cross(_ direction: Direction, _ length: Int, leavingAt left: Instant) -> Instant {
    crossed[direction].count(length)
    return left + delay
  }
}

/// The other parts of a device, which people ask for.
struct DeviceDetails: Sendable {
  /// As the learner wrote it; compared without case.
  let name: String
  /// The devices behind it.
  var childCount = 0
  /// The server that it, and the devices behind it, ask for names.
  var resolver: IPAddress?
  var limits: LinkLimits
}

/// The parts that every device has, whatever its kind: a name, a place, a link, and counters.
public struct Device: Sendable {
  /// A device's kind, and where its kind's own part is kept.
  enum Role: Hashable, Sendable {
    case internet
    case host(Int)
    case router(Int)
  }

  public let id: DeviceID
  let node: Node
  let details: DeviceDetails

  /// As the learner wrote it; compared without case.
  public var name: String { details.name }
  /// The upper end of its link: a router, or the internet. The internet's is itself.
  public var parent: DeviceID { node.parent }
  /// Whether it has been removed; its name stays, for the hops that it made.
  public var isRemoved: Bool { node.isRemoved }

  public var sent: PacketCounter { node.sent }
  public var forwarded: PacketCounter { node.forwarded }
  public var delivered: PacketCounter { node.delivered }
  public var dropped: PacketCounter { node.dropped }

  public var isHost: Bool { node.isHost }
  public var isRouter: Bool { node.isRouter }

  /// Its link towards the internet.
  public var link: Link { Link(delay: node.delay, limits: details.limits) }
  /// Packets that crossed its link towards the internet and from it.
  public var crossed: (up: PacketCounter, down: PacketCounter) { (node.crossed.up, node.crossed.down) }
}
