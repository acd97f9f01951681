// SPDX-License-Identifier: GPL-3.0-or-later

/// Something that goes along with a session and sees what every command did.
public protocol Companion: Sendable {
  /// Looks at a command's result and the session after it; returns what it has to say, each piece a result's content.
  mutating func remark(on result: CommandResult, in session: inout Session) -> [any ResultContent]

  /// Takes note of a line that failed; returns what it has to say to that.
  mutating func note(_ error: SessionError) -> [any ResultContent]

  /// The command that a line stands for which is none: an answer to a question that is open. Nil where it stands for
  /// nothing.
  func commandMeant(by line: String) -> String?

  /// Whether a command that changed nothing belongs to what is saved all the same, since the companion goes by it.
  func keeps(_ content: any ResultContent, of command: String) -> Bool

  /// Whether commands that are undone belong to what is saved all the same, since they have counted.
  var keepsUndone: Bool { get }

  /// Whether the session's monitor stopped what the companion was about to do; then the command has done nothing.
  var wasStopped: Bool { get }

  /// What the prompt shows of it: the lesson and the step.
  var promptNote: String? { get }
}

extension Companion {
  public func commandMeant(by line: String) -> String? { nil }
  public func keeps(_ content: any ResultContent, of command: String) -> Bool { false }
  public var keepsUndone: Bool { false }
  public var wasStopped: Bool { false }
}
