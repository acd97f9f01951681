// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Shell

/// Keeps a laboratory and a session together: what a command makes of the network, the places are told.
final class LabFollower: SessionListener, NetworkHolder {
  private unowned let console: Console
  /// Nil only while it is being made.
  private(set) var laboratory: Laboratory?

  /// Opens a laboratory over the console's session.
  init(_ console: Console) throws(LabFault) {
    self.console = console
    let loop: EventLoop
    do throws(SystemError) { loop = try EventLoop() } catch { throw .cannotStart(error) }
    let laboratory = Laboratory(self, loop: loop)
    loop.accompany(by: laboratory)
    self.laboratory = laboratory
    console.add(self)
  }

  func changeNetwork<Result>(_ body: (inout Network) -> Result) -> Result {
    console.change { session in body(&session.network) }
  }

  /// A capture has the packets at once, before the trace forgets them.
  func look() {
    console.change { session in
      if let tap = session.tap { tap.see(session) }
    }
  }

  func tell(of result: CommandResult, from origin: Console.Origin, in session: Session) {
    laboratory?.keepUp()
    // Real packets cannot be taken back, so no command before them can.
    console.change { session in session.beginChapter(session.network, lines: []) }
  }

  func tell(of failure: FailedLine, from origin: Console.Origin, in session: Session) {}
}
