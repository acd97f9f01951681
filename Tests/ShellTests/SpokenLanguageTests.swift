// SPDX-License-Identifier: GPL-3.0-or-later

import TestSupport
import Testing

@testable import Shell

/// The program in another language, as a learner chooses it.
@Suite struct SpokenLanguageTests {
  static let root = Repository.root.path(percentEncoded: false)
  static let german = [
    "NATSH_LANG": "de", "NATSH_TRANSLATIONS": root + "translations", "NATSH_LESSONS": root + "lessons",
    "LC_ALL": "C.UTF-8",
  ]

  let folder = TestFolder()

  @Test(arguments: [
    ("de_DE.UTF-8", ["de_DE", "de"]), ("de", ["de"]), ("de-AT", ["de_AT", "de"]), ("sr@latin", ["sr"]), ("C", []),
    ("C.UTF-8", []), ("POSIX", []), ("en_GB.UTF-8", []), ("en", []), ("../../etc", []), ("de/../x", []),
    ("klingon", ["klingon"]),
  ])
  func aLocaleNamesFiles(locale: String, codes: [String]) {
    #expect(SpokenLanguage.codes(of: locale) == codes)
  }

  private func output(_ line: String, _ environment: [String: String]) throws -> ScriptProcess {
    try ScriptProcess(["-c", line], in: folder, environment: environment)
  }

  @Test func theEnvironmentChooses() throws {
    var environment = Self.german
    #expect(try output("reset; undo; undo", environment).errors.contains("there is nothing") == false)
    environment["NATSH_LANG"] = "en"
    let english = try output("scene one-home", environment)
    environment["NATSH_LANG"] = ""
    environment["LC_ALL"] = "de_DE.UTF-8"
    let german = try output("scene one-home", environment)
    #expect(english.output.contains("This is the scene one-home") && english.errors.isEmpty)
    #expect(!german.output.contains("This is the scene") && german.output.contains("one-home") && german.errors.isEmpty)
    // A machine's language that there is no translation of is nobody's mistake.
    environment["LC_ALL"] = "xx_XX.UTF-8"
    #expect(try output("scene one-home", environment).errors.isEmpty)
  }

  @Test func anUnknownLanguageIsTold() throws {
    var environment = Self.german
    environment["NATSH_LANG"] = "xx"
    let run = try output("scene one-home", environment)
    #expect(run.errors == "natsh: NATSH_LANG: there is no translation 'xx'; there are en, de\n")
    #expect(run.output.contains("This is the scene one-home") && run.status == 0)
  }

