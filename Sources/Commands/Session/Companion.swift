// SPDX-License-Identifier: GPL-3.0-or-later

/// Something that accompanies a session and sees the effect of every command.
public protocol Companion: Sendable {
  /// Looks at a command's result and the session after it; returns its remarks, each a result's content.
  mutating func remark(on result: CommandResult, in session: inout Session) -> [any ResultContent]

  /// Notes a line that failed; returns its remarks on that.
  mutating func note(_ error: SessionError) -> [any ResultContent]

  /// The command meant by a line that is not itself a command: an answer to an open question. Nil if it means nothing.
  func commandMeant(by line: String) -> String?

  /// The error for a line that is neither a command nor meant as one, if there is more to say than that; nil if not.
  func error(for line: String, _ error: SyntaxError) -> CommandError?

  /// Remarks held back while more commands were to follow, each a result's content.
  mutating func heldRemarks() -> [any ResultContent]
  /// Whether a command that changed nothing is saved all the same, since the companion depends on it.
  func keeps(_ content: any ResultContent, of command: String) -> Bool

  /// Whether undone commands are saved all the same, since they have counted.
  var keepsUndone: Bool { get }

  /// Whether the session's monitor stopped the companion's own work; then the command has done nothing.
  var wasStopped: Bool { get }

  /// Its part of the prompt: the lesson and the step.
  var promptNote: String? { get }
}

extension Companion {
  public func commandMeant(by line: String) -> String? { nil }

  public func error(for line: String, _ error: SyntaxError) -> CommandError? { nil }

  public mutating func heldRemarks() -> [any ResultContent] { [] }
  public func keeps(_ content: any ResultContent, of command: String) -> Bool { false }
  public var keepsUndone: Bool { false }
  public var wasStopped: Bool { false }
}
