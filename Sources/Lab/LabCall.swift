// SPDX-License-Identifier: GPL-3.0-or-later

import CNamespaces
import Commands
import Rendering
import Shell
import Wording

/// A call of `natsh lab`: a network, and what is to run in it.
public struct LabCall {
  /// One thing to run: `run alice curl http://bob/`.
  enum Action: Equatable {
    /// The host's shell.
    case enter(host: String)
    /// A program that is waited for.
    case run(host: String, words: [String])
    /// A program that runs beside the others.
    case start(host: String, words: [String])

    var host: String {
      switch self {
      case .enter(let host), .run(let host, _), .start(let host, _): host
      }
    }
  }

  let console: Console
  private let errors = OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)

  /// - Parameter console: its session has the network.
  public init(_ console: Console) { self.console = console }

  /// Runs what the words say, which several groups may do: `start bob iperf3 -s -- run alice iperf3 -c bob`.
  ///
  /// - Returns: the exit status of the first program waited for that failed; the rest is not run.
  public func run(_ words: [String]) -> ExitStatus {
    do throws(LabFault) {
      let actions = try Self.actions(words)
      for action in actions {
        _ = try HostChoice.host(named: action.host, in: console.session.network)
      }
      let laboratory = try open()
      defer { laboratory.end() }
      // Nobody can ask about the packets afterwards, so only a capture needs their hops.
      console.change { $0.network.isTracing = $0.tap != nil }
      for action in actions {
        let status = try carryOut(action, in: laboratory)
        guard status == 0 else { return ExitStatus(rawValue: status) }
      }
      return .success
    } catch {
      errors.writeMessage(said("natsh: error: \(error.message)"))
      return error.isWrongCall ? .wrongCall : .commandFailed
    }
  }

  /// Opens the prompt over the network, or runs the commands of standard input.
  public func runPrompt(isTyped: Bool) -> ExitStatus {
    do throws(LabFault) {
      let laboratory = try open()
      defer { laboratory.end() }
      guard isTyped else {
        return ScriptRun(console: console, stopsAtError: false).runStandardInput { laboratory.waitForInput() }
      }
      if console.format == .text {
        OutputChannel(descriptor: OutputChannel.standardOutputDescriptor).writeLine(Self.welcome)
      }
      return InteractiveShell(console: console, welcomes: false) { laboratory.join($0) }.run()
    } catch {
      errors.writeMessage(said("natsh: error: \(error.message)"))
      return .commandFailed
    }
  }

  private static let welcome = said(
    """
    The laboratory: real programs on simulated hosts, and every packet is a hop.
    enter HOST  opens a shell there,  start HOST COMMAND  runs a program beside.

    """)

  private func open() throws(LabFault) -> Laboratory {
    #if !os(Linux)
      throw .notLinux
    #else
      try Laboratory.prepare()
      guard let laboratory = try LabFollower(console).laboratory else { throw .notLinux }
      return laboratory
    #endif
  }

  private func carryOut(_ action: Action, in laboratory: Laboratory) throws(LabFault) -> Int32 {
    let place = try laboratory.place(named: action.host)
    switch action {
    case .enter(let host):
      let shell = ShellInPlace(of: host)
      return laboratory.wait(
        for: try laboratory.start(shell.words, in: place, .inherited, environment: shell.environment))
    case .run(_, let words): return laboratory.wait(for: try laboratory.start(words, in: place, .inherited))
    case .start(_, let words):
      _ = try laboratory.startServer(words, in: place, .background)
      return 0
    }
  }

  // MARK: Reading

  private static let verbs = ["enter", "run", "start"]

  /// Reads the words after `--`. Only a `--` before one of the verbs separates two groups, so a program may have its own.
  static func actions(_ words: [String]) throws(LabFault) -> [Action] {
    var groups: [[String]] = [[]]
    for (index, word) in words.enumerated() {
      if word == "--", index + 1 < words.count, verbs.contains(words[index + 1]) {
        groups.append([])
      } else {
        groups[groups.count - 1].append(word)
      }
    }
    var actions: [Action] = []
    for group in groups {
      guard let verb = group.first else { throw .noWords }
      guard verbs.contains(verb) else { throw .unknownVerb(verb, nearest: Nearest.candidate(to: verb, among: verbs)) }
      guard group.count > 1 else { throw .missingHost(verb) }
      let rest = Array(group[2...])
      switch verb {
      case "enter": actions.append(rest.isEmpty ? .enter(host: group[1]) : .run(host: group[1], words: rest))
      case _ where rest.isEmpty: throw .missingCommand(verb, host: group[1])
      case "run": actions.append(.run(host: group[1], words: rest))
      default: actions.append(.start(host: group[1], words: rest))
      }
    }
    return actions
  }
}
