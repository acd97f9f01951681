// SPDX-License-Identifier: GPL-3.0-or-later

/// The choice that a learner's typed answer means.
///
/// An answer is a choice's number or all of its words, never a beginning: a learner who types `n` hopes for `next`.
enum AnswerText {
  /// The number, from 1, of the choice that is meant; nil if it is none of them.
  static func choice(_ answer: String, of question: Lesson.Prediction) -> Int? {
    let answer = normalized(answer)
    guard !answer.isEmpty else { return nil }
    let choices = question.choices
    // A choice may be a number itself; then the typed number is the value.
    if let place = choices.firstIndex(where: { ([$0.text] + $0.accepted).map(normalized).contains(answer) }) {
      return place + 1
    }
    if let number = Int(answer) { return choices.indices.contains(number - 1) ? number : nil }
    // The value alone of a choice that says more about it: `62001` of "62001, a new one".
    let values = choices.map { value(of: $0.text).map(normalized) }
    let places = values.indices.filter { values[$0] == answer }
    return places.count == 1 ? places[0] + 1 : nil
  }

  /// The text before a choice's first comma or parenthesis; nil if there is neither.
  private static func value(of text: String) -> Substring? {
    let end = [text.firstRange(of: ", "), text.firstRange(of: " (")].compactMap { $0?.lowerBound }.min()
    return end.map { text[..<$0] }
  }

  /// Letters and digits as they count: without case, spaces, surrounding marks, and the commas in large numbers.
  static func normalized(_ text: some StringProtocol) -> String {
    var kept: [Character] = []
    let all = Array(text.lowercased().filter { !"`*\"' \t".contains($0) && $0 != "\u{2019}" })
    for (index, character) in all.enumerated() {
      let isInNumber =
        character == "," && index > 0 && all[index - 1].isNumber && index + 3 < all.count
        && all[index + 1...index + 3].allSatisfy(\.isNumber)
      if !isInNumber { kept.append(character) }
    }
    while let last = kept.last, ".!?".contains(last) { kept.removeLast() }
    return String(kept)
  }
}
