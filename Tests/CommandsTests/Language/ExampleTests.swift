// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Commands

@Suite struct ExampleTests {
  /// Carries the lines out one after another in a new session; returns the failure, if there is one.
  private func failure(of lines: [String]) -> String? {
    var session = Session(catalog: .standard, seed: 1)
    for line in lines {
      do {
        for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
      } catch {
        return "\(line): \(error)"
      }
    }
    return nil
  }

  @Test(arguments: Catalog.standardDeclarations)
  func examplesOfHelpWork(declaration: CommandDeclaration) {
    #expect(failure(of: declaration.examples) == nil)
  }

  /// The lines to try that a topic names, from its first scene to the first of another target, which
  /// has a transcript.
  @Test(arguments: HelpTopics.standard.map(\.name))
  func theExamplesOfATopicWork(name: String) throws {
    let topic = try #require(HelpTopics.standard.first { $0.name == name })
    for paragraph in topic.paragraphs {
      let pieces = paragraph.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
      let typed = pieces.indices.filter { !$0.isMultiple(of: 2) }.map { pieces[$0] }
      guard let first = typed.firstIndex(where: { $0.hasPrefix("scene ") }) else { continue }
      let scenes = Set(Catalog.standard.scenes.map { "scene \($0.name)" })
      let lines = typed[first...].prefix { !$0.hasPrefix("scene ") || scenes.contains($0) }.filter { line in
        let word = String(line.prefix { $0 != " " })
        return Catalog.standard.declaration(named: word) != nil && !line.contains("COMMAND") && !line.contains("ROUTER")
      }
      #expect(failure(of: Array(lines)) == nil)
    }
  }
}
