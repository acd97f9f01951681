// SPDX-License-Identifier: GPL-3.0-or-later

/// What a router's application level gateways know: TCP connections whose text has become longer or shorter, and what
/// they did last.
struct GatewayMemory: Sendable {
  /// Beyond that many connections, the one that was changed first is forgotten.
  static let capacity = 256

  /// In the order in which their text was first changed.
  private(set) var connections: [RewrittenConnection] = []
  /// What has been done and not been told.
  var notes: [GatewayNote] = []

  func place(_ inside: Endpoint, _ remote: Endpoint) -> Int? {
    connections.firstIndex { $0.inside == inside && $0.remote == remote }
  }

  /// The bytes that were sent in place of the same segment before.
  func earlierText(of segment: Packet, from inside: Endpoint) -> [UInt8]? {
    place(inside, segment.destination).flatMap { connections[$0].text(insteadOf: segment) }
  }

  /// Remembers that a segment's text was changed.
  mutating func add(_ segment: Packet, from inside: Endpoint, before: [UInt8], after: [UInt8]) {
    if let place = place(inside, segment.destination) {
      return connections[place].add(at: segment.sequenceNumber, before: before, after: after)
    }
    if connections.count >= Self.capacity { connections.removeFirst() }
    var connection = RewrittenConnection(inside: inside, remote: segment.destination)
    connection.add(at: segment.sequenceNumber, before: before, after: after)
    connections.append(connection)
  }

  mutating func forget(_ inside: Endpoint, _ remote: Endpoint) {
    connections.removeAll { $0.inside == inside && $0.remote == remote }
  }

  mutating func removeAll() { connections = [] }
}

/// A TCP connection some of whose segments from inside were changed: what follows them has other sequence numbers
/// outside than inside (RFC 3022 §4.4).
struct RewrittenConnection: Sendable {
  /// The changed segments that are remembered; older ones only as the shift that they have left.
  static let capacity = 16

  let inside: Endpoint
  let remote: Endpoint
  private var edits: [Edit] = []
  /// The shift before the first of ``edits``.
  private var base: UInt32 = 0

  private struct Edit: Sendable {
    /// Where the segment begins, as its sender counts.
    let start: UInt32
    let before: [UInt8]
    let after: [UInt8]
    /// What is added to sequence numbers from the segment's end on.
    let shift: UInt32

    var end: UInt32 { start &+ UInt32(truncatingIfNeeded: before.count) }
  }

  init(inside: Endpoint, remote: Endpoint) {
    self.inside = inside
    self.remote = remote
  }

  /// The text that went out when this segment was sent before.
  func text(insteadOf segment: Packet) -> [UInt8]? {
    edits.last { $0.start == segment.sequenceNumber && $0.before == segment.payload.bytes }?.after
  }

  /// Whether a segment that begins there lies behind all changes so far.
  func isNew(_ start: UInt32) -> Bool { edits.last.map { Self.isBefore($0.end, start) } ?? true }

  mutating func add(at start: UInt32, before: [UInt8], after: [UInt8]) {
    let shift = (edits.last?.shift ?? base) &+ UInt32(truncatingIfNeeded: after.count - before.count)
    edits.append(Edit(start: start, before: before, after: after, shift: shift))
    if edits.count > Self.capacity { base = edits.removeFirst().shift }
  }

  /// A sequence number of the inside as the outside counts.
  func outward(_ number: UInt32) -> UInt32 {
    number &+ (edits.last { Self.isBefore($0.end, number) }?.shift ?? base)
  }

  /// What the outside acknowledges, as the inside counts.
  func inward(_ number: UInt32) -> UInt32 {
    number &- (edits.last { Self.isBefore($0.end &+ $0.shift, number) }?.shift ?? base)
  }

  /// Whether `left` is `right`, or comes before it.
  private static func isBefore(_ left: UInt32, _ right: UInt32) -> Bool { Int32(bitPattern: right &- left) >= 0 }
}
