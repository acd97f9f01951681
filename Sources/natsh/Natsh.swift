// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Commands
import Shell

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The program's own options. What it does with them is in Shell.
struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "natsh", abstract: "Build a small internet, send packets step by step, and watch NAT at work.",
    discussion: "Without a script, at a terminal, it is an interactive shell: type 'help' there.")

  @Argument(help: "A file of commands; '-' is standard input. Without one, the interactive shell.")
  var script: String?

  @Option(
    name: .customShort("c"), parsing: .unconditional,
    help: ArgumentHelp("Run these commands; ';' stands between two.", valueName: "commands"))
  var commands: String?

  @Flag(help: "Print one JSON object a line, one line a command.")
  var json = false

  @Flag(help: "Go on after an error in a script; the exit status still tells.")
  var keepGoing = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of everything random, from 0 to \(UInt64.max).", valueName: "number"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The folder that lessons are in.", valueName: "folder"))
  var lessons: String?

  @Flag(help: "Print the version.")
  var version = false

  func validate() throws {
    if script != nil, commands != nil {
      throw ValidationError("A script and -c are one too many: give either.")
    }
  }
}

@main
enum Natsh {
  static func main() {
    ProcessSetup.prepare()
    exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  private static func run(_ arguments: [String]) -> ExitStatus {
    if let status = Subcommands.run(arguments) { return status }
    let options: Options
    do {
      options = try Options.parse(arguments)
    } catch {
      return explain(error)
    }
    if options.version {
      OutputChannel(descriptor: 1).write("natsh \(Version.current)\n")
      return .success
    }
    let console = Console(
      session: Language.session(seed: options.seed, lessons: options.lessons, isTyped: isTyped(options)),
      format: options.json ? .json : .text)
    let script = ScriptRun(console: console, stopsAtError: !options.keepGoing)
    if let commands = options.commands { return script.run(text: commands) }
    if let path = options.script, path != "-" { return script.run(file: path) }
    if options.script == nil, Terminal.input.isTerminal {
      if Terminal.output.isTerminal { return InteractiveShell(console: console).run() }
      // Typed, but watched by a program: one mistake should not end it.
      return ScriptRun(console: console, stopsAtError: false).runStandardInput()
    }
    return script.runStandardInput()
  }

  /// Whether a learner sits at the terminal.
  private static func isTyped(_ options: Options) -> Bool {
    options.commands == nil && options.script == nil && Terminal.input.isTerminal && Terminal.output.isTerminal
  }

  /// Words for a wrong call go to standard error with status 2; the help that was asked for is no error.
  private static func explain(_ error: any Error) -> ExitStatus {
    let text = Options.fullMessage(for: error)
    guard Options.exitCode(for: error).isSuccess else {
      OutputChannel(descriptor: 2).writeLine(text.isEmpty ? "Usage: natsh [options] [file]" : text)
      return .wrongCall
    }
    OutputChannel(descriptor: 1).writeLine(text)
    return .success
  }
}
