// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Shell
import Wording

/// The request of a laboratory's command to the program.
enum LabRequest: ConsoleRequest {
  case enter(host: String, words: [String])
  case start(host: String, words: [String])
  case jobs(number: Int?)
  case kill(number: Int)

  func encode(to encoder: any Encoder) throws {}

  func fulfil(in console: Console) throws(RequestFault) -> any ResultContent {
    guard let laboratory = console.listener(of: LabFollower.self)?.laboratory else {
      throw RequestFault(
        kind: "no-laboratory", message: said("there is no laboratory here; 'natsh lab FILE' opens one"))
    }
    do throws(LabFault) {
      return try fulfil(in: laboratory)
    } catch {
      throw error.requestFault
    }
  }

  private func fulfil(in laboratory: Laboratory) throws(LabFault) -> any ResultContent {
    switch self {
    case .enter(let host, let words):
      let place = try laboratory.place(named: host)
      let shell = ShellInPlace(of: place.name)
      let program = try laboratory.start(
        words.isEmpty ? shell.words : words, in: place, Terminal.input.isTerminal ? .inherited : .withoutInput,
        environment: words.isEmpty ? shell.environment : [:]
      )
      return ProgramEndReport(host: place.name, words: program.words, status: Int(laboratory.wait(for: program)))
    case .start(let host, let words):
      let program = try laboratory.startServer(words, in: try laboratory.place(named: host), .collected)
      return ProgramsReport([program], isOneStarted: true)
    case .jobs(nil): return ProgramsReport(laboratory.programs.filter(\.isJob))
    case .jobs(let number?): return ProgramOutputReport(try Self.program(number, in: laboratory))
    case .kill(let number):
      let program = try Self.program(number, in: laboratory)
      if program.status == nil {
        laboratory.kill(program)
        laboratory.wait(for: program, atMost: 2_000)
      }
      return ProgramsReport([program])
    }
  }

  private static func program(_ number: Int, in laboratory: Laboratory) throws(LabFault) -> LabProgram {
    guard let program = laboratory.programs.first(where: { $0.number == number }) else { throw .noSuchProgram(number) }
    return program
  }
}
