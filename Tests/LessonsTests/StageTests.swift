// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Testing

@testable import Lessons

/// The screens that an audience sees, key by key: they are values and are compared whole.
struct StageTests {
  private static let script = """
    # Two homes
    scene two-homes
    send alice:5000 88.90.100.110:62000 "hello"
    run
    # The ladder
    vote "Does it arrive?" "yes" "no"
    ladder
    map
    """

  private static func stage(_ text: String = script) -> Stage {
    Stage(Performance(Demonstration(text, name: "demo"), in: Session(catalog: Fixture.catalog)))
  }

  private func screen(_ stage: Stage, height: Int = 24, width: Int = 80) -> [String] {
    StageDrawing(stage: stage, style: TextStyle(width: width), height: height).lines
  }

  @Test(arguments: [6, 8, 12, 24, 60]) func goingBackShowsExactlyTheScreenBefore(height: Int) {
    var stage = Self.stage()
    var seen = [screen(stage, height: height)]
    for _ in 0..<200 {
      stage.move(.forward, style: .plain, height: height)
      let next = screen(stage, height: height)
      #expect(next.count == height)
      if next == seen[seen.count - 1] { break }
      seen.append(next)
    }
    // Every beat and the first screen, at least; a low terminal has more pages.
    #expect(seen.count >= 10 && stage.isAtEnd)
    for expected in seen.dropLast().reversed() {
      stage.move(.back, style: .plain, height: height)
      #expect(screen(stage, height: height) == expected)
    }
  }

  @Test(arguments: [
    ("save x", "a demonstration cannot use files"), ("load x", "a demonstration cannot use files"),
  ])
  func filesHaveNoPlaceInADemonstration(line: String, words: String) {
    let performance = Performance(
      Demonstration("host a\n\(line)\nclear\nmap\n", name: "demo"), in: Session(catalog: Fixture.catalog))
    #expect(performance.problems.map(\.error.message) == [words] && performance.problems.map(\.line) == [2])
  }

  @Test func nothingScrollsAwayUnseen() {
    var stage = Self.stage()
    stage.move(.last, style: .plain, height: 60)
    let whole = Set(screen(stage, height: 60).dropLast())
    var low = Self.stage()
    var seen: Set<String> = []
    while !low.isAtEnd || StageDrawing(stage: low, style: .plain, height: 10).hasMore {
      low.move(.forward, style: .plain, height: 10)
      seen.formUnion(screen(low, height: 10))
    }
    #expect(whole.subtracting(seen).isEmpty, "\(whole.subtracting(seen))")
  }

  @Test func aCaptionBeginsANewScreenWithWhatBelongsToIt() {
    var stage = Self.stage()
    for _ in 0..<5 { stage.move(.forward, style: .plain, height: 40) }
    #expect(!screen(stage, height: 40).contains { $0.contains("scene two-homes") })
    #expect(screen(stage, height: 40).last?.hasPrefix("5 of 8") == true)
  }

  /// The text typed, and the counts that it gives; nil if it is not a count.
  static let counts: [(String, [Int]?)] = [
    ("1:12 2:15", [12, 15]), ("2:15", [0, 15]), ("12 15", [12, 15]), ("1:0", [0, 0]), ("3:1", nil), ("1", nil),
    ("1:", nil),
    ("1:x", nil), ("1:1000000", nil), (":", nil), ("0:4", nil),
  ]

  @Test(arguments: counts) func votesAreCountedByHand(typed: String, counts: [Int]?) {
    var stage = Self.stage()
    for _ in 0..<6 { stage.move(.forward, style: .plain, height: 40) }
    #expect(!screen(stage, height: 40).contains { $0.contains("natsh> ladder") })
    for character in typed { stage.move(.type(character), style: .plain, height: 40) }
    stage.move(.enter, style: .plain, height: 40)
    #expect(stage.counts.values.first == counts && (stage.complaint == nil) == (counts != nil))
    stage.move(.forward, style: .plain, height: 40)
    #expect(screen(stage, height: 40).contains { $0.contains("natsh> ladder") })
  }

  @Test func aNumberIsNotAKeyWithoutAVote() {
    var stage = Self.stage()
    let before = screen(stage)
    stage.move(.type("1"), style: .plain, height: 24)
    #expect(screen(stage) == before && !stage.isTyping)
  }

  // MARK: Large type

  @Test(arguments: [
    "Größe", "naïve", "čeština", "Łódź", "ŒUVRE", "Þórr", "Việt Nam", "ĳssel", "Ångström", "e\u{301}te\u{301}",
    "“quoted” — a–b…",
    "¿Quién eres?", "İstanbul ışık", "ŵ ŷ ȷ ḿ ẞ",
  ])
  func allLatinLettersAreLarge(caption: String) {
    let drawn = LargeType.text([caption], style: TextStyle(width: 200))
    #expect(!drawn.contains("═") && drawn.contains("█"))
  }

  @Test func everyLatinLetterHasItsShapeAndMarksTellLettersApart() {
    for value in (0xC0 as UInt32)...0x24F {
      guard let scalar = Unicode.Scalar(value), scalar.properties.isAlphabetic, let name = scalar.properties.name,
        name.contains("WITH"), !name.contains("STROKE"), !name.contains("HOOK"), !name.contains("TAIL"),
        !name.contains("CURL"),
        !name.contains("SWASH"), !name.contains("TOPBAR"), !name.contains("LETTER DZ"),
        !name.contains("PRECEDED"),
        !name.contains("DIGRAPH"), !name.contains("MIDDLE"), !name.contains("BAR"), !name.contains(" LEG"),
        !name.contains("WITH SMALL")
      else { continue }
      guard let letter = LargeLetter.letters(of: String(Character(scalar)))?.first else {
        if name.contains("LETTER DZ") || name.contains("LETTER D WITH SMALL") { continue }
        Issue.record("\(name) has no shape")
        continue
      }
      #expect(letter.hasMark, "\(name)")
    }
  }

  @Test func otherScriptsAreSpacedOut() {
    let drawn = LargeType.text(["Привет мир", "below"], style: TextStyle(width: 60))
    #expect(drawn.contains("П р и в е т   м и р") && drawn.contains("═") && drawn.hasSuffix("below"))
    #expect(LargeType.text(["Привет, мир, как дела"], style: TextStyle(width: 24)).contains("Привет, мир, как дела"))
  }
}
