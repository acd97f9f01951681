// SPDX-License-Identifier: GPL-3.0-or-later

/// A command of the language, parsed: what it was given, checked and typed.
public protocol Command: Sendable {
  /// How it is written, completed and explained.
  static var declaration: CommandDeclaration { get }

  /// Takes what it needs from the arguments that its declaration let through.
  init(_ arguments: Arguments) throws(SyntaxError)

  /// What carrying it out touches, with the arguments that it has.
  var effect: CommandDeclaration.Effect { get }

  /// Does it. When it throws, it has changed nothing.
  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome
}
