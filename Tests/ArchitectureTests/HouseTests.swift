// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// The structure that docs/architecture.md describes, kept true.
struct HouseTests {
  static let targets = (try? PackageTargets(manifest: Repository.text(of: "Package.swift")))?.names ?? []

  /// Every file that the rules cover, with its text.
  static let files: [Rule.Source] = {
    let folders = ["Sources", "Tests", "Benchmarks", "script", ".ci"]
    let paths = folders.flatMap {
      Repository.files(
        below: $0, endingIn: [".swift", ".c", ".h", ".sh", ".bash", "/run", "/test", "/setup", "/setup-swift"])
    }
    return (paths + ["Package.swift"]).compactMap { path in
      (try? Repository.text(of: path)).map { Rule.Source(path, $0) }
    }
  }()

  static let rules = Rule.all(
    targets: targets,
    requirements: files.filter { $0.path.hasPrefix("Sources/") }.reduce(into: []) {
      $0.formUnion(Rule.requirements(in: $1.code))
    },
    files: Set(
      files.compactMap { $0.path.split(separator: "/").last }.filter { $0.hasSuffix(".swift") }.map {
        String($0.dropLast(".swift".count))
      }))

  @Test func theManifestAndTheSourcesWereFound() {
    #expect(Self.targets.first == "NATModel" && Self.targets.last == "natsh")
    for target in Self.targets {
      #expect(Self.files.contains { $0.path.hasPrefix("Sources/\(target)/") }, "no files of \(target)")
    }
    #expect(Self.files.contains { $0.path == "script/run" })
  }

  @Test(arguments: rules) func aRuleFindsItsViolation(rule: Rule) {
    for example in rule.broken {
      #expect(!rule.findings(example).isEmpty, "overlooked in \(example.path): \(example.text)")
    }
    for example in rule.kept { #expect(rule.findings(example) == []) }
    #expect(!rule.broken.isEmpty && !rule.kept.isEmpty)
  }

  @Test(arguments: rules) func theProjectKeepsItsRules(rule: Rule) {
    for file in Self.files {
      for finding in rule.findings(file) {
        Issue.record("\(file.path):\(finding.line): \(finding.message)")
      }
    }
  }

  @Test func aProtocolsFunctionsAreFound() {
    let text = "public protocol Drawn: Sendable {\n  /// Why.\n  func text(style: Style) -> String\n}\nfunc free() {}\n"
    #expect(Rule.requirements(in: SwiftCode(text)) == ["text"])
    let witness = Rule.Source(
      "Sources/Rendering/A.swift",
      "extension A: Drawn {\n  public func text(style: Style) -> String {\n    let a = 1\n    return b\n  }\n}")
    #expect(Rule.documented(requirements: ["text"]).findings(witness) == [])
    #expect(Rule.documented(requirements: []).findings(witness).map(\.line) == [2])
  }

  @Test func aTargetDependsOnlyOnTargetsAboveItInTheManifest() throws {
    let manifest = try PackageTargets(manifest: Repository.text(of: "Package.swift"))
    #expect(manifest.findings == [])
    let upsideDown = #".target(name: "Low", dependencies: ["High"]), .target(name: "High")"#
    #expect(PackageTargets(manifest: upsideDown).findings == ["Low depends on High, which is above it"])
  }

  @Test func theDocumentDrawsEveryTarget() throws {
    let document = try Repository.text(of: "docs/architecture.md")
    for target in Self.targets { #expect(document.contains(target), "docs/architecture.md does not know \(target)") }
  }
}
