// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `enter HOST [COMMAND…]`
struct EnterCommand: Command {
  let host: Located<NamedDevice>
  /// Nothing for a shell.
  let words: [String]

  init(_ arguments: Arguments) throws(SyntaxError) {
    host = try arguments.device("HOST")
    words = arguments.texts("COMMAND").map(\.value)
  }

  static let declaration = CommandDeclaration(
    Self.self, "enter", strangers: ["exec", "attach", "login", "ssh", "bash"], group: .laboratory, effect: .outer,
    forms: [[.required("HOST", .device(.hosts))], [.required("HOST", .device(.hosts)), .rest("COMMAND", .text)]],
    summary: said("opens a shell in a host's place, or runs one real program there"),
    details: [
      said(
        "What runs there has the host's addresses and no network but the simulated one: each of its packets is a hop here. ",
        "The other hosts are known by their names. `exit` comes back."),
      said(
        "From then on the host's packets are made and answered by this machine's kernel, not by natsh; natsh's own programs ",
        "on that host hear nothing any more. The clock follows the real one while the laboratory is open."),
    ],
    examples: ["scene two-homes", "enter alice ping -c 1 bob", "ladder"], seeAlso: ["start", "jobs", "ladder"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(LabRequest.enter(host: host.value.name, words: words))
  }
}

/// `start HOST COMMAND…`
struct StartCommand: Command {
  let host: Located<NamedDevice>
  let words: [String]

  init(_ arguments: Arguments) throws(SyntaxError) {
    host = try arguments.device("HOST")
    words = arguments.texts("COMMAND").map(\.value)
  }

  static let declaration = CommandDeclaration(
    Self.self, "start", strangers: ["spawn", "launch", "bg", "background"], group: .laboratory, effect: .outer,
    forms: [[.required("HOST", .device(.hosts)), .rest("COMMAND", .text)]],
    summary: said("starts a real program in a host's place and lets it run on"),
    details: [
      said(
        "It waits until the program listens at a port, at most a second, so that another can call it next. `jobs` shows what ",
        "it prints, `kill` ends it; it ends with the laboratory."),
      said("A word with spaces or `;` goes into quotes: `start bob sh -c \"while :; do date; sleep 1; done\"`."),
    ],
    examples: ["scene two-homes", "start bob iperf3 -s", "enter alice iperf3 -c bob"],
    seeAlso: ["enter", "jobs", "kill"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(LabRequest.start(host: host.value.name, words: words))
  }
}

/// `jobs [N]`
struct JobsCommand: Command {
  let number: Int?

  init(_ arguments: Arguments) throws(SyntaxError) { number = arguments.optionalCount("N")?.value }

  static let declaration = CommandDeclaration(
    Self.self, "jobs", strangers: ["ps", "processes", "fg"], group: .laboratory, effect: .outer,
    forms: [[.optional("N", .count(1...1_000_000))]],
    summary: said("lists the real programs that were started, or shows what one has printed"),
    examples: ["jobs"], seeAlso: ["start", "kill"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(LabRequest.jobs(number: number))
  }
}

/// `kill N`
struct KillCommand: Command {
  let number: Int

  init(_ arguments: Arguments) throws(SyntaxError) { number = try arguments.count("N").value }

  static let declaration = CommandDeclaration(
    Self.self, "kill", strangers: ["terminate", "end"], group: .laboratory, effect: .outer,
    forms: [[.required("N", .count(1...1_000_000))]],
    summary: said("ends a real program that was started, and all that it has started"),
    examples: ["scene two-homes", "start bob iperf3 -s", "kill 1"], seeAlso: ["jobs", "start"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(LabRequest.kill(number: number))
  }
}

extension CommandGroup {
  static let laboratory = CommandGroup("Laboratory")
}

extension Vocabulary {
  /// The part of the laboratory.
  public static let laboratory = Vocabulary([
    EnterCommand.declaration, StartCommand.declaration, JobsCommand.declaration, KillCommand.declaration,
  ])
}
