// SPDX-License-Identifier: GPL-3.0-or-later

/// The freed ports that may not be used again yet (RFC 6888 REQ-8), in the order they were freed.
struct RestingPorts: Sendable {
  struct Port: Sendable {
    var space: Int
    var port: UInt16
    var until: Instant
  }

  private var ports: ContiguousArray<Port> = []
  private var first = 0
  /// When the next port has rested; ``Instant/never`` if none does.
  private(set) var earliest = Instant.never

  mutating func rest(_ port: UInt16, of space: Int, until: Instant) {
    ports.append(Port(space: space, port: port, until: until))
    earliest = ports[first].until
  }

  /// Forgets that a port rests, since somebody has it again. This takes time in proportion to the number of resting ports.
  mutating func wake(_ port: UInt16, of space: Int) {
    ports.removeSubrange(..<first)
    first = 0
    ports.removeAll { $0.port == port && $0.space == space }
    earliest = ports.first?.until ?? .never
  }

  /// Removes the next port that has rested by `now`.
  mutating func next(at now: Instant) -> Port? {
    guard now >= earliest, first < ports.count else { return nil }
    first += 1
    let port = ports[first - 1]
    if first > 1_024, first * 2 > ports.count {
      ports.removeFirst(first)
      first = 0
    }
    earliest = first < ports.count ? ports[first].until : .never
    return port
  }

  /// Files the resting ports under their new spaces; those without one are forgotten.
  mutating func move(_ newSpace: (Int) -> Int?) {
    var moved = ContiguousArray<Port>()
    for var port in ports[first...] {
      guard let space = newSpace(port.space) else { continue }
      port.space = space
      moved.append(port)
    }
    ports = moved
    first = 0
    earliest = ports.first?.until ?? .never
  }
}
