// SPDX-License-Identifier: GPL-3.0-or-later

/// A letter of the large type: its rows of pixels, with the marks above and below it.
struct LargeLetter {
  /// Rows of `0` and `1`: three for marks above, five for the letter, two for marks below.
  var rows: [String]
  var hasMark: Bool

  static let above = 3
  static let body = 5
  static let below = 2

  /// Letters as five rows of pixels, a space between two rows.
  private static let shapes: [Character: String] = [
    "A": "010 101 111 101 101", "B": "110 101 110 101 110", "C": "011 100 100 100 011", "D": "110 101 101 101 110",
    "E": "111 100 110 100 111", "F": "111 100 110 100 100", "G": "011 100 101 101 011", "H": "101 101 111 101 101",
    "I": "111 010 010 010 111", "J": "001 001 001 101 010", "K": "101 110 100 110 101", "L": "100 100 100 100 111",
    "M": "10001 11011 10101 10001 10001", "N": "1001 1101 1011 1001 1001", "O": "010 101 101 101 010",
    "P": "110 101 110 100 100", "Q": "0110 1001 1001 1011 0111", "R": "110 101 110 110 101", "S": "011 100 010 001 110",
    "T": "111 010 010 010 010", "U": "101 101 101 101 111", "V": "101 101 101 101 010",
    "W": "10001 10001 10101 11011 10001", "X": "101 101 010 101 101", "Y": "101 101 010 010 010",
    "Z": "111 001 010 100 111", "0": "111 101 101 101 111", "1": "010 110 010 010 111", "2": "110 001 010 100 111",
    "3": "110 001 010 001 110", "4": "101 101 111 001 001", "5": "111 100 110 001 110", "6": "011 100 111 101 111",
    "7": "111 001 010 010 010", "8": "111 101 111 101 111", "9": "111 101 111 001 110", " ": "00 00 00 00 00",
    ".": "0 0 0 0 1", ",": "00 00 00 01 10", "?": "110 001 010 000 010", "!": "1 1 1 0 1", ":": "0 1 0 1 0",
    "'": "1 1 0 0 0", "-": "000 000 111 000 000", "/": "001 001 010 100 100", "(": "01 10 10 10 01",
    ")": "10 01 01 01 10", ";": "00 01 00 01 10", "\"": "101 101 000 000 000", "=": "000 111 000 111 000",
    "+": "000 010 111 010 000", "*": "000 101 010 101 000", "%": "101 001 010 100 101", "_": "000 000 000 000 111",
    "[": "11 10 10 10 11", "]": "11 01 01 01 11", "<": "001 010 100 010 001", ">": "100 010 001 010 100",
    "&": "0100 1010 0101 1010 0101", "#": "01010 11111 01010 11111 01010", "@": "01110 10001 10111 10000 01111",
    "→": "00100 00010 11111 00010 00100", "←": "00100 01000 11111 01000 00100", "¿": "010 000 010 100 011",
    "¡": "1 0 1 1 1", "€": "0111 1110 1100 1110 0111",
  ]

  /// Letters of Latin scripts that are more than a letter of the alphabet with a mark, by their Unicode names.
  private static let ownShapes: [Substring: String] = [
    "AE": "01111 10100 11110 10100 10111", "OE": "01111 10100 10110 10100 01111", "ETH": "0110 0101 1101 0101 0110",
    "THORN": "100 110 101 110 100", "SHARP S": "0110 1001 1010 1001 1010", "ENG": "1001 1101 1011 1001 0010",
    "SCHWA": "110 001 111 101 010", "OPEN E": "011 100 010 100 011", "OPEN O": "110 001 001 001 110",
    "EZH": "111 001 010 001 110", "WYNN": "110 101 101 110 100", "AFRICAN D": "0110 0101 1101 0101 0110",
    "TURNED E": "110 001 111 101 010", "ESH": "011 100 010 100 011", "YOGH": "110 001 010 001 110",
    "KRA": "101 110 100 110 101",
  ]

  /// Marks above a letter: two rows of three pixels, to be set in the middle.
  private static let marksAbove: [Substring: (String, String)] = [
    "ACUTE": ("001", "010"), "GRAVE": ("100", "010"), "CIRCUMFLEX": ("010", "101"), "CARON": ("101", "010"),
    "DIAERESIS": ("101", "000"), "TILDE": ("0101", "1010"), "MACRON": ("111", "000"), "BREVE": ("101", "111"),
    "DOT ABOVE": ("010", "000"), "RING ABOVE": ("010", "101"), "DOUBLE ACUTE": ("0101", "1010"),
    "HOOK ABOVE": ("110", "010"),
    "INVERTED BREVE": ("111", "101"), "DOUBLE GRAVE": ("1010", "0101"), "VERTICAL LINE ABOVE": ("010", "010"),
    "HORN": ("001", "001"),
  ]

