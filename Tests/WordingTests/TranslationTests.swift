// SPDX-License-Identifier: GPL-3.0-or-later

import TestSupport
import Testing
import Wording

/// The translations that natsh is shipped with, against the sentences of the sources.
@Suite struct TranslationTests {
  static let files = Repository.files(below: "translations", endingIn: [".po"])

  @Test func germanIsThere() { #expect(Self.files.contains("translations/de.po")) }

  @Test(arguments: files) func aFileCanBeRead(path: String) throws {
    let phrasebook = try Phrasebook(language: "de", po: Array(Repository.text(of: path).utf8))
    #expect(phrasebook.count > 1_000)
  }

  @Test(.enabled(if: Program.path(of: "python3") != nil, "there is no python3"))
  func everySentenceIsTranslated() throws {
    let script = Repository.root.appending(path: "script/sentences").path(percentEncoded: false)
    let outcome = try Program.run("python3", [script, "--check"])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
  }
}
