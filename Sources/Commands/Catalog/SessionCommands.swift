// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// `save FILE`
public struct SaveCommand: Command {
  public let path: Located<String>

  public init(_ arguments: Arguments) throws(SyntaxError) { path = try arguments.text("FILE") }

  public static let declaration = CommandDeclaration(
    Self.self, "save", strangers: ["write"], group: .session, effect: .outer, forms: [[.required("FILE", .file)]],
    summary: "writes the commands that rebuild the session to a file",
    details: [
      "The file is a script: the commands that succeeded and were not undone, one per line. It is written whole or not "
        + "at all. Quote a name with spaces in it."
    ],
    examples: ["scene two-homes", "save two-homes.nat"], seeAlso: ["load", "history", "scripts"])
}

/// `load FILE`
public struct LoadCommand: Command {
  public let path: Located<String>

  public init(_ arguments: Arguments) throws(SyntaxError) { path = try arguments.text("FILE") }

  public static let declaration = CommandDeclaration(
    Self.self, "load", strangers: ["source", "read"], group: .session, effect: .outer,
    forms: [[.required("FILE", .file)]],
    summary: "runs the commands in a file",
    details: [
      "All of them or none: if one fails, you are told the line, and nothing has changed. One `undo` takes back all "
        + "that the file did."
    ],
    examples: ["load two-homes.nat"], seeAlso: ["save", "scripts"])
}

/// `help [COMMAND|TOPIC|PROPERTY]`
public struct HelpCommand: Command {
  public let subject: Located<String>?

  public init(_ arguments: Arguments) throws(SyntaxError) { subject = arguments.optionalText("SUBJECT") }

  public static let declaration = CommandDeclaration(
    Self.self, "help", aliases: ["?"], strangers: ["man", "h", "commands"], group: .session, effect: .looks,
    forms: [[.optional("SUBJECT", .helpSubject)]],
    summary: "explains a command, a topic or a property, or lists them all",
    details: ["The words that say why a packet was dropped and the names of presets are subjects too."],
    examples: ["help", "help send", "help filtering", "help no-mapping"], seeAlso: ["start"])
}

/// `glossary`
public struct GlossaryCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "glossary", strangers: ["words", "terms", "dictionary"], group: .session, effect: .looks,
    summary: "explains the technical terms, each in a sentence or two",
    details: ["`help WORD` explains a single one."], examples: ["glossary", "help hole-punching"],
    seeAlso: ["help", "at-home"])
}

/// `history`
public struct HistoryCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "history", group: .session, effect: .looks,
    summary: "lists the commands that have made the session what it is",
    details: [
      "It is what `save` would write: commands that failed, only showed something or were undone are not in it."
    ],
    examples: ["host alice", "history"], seeAlso: ["undo", "save"])
}

/// `seed [N]`
public struct SeedCommand: Command {
  /// Nil shows the seed.
  public let seed: Located<UInt64>?

  public init(_ arguments: Arguments) throws(SyntaxError) { seed = arguments.optionalSeed("N") }

  public var effect: CommandDeclaration.Effect { seed == nil ? .looks : .changes }

  public static let declaration = CommandDeclaration(
    Self.self, "seed", strangers: ["random", "luck"], group: .session, effect: .changes,
    forms: [[], [.required("N", .seed)]],
    summary: "shows or sets the seed for all random choices",
    details: [
      "The same script with the same seed gives the same bytes, on every machine. Set it before anything is built: what "
        + "is there may already have drawn random numbers."
    ],
    examples: ["seed 42", "seed"], seeAlso: ["scripts", "reset"])
}

/// `version`
public struct VersionCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "version", group: .session, effect: .looks, summary: "says which natsh this is", examples: ["version"])
}

/// `clear`
public struct ClearCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "clear", aliases: ["cls"], group: .session, effect: .outer, summary: "clears the screen",
    details: ["The network stays as it is; `reset` removes it. Ctrl-L clears the screen too."],
    examples: ["clear"], seeAlso: ["reset"])
}

/// `quit` (`exit`)
public struct QuitCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "quit", aliases: ["exit"], strangers: ["bye", "logout", "q", "leave"], group: .session, effect: .outer,
    summary: "leaves natsh", details: ["Ctrl-D does so too."], examples: ["quit"])
}
