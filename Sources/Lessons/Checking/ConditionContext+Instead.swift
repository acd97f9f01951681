// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// Why conditions do not hold, in words for the lesson's author.
extension ConditionContext {
  /// The first of the conditions that does not hold, with its line; nil if all hold.
  func firstMissing(_ conditions: [Condition]) -> (line: Int, words: String)? {
    guard let condition = conditions.first(where: { !holds($0) }) else { return nil }
    let words = missing([condition]).first ?? ""
    return (condition.line, happened(insteadOf: condition).map { said("\(words); instead, \($0)") } ?? words)
  }

  /// The situation found instead of the one wanted; nil if that says nothing more.
  private func happened(insteadOf condition: Condition) -> String? {
    switch condition.kind {
    case .found(let pattern): return pattern.instead(in: self)
    case .any(let conditions), .all(let conditions):
      return conditions.lazy.filter { !holds($0) }.compactMap { happened(insteadOf: $0) }.first
    case .order: return lastEnds
    case .setting, .unchanged, .clock, .looked, .not: return nil
    }
  }
}