  @Test func aBrokenFileIsToldWithItsLine() throws {
    var environment = Self.german
    folder.write("msgid \"a\"\nmsgstr \"{0}\"\n", to: "de.po")
    environment["NATSH_TRANSLATIONS"] = folder.path
    let run = try output("scene one-home", environment)
    #expect(
      run.errors
        == "natsh: \(folder.path)/de.po:2: the sentence has no {0}; it has no values; natsh goes on in English\n")
    #expect(run.output.contains("This is the scene one-home") && run.status == 0)
  }

  @Test func keysAndReasonsStayAsTheyAre() throws {
    let lines = "scene two-homes; send alice:5000 192.168.0.25:4000 hello; run; why; table home-a"
    let german = try ScriptProcess(["--json", "-c", lines], in: folder, environment: Self.german)
    var environment = Self.german
    environment["NATSH_LANG"] = "en"
    let english = try ScriptProcess(["--json", "-c", lines], in: folder, environment: environment)
    func keys(_ text: String) -> [Substring] { text.matches(of: #/"\w+":/#).map(\.output) }
    #expect(!english.output.isEmpty && keys(german.output) == keys(english.output))
    #expect(german.output.contains("\"reason\":\"private-destination\""))
  }

  @Test(arguments: [
    "scene two-homes; map; send alice:5000 bob:4000 hello; run; why; table home-a; packets; packet 1; trace; stats",
    "scene one-home; send alice:5000 bob:4000 hello; run; reply hi; run; why; ladder; show; show home-a; history",
    "scene two-homes; set home-a mapping address-and-port-dependent; help; help send; help set; help nat; glossary",
    "scene call; register alice rendezvous; punch alice bob rendezvous; run; programs; why; matrix alice bob",
    "scene cgnat; audit isp; scene google; connect alice google.com:443; run; why; close alice",
    "help mapping; help presets; scene; send a b; host 1; frob; why 7; undo 99; load /nowhere; page 99; class ask x",
    "scene one-home; forward home-a udp 8080 to alice:80; send bob 49.36.10.25:8080 knock; run; why; undo; redo",
    "scene cgnat; set home-a port-control pcp; request alice udp 80; run; why; request alice udp 80 for 0s; run",
    "scene two-homes; set home-a port-control nat-pmp; request alice tcp 80; run; set home-a port-control off; request alice udp 81; run",
    "scene two-homes; set home-a port-control upnp; request alice tcp 80; run; host carol behind home-a; request carol tcp 80; run",
    "scene two-homes; set home-a port-control upnp; filter home-a drop tcp; request alice tcp 80 with upnp; run",
    "scene two-homes; fork shut; set home-b rejects icmp; send alice 88.90.100.110; run; switch main; send alice 88.90.100.110; run; compare shut; worlds",
    "scene call-symmetric; call alice bob ice for 1s; ice; stats; ice alice bob; run for 20ms; ice; programs",
    "scene call-symmetric; filter home-a drop udp; call alice bob ice; ice; stop server turn-server; call alice bob ice",
    "scene call; stun alice behavior; run; set home-a preset linux; stun alice:5000 behavior; run; why",
    "scene ftp-active; ftp alice files; run; scene sip-alg; sip alice bob; run; scene dns64; connect phone bob.example; run",
    "scene nat64; connect phone bob; ping phone bob; scene call; reboot home-a; renumber home-a; crowd 10 direct; matrix home symmetric",
    "scene call; help programs; call alice bob; stun alice server; run; relay alice bob; run; ice alice bob; run",
  ])
  func nothingEnglishIsLeft(line: String) throws { try checkLeftovers(line) }

  @Test(
    .enabled(if: !Repository.files(below: "lessons/de", endingIn: [".md"]).isEmpty, "no lesson is translated"),
    arguments: [
      "lessons; progress; lesson direct-call; task; hint; solution; check; next; skip; next; leave",
      "lesson gatekeeper; hint; skip; hint; solution; restart; previous; play; play end; leave",
    ]) func nothingEnglishIsLeftInLessons(line: String) throws
  { try checkLeftovers(line) }

  /// At a terminal: a wrong answer, a hint, the right answer in two ways, and what is asked and typed in between.
  @Test func aQuestionIsAskedAndAnsweredInGerman() throws {
    let variables = Self.german.merging(["LANG": "C.UTF-8"]) { $1 }
    let terminal = try PseudoTerminal(in: folder, environment: variables, columns: 120, rows: 400)
    try terminal.waitForPrompt()
    let prompt = "natsh direct-call 3/10 "
    for (line, words) in [
      ("lesson direct-call 3", ["Schritt 3 von 10", "Welche Quelle findet Bob"]),
      ("2", ["Das ist Bob selbst"]), ("hint", ["Hinweis 1 von"]), ("7", ["eine Frage ist offen"]),
      ("next", ["die Frage ist noch offen"]),
      ("alice:5000", ["Jetzt ist es richtig:"]), ("task", ["Schritt 3 von 10"]),
    ] {
      let printed = try terminal.run(line, until: prompt).printed
      for word in words { #expect(printed.contains(word), "after \(line): \(printed)") }
    }
    terminal.type(PseudoTerminal.controlD)
    #expect(try terminal.end() == 0)
  }

  private static let messages = [
    "STUN ", "TURN ", "HTTP", "SSDP ", "NAT-PMP request", "rendezvous:", "RTCP", "type of service",
  ]

  /// Sentences have small words that no German sentence has. What is to be typed, what is explained in parentheses, and
  /// the contents of protocols' messages are put aside.
  private func checkLeftovers(_ line: String) throws {
    let run = try ScriptProcess(
      ["--keep-going", "-c", line], in: folder, environment: Self.german.merging(["COLUMNS": "2000"]) { $1 })
    let words = ["the", "is", "are", "and", "that", "with", "has", "from", "which", "there", "of", "by", "not", "row"]
    for shown in (run.output + run.errors).split(separator: "\n") {
      let text = shown.replacing(#/'[^']*'|"[^"]*"|`[^`]*`|\([^)]*\)|\u{201E}[^\u{201C}]*\u{201C}/#, with: "")
      let isMessage = Self.messages.contains { text.contains($0) }
      for word in words where !isMessage && text.contains(" \(word) ") {
        Issue.record("'\(word)' in: \(shown)")
      }
    }
    #expect(!run.output.isEmpty || !run.errors.isEmpty)
  }
}
