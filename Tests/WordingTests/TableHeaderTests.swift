// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// A table's headers are words that people read, so they are translated.
@Suite struct TableHeaderTests {
  @Test func everyHeaderIsSaid() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let files = try #require(
      FileManager.default.enumerator(at: root.appending(path: "Sources"), includingPropertiesForKeys: nil))
    let tables = /(?:TextTable\(\s*\[|\[TextTable\.Column\] = \[)(?<columns>[^\]]*)\]/
    let bare = /(?:\.init|Column)\("(?<word>[a-z][a-z -]*)"/
    var found = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      for table in try String(contentsOf: file, encoding: .utf8).matches(of: tables) {
        found += 1
        let words = table.output.columns.matches(of: bare).map { String($0.output.word) }
        #expect(words.isEmpty, "\(file.lastPathComponent): \(words)")
      }
    }
    #expect(found > 10)
  }
}
