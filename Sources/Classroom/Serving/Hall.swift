// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NIOCore

/// A server's pages and those whom it serves. It is used on the server's thread alone.
final class Hall {
  let port: Int
  let board: Board
  private(set) var gate: Gate
  private(set) var room: ClassRoom?
  let attendance = Attendance()
  /// How the teacher's session stands.
  private var teacher: PageState

  init(_ state: PageState, sequence: Int, port: Int) {
    self.port = port
    teacher = state
    board = Board(state, sequence: sequence)
    gate = Gate(port: port)
  }

  /// Shows the teacher's session as it stands.
  func show(_ state: PageState) {
    // Once the teacher has gone on, what was revealed has been seen.
    if let command = state.command, command != teacher.command, !command.hasPrefix("\"class") { room?.dismissPoll() }
    teacher = state
    refresh()
  }

  func refresh() { board.show(room?.added(to: teacher) ?? teacher) }

  /// Lets learners in, by those addresses too.
  func open(_ room: ClassRoom, addresses: [String]) {
    self.room = room
    gate = Gate(port: port, addresses: addresses, hasClass: true)
    room.onChange = { [weak self] in self?.refresh() }
    refresh()
  }

  func closeClass() {
    let closing = room
    room = nil
    gate = Gate(port: port)
    closing?.close()
    refresh()
  }

  /// The name of the cookie: one machine may serve several classes, and cookies know no ports.
  var cookie: String { "natsh\(port)" }
}
