// SPDX-License-Identifier: GPL-3.0-or-later

/// A command of the language, parsed: its arguments, checked and typed.
public protocol Command: Sendable {
  /// Its syntax, completion and help.
  static var declaration: CommandDeclaration { get }

  /// Takes its values from the arguments that its declaration accepted.
  init(_ arguments: Arguments) throws(SyntaxError)

  /// The effect of carrying it out, with the arguments that it has.
  var effect: CommandDeclaration.Effect { get }

  /// Carries it out. When it throws, it has changed nothing.
  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome
}
