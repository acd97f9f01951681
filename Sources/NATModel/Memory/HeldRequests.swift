// SPDX-License-Identifier: GPL-3.0-or-later

/// A TCP request from outside that was turned away, and will be answered if nothing inside asks for it (RFC 5382
/// REQ-4).
public struct HeldRequest: Hashable, Sendable {
  /// The SYN as it arrived.
  public var packet: Packet
  /// The packet's number.
  public var number: Int
  /// When it is answered.
  public var answerAt: Instant
}

/// The requests that wait for their answer, in the order they came, which is the order they are due.
///
/// A flood of them must not use memory without limit: a request that finds no room is never answered, which the
/// requirement allows.
struct HeldRequests: Sendable {
  /// How long a request waits: both sides may be opening at once, and an error that comes first would spoil it.
  static let wait = Interval.seconds(6)
  static let capacity = 256

  private var requests: ContiguousArray<HeldRequest> = []

  @inline(__always) var isEmpty: Bool { requests.isEmpty }
  var count: Int { requests.count }
  /// When the next answer is due.
  var nextDue: Instant { requests.first?.answerAt ?? .never }

  /// Holds a request; a repetition of one that is held already is answered with it.
  mutating func hold(_ packet: Packet, number: Int, at now: Instant) {
    guard requests.count < Self.capacity, !isHeld(from: packet.source, to: packet.destination) else { return }
    requests.append(HeldRequest(packet: packet, number: number, answerAt: now + Self.wait))
  }

  func isHeld(from source: Endpoint, to destination: Endpoint) -> Bool {
    requests.contains { $0.packet.source == source && $0.packet.destination == destination }
  }

  func answerTime(ofPacket number: Int) -> Instant? { requests.first { $0.number == number }?.answerAt }

  /// Forgets the request from `source` to `destination`: it will not be answered.
  mutating func drop(from source: Endpoint, to destination: Endpoint) {
    requests.removeAll { $0.packet.source == source && $0.packet.destination == destination }
  }

  /// Removes the next request to be answered by `now`.
  mutating func takeDue(at now: Instant) -> HeldRequest? {
    guard nextDue <= now else { return nil }
    return requests.removeFirst()
  }

  mutating func removeAll() { requests.removeAll() }
}
