// SPDX-License-Identifier: GPL-3.0-or-later

/// A number of things: `1 row`, `3 rows`, each translated as a sentence of its own, `{0} row` and `{0} rows`.
///
/// - Parameters:
///   - number: The number as it is written.
///   - isOne: Whether it is one thing.
public func counted(_ number: String, isOne: Bool, _ singular: String, _ plural: String?) -> String {
  let noun = isOne ? singular : plural ?? singular + "s"
  guard let phrasebook = Phrasebook.chosen else { return "\(number) \(noun)" }
  return phrasebook.translation(of: ["", " " + noun])?.filled([number]) ?? "\(number) \(noun)"
}
