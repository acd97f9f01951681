// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// Why conditions do not hold, in words for the lesson's author.
extension ConditionContext {
  /// The first of the conditions that does not hold, with its line; nil if all hold.
  func firstMissing(_ conditions: [Condition]) -> (line: Int, words: String)? {
    guard let condition = conditions.first(where: { !holds($0) }) else { return nil }
    let words = missing([condition]).first ?? ""
    return (condition.line, happened(insteadOf: condition).map { "\(words); instead, \($0)" } ?? words)
  }

  /// The situation found instead of the one wanted; nil if that says nothing more.
  private func happened(insteadOf condition: Condition) -> String? {
    switch condition.kind {
    case .found(let pattern):
      switch pattern.subject {
      case .hop, .delivered: return lastEnds
      case .mapping: return rowsThere(of: pattern)
      case .measured:
        return shown(Condition.Pattern(subject: .measured, fields: [], count: .some)) ?? "nothing has been measured"
      case .device: return nil
      }
    case .any(let conditions), .all(let conditions):
      return conditions.lazy.filter { !holds($0) }.compactMap { happened(insteadOf: $0) }.first
    case .order: return lastEnds
    case .setting, .clock, .looked, .not: return nil
    }
  }

  /// The last packets' ends, or the fact that nothing has been sent.
  private var lastEnds: String {
    let all = matches(Condition.Pattern(subject: .hop, fields: [], count: .some))
    var last: [Int: String] = [:]
    var order: [Int] = []
    for hop in all where hop.verdict == .delivered || hop.verdict == .dropped {
      if last.updateValue(words(for: hop), forKey: hop.packet) == nil { order.append(hop.packet) }
    }
    guard !order.isEmpty else { return all.isEmpty ? "no packet has been sent" : "no packet has reached its end" }
    return order.suffix(3).compactMap { last[$0] }.joined(separator: ", and ")
  }

  private func rowsThere(of pattern: Condition.Pattern) -> String {
    let wide = Condition.Pattern(
      subject: .mapping, fields: pattern.fields.filter { $0.key == "router" || $0.key == "expired" }, count: .some)
    let found = rows(wide).prefix(3).map {
      "\(network.device($0.router).name) has \($0.mapping.internal) ⇄ \($0.mapping.external)"
    }
    return found.isEmpty ? "there is no row" : found.joined(separator: ", and ")
  }
}
