// SPDX-License-Identifier: GPL-3.0-or-later

/// The states of a page, one after another, as numbered changes. It keeps the last few changes for those who come back.
struct ChangeLog: Sendable {
  /// An event sent to a viewer.
  struct Event: Hashable, Sendable {
    enum Kind: String, Sendable {
      case snapshot, change
    }
    var kind: Kind
    var sequence: Int
    /// A JSON object in one line.
    var data: String

    /// The event in the format of server-sent events.
    var text: String { "event: \(kind.rawValue)\nid: \(sequence)\ndata: \(data)\n\n" }
  }

  /// The most changes that are kept, with a limit on their bytes in all.
  static let mostChanges = 256
  static let mostBytes = 4 << 20

  private(set) var state: PageState
  private(set) var sequence: Int
  /// The last changes, without gaps, the newest being that of ``sequence``.
  private var changes: [Event] = []
  private var bytes = 0

  /// - Parameter sequence: the first state's number. One server's numbers must not be mistaken for another's, so a
  ///   later server begins higher.
  init(_ state: PageState, sequence: Int) {
    self.state = state
    self.sequence = sequence
  }

  /// The whole present state.
  var snapshot: Event {
    Event(kind: .snapshot, sequence: sequence, data: state.snapshot(sequence: sequence))
  }

  /// Goes on to `next`; returns the changes, nil if there are none.
  mutating func advance(to next: PageState) -> Event? {
    guard let data = next.change(since: state, sequence: sequence + 1) else { return nil }
    sequence += 1
    state = next
    let event = Event(kind: .change, sequence: sequence, data: data)
    changes.append(event)
    bytes += data.utf8.count
    while changes.count > Self.mostChanges || bytes > Self.mostBytes && changes.count > 1 {
      bytes -= changes.removeFirst().data.utf8.count
    }
    return event
  }

  /// The events for somebody who has seen everything up to `seen`: the changes since, or a snapshot if those are not
  /// kept or the number is unknown.
  func catchingUp(after seen: Int?) -> [Event] {
    guard let seen, seen <= sequence, seen >= sequence - changes.count else { return [snapshot] }
    return Array(changes.suffix(sequence - seen))
  }
}
