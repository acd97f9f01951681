// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Golden transcripts: each file in Tests/Transcripts is what a terminal shows, prompts and all. The text after a
/// prompt is typed; everything must then look the same. `RECORD=1` rewrites the files from what is typed in them.
@Suite struct TranscriptTests {
  private static let folder: String = {
    "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Transcripts"
  }()

  private static let isRecording = getenv("RECORD").map { String(cString: $0) } == "1"

  /// Those in the folder `de` are in German.
  static let names = ["", "de/"].flatMap { part in
    Files.names(in: folder + "/" + part).filter { $0.hasSuffix(".transcript") }.map { part + $0 }
  }

  @Test func thereAreTranscripts() {
    #expect(Self.names.contains { !$0.contains("/") } && Self.names.contains { $0.hasPrefix("de/") })
  }

  @Test(arguments: names) func looksAsWritten(_ name: String) throws {
    let files = TestFolder()
    let path = "\(Self.folder)/\(name)"
    let expected = String(decoding: try #require(Files.bytes(at: path)), as: UTF8.self)
    let lines = expected.split(separator: "\n").compactMap { Self.typed(in: $0) }
    let terminal = try PseudoTerminal(
      in: files, environment: name.hasPrefix("de/") ? SpokenLanguageTests.german : [:])
    // The welcome may change without every transcript changing.
    try terminal.waitForPrompt()
    var actual = ""
    for line in lines {
      let prompt = String(terminal.screen.split(separator: "\n").last ?? "")
      // A line in the file may lack the clock when it was written by hand: the recording puts it there.
      actual += "\(prompt)\(line)\n"
      actual += try terminal.run(line)
    }
    terminal.type(PseudoTerminal.controlD)
    #expect(try terminal.end() == 0)
    if Self.isRecording {
      Files.write(Array(actual.utf8), at: path)
    } else {
      #expect(actual == expected)
    }
  }

  /// The text after `natsh> ` or `natsh 21ms ●1> `; nil for a line of output.
  private static func typed(in line: Substring) -> String? {
    guard line.hasPrefix("natsh"), let end = line.firstRange(of: "> ") else { return nil }
    let state = line[..<end.lowerBound].dropFirst("natsh".count)
    guard state.isEmpty || state.first == " " && !state.contains(":") else { return nil }
    return String(line[end.upperBound...])
  }
}
