// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Wording

/// `program`: a host runs a program, or has run it.
enum ProgramSubject: ConditionSubject {
  static let word = "program"
  static let nature = ConditionNature.state

  static let fields: [ConditionField<ProgramSummary>] = [
    .device("host", .after(said("on"))) { $0.host },
    .text("program", .own) { program, _ in program.name },
    .text("state", .after(said("in the state"))) { program, _ in program.state },
    .number("port", .after(said("at port"))) { $0.port.map(Int64.init) },
  ]

  static func items(for pattern: Pattern<ProgramSubject>, in context: ConditionContext) -> [ProgramSummary] {
    context.network.programs()
  }

  static func noun(_ words: PatternWords) -> String { (words.word("program") ?? said("program")) + words.after }

  static func shown(_ item: ProgramSummary, in context: ConditionContext) -> String {
    said("\(item.name) on \(context.network.device(item.host).name) is in the state \(item.state)")
  }

  static func instead(of pattern: Pattern<ProgramSubject>, in context: ConditionContext) -> String? {
    let found = Pattern<ProgramSubject>(fields: pattern.fields.filter { $0.key == "host" }).items(in: context)
    return found.isEmpty
      ? said("no program runs there") : found.map { shown($0, in: context) }.joined(separator: said(", and "))
  }

  static func told(by pattern: Pattern<ProgramSubject>) -> ToldPattern? {
    var told = ToldPattern()
    told.program = pattern.fields.first { $0.key == "program" }.map { Lesson.Located($0.said.text, line: $0.line) }
    return told
  }
}
