// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The part of natsh(1) that comes from what the program declares: its options and subcommands.
struct ManualPage {
  static let begin = #".\" Declared by the program, and written by RECORD=1 swift test --filter ManualPageTests:"#
  static let end = #".\" By hand:"#

  /// A call of the program, as `--experimental-dump-help` describes it.
  struct Call: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var arguments: [Argument]?
    var subcommands: [Call]?
  }

  struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String

      var spelled: String { (kind == "long" ? "--" : "-") + name }
    }

    var kind: String
    var abstract: String?
    var names: [Name]?
    var valueName: String?
    var isOptional: Bool
    var isRepeating: Bool
    var shouldDisplay: Bool
  }

  private struct Dump: Decodable {
    var command: Call
  }

  var program: Call

  init(dump: String) throws {
    program = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command
  }

  /// From the heading OPTIONS to the end of the subcommands.
  var text: String {
    let options = Self.rows(program) { _ in true }
    let common = Set((program.arguments ?? []).flatMap { $0.names ?? [] }.map(\.spelled)).intersection(["--help"])
    let calls = Self.leaves(program, before: [program.commandName])
    let sections = calls.map { names, call in
      [".SS \(([names] + [Self.usage(call)]).flatMap(\.self).joined(separator: " "))"]
        + [call.abstract, call.discussion].compactMap(\.self).flatMap { [Self.escaped($0), ".PP"] }.dropLast()
        + Self.rows(call) { !common.contains($0) }
    }
    return ([".SH OPTIONS"] + options + [".SH SUBCOMMANDS"] + sections.flatMap(\.self)).joined(separator: "\n")
  }

  /// The calls that do something, and their names.
  private static func leaves(_ call: Call, before names: [String]) -> [([String], Call)] {
    (call.subcommands ?? []).filter { $0.commandName != "help" }.flatMap { child in
      let names = names + [child.commandName]
      return child.subcommands?.isEmpty == false ? leaves(child, before: names) : [(names, child)]
    }
  }

  private static func usage(_ call: Call) -> [String] {
    (call.arguments ?? []).filter { $0.kind == "positional" && $0.shouldDisplay }.map { argument in
      let word = (argument.valueName ?? "").uppercased() + (argument.isRepeating ? "..." : "")
      return argument.isOptional ? "[\(word)]" : word
    }
  }

  private static func rows(_ call: Call, where isShown: (String) -> Bool) -> [String] {
    (call.arguments ?? []).filter(\.shouldDisplay).flatMap { argument -> [String] in
      let names = (argument.names ?? []).map(\.spelled)
      guard names.allSatisfy(isShown) else { return [] }
      let value = (argument.valueName ?? "").uppercased()
      let tag =
        switch argument.kind {
        case "positional": "\\fI\(value)\\fR"
        case "option": "\(names.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")) \\fI\(value)\\fR"
        default: names.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
        }
      return [".TP", tag, escaped(argument.abstract ?? "")]
    }
  }

  /// A line of text, in which roff finds nothing to carry out.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { $0.isASCII ? String($0) : "\\[u\(String($0.value, radix: 16, uppercase: true))]" }
      .map { ["\\": "\\e", "-": "\\-"][$0] ?? $0 }.joined().split(separator: "\n")
      .map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&\($0)" : String($0) }.joined(separator: "\n.br\n")
  }
}
