// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// The facts that fulfilled conditions, in words for the learner.
extension ConditionContext {
  /// The facts that fulfil the conditions that hold, a sentence each without its full stop.
  package func shown(_ conditions: [Condition]) -> [String] {
    let held = conditions.filter(holds)
    // An event says more than the settings under which it happened.
    let withoutSettings = held.filter { if case .setting = $0.kind { false } else { true } }
    let sentences = withoutSettings.flatMap { shown($0) }
    var seen: Set<String> = []
    return (sentences.isEmpty ? held.flatMap { shown($0) } : sentences).filter { seen.insert($0).inserted }
  }

  private func shown(_ condition: Condition) -> [String] {
    switch condition.kind {
    case .found(let pattern): return pattern.shown(in: self).map { [$0] } ?? []
    case .setting(let device, let settings):
      return settings.map { said("The \($0.property) of \(device) is \(value(of: $0, device) ?? $0.value)") }
    case .clock:
      return [said("\(SimulatedTime.text(record.elapsed(in: network).microseconds)) have passed in this step")]
    case .unchanged, .looked, .not: return []
    case .any(let conditions): return conditions.first(where: holds).map { shown($0) } ?? []
    case .all(let conditions): return conditions.flatMap { shown($0) }
    case .order(let patterns): return patterns.compactMap { $0.shown(in: self) }
    }
  }
}
