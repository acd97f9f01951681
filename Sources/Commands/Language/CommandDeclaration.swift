// SPDX-License-Identifier: GPL-3.0-or-later

/// Everything about a command except its execution: syntax, help and completion are read from here, so they cannot
/// disagree.
public struct CommandDeclaration: Sendable {
  /// The part of the session that executing the command touches.
  public enum Effect: Hashable, Sendable {
    /// Nothing: it shows something, and `undo` passes over it.
    case looks
    /// The network, the clock or the packets: `undo` takes it back, `save` writes it.
    case changes
    /// The past: `undo` and `redo` themselves.
    case travels
    /// A companion of the session, such as a lesson: `undo` passes over it, `save` writes it.
    case guides
    /// Files or the program's end, which the outer layer handles.
    case outer
  }

  public let name: String
  public let aliases: [String]
  /// Words that may stand before it without meaning anything: `create` and `add` of `create host`.
  public let leadIns: [String]
  /// Words for the same thing in other tools; only for did-you-mean.
  public let strangers: [String]
  public let group: CommandGroup
  /// The ways to write it, each a list of the parameters after the name.
  public let forms: [[Parameter]]
  public let summary: String
  /// Paragraphs.
  public let details: [String]
  /// Whole lines that work when they are typed one after another in a new session.
  public let examples: [String]
  /// Commands and topics.
  public let seeAlso: [String]
  public let effect: Effect
  public let make: @Sendable (Arguments) throws(SyntaxError) -> any Command

  public init<Made: Command>(
    _ type: Made.Type, _ name: String, aliases: [String] = [], leadIns: [String] = [], strangers: [String] = [],
    group: CommandGroup, effect: Effect, forms: [[Parameter]] = [[]], summary: String, details: [String] = [],
    examples: [String], seeAlso: [String] = []
  ) {
    self.name = name
    self.aliases = aliases
    self.leadIns = leadIns
    self.strangers = strangers
    self.group = group
    self.effect = effect
    self.forms = forms
    self.summary = summary
    self.details = details
    self.examples = examples
    self.seeAlso = seeAlso
    make = { (arguments: Arguments) throws(SyntaxError) -> any Command in try type.init(arguments) }
  }

  /// One usage line per form: `wait DURATION`.
  public var usage: [String] { forms.map(usage(of:)) }

  /// The usage line of a form in an error: before it, in brackets, the keywords that other forms have ahead of the same words.
  func usageInErrors(of form: [Parameter]) -> String {
    let keywords = forms.compactMap { other -> String? in
      guard let first = other.first, case .keyword = first.shape, other.dropFirst() == form[...] else { return nil }
      return first.label
    }
    let before = keywords.isEmpty ? [] : ["[\(keywords.joined(separator: "|"))]"]
    return ([name] + before + form.map(\.usage)).joined(separator: " ")
  }

  /// The usage line of one of the forms.
  func usage(of form: [Parameter]) -> String {
    ([name] + form.map(\.usage)).joined(separator: " ")
  }
}

extension Command {
  /// As declared, except for commands that only look when they are given nothing.
  public var effect: CommandDeclaration.Effect { Self.declaration.effect }
}
