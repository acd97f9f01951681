// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering

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
      guard let now = value(of: wrong, device) else { return "there is no device called \(device)" }
      return "the \(wrong.property) of \(device) is \(now), and it has to be \(wrong.value)"
    case .clock(let comparison):
      let passed = SimulatedTime.text(record.elapsed(in: network).microseconds)
      let wanted = comparison.words { SimulatedTime.text($0) }
      return "so far \(passed) have passed in this step, and \(wanted) must pass"
    case .looked(let word): return "you have not looked with `\(word)` yet"
    case .not(let conditions):
      guard let held = conditions.first(where: holds) else { return "" }
      return unwanted(held)
    case .any(let conditions):
      let words = conditions.compactMap { if case .looked(let word) = $0.kind { "`\(word)`" } else { nil } }
      if words.count == conditions.count {
        return "you have not looked yet; \(ConditionReader.list(words)) will do"
      }
      // One thing at a time: of several ways, the one in which the learner has come furthest.
      return conditions.min { distance(to: $0) < distance(to: $1) }.map { missing($0) } ?? ""
    case .all(let conditions): return missing(conditions).first ?? ""
    case .order(let patterns):
      let reached = reached(patterns)
      guard reached > 0 else { return missing(patterns[0]) }
      let (next, last) = (PatternWords(patterns[reached]), PatternWords(patterns[reached - 1]))
      return "no \(next.noun) has been \(next.event) since a \(last.noun) was \(last.event)"
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

  private func missing(_ pattern: Condition.Pattern) -> String {
    let found = count(of: pattern)
    let wanted = pattern.count
    let words = PatternWords(pattern)
    if found == 0, wanted.holds(of: 1) { return words.nothingFound }
    if found > 0, wanted.holds(of: 0) { return words.found + ", and in this step there may be none" }
    return "it takes \(wanted.words { Count.grouped(Int($0)) }) of these: \(words.kind); so far there "
      + (found == 1 ? "is 1" : "are \(Count.grouped(found))")
  }

  /// The conditions that hold but must not.
  private func unwanted(_ condition: Condition) -> String {
    switch condition.kind {
    case .found(let pattern): return PatternWords(pattern).found + ", and in this step it should not be so"
    case .setting(let device, let settings):
      return settings.map { "the \($0.property) of \(device) is \(value(of: $0, device) ?? $0.value)" }
        .joined(separator: " and ") + ", and in this step it has to be different"
    case .clock: return "more time has passed than this step allows"
    case .looked(let word): return "`\(word)` has been used, and this step goes without"
    case .order(let patterns): return PatternWords(patterns[patterns.count - 1]).found + ", and it should not be so"
    case .any(let conditions), .all(let conditions):
      return conditions.first(where: holds).map { unwanted($0) } ?? "something is so that should not be"
    case .not: return "something is missing that should be there"
    }
  }
}

/// A pattern in words.
private struct PatternWords {
  let pattern: Condition.Pattern

  init(_ pattern: Condition.Pattern) { self.pattern = pattern }

  private func word(_ key: String) -> String? {
    switch pattern.field(key)?.wanted {
    case .text(let text), .device(let text): text
    case .endpoint(let wanted): wanted.text
    case .comparison(let comparison): comparison.words { Count.grouped(Int($0)) }
    case nil: nil
    }
  }

  private func part(_ lead: String, _ key: String, _ trail: String = "") -> String {
    word(key).map { " \(lead) \($0)\(trail)" } ?? ""
  }

  /// A number that must be reached, if more than one is asked for.
  private func least(_ lead: String, _ key: String, _ trail: String) -> String {
    guard case .comparison(let comparison)? = pattern.field(key)?.wanted, comparison != .some else { return "" }
    return part(lead, key, trail)
  }

  /// `packet from bob`, without an article.
  var noun: String {
    let transport = word("protocol").map { "\($0.uppercased()) " } ?? ""
    switch pattern.subject {
    case .hop, .delivered:
      let kind = (word("flags") ?? word("icmp")).map { "\($0) " } ?? ""
      let to = pattern.subject == .hop ? part("to", "destination") : ""
      return transport + kind + "packet" + part("from", "source") + part("from", "from") + to
        + (word("text").map { " that says \"\($0)\"" } ?? "") + part("with a TTL of", "ttl")
        + part("with", "length", " bytes")
    case .mapping:
      return (word("static") == "yes" ? "static " : "") + transport + "row"
        + (word("router").map { " in \($0)'s table" } ?? "") + part("for", "internal")
        + part("with the outside endpoint", "external") + part("towards", "remote") + part("that admits", "permitted")
        + part("in the state", "state") + least("through which", "packets_out", " packets have gone out")
        + least("through which", "packets_in", " packets have come in")
    case .device:
      return (word("kind") ?? "device") + part("called", "name") + part("with the address", "address")
        + part("with the network", "lan") + part("behind", "behind")
    case .measured:
      let path = word("path").map { $0 == "via" ? " through a server" : " the direct way" } ?? ""
      return (word("command") ?? "call or crowd") + path + least("of", "users", " users")
        + (word("lost").map { $0 == "0" ? " without loss" : " with \($0) packets lost" } ?? "")
        + rate("server_in", "into the server") + rate("server_out", "out of the server")
    }
  }

  private func rate(_ key: String, _ way: String) -> String {
    guard case .comparison(let comparison)? = pattern.field(key)?.wanted else { return "" }
    return " with \(comparison.words { Megabits.text($0) }) Mbit/s \(way)"
  }

  /// The event that it looks for: `dropped at home-a (reason: filtered)`.
  var event: String {
    switch pattern.subject {
    case .hop:
      let change = part("with the new source", "new_source") + part("with the new destination", "new_destination")
      let row = word("mapping_change").map { $0 == "created" ? " and made a row" : " and renewed its row" } ?? ""
      let reason = word("reason").map { " (reason: \($0))" } ?? ""
      let verdict = word("verdict") ?? (word("reason") == nil ? "handled" : "dropped")
      let preposition = ["forwarded": "by", "translated": "by", "handled": "by", "delivered": "to"][verdict] ?? "at"
      return verdict + (verdict == "sent" ? part("by", "node") : part(preposition, "node")) + reason + change + row
    case .delivered: return "delivered" + part("to", "to")
    case .mapping: return "timed out"
    case .device: return "made"
    case .measured: return "measured"
    }
  }

  private var isThere: Bool {
    pattern.subject == .device || pattern.subject == .mapping && word("expired") != "yes"
  }

  private var hasHappened: String { word("expired") == "yes" ? "has timed out" : "has been \(event)" }

  var nothingFound: String { isThere ? "there is no \(noun) yet" : "no \(noun) \(hasHappened) yet" }

  var found: String { isThere ? "there is a \(noun)" : "a \(noun) \(hasHappened)" }

  /// `packet from alice, dropped at home-b`
  var kind: String { isThere ? noun : "\(noun), \(event)" }
}

extension Comparison {
  /// The comparison in words, with its number written by `text`: `at least 5m`.
  func words(_ text: (Int64) -> String) -> String {
    let number = text(value)
    switch relation {
    case .atLeast: return "at least \(number)"
    case .atMost: return "at most \(number)"
    case .isNot: return "a number other than \(number)"
    case .same, .equal: return "\(number)"
    case .more: return "more than \(number)"
    case .less: return "less than \(number)"
    }
  }
}
