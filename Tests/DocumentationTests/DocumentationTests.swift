// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// README.md and docs/ show what natsh really does.
struct DocumentationTests {
  static let paths =
    Repository.files(below: "docs", endingIn: [".md"]) + ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]

  static func blocks(_ kind: DocumentBlock.Kind) -> [DocumentBlock] {
    paths.flatMap { path in
      DocumentBlock.blocks(of: (try? Repository.text(of: path)) ?? "", path: path).filter { $0.kind == kind }
    }
  }

  /// The output of each command of a session, separated by running one command more each time: the same commands print
  /// the same bytes.
  static func outputs(of commands: [String]) throws -> [[String]] {
    var printed = 0
    return try commands.indices.map { last in
      let script = commands[...last].map { $0 + "\n" }.joined()
      let outcome = try BuiltExecutable.run(["-"], input: script)
      try #require(outcome.status == 0, "'\(commands[last])': \(outcome.errors)")
      let new = outcome.output.utf8.dropFirst(printed)
      printed = outcome.output.utf8.count
      var lines = (String(new) ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if lines.last == "" { lines.removeLast() }
      return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }
    }
  }

  @Test(arguments: paths) func transcriptsShowWhatNatshPrints(path: String) throws {
    // From the last block to the first, so that recording one does not move the lines of those still to come.
    for block in Self.blocks(.transcript).filter({ $0.path == path }).reversed() {
      let outputs = try Self.outputs(of: block.commands)
      if Repository.isRecording {
        let lines = zip(block.commands, outputs).flatMap { [DocumentBlock.prompt + $0] + $1 }
        try Repository.write(block.replacing(lines: lines, in: Repository.text(of: path)), to: path)
        continue
      }
      for (exchange, output) in zip(block.exchanges, outputs) {
        #expect(exchange.prompt == DocumentBlock.prompt, "\(path):\(block.line): begins with output")
        #expect(exchange.output == output, "\(path):\(block.line): \(exchange.command)")
      }
    }
  }

  @Test(arguments: paths) func scriptsInDocumentsSucceed(path: String) throws {
    for block in Self.blocks(.script).filter({ $0.path == path }) {
      let outcome = try BuiltExecutable.run(["-"], input: block.lines.map { $0 + "\n" }.joined())
      #expect(outcome.status == 0, "\(path):\(block.line): \(outcome.errors)")
    }
  }

  @Test func theREADMEBeginsWithATranscriptAndHasTheTour() throws {
    let transcripts = Self.blocks(.transcript).filter { $0.path == "README.md" }
    #expect(transcripts.count >= 5)
    #expect((transcripts.first?.line ?? .max) < 20)
    // The newcomer's five minutes: Bob's router refuses Alice's packet and says why.
    let refusal = try #require(transcripts.first { $0.commands.contains { $0.contains("home-b:4000") } })
    let outcome = try BuiltExecutable.run(
      ["--json", "-"], input: refusal.commands.map { $0 + "\n" }.joined())
    let dropped = outcome.output.replacing("\": ", with: "\":").split(separator: "\n")
      .filter { $0.contains(#""node":"home-b""#) && $0.contains(#""verdict":"dropped""#) }
    #expect(dropped.contains { $0.contains(#""reason":"no-mapping""#) })
    #expect(refusal.commands.last == "why")
  }

  @Test func everyCommandIsDocumentedAndEveryDocumentedCommandExists() throws {
    let text = try Repository.text(of: "docs/commands.md")
    let help = try BuiltExecutable.run(["--json", "-c", "help"])
    let overview = try JSONSerialization.jsonObject(with: Data(help.output.utf8)) as? [String: Any]
    let groups = overview?["groups"] as? [[String: Any]] ?? []
    let commands = groups.flatMap { $0["commands"] as? [[String: Any]] ?? [] }.compactMap { $0["name"] as? String }
    #expect(commands.contains("send") && commands.contains("table"))

    let sections = ["Building", "Packets", "Traffic", "Lessons", "Looking", "Keeping"]
    let rows = text.split(separator: "\n## ").filter { section in sections.contains { section.hasPrefix($0) } }
      .flatMap { $0.split(separator: "\n") }.filter { $0.hasPrefix("| `") }
    let documented = Set(
      rows.flatMap { row in row.dropFirst(2).prefix { $0 != "|" }.matches(of: /`([a-z]+)/).map { String($0.1) } })
    for command in commands { #expect(documented.contains(command), "docs/commands.md has no row for '\(command)'") }
    for command in documented.sorted() {
      let outcome = try BuiltExecutable.run(["-c", "help \(command)"])
      #expect(outcome.status == 0, "docs/commands.md documents '\(command)', which natsh does not know")
    }
  }

  @Test(arguments: paths) func linksHaveTargets(path: String) throws {
    let text = try Repository.text(of: path)
    let folder = Repository.root.appending(path: path).deletingLastPathComponent()
    for link in text.matches(of: /\]\(([^)\s]+)\)/) where !link.1.contains("://") {
      let parts = link.1.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let target = parts[0].isEmpty ? Repository.root.appending(path: path) : folder.appending(path: parts[0])
      #expect(FileManager.default.fileExists(atPath: target.path(percentEncoded: false)), "\(path): \(link.1)")
      guard parts.count == 2, let page = try? String(contentsOf: target, encoding: .utf8) else { continue }
      let anchors = page.split(separator: "\n").filter { $0.hasPrefix("#") }.map { heading in
        heading.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-")
          .filter { $0.isLetter || $0.isNumber || $0 == "-" }
      }
      #expect(anchors.contains(parts[1]), "\(path): no heading for \(link.1)")
    }
  }

  @Test func blocksAreFoundAndRewrittenInPlace() {
    let text = "a\n```natsh\nmap\n```\n````console natsh\nnatsh> map\n```\n````\n```sh\nnatsh> x\n```\n"
    let blocks = DocumentBlock.blocks(of: text, path: "a.md")
    #expect(blocks.map(\.kind) == [.script, .transcript])
    #expect(blocks.map(\.commands) == [["map"], ["map"]])
    #expect(blocks.last?.exchanges == [DocumentBlock.Exchange(prompt: "natsh> ", command: "map", output: ["```"])])
    #expect(
      blocks.first?.replacing(lines: ["x", "y"], in: text).hasPrefix("a\n```natsh\nx\ny\n```\n````console") == true)
  }
}
