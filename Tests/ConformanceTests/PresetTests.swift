// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Rendering
import TestSupport
import Testing

@testable import Conformance

/// Every preset's audit, letter for letter. `RECORD=1 swift test --filter ConformanceTests` rewrites the files.
@Suite struct PresetTests {
  private func compare(_ text: String, with file: String) throws {
    let path = "Tests/ConformanceTests/Golden/\(file).txt"
    if Repository.isRecording { try Repository.write(text + "\n", to: path) }
    #expect(try Repository.text(of: path) == text + "\n", "\(path)")
  }

  @Test(arguments: NATPreset.allCases) func auditOfThePreset(preset: NATPreset) throws {
    var router = try AuditedRouter("router \(preset.rawValue) preset \(preset.rawValue)")
    try compare(router.audit(preset.rawValue).text(style: .plain), with: preset.rawValue)
  }

  @Test(arguments: [NATPreset.home, .linux]) func auditInFull(preset: NATPreset) throws {
    var router = try AuditedRouter("router r preset \(preset.rawValue)")
    let texts = try Requirement.all.map { try router.audit("r \($0.id)").text(style: .plain) }
    try compare(
      texts.joined(separator: "\n\n" + String(repeating: "-", count: 80) + "\n\n"), with: "\(preset.rawValue)-in-full")
  }

  @Test(arguments: [40, 60, 80, 132]) func noLineIsWiderThanTheTerminal(width: Int) throws {
    var router = try AuditedRouter("router home-of-the-smiths", "set home-of-the-smiths preset linux")
    let name = "home-of-the-smiths"
    for words in [name] + Requirement.all.map({ "\(name) \($0.id)" }) {
      for unicode in [true, false] {
        let text = try router.audit(words).text(style: TextStyle(width: width, usesUnicode: unicode))
        for line in text.split(separator: "\n") {
          #expect(DisplayWidth.of(line) <= width, "\(line)")
        }
        if !unicode { #expect(text.utf8.allSatisfy { $0 < 0x80 }, "\(words)") }
      }
    }
  }

  /// docs/presets.md says of each preset what its audit says.
  @Test func theDocumentSaysWhatTheAuditSays() throws {
    let text = try Repository.text(of: "docs/presets.md")
    for preset in NATPreset.allCases {
      #expect(text.contains("\n## `\(preset.rawValue)`\n"), "docs/presets.md has no section for \(preset.rawValue)")
      var router = try AuditedRouter("router r preset \(preset.rawValue)")
      let report = try router.audit("r")
      func names(_ outcome: RequirementOutcome) -> String {
        let found = report.findings.filter { $0.outcome == outcome }.map(\.requirement)
        return found.isEmpty ? "nothing" : found.joined(separator: ", ")
      }
      let row =
        report.applies
        ? "| `\(preset.rawValue)` | \(report.count(.met, rfc: 4787)) | \(names(.partly)) | \(names(.notMet)) |"
        : "| `\(preset.rawValue)` | translates nothing | | |"
      #expect(text.contains("\n\(row)\n"), "docs/presets.md lacks: \(row)")
    }
  }
}
