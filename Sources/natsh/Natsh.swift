// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Commands
import Shell
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The program's own options, besides the script.
struct Flags: ParsableArguments {
  @Option(
    name: .customShort("c"), parsing: .unconditional,
    help: ArgumentHelp(said("Run these commands; ';' separates two."), valueName: "commands"))
  var commands: String?

  @Flag(help: ArgumentHelp(said("Print one JSON object a line, one line a command.")))
  var json = false

  @Flag(help: ArgumentHelp(said("Go on after an error in a script; the exit status still reports it.")))
  var keepGoing = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(said("The seed of everything random, from 0 to \(UInt64.max)."), valueName: "number"))
  var seed = Call().seed

  @Option(
    help: ArgumentHelp(
      said("The processor time that a script may take where no progress is shown: 600 s unless you say otherwise."),
      valueName: "seconds"))
  var budget = Call().budget

  @OptionGroup var place: LessonsOption

  @Flag(help: ArgumentHelp(said("Print the version.")))
  var version = false
}

/// The program's own options and its script. Shell acts on them.
struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "natsh", abstract: said("Build a small internet, send packets step by step, and watch NAT at work."),
    discussion:
      said(
        "Without a script, at a terminal, it is an interactive shell: type 'help' there. Each subcommand has a --help."),
    subcommands: Subcommands.all)

  @Argument(
    help: ArgumentHelp(said("A file of commands; '-' is standard input. Without one, the interactive shell starts.")),
    completion: .script)
  var script: String?

  @OptionGroup var flags: Flags

  func validate() throws {
    if script != nil, flags.commands != nil {
      throw ValidationError(said("Use a script or -c, not both."))
    }
    if flags.budget < 1 { throw ValidationError(said("--budget takes seconds, such as 3600.")) }
  }
}

extension ParsableCommand {
  /// The explanation of a wrong call goes to standard error with status 2; the help that was asked for is not an error.
  static func explain(_ error: any Error) -> ExitStatus {
    let text = fullMessage(for: error)
    guard exitCode(for: error).isSuccess else {
      OutputChannel(descriptor: 2).writeMessage(text.isEmpty ? said("Usage: natsh [options] [file]") : text)
      return .wrongCall
    }
    OutputChannel(descriptor: 1).writeLine(text)
    return .success
  }
}

extension Options {
  /// The call that the options describe.
  var call: Call {
    Call(
      script: script, commands: flags.commands, json: flags.json, keepGoing: flags.keepGoing, seed: flags.seed,
      budget: flags.budget, lessons: flags.place.lessons, version: flags.version)
  }
}

/// How natsh was called, without the machinery that reads it from words. The defaults are a call without words.
struct Call {
  var script: String?
  var commands: String?
  var json = false
  var keepGoing = false
  var seed: UInt64 = 1
  /// Seconds of processor time.
  var budget = 600
  var lessons: String?
  var version = false
}

@main
enum Natsh {
  static func main() {
    ProcessSetup.prepare()
    SpokenLanguage.choose()
    exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  private static func run(_ arguments: [String]) -> ExitStatus {
    // The option parser costs as much as everything else before the prompt together, so it waits for options.
    guard !arguments.isEmpty else { return run(Call()) }
    if let status = Subcommands.run(arguments) { return status }
    do {
      return run(try Options.parse(arguments).call)
    } catch {
      return Options.explain(error)
    }
  }

  private static func run(_ call: Call) -> ExitStatus {
    if call.version {
      OutputChannel(descriptor: 1).write("natsh \(Version.current)\n")
      return .success
    }
    let console = Console(
      session: Language.session(seed: call.seed, lessons: call.lessons, isTyped: isTyped(call)),
      format: call.json ? .json : .text, progress: isTyped(call) ? ProgressLine() : ProgressLine(budget: call.budget))
    defer { console.endCapture() }
    if isTyped(call), let sittings = SittingKeeper.standard { console.add(sittings) }
    let script = ScriptRun(console: console, stopsAtError: !call.keepGoing)
    if let commands = call.commands { return script.run(text: commands) }
    if let path = call.script, path != "-" { return script.run(file: path) }
    if call.script == nil, Terminal.input.isTerminal {
      if Terminal.output.isTerminal { return InteractiveShell(console: console).run() }
      // It is typed, but a program watches: one mistake should not end it.
      return ScriptRun(console: console, stopsAtError: false).runStandardInput()
    }
    return script.runStandardInput()
  }

  /// Whether a learner is at the terminal.
  private static func isTyped(_ call: Call) -> Bool {
    call.commands == nil && call.script == nil && Terminal.input.isTerminal && Terminal.output.isTerminal
  }
}
