// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Shell

/// Listens to a session for its page. It hands over the present session and returns: nobody at the prompt waits for a
/// page.
final class PageFollower: SessionListener {
  let server: PageServer
  private var moment = PageState.Moment()

  init(_ server: PageServer) {
    self.server = server
  }

  func tell(of result: CommandResult, from origin: Console.Origin, in session: Session) {
    if !(result.content is PageReport) { moment.note(result.command) }
    moment.keep(result)
    server.publish(session, moment)
  }

  func tell(of failed: FailedLine, from origin: Console.Origin, in session: Session) {
    moment.note(failed.command, error: failed.failure.report.message)
    server.publish(session, moment)
  }
}
