// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Rendering
import Shell
import Wording

/// Why the laboratory cannot do something.
enum LabFault: Error, Hashable {
  /// The machine has no namespaces: it is not Linux.
  case notLinux
  /// The system refuses what a place needs.
  case refused(step: String, SystemError)
  case noSuchHost(String, nearest: String?)
  case notAHost(String)
  /// The program's words and environment are too long.
  case cannotStart(SystemError)
  /// The place is gone: its first process was killed.
  case placeGone(String)
  case noSuchProgram(Int)
  /// Nothing stands where `run HOST COMMAND` should, or something else does.
  case noWords
  /// The cells of a matrix cannot be built.
  case noNetwork
  case unknownVerb(String, nearest: String?)
  case missingHost(String)
  case missingCommand(String, host: String)

  /// What is wrong and what to do about it.
  var message: String {
    switch self {
    case .notLinux:
      said("the laboratory needs the network namespaces of Linux; run natsh there, in a virtual machine say")
    case .refused(let step, let error): said("\(step) failed: \(error.reason)\(Self.advice(step, error))")
    case .noSuchHost(let name, let nearest):
      said("there is no host '\(name)'") + (nearest.map { said("; did you mean '\($0)'?") } ?? "")
    case .notAHost(let name): said("'\(name)' is not a host; programs run in hosts' places")
    case .cannotStart(let error): said("the program cannot be started: \(error.reason)")
    case .placeGone(let name): said("\(name)'s place has ended; leave and start again")
    case .noSuchProgram(let number): said("there is no program \(number); 'jobs' lists them")
    case .noNetwork: said("the networks of the matrix cannot be built")
    case .noWords: said("nothing stands after '--'; \(Self.usage)")
    case .unknownVerb(let word, let nearest):
      said("'\(word)' is not among enter, run and start; ")
        + (nearest.map { said("did you mean '\($0)'?") } ?? Self.usage)
    case .missingHost(let verb): said("'\(verb)' needs a host: -- \(verb) alice")
    case .missingCommand(let verb, let host): said("'\(verb) \(host)' needs a command: -- \(verb) \(host) ping bob")
    }
  }

  /// The kind's name in JSON.
  var kind: String {
    switch self {
    case .notLinux, .refused: "no-laboratory"
    case .noSuchHost: "unknown-name"
    case .notAHost: "not-a-host"
    case .cannotStart, .placeGone: "cannot-start"
    case .noSuchProgram: "no-such-program"
    case .noNetwork: "no-network"
    case .noWords, .unknownVerb, .missingHost, .missingCommand: "wrong-call"
    }
  }

  /// Whether the call is wrong, rather than the machine unfit.
  var isWrongCall: Bool {
    switch self {
    case .noSuchHost, .notAHost, .noWords, .unknownVerb, .missingHost, .missingCommand: true
    case .notLinux, .refused, .cannotStart, .placeGone, .noSuchProgram, .noNetwork: false
    }
  }

  private static let usage = said("write, say, -- run alice ping bob")

  private static func advice(_ step: String, _ error: SystemError) -> String {
    if step.contains("tun"), error.isAbsence { return said("; 'sudo modprobe tun' makes it") }
    guard error.isRefusal else { return "" }
    return said(
      "; run natsh as root, or allow users to have namespaces: sysctl user.max_user_namespaces, ",
      "kernel.unprivileged_userns_clone and kernel.apparmor_restrict_unprivileged_userns")
  }

  /// As a command's failure.
  var requestFault: RequestFault {
    var suggestion: String?
    if case .noSuchHost(_, let nearest) = self { suggestion = nearest }
    return RequestFault(kind: kind, message: message, suggestion: suggestion)
  }
}
