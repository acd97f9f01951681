// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// `step [N]`
public struct StepCommand: Command {
  public let count: Located<Int>?

  public init(_ arguments: Arguments) throws(SyntaxError) { count = arguments.optionalCount("N") }

  public static let declaration = CommandDeclaration(
    Self.self, "step", strangers: ["next", "continue", "tick", "s"], group: .packets, effect: .changes,
    forms: [[.optional("N", .count(1...1_000_000_000_000))]],
    summary: "lets the next thing happen, or the next N",
    details: [
      "One step is one device handling one packet. The clock jumps to the moment when it does. A mapping that expires "
        + "meanwhile is not a step: it is mentioned in passing.",
      "With nothing in flight nothing happens. At the prompt an empty line means `step` while a packet is in flight.",
    ],
    examples: ["scene one-home", "send alice:5000 bob:4000 hello", "step", "step 2"], seeAlso: ["run", "wait", "time"])
}

/// `run` · `run for DURATION`
public struct RunCommand: Command {
  /// How long; nil is until nothing is in flight.
  public let duration: Located<Interval>?

  public init(_ arguments: Arguments) throws(SyntaxError) { duration = arguments.optionalDuration("DURATION") }

  public static let declaration = CommandDeclaration(
    Self.self, "run", strangers: ["go", "start", "r"], group: .packets, effect: .changes,
    forms: [[], [.keyword("for"), .required("DURATION", .duration)]],
    summary: "runs until nothing is in flight, or for a time",
    details: ["Ctrl-C stops a long run where it is; what has happened stays."],
    examples: ["scene one-home", "ping alice bob", "run", "run for 30s"], seeAlso: ["step", "wait", "time"])
}

/// `wait DURATION`
public struct WaitCommand: Command {
  public let duration: Located<Interval>

  public init(_ arguments: Arguments) throws(SyntaxError) { duration = try arguments.duration("DURATION") }

  public static let declaration = CommandDeclaration(
    Self.self, "wait", strangers: ["sleep", "delay", "pause"], group: .packets, effect: .changes,
    forms: [[.required("DURATION", .duration)]],
    summary: "moves the clock on, and does whatever is due by then",
    details: ["It is simulated time: you do not have to wait five minutes. Mappings that are not used expire."],
    examples: ["scene one-home", "send alice:5000 bob:4000", "run", "wait 5m", "wait 1m30s", "table home-a"],
    seeAlso: ["run", "step", "time"])
}

/// `undo [N]`
public struct UndoCommand: Command {
  public let count: Located<Int>?

  public init(_ arguments: Arguments) throws(SyntaxError) { count = arguments.optionalCount("N") }

  public static let declaration = CommandDeclaration(
    Self.self, "undo", aliases: ["back"], strangers: ["revert", "rewind", "u"], group: .packets, effect: .travels,
    forms: [[.optional("N", .count(1...1_000_000))]],
    summary: "undoes the last command that changed anything, or the last N",
    details: [
      "`step` and `wait` are among them: the clock, the packets, the numbers and random choices go back too. Looking is "
        + "never undone. Asking for more than there are is an error, and undoes nothing."
    ],
    examples: ["host alice", "host bob", "undo", "redo"], seeAlso: ["redo", "history"])
}

/// `redo [N]`
public struct RedoCommand: Command {
  public let count: Located<Int>?

  public init(_ arguments: Arguments) throws(SyntaxError) { count = arguments.optionalCount("N") }

  public static let declaration = CommandDeclaration(
    Self.self, "redo", group: .packets, effect: .travels, forms: [[.optional("N", .count(1...1_000_000))]],
    summary: "does again what `undo` undid",
    details: ["It works until something else is changed."],
    examples: ["host alice", "host bob", "undo 2", "redo 2"], seeAlso: ["undo"])
}
