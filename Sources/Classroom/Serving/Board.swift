// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NIOCore

/// Somebody who is sent every change.
protocol Viewer: AnyObject {
  /// Whether the last event has left for the viewer, so that more may follow.
  var takesMore: Bool { get }
  func send(_ message: Board.Message)
  /// There will be nothing more to see.
  func leave()
}

/// The page's states and their viewers. It is used only on the server's thread.
final class Board {
  /// An event with its bytes as they are sent, which all viewers share.
  struct Message {
    let event: ChangeLog.Event
    let bytes: ByteBuffer

    init(_ event: ChangeLog.Event) {
      self.event = event
      bytes = ByteBuffer(string: event.text)
    }
  }

  private(set) var log: ChangeLog
  /// A viewer, and whether it has missed an event.
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

  /// Shows the next state to all. A viewer who has not taken the last event is sent the whole state later, and does not
  /// hold up the others.
  func show(_ state: PageState) {
    guard let event = log.advance(to: state) else { return }
    let message = Message(event)
    // Sending to a viewer who has gone removes its seat, so this loop goes over a copy.
    for seat in seats {
      if seat.isBehind || !seat.viewer.takesMore {
        seat.isBehind = true
      } else {
        seat.viewer.send(message)
      }
    }
  }

  /// - Parameter seen: the number of the last event that the viewer has; nil for a new one.
  func add(_ viewer: any Viewer, after seen: Int?) {
    seats.append(Seat(viewer))
    for event in log.catchingUp(after: seen) { viewer.send(Message(event)) }
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

  /// The viewer has taken the events that it was sent.
  func catchUp(_ viewer: any Viewer) {
    guard let seat = seats.first(where: { $0.viewer === viewer }), seat.isBehind else { return }
    seat.isBehind = false
    viewer.send(Message(log.snapshot))
  }
}
