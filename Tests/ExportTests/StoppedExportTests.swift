// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Testing

@testable import Export

/// An export can be stopped wherever it takes its time.
@Suite struct StoppedExportTests {
  /// Stops one kind of work when so many pieces of it are done.
  private struct Watcher: RunMonitor {
    var work: RunProgress.Stage.Work
    var done: Int
    func progress(_ progress: RunProgress) -> Bool {
      progress.stage.map { $0.work != work || $0.done < done } ?? true
    }
  }

  private static let table: [(format: String, work: RunProgress.Stage.Work)] =
    ["netns", "containerlab", "kathara"].flatMap { [($0, .exporting), ($0, .writing)] } + [("cast", .recording)]

  @Test(arguments: table) func itIsStoppedAndNothingIsWritten(format: String, work: RunProgress.Stage.Work)
    throws
  {
    var session = Session(
      catalog: Catalog(.standard, .export))
    for line in ["scene two-homes", "send alice bob", "run"] {
      _ = try session.execute(try #require(try Statement.statements(in: line).first))
    }
    let export = try #require(try Statement.statements(in: "export \(format) here").first)
    for done in 0...2 {
      session.monitor = Watcher(work: work, done: done)
      do {
        _ = try session.execute(export)
        Issue.record("nothing stopped it")
      } catch SessionError.command(let error) {
        #expect(error.kind.word == "interrupted")
      }
    }
    session.monitor = Watcher(work: work, done: .max)
    #expect(try session.execute(export).content is OuterRequest)
  }
}
