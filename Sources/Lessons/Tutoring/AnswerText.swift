// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// The choice that a learner's typed answer means.
///
/// An answer is a choice's number, all of its words or its value, never any other beginning: a learner who types `n`
/// hopes for `next`.
enum AnswerText {
  /// The number, from 1, of the choice that is meant; nil if it is none of them, or could be several.
  static func choice(_ answer: String, of question: Lesson.Prediction) -> Int? {
    let answer = normalized(answer)
    guard !answer.isEmpty else { return nil }
    let choices = question.choices
    // A choice may be a number itself; then the typed number is the value.
    if let place = choices.firstIndex(where: { ([$0.text] + $0.accepted).map(normalized).contains(answer) }) {
      return place + 1
    }
    if let number = Int(answer), choices.indices.contains(number - 1) { return number }
    let places = choices.indices.filter { values(of: choices[$0].text).contains(answer) }
    return places.count == 1 ? places[0] + 1 : nil
  }

  /// The choice that was probably meant by an answer that is none; nil if there is none, or more than one.
  static func nearest(to answer: String, of question: Lesson.Prediction) -> String? {
    let typed = normalized(answer)
    // Another number is another answer, not a slip.
    guard !typed.contains(where: \.isNumber) else { return nil }
    let near = question.choices.filter { choice in
      let forms = ([choice.text] + choice.accepted).map(normalized) + values(of: choice.text)
      return Nearest.candidate(to: typed, among: forms) != nil
    }
    return near.count == 1 ? near[0].text : nil
  }

  // MARK: Values

  /// What a choice says in short, normalized. Every choice has these forms, so that being refused tells nothing about
  /// the answer.
  ///
  /// - `62001` and `49.36.10.25:62001` of `49.36.10.25:62001, a new one`: the text before a comma or a parenthesis,
  ///   and the parts of an endpoint;
  /// - `20` of `20ms`, `2000` and `2000 Mbit` of `2,000 Mbit/s in and out`: a number, with its unit or without;
  /// - `filtered` of `filtered by the router`: the word for what became of the packet.
  static func values(of text: String) -> Set<String> {
    let head = head(of: text)
    let words = head.split(separator: " ").map(String.init)
    guard let first = words.first else { return [] }
    var forms: Set<String> = [String(head)]
    if first.first?.isNumber == true {
      for count in words.indices { forms.insert(words[...count].joined(separator: " ")) }
      forms.formUnion(numbers(in: words))
    }
    forms.formUnion(partsOfEndpoint(first))
    if outcomes.contains(first.lowercased()) { forms.insert(first) }
    let all = normalized(text)
    return Set(forms.map(normalized)).filter { !$0.isEmpty && $0 != all }
  }

  /// The text before a choice's first comma or parenthesis.
  private static func head(of text: String) -> Substring {
    let end = [text.firstRange(of: ", "), text.firstRange(of: " (")].compactMap { $0?.lowerBound }.min()
    return text[..<(end ?? text.endIndex)]
  }

  /// The words for what becomes of a packet.
  private static let outcomes =
    ["forwarded", "translated", "delivered", "dropped"] + DropReason.allCases.map(\.rawValue)

  /// The names of units, of which a choice has one and a learner may type another.
  private static let units: [[String]] = [
    ["ms", "millisecond", "milliseconds", "Millisekunde", "Millisekunden"],
    ["s", "second", "seconds", "Sekunde", "Sekunden"], ["minute", "minutes", "min", "m", "Minute", "Minuten"],
    ["kbit/s", "kbit", "kbps"], ["Mbit/s", "Mbit", "mbps"], ["Gbit/s", "Gbit", "gbps"],
  ]

  /// The number with which the words begin, alone and with each name of its unit.
  private static func numbers(in words: [String]) -> [String] {
    let number = words[0].prefix { $0.isNumber || ".,".contains($0) }
    let rest = words[0].dropFirst(number.count)
    // An address or an endpoint is not a number with a unit.
    guard rest.allSatisfy(\.isLetter), number.filter({ $0 == "." }).count < 3 else { return [] }
    let unit = rest.isEmpty ? words.dropFirst().first ?? "" : String(rest)
    let names = units.first { $0.contains { $0.lowercased() == unit.lowercased() } } ?? []
    return [String(number)] + names.map { number + $0 }
  }

  /// The address and the port of `ADDRESS:PORT`, or of a name in its place.
  private static func partsOfEndpoint(_ word: String) -> [String] {
    guard let colon = word.lastIndex(of: ":"), UInt16(word[word.index(after: colon)...]) != nil else { return [] }
    let address = word[..<colon].filter { $0 != "[" && $0 != "]" }
    // Without brackets, the last colon of an IPv6 address does not begin a port.
    guard !address.contains(":") || word.hasPrefix("[") else { return [] }
    return [address, String(word[word.index(after: colon)...])]
  }

  // MARK: Comparing

  /// Letters and digits as they count: without case, spaces, hyphens in words, surrounding marks, and the separators in
  /// large numbers.
  static func normalized(_ text: some StringProtocol) -> String {
    let all = Array(text.lowercased().filter { !"`*\"' \t\u{2019}\u{A0}\u{202F}\u{2009}".contains($0) })
    var kept: [Character] = []
    var index = 0
    while index < all.count {
      if all[index].isNumber {
        let run = all[index...].prefix { $0.isNumber || ".,".contains($0) }
        kept += withoutSeparators(run)
        index += run.count
      } else {
        let isInWord = index > 0 && index + 1 < all.count && !(all[index - 1].isNumber && all[index + 1].isNumber)
        if !(isInWord && "-\u{2010}\u{2011}".contains(all[index])) { kept.append(all[index]) }
        index += 1
      }
    }
    while let last = kept.last, ".,!?)".contains(last) { kept.removeLast() }
    return String(kept)
  }

  /// `2000` of `2,000` and of `2.000`; addresses and everything else as they stand.
  private static func withoutSeparators(_ run: ArraySlice<Character>) -> [Character] {
    let groups = run.split(omittingEmptySubsequences: false) { !$0.isNumber }
    let isGrouped =
      (2...3).contains(groups.count) && (1...3).contains(groups[0].count)
      && groups.dropFirst().allSatisfy { $0.count == 3 }
    return isGrouped ? run.filter(\.isNumber) : Array(run)
  }
}
