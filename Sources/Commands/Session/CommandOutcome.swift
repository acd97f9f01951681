// SPDX-License-Identifier: GPL-3.0-or-later

/// The effect of a command, before the session has put its name to it.
public struct CommandOutcome: Sendable {
  public var activity: ActivityReport?
  public var content: any ResultContent
  public var notices: [Notice]
  /// Whether the command found nothing to do, so that there is nothing to undo.
  package var changedNothing = false
  /// A command that does the same again, if the one that was given would not: a run that was stopped.
  package var equivalent: (any Command)?
  /// The line that is remembered instead of the one that was typed.
  package var equivalentLine: String?

  public init(_ content: any ResultContent = NoContent(), activity: ActivityReport? = nil, notices: [Notice] = []) {
    self.content = content
    self.activity = activity
    self.notices = notices
  }
}
