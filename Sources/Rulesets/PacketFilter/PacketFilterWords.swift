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

  /// The interfaces after `on`; nil if there are none.
  var interfaces: (items: [String], isNegated: Bool)? {
    guard var place = words.firstIndex(of: "on").map({ $0 + 1 }), words.indices.contains(place) else { return nil }
    var isNegated = words[place] == "!"
    if isNegated { place += 1 }
    var items = Self.list(at: place, of: words).items
    if let only = items.first, items.count == 1, only.hasPrefix("!") {
      isNegated = true
      items = [String(only.dropFirst())]
    }
    return (items, isNegated)
  }

  /// What a rule translates: `nat`, `rdr` or `binat`, with the words before and after the arrow or `nat-to`; nil if it does not
  /// translate.
  var translation: (verb: String, before: PacketFilterWords, after: PacketFilterWords)? {
    if let (before, after) = split(at: "->") { return (first ?? "", before, after) }
    guard let modern = ["nat-to", "rdr-to", "binat-to"].first(where: has) else { return nil }
    return split(at: modern).map { (String(modern.dropLast(3)), $0.before, $0.after) }
  }

  /// The new addresses that a rule begins with: one word, or a list.
  var targets: [String] {
    guard first == "{" else { return first.map { [Self.bare($0)] } ?? [] }
    return words.dropFirst().prefix { $0 != "}" }.filter { $0 != "," }.map(Self.bare)
  }

  /// Without the parentheses that say that the address may change, and without `:0`.
  static func bare(_ word: String) -> String {
    String(word.filter { $0 != "(" && $0 != ")" }.prefix { $0 != ":" })
  }

  /// Whether it is for IPv6 alone.
  var isForIPv6: Bool { has("inet6") && !has("inet") }

  /// Whether it has an address after `from` or `to` that is not any.
  var hasAddresses: Bool {
    ["from", "to"].contains { keyword in addresses(after: keyword).map { $0.items != ["any"] } ?? false }
  }

  /// Whether one of the words is this, be it within parentheses.
  func hasPart(_ word: String) -> Bool {
    words.contains { $0.filter { $0 != "(" && $0 != ")" } == word }
  }

  /// The number after a word, both be it within parentheses.
  func number(after keyword: String) -> Int? {
    let bare = words.map { $0.filter { $0 != "(" && $0 != ")" } }
    return bare.firstIndex(of: keyword).flatMap { bare.indices.contains($0 + 1) ? Int(bare[$0 + 1]) : nil }
  }
}
