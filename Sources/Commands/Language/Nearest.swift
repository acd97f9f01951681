// SPDX-License-Identifier: GPL-3.0-or-later

/// Finds the word that was probably meant by an unknown one.
package enum Nearest {
  /// The candidate nearest to `word`, or nil if none is near enough to be worth a question.
  ///
  /// A candidate of which the word is the beginning comes first, if the word has at least two letters; then the one
  /// with the fewest slips; among equals the one that begins with the same letter, then the first.
  package static func candidate(to word: String, among candidates: some Sequence<String>) -> String? {
    let typed = Array(word.lowercased())
    guard !typed.isEmpty, typed.count <= 80 else { return nil }
    var best: (name: String, cost: Int)?
    for name in candidates {
      let known = Array(name.lowercased())
      guard let cost = cost(typed: typed, known: known), cost < (best?.cost ?? .max) else { continue }
      best = (name, cost)
    }
    return best?.name
  }

  private static func cost(typed: [Character], known: [Character]) -> Int? {
    if typed.count >= 2, known.starts(with: typed) { return known.count == typed.count ? 0 : 1 }
    let limit = slips(allowedIn: max(typed.count, known.count))
    guard abs(typed.count - known.count) <= limit else { return nil }
    let distance = distance(typed, known)
    guard distance <= limit else { return nil }
    return distance * 4 + (typed.first == known.first ? 0 : 1)
  }

  /// One slip in a short word, two from five letters on, three from nine on; none if a slip would leave nothing.
  private static func slips(allowedIn length: Int) -> Int {
    switch length {
    case ...1: 0
    case ...4: 1
    case ...8: 2
    default: 3
    }
  }

  /// The slips that make one word of the other: a letter added, left out or replaced, or two neighbours swapped (the
  /// optimal string alignment distance).
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in 1...left.count {
      var current = [row]
      for column in 1...right.count {
        let same = left[row - 1] == right[column - 1]
        var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          best = min(best, beforeLast[column - 2] + 1)
        }
        current.append(best)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
