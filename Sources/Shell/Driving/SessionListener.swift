// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// Somebody who follows what a session does: a terminal, a log in JSON, a page. Whatever drives a session tells its
/// listeners of each command, in the order in which they began to listen, before the next command begins.
public protocol SessionListener: AnyObject {
  /// A command went well, and `session` is as it left it.
  func tell(of result: CommandResult, from origin: Console.Origin, in session: Session)

  /// A line could not be read, or one of its commands was not carried out: then `session` is as it was.
  func tell(of failure: FailedLine, from origin: Console.Origin, in session: Session)
}

/// A command that failed, or a line that could not be read as commands.
public struct FailedLine: Sendable {
  public var failure: Failure
  /// The whole line.
  public var line: String
  /// The command in it, as it was typed.
  public var command: String
  /// The companion's remarks on the failure, each the content of a result.
  public var remarks: [any ResultContent] = []
}

/// A result's content that asks something of the program around the session, which the session cannot do itself:
/// serving a page.
public protocol ConsoleRequest: ResultContent {
  /// Does it, and returns what the command reports instead.
  ///
  /// - Throws: why that cannot be done.
  func fulfil(in console: Console) throws(RequestFault) -> any ResultContent
}

/// Why something asked of the program around the session could not be done.
public struct RequestFault: Error, Sendable {
  /// The kind's name in JSON.
  public var kind: String
  /// The fault and what to do about it.
  public var message: String
  /// Something that could replace the faulty part.
  public var suggestion: String?

  public init(kind: String, message: String, suggestion: String? = nil) {
    self.kind = kind
    self.message = message
    self.suggestion = suggestion
  }
}
