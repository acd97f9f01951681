// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// `start`, `jobs` and `kill`: `{"programs": [{"number": 1, "host": "bob", "command": ["iperf3", "-s"], "status": null}]}`.
struct ProgramsReport: ResultContent {
  struct Entry: Encodable, Sendable {
    var number: Int
    var host: String
    var command: [String]
    /// Null while it runs.
    var status: Int?

    private enum CodingKeys: String, CodingKey { case number, host, command, status }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(number, forKey: .number)
      try container.encode(host, forKey: .host)
      try container.encode(command, forKey: .command)
      try container.encode(status, forKey: .status)
    }
  }

  var programs: [Entry]
  private var isOneStarted: Bool

  init(_ programs: [LabProgram], isOneStarted: Bool = false) {
    self.programs = programs.map {
      Entry(number: $0.number, host: $0.place.name, command: $0.words, status: $0.status.map { Int($0) })
    }
    self.isOneStarted = isOneStarted
  }

  private enum CodingKeys: String, CodingKey { case programs }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(programs, forKey: .programs)
  }
}

extension ProgramsReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    guard !programs.isEmpty else {
      page.add(said("No program was started; \(typed: "start HOST COMMAND") starts one."))
      return page.text
    }
    var table = TextTable([.init("", .right), .init(""), .init(""), .init("")])
    for entry in programs {
      table.addRow([
        "\(entry.number)", StyledText(entry.host, .name), StyledText(entry.command.joined(separator: " ")),
        entry.status.map { said("ended, exit status \($0)") } ?? "running",
      ])
    }
    table.add(to: &page)
    if isOneStarted, let entry = programs.first, entry.status != nil {
      page.add(said("\(typed: "jobs \(entry.number)") shows what it printed."))
    }
    return page.text
  }
}

/// `jobs N`: `{"number": 1, "output": "..."}`.
struct ProgramOutputReport: ResultContent, TextRenderable {
  var number: Int
  var output: String
  /// Whether the beginning was not kept.
  var isCut: Bool

  init(_ program: LabProgram) {
    (number, output, isCut) = (program.number, program.outputText, program.isCut)
  }

  private enum CodingKeys: String, CodingKey {
    case number, output
    case isCut = "truncated"
  }

  func text(style: TextStyle) -> String {
    guard !output.isEmpty else { return said("It has printed nothing so far.") }
    return output.split(separator: "\n", omittingEmptySubsequences: false).map { PrintableText.of($0) }
      .joined(separator: "\n")
  }
}

/// `enter`: `{"host": "alice", "command": ["ping", "-c", "1", "bob"], "status": 0}`.
struct ProgramEndReport: ResultContent, TextRenderable {
  var host: String
  var words: [String]
  var status: Int

  private enum CodingKeys: String, CodingKey {
    case host
    case words = "command"
    case status
  }

  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    guard status != 0 else { return "" }
    page.add(said("\(words.first ?? "", .name) ended on \(host, .name) with exit status \(status)."))
    return page.text
  }
}
