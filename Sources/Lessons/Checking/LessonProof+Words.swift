// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension LessonProof {
  /// Names, commands and settings in conditions that nothing in the step ever has.
  mutating func checkWords(of step: Lesson.Step, from start: Rehearsal, solved: Rehearsal) {
    var met = start.metNames.union(solved.metNames)
    var states = [start.session, solved.session]
    let scripts =
      step.alternatives + step.mistakes.compactMap(\.example) + step.predictions.compactMap(\.proof)
    for script in scripts {
      var run = start
      _ = run.run(script.lines)
      met.formUnion(run.metNames)
      states.append(run.session)
    }
    guard monitor.verdict == nil else { return }
    let conditions = step.conditions
    for name in conditions.flatMap(\.names) where name.value != "internet" && !met.contains(name.value.lowercased()) {
      let names = Set(states.flatMap { $0.network.allDevices.map(\.name) })
      report(
        name.line,
        said(
          "no device is called '\(name.value)' in this step\(ConditionReader.suggestion(name.value, names.sorted()))"))
    }
    for word in conditions.flatMap(\.lookedWords) where catalog.declaration(named: word.value)?.name != word.value {
      let words = catalog.declarations.filter { $0.effect == .looks }.map(\.name)
      report(
        word.line,
        said("there is no command '\(word.value)' to look with\(ConditionReader.suggestion(word.value, words))"))
    }
    for (device, setting) in conditions.flatMap(\.settings) { checkSetting(setting, of: device, states) }
    for told in conditions.flatMap(\.told) { checkTold(told) }
  }

  private mutating func checkSetting(_ setting: Condition.Setting, of device: String, _ states: [Session]) {
    guard let found = states.lazy.compactMap({ $0.setting(setting.property, of: device) }).first else {
      if states.contains(where: { $0.device(named: device) != nil }) {
        report(setting.line, said("\(device) has no property '\(setting.property)'"))
      }
      return
    }
    do throws(SyntaxError) {
      _ = try PropertyValue.read(setting.value, as: found.property, of: device)
    } catch {
      report(setting.line, LessonWording.message(for: .syntax(error)))
    }
  }

  /// A program, an event or a key that is never told cannot come true.
  private mutating func checkTold(_ told: ToldPattern) {
    var programs = catalog.programs
    if let name = told.program {
      programs = programs.filter { $0.name == name.value }
      guard !programs.isEmpty else { return reportUnknown(name, "program", among: catalog.programs.map(\.name)) }
    }
    // One that does not say what it tells may tell anything.
    let known = programs.compactMap(\.events)
    guard known.count == programs.count else { return }
    var events = known.flatMap(\.self)
    if let name = told.event {
      let names = events.map(\.key)
      events = events.filter { $0.key == name.value }
      guard !events.isEmpty else {
        return reportUnknown(name, "event", of: told.program?.value, among: Set(names).sorted())
      }
    }
    let keys = Set(events.flatMap(\.value)).sorted()
    for key in told.keys where !keys.contains(key.value) {
      reportUnknown(key, "key", of: told.event?.value ?? told.program?.value, among: keys)
    }
  }

  private mutating func reportUnknown(
    _ name: Lesson.Located<String>, _ kind: String, of owner: String? = nil, among known: [String]
  ) {
    let whose = owner.map { said("'\($0)' has no") } ?? said("there is no")
    let list =
      known.isEmpty
      ? said("; it has none at all")
      : said("; there \(known.count == 1 ? said("is") : said("are")) \(known.listed(.or))")
    report(
      name.line, "\(whose) \(kind) '\(name.value)'\(ConditionReader.suggestion(name.value, known))\(list)")
  }
}
