// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering

/// Everything visible of a session, in lines of JSON: two sessions with equal sights are the same to anyone.
package struct SessionSight: Equatable {
  package let lines: [String]
  /// The number of lines for the commands that `save` writes, and for the lesson's place.
  private let commands: Int

  /// The first look at a table marks new rows in it; the last command shows what comes next.
  private static let looks = ["table", "table", "show", "programs", "packets", "map", "trace 1000", "stats", "step"]

  package init(of session: Session) {
    var session = session
    session.monitor = nil
    let lesson = session.companion?.promptNote ?? ""
    session.companion = nil
    var lines = session.standingLines + [lesson]
    commands = lines.count
    for (number, look) in Self.looks.enumerated() {
      do {
        for statement in try Statement.statements(in: look) {
          let line = JSONRenderer().line(for: try session.execute(statement))
          if number > 0 { lines.append(line) }
        }
      } catch {
        lines.append("\(look): \(error)")
      }
    }
    self.lines = lines
  }

  /// The network alone.
  package var network: SessionSight { SessionSight(lines: Array(lines.dropFirst(commands)), commands: 0) }

  private init(lines: [String], commands: Int) {
    self.lines = lines
    self.commands = commands
  }

  /// The first line that differs, as both have it.
  package func difference(from other: SessionSight) -> String? {
    for (mine, others) in zip(lines, other.lines) where mine != others { return "\(mine)\nand not\n\(others)" }
    return lines.count == other.lines.count ? nil : "\(lines.count) lines and not \(other.lines.count)"
  }
}

/// A glance at a session, at almost no cost.
struct SessionGlance: Equatable {
  private let lines: Int
  private let clock: Int64
  private let hops: Int
  private let inFlight: Int
  private let devices: Int

  init(at session: Session) {
    lines = session.standingLines.count
    clock = session.clock.microseconds
    hops = session.network.trace.hopCount
    inFlight = session.packetsInFlight
    devices = session.network.allDevices.count
  }
}
