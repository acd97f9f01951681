// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// Somebody who is sent every change.
protocol Viewer: AnyObject {
  /// Whether what was sent last has left for the viewer, so that more may follow.
  var takesMore: Bool { get }
  func send(_ event: ChangeLog.Event)
  /// There will be nothing more to see.
  func leave()
}

/// The page's states and those who look at them. It is used on the server's thread alone.
final class Board {
  private(set) var log: ChangeLog
  /// A viewer, and whether something was not sent to it that it should have.
  private final class Seat {
    let viewer: any Viewer
    var isBehind = false

    init(_ viewer: any Viewer) { self.viewer = viewer }
  }
  private var seats: [Seat] = []

  init(_ state: PageState, sequence: Int, most: ChangeLog.Most = .projector) {
    log = ChangeLog(state, sequence: sequence, most: most)
  }

  var viewerCount: Int { seats.count }

  /// Shows the next state to all. Who has not taken what came before is sent the whole later, and holds up nobody.
  func show(_ state: PageState) {
    guard let event = log.advance(to: state) else { return }
    // Sending to one who has gone takes that seat away: those who sit there now are gone through.
    for seat in seats {
      if seat.isBehind || !seat.viewer.takesMore {
        seat.isBehind = true
      } else {
        seat.viewer.send(event)
      }
    }
  }

  /// - Parameter seen: the number of the last event that the viewer has; nil for a new one.
  func add(_ viewer: any Viewer, after seen: Int?) {
    seats.append(Seat(viewer))
    for event in log.catchingUp(after: seen) { viewer.send(event) }
  }

  func remove(_ viewer: any Viewer) {
    seats.removeAll { $0.viewer === viewer }
  }

  /// Sends everybody away.
  func close() {
    let leaving = seats
    seats = []
    for seat in leaving { seat.viewer.leave() }
  }

  /// The viewer has taken what it was sent.
  func catchUp(_ viewer: any Viewer) {
    guard let seat = seats.first(where: { $0.viewer === viewer }), seat.isBehind else { return }
    seat.isBehind = false
    viewer.send(log.snapshot)
  }
}