  /// Marks below a letter.
  private static let marksBelow: [Substring: (String, String)] = [
    "CEDILLA": ("010", "110"), "OGONEK": ("010", "011"), "DOT BELOW": ("000", "010"), "COMMA BELOW": ("010", "100"),
    "LINE BELOW": ("000", "111"), "CIRCUMFLEX BELOW": ("010", "101"), "DIAERESIS BELOW": ("000", "101"),
    "RING BELOW": ("010", "101"), "BREVE BELOW": ("101", "010"), "TILDE BELOW": ("0101", "1010"),
    "MACRON BELOW": ("000", "111"),
  ]

  /// Signs drawn as others.
  private static let substitutes: [Character: String] = [
    "“": "\"", "”": "\"", "„": "\"", "«": "\"", "»": "\"", "’": "'", "‘": "'", "‚": ",", "–": "-", "—": "-", "‑": "-",
    "…": "...", "·": ".", "×": "x", "\u{A0}": " ", "ʼ": "'",
    "Ĳ": "IJ", "ĳ": "IJ", "Ǉ": "LJ", "ǈ": "LJ", "ǉ": "LJ", "Ǌ": "NJ", "ǋ": "NJ", "ǌ": "NJ", "Ǆ": "DŽ", "ǅ": "DŽ",
    "ǆ": "DŽ",
    "Ǳ": "DZ", "ǲ": "DZ", "ǳ": "DZ",
  ]

  /// The letters of a text, in capitals; nil if it has one that is not Latin.
  static func letters(of text: String) -> [LargeLetter]? {
    let plain = text.map { substitutes[$0] ?? String($0) }.joined().uppercased()
    var letters: [LargeLetter] = []
    for character in plain {
      guard let letter = letter(character) else { return nil }
      letters.append(letter)
    }
    return letters
  }

  private static func letter(_ character: Character) -> LargeLetter? {
    if let shape = shapes[character] { return LargeLetter(shape: shape, marks: []) }
    // The name describes the letter's parts: LATIN CAPITAL LETTER E WITH CIRCUMFLEX AND ACUTE. Any scalars after it are
    // combining marks: COMBINING ACUTE ACCENT.
    guard let first = character.unicodeScalars.first, let name = first.properties.name else { return nil }
    var marks = character.unicodeScalars.dropFirst().compactMap { scalar -> Substring? in
      guard let name = scalar.properties.name, name.hasPrefix("COMBINING ") else { return "" }
      let mark = name.dropFirst(10)
      return mark.hasSuffix(" ACCENT") ? mark.dropLast(7) : mark
    }
    if let shape = shapes[Character(first)] { return LargeLetter(shape: shape, marks: marks) }
    for lead in ["LATIN CAPITAL LETTER ", "LATIN SMALL LETTER ", "LATIN CAPITAL LIGATURE ", "LATIN SMALL LIGATURE "]
    where name.hasPrefix(lead) {
      let parts = name.dropFirst(lead.count).split(separator: " WITH ", maxSplits: 1)
      guard let base = parts.first else { return nil }
      if parts.count > 1 { marks = parts[1].split(separator: " AND ") + marks }
      guard let shape = ownShapes[base] ?? Character(ofName: base).flatMap({ shapes[$0] }) else { return nil }
      return LargeLetter(shape: shape, marks: marks)
    }
    return nil
  }

  /// A mark without a shape here, such as a stroke through the letter, leaves the letter as it is.
  private init(shape: String, marks: [Substring]) {
    let body = shape.split(separator: " ").map(String.init)
    let above = marks.compactMap { Self.marksAbove[$0] }
    let below = marks.compactMap { Self.marksBelow[$0] }
    let width = max(body[0].count, ((above + below).map { $0.0.count }.max() ?? 0))
    let blank = String(repeating: "0", count: width)
    func centred(_ row: String) -> String {
      let lead = (width - row.count) / 2
      return String(repeating: "0", count: lead) + row + String(repeating: "0", count: width - row.count - lead)
    }
    /// Two marks in one place are overlaid.
    func together(_ rows: [String]) -> String {
      rows.map(centred).reduce(blank) { sum, row in String(zip(sum, row).map { $0 == "1" || $1 == "1" ? "1" : "0" }) }
    }
    let top = above.isEmpty ? [blank, blank] : [together(above.map(\.0)), together(above.map(\.1))]
    let bottom = below.isEmpty ? [blank, blank] : [together(below.map(\.0)), together(below.map(\.1))]
    rows = top + [blank] + body.map(centred) + bottom
    hasMark = !above.isEmpty || !below.isEmpty
  }

  var width: Int { rows[0].count }
}

extension Character {
  /// The letter named by part of a Unicode name: `A`, and `DOTLESS I` as I.
  fileprivate init?(ofName name: Substring) {
    let word = name == "DOTLESS I" ? "I" : name == "DOTLESS J" ? "J" : name == "LONG S" ? "S" : name
    guard word.count == 1, let letter = word.first else { return nil }
    self = letter
  }
}
