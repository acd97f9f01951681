// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `event`: a program has told what it learned or decided. Keys that are not in the table are keys of the event's data.
enum EventSubject: ConditionSubject {
  static let word = "event"
  static let nature = ConditionNature.happening

  static let fields: [ConditionField<ProgramEvent>] = [
    .text("event", .own) { event, _ in event.name },
    .device("host", .own) { $0.host },
    .text("program", .own) { event, _ in event.program },
  ]

  static func openField(_ key: String) -> ConditionField<ProgramEvent>? {
    .text(key, .saying { ", \(key) \($0)" }) { wanted, event, context in
      event.data[key].map { context.matches($0, wanted) } ?? false
    }
  }

  static func items(for pattern: Pattern<EventSubject>, in context: ConditionContext) -> [ProgramEvent] {
    context.record.events(of: context.network)
  }

  static func noun(_ words: PatternWords) -> String {
    let event = words.word("event").map { "'\($0)'" } ?? said("event")
    return event + words.after
  }

  static func event(_ words: PatternWords) -> String {
    let program = words.word("program").map { said(" by \($0)") } ?? ""
    return said("told") + program
      + (words.word("host").map { program.isEmpty ? said(" by \($0)") : said(" on \($0)") } ?? "")
  }

  static func shown(_ item: ProgramEvent, in context: ConditionContext) -> String {
    let report = context.session.report(item)
    let data = report.data.fields.map { "\($0.key) \($0.value.text)" }.joined(separator: ", ")
    return said("\(report.host)'s \(report.program): ")
      + (report.words ?? "\(report.event)\(data.isEmpty ? "" : ", \(data)")")
  }

  static func instead(of pattern: Pattern<EventSubject>, in context: ConditionContext) -> String? {
    let last = Pattern<EventSubject>(fields: pattern.fields.filter { $0.key == "host" || $0.key == "program" })
      .items(in: context).suffix(3)
    return last.isEmpty
      ? said("nothing like it has been reported")
      : last.map { shown($0, in: context) }.joined(separator: said(", and "))
  }

  static func told(by pattern: Pattern<EventSubject>) -> ToldPattern? {
    var told = ToldPattern()
    for field in pattern.fields {
      switch field.key {
      case "program": told.program = Lesson.Located(field.said.text, line: field.line)
      case "event": told.event = Lesson.Located(field.said.text, line: field.line)
      case "host": break
      default: told.keys.append(Lesson.Located(field.key, line: field.line))
      }
    }
    return told
  }
}

extension ConditionContext {
  /// Whether an event's value is what a lesson has written: the same text, or a name, an address or a comparison that it
  /// fulfils. Of a list, one element will do.
  fileprivate func matches(_ value: EventValue, _ wanted: String) -> Bool {
    if value.text == wanted { return true }
    switch value {
    case .endpoint(let endpoint): return EndpointPattern(wanted).map { matches(endpoint, $0) } ?? false
    case .address(let address): return EndpointPattern(wanted).map { $0.port == nil && matches(address, $0) } ?? false
    case .number(let number): return Comparison(wanted, .number)?.holds(of: Int64(number)) ?? false
    case .list(let values): return values.contains { matches($0, wanted) }
    case .text, .flag, .null: return false
    }
  }
}
