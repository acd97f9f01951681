// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering

/// What conditions were fulfilled by, in words for the learner.
extension ConditionContext {
  /// What the conditions that hold were fulfilled by, a sentence each without its full stop.
  package func shown(_ conditions: [Condition]) -> [String] {
    let held = conditions.filter(holds)
    // What happened says more than the settings that it happened under.
    let withoutSettings = held.filter { if case .setting = $0.kind { false } else { true } }
    let sentences = withoutSettings.flatMap { shown($0) }
    var seen: Set<String> = []
    return (sentences.isEmpty ? held.flatMap { shown($0) } : sentences).filter { seen.insert($0).inserted }
  }

  private func shown(_ condition: Condition) -> [String] {
    switch condition.kind {
    case .found(let pattern): return pattern.shown(in: self).map { [$0] } ?? []
    case .setting(let device, let settings):
      return settings.map { "The \($0.property) of \(device) is \(value(of: $0, device) ?? $0.value)" }
    case .clock: return ["\(SimulatedTime.text(record.elapsed(in: network).microseconds)) have passed in this step"]
    case .looked, .not: return []
    case .any(let conditions): return conditions.first(where: holds).map { shown($0) } ?? []
    case .all(let conditions): return conditions.flatMap { shown($0) }
    case .order(let patterns): return patterns.compactMap { $0.shown(in: self) }
    }
  }
}
