// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// The words for unfulfilled conditions, for the learner: the author's own, else generated ones.
extension ConditionContext {
  /// The conditions still missing, a sentence each; generated ones are without capital and full stop.
  package func missing(_ conditions: [Condition]) -> [String] {
    conditions.filter { !holds($0) }.map { missing($0) }
  }

  private func missing(_ condition: Condition) -> String {
    if let ask = condition.ask { return ask.split(whereSeparator: \.isNewline).joined(separator: " ") }
    switch condition.kind {
    case .found(let pattern): return missing(pattern)
    case .setting(let device, let settings):
      let wrong = settings.first { !hold([Condition(.setting(device: device, [$0]), line: $0.line)]) }
      guard let wrong else { return "" }
      guard let now = value(of: wrong, device) else { return said("there is no device called \(device)") }
      return said("the \(wrong.property) of \(device) is \(now), and it has to be \(wrong.value)")
    case .unchanged(let device):
      guard let changed = record.changed(of: device, in: network) else {
        return said("there is no device called \(device)")
      }
      return said("the \(changed[0].name) of \(device) has been changed, and this step has to be done without that")
    case .clock(let comparison):
      let passed = SimulatedTime.text(record.elapsed(in: network).microseconds)
      let wanted = comparison.words { SimulatedTime.text($0) }
      return said("so far \(passed) have passed in this step, and \(wanted) must pass")
    case .looked(let word): return said("you have not looked with `\(word)` yet")
    case .not(let conditions):
      guard let held = conditions.first(where: holds) else { return "" }
      return unwanted(held)
    case .any(let conditions):
      let words = conditions.compactMap { if case .looked(let word) = $0.kind { "`\(word)`" } else { nil } }
      if words.count == conditions.count {
        return said("you have not looked yet; \(words.listed(.or)) will do")
      }
      // One thing at a time: of several ways, the one in which the learner has come furthest.
      return conditions.min { distance(to: $0) < distance(to: $1) }.map { missing($0) } ?? ""
    case .all(let conditions): return missing(conditions).first ?? ""
    case .order(let patterns):
      let reached = reached(patterns)
      guard reached > 0 else { return missing(patterns[0]) }
      let (next, last) = (patterns[reached].words, patterns[reached - 1].words)
      return said("no \(next.noun) has been \(next.event) since a \(last.noun) was \(last.event)")
    }
  }

  /// How many single conditions do not hold yet.
  private func distance(to condition: Condition) -> Int {
    switch condition.kind {
    case .all(let conditions): conditions.reduce(0) { $0 + distance(to: $1) }
    case .any(let conditions): conditions.map { distance(to: $0) }.min() ?? 0
    default: holds(condition) ? 0 : 1
    }
  }

  private func missing(_ pattern: any FoundPattern) -> String {
    let found = pattern.count(in: self)
    let wanted = pattern.count
    let words = pattern.words
    if found == 0, wanted.holds(of: 1) { return words.nothingFound }
    if found > 0, wanted.holds(of: 0) { return words.found + said(", but this step allows none") }
    return said("it takes \(wanted.words { Count.grouped(Int($0)) }) of these: \(words.kind); so far there ")
      + (found == 1 ? said("is 1") : said("are \(Count.grouped(found))"))
  }

  /// The conditions that hold but must not.
  private func unwanted(_ condition: Condition) -> String {
    switch condition.kind {
    case .found(let pattern): return pattern.words.found + said(", and in this step that should not be so")
    case .setting(let device, let settings):
      return settings.map { said("the \($0.property) of \(device) is \(value(of: $0, device) ?? $0.value)") }
        .joined(separator: said(" and ")) + said(", and in this step that has to be different")
    case .unchanged(let device): return said("\(device) is still as it was when this step began")
    case .clock: return said("more time has passed than this step allows")
    case .looked(let word): return said("`\(word)` has been used, and this step has to be done without it")
    case .order(let patterns): return patterns[patterns.count - 1].words.found + said(", and that should not be so")
    case .any(let conditions), .all(let conditions):
      return conditions.first(where: holds).map { unwanted($0) } ?? said("something is there that should not be")
    case .not: return said("something is missing that should be there")
    }
  }
}
