// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Commands
import Lab
import Rendering
import Shell
import Wording

/// `natsh lab [FILE] [-- run HOST COMMAND…]`, `natsh lab --matrix COMMAND`
struct OpenLab: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "lab", abstract: said("Run real programs on the hosts of a network, on Linux."),
    usage: """
      natsh lab FILE [-- enter HOST | run HOST COMMAND … | start HOST COMMAND …]
      natsh lab --matrix COMMAND [--peer COMMAND] [--server COMMAND]
      """,
    discussion:
      said(
        "After '--', 'enter' opens a shell in the host's place, 'run' runs a program there and waits for it, 'start' lets one ",
        "run beside the others; another '--' separates two. The exit status is the program's. Without them, it is the ",
        "shell's prompt over the network. docs/lab.md tells the rest."))

  @Argument(help: ArgumentHelp(said("A file of commands that builds the network.")))
  var file: String?

  @Argument(parsing: .postTerminator, help: ArgumentHelp(said("What to run."), visibility: .hidden))
  var words: [String] = []

  @Option(
    name: .customShort("c"), parsing: .unconditional,
    help: ArgumentHelp(said("Build the network by these commands instead of a file."), valueName: "commands"))
  var commands: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(said("Run this behind every pair of kinds of routers, in both homes."), valueName: "command"))
  var matrix: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(said("Bob's command, if it is another than Alice's."), valueName: "command"))
  var peer: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      said("The server's; without it, natsh's STUN and rendezvous answer there."), valueName: "command"))
  var server: String?

  @Flag(help: ArgumentHelp(said("Pairs of presets, instead of the nine behaviours of RFC 4787.")))
  var presets = false

  @Option(help: ArgumentHelp(said("Which pairs must succeed: all, or those that 'matrix' says."), valueName: "which"))
  var expect = Expectation.all

  @Option(help: ArgumentHelp(said("Seconds that a pair has."), valueName: "seconds"))
  var timeout = 30.0

  @Option(
    help: ArgumentHelp(said("Pairs at a time; as many as there are processors unless said."), valueName: "number"))
  var jobs: Int?

  @Option(help: ArgumentHelp(said("Write the matrix as JUnit's XML, too."), valueName: "file"))
  var junit: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(said("The seed of everything random, from 0 to \(UInt64.max)."), valueName: "number"))
  var seed = Call().seed

  @Flag(help: ArgumentHelp(said("Print one JSON object a line, one line a command.")))
  var json = false

  enum Expectation: String, ExpressibleByArgument, CaseIterable { case all, matrix }

  func validate() throws {
    if matrix == nil {
      guard file != nil || commands != nil else {
        throw ValidationError(said("Name a file of commands that builds the network, or use --matrix."))
      }
      if file != nil, commands != nil { throw ValidationError(said("Use a file or -c, not both.")) }
      if peer != nil || server != nil || junit != nil || presets || jobs != nil || expect != .all {
        throw ValidationError("--peer, --server, --presets, --expect, --jobs and --junit go with --matrix.")
      }
    } else if file != nil || commands != nil || !words.isEmpty {
      throw ValidationError("--matrix builds its own networks; leave the file, -c and '--' out.")
    }
    if !(timeout > 0 && timeout <= 86_400) { throw ValidationError("--timeout takes seconds, such as 30.") }
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 256.") }
  }

  func perform() -> ExitStatus {
    if let matrix { return runMatrix(matrix) }
    let builder = Console(
      session: Language.laboratorySession(seed: seed), format: .text, output: OutputChannel.nowhere, progress: nil)
    let script = ScriptRun(console: builder, stopsAtError: true)
    let built = commands.map { script.run(text: $0) } ?? file.map { script.run(file: $0) } ?? .wrongCall
    guard built == .success else { return built }
    let console = Console(session: builder.session, format: json ? .json : .text)
    console.takeCapture(of: builder)
    defer { console.endCapture() }
    let call = LabCall(console)
    if !words.isEmpty { return call.run(words) }
    return call.runPrompt(isTyped: Terminal.input.isTerminal && Terminal.output.isTerminal)
  }

  private func runMatrix(_ command: String) -> ExitStatus {
    let programs = MatrixPrograms(command: command, peer: peer, server: server, timeLimit: timeout)
    do throws(SystemError) {
      let run = try MatrixRun(
        programs, usesPresets: presets, comparesWithMatrix: expect == .matrix, seed: seed, jobs: jobs)
      guard let report = run.run() else { return .commandFailed }
      let output = OutputChannel(descriptor: OutputChannel.standardOutputDescriptor)
      output.writeLine(
        json
          ? JSONRenderer().line(for: CommandResult(command: "lab --matrix", content: report))
          : report.text(style: Terminal.output.style))
      if let junit, !ReportFile.write(report.junit, to: junit) { return .commandFailed }
      return report.isAsWanted ? .success : .commandFailed
    } catch {
      OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)
        .writeMessage(said("natsh: error: cannot wait for programs: \(error.reason)"))
      return .commandFailed
    }
  }
}
