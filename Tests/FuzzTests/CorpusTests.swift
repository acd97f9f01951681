// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzTargets
import TestSupport
import Testing

/// The inputs that the fuzzer found worth keeping, without the fuzzer.
@Suite struct CorpusTests {
  static func inputs(of target: FuzzTarget) -> [String] {
    Repository.files(below: "Tests/Corpus/\(target.rawValue)", endingIn: [""])
  }

  @Test(arguments: FuzzTarget.allCases) func noKeptInputHasAFinding(target: FuzzTarget) throws {
    let inputs = Self.inputs(of: target)
    #expect(inputs.count >= 10)
    for path in inputs {
      let bytes = try Data(contentsOf: Repository.root.appending(path: path))
      #expect(target.finding(in: Array(bytes)) == nil, "\(path)")
    }
  }

  /// The corpus is small, since every clone contains all of it.
  @Test func theCorpusIsSmall() throws {
    let paths = FuzzTarget.allCases.flatMap { Self.inputs(of: $0) }
    let bytes = try paths.map { try Data(contentsOf: Repository.root.appending(path: $0)).count }
    #expect(paths.count <= 1_200)
    #expect(bytes.reduce(0, +) <= 700_000)
  }

  /// A target that finds nothing must be able to find something, so it is shown broken output.
  @Test(arguments: ["\u{1B}[2J", "tab\tand", "\u{202E}txet", "bell\u{7}", "\u{9B}1m"])
  func textThatMovesATerminalIsFound(text: String) {
    #expect(ShownText.fault(in: text) != nil)
  }

  @Test func aLineThatIsNotJSONIsFound() {
    #expect(ShownText.fault(inJSON: "{\"a\": 1}") == nil)
    #expect(ShownText.fault(inJSON: "{\"a\":\n1}") != nil)
    #expect(ShownText.fault(inJSON: "[]") != nil)
  }

  @Test func libFuzzerCanReadTheDictionaries() {
    for word in FuzzTarget.commands.dictionary + FuzzTarget.lessons.dictionary {
      #expect(word.hasPrefix("\"") && word.hasSuffix("\"") && !word.contains("\n"))
    }
    #expect(FuzzTarget.commands.dictionary.contains("\"send\""))
  }
}
