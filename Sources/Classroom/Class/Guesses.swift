// SPDX-License-Identifier: GPL-3.0-or-later

/// Makes guessing the code slow: whoever has been wrong five times is judged once a second, whatever they send.
struct Guesses {
  private struct Guesser {
    var wrong = 0
    /// When the next try will be judged, in milliseconds.
    var next = 0
    var last = 0
  }

  static let free = 5
  private static let pause = 1_000
  /// Tries that would wait longer are refused at once.
  private static let longestWait = 10_000
  private static let memory = 600_000
  private static let most = 4_096

  private var guessers: [String: Guesser] = [:]

  /// How long a try from `peer` waits before it is judged, in milliseconds; nil if too many wait already.
  mutating func wait(of peer: String, now: Int) -> Int? {
    guard var guesser = guessers[peer], guesser.wrong >= Self.free, now - guesser.last < Self.memory else { return 0 }
    let due = max(now, guesser.next)
    guard due - now <= Self.longestWait else { return nil }
    guesser.next = due + Self.pause
    guessers[peer] = guesser
    return due - now
  }

  mutating func noteWrong(_ peer: String, now: Int) {
    if guessers.count >= Self.most {
      guessers = guessers.filter { now - $0.value.last < Self.memory && $0.value.wrong >= Self.free }
      // So many cannot be a class: nobody is owed their first tries.
      if guessers.count >= Self.most { guessers = [:] }
    }
    var guesser = guessers[peer] ?? Guesser()
    if now - guesser.last >= Self.memory { guesser = Guesser() }
    guesser.wrong += 1
    guesser.last = now
    if guesser.wrong == Self.free { guesser.next = now + Self.pause }
    guessers[peer] = guesser
  }

  mutating func noteRight(_ peer: String) { guessers[peer] = nil }
}
