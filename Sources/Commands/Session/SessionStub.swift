// SPDX-License-Identifier: GPL-3.0-or-later

/// A command of the language, parsed: what it was given, checked and typed.
public protocol Command: Sendable {
  /// How it is written, completed and explained.
  static var declaration: CommandDeclaration { get }

  /// What executing this very command touches; as declared, unless the command says otherwise.
  var effect: CommandDeclaration.Effect { get }

  /// Takes what it needs from the arguments that its declaration let through.
  init(_ arguments: Arguments) throws(SyntaxError)
}
