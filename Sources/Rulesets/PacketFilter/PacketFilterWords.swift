// SPDX-License-Identifier: GPL-3.0-or-later

/// The words of a statement of pf.conf; braces and commas are words of their own.
struct PacketFilterWords {
  let words: [String]

  init(_ text: String) {
    var spaced = ""
    for character in text {
      if "{},".contains(character) { spaced += " \(character) " } else { spaced.append(character) }
    }
    // `-> ($ext_if)` and `(egress:0)`: the parentheses only say that the address may change.
    words = spaced.replacing("->", with: " -> ").words
  }

  private init(_ words: some Sequence<String>) { self.words = Array(words) }

  var first: String? { words.first }

  func has(_ word: String) -> Bool { words.contains(word) }

  /// The words before and after a word that stands once.
  func split(at word: String) -> (before: PacketFilterWords, after: PacketFilterWords)? {
    words.firstIndex(of: word).map { (PacketFilterWords(words[..<$0]), PacketFilterWords(words[($0 + 1)...])) }
  }

  func word(after keyword: String) -> String? {
    words.firstIndex(of: keyword).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
  }

  /// The word or the list in braces after a keyword.
  func list(after keyword: String) -> [String] {
    guard let place = words.firstIndex(of: keyword) else { return [] }
    return Self.list(at: place + 1, of: words).items
  }

  private static func list(at place: Int, of words: [String]) -> (items: [String], end: Int) {
    guard words.indices.contains(place) else { return ([], place) }
    guard words[place] == "{" else { return ([words[place]], place + 1) }
    let end = words[place...].firstIndex(of: "}") ?? words.count
    return (words[(place + 1)..<end].filter { $0 != "," }, end + 1)
  }

  /// The addresses after `from` or `to`; nil if there are none, or only ports. `!` stays before what it negates.
  func addresses(after keyword: String) -> (items: [String], isNegated: Bool)? {
    guard var place = words.firstIndex(of: keyword).map({ $0 + 1 }), words.indices.contains(place),
      words[place] != "port"
    else { return nil }
    var isNegated = false
    if words[place] == "!" {
      isNegated = true
      place += 1
    }
    var items = Self.list(at: place, of: words).items
    if let only = items.first, items.count == 1, only.hasPrefix("!") {
      isNegated = true
      items = [String(only.dropFirst())]
    }
    return (items, isNegated)
  }

  /// The only address after `from` or `to`.
  func address(after keyword: String) -> String? { addresses(after: keyword)?.items.first }

  /// The ports of `from` or `to`; nil if it has none.
  func ports(after keyword: String) -> [ClosedRange<UInt16>]? {
    guard let start = words.firstIndex(of: keyword) else { return nil }
    let limit = words[(start + 1)...].firstIndex { $0 == "to" || $0 == "->" || $0.hasSuffix("-to") } ?? words.count
    guard let place = words[(start + 1)..<limit].firstIndex(of: "port") else { return nil }
    var items = Self.list(at: place + 1, of: words).items
    if items == ["="], words.indices.contains(place + 2) { items = Self.list(at: place + 2, of: words).items }
    let ranges = items.map { RuleValues.ports($0, separator: ":") }
    return ranges.contains { $0 == nil } ? [] : ranges.compactMap(\.self)
  }
}
