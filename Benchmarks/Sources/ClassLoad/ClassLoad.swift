// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation

/// A class at its largest, at the real executable: viewers who follow the teacher's page, learners who type, and how long
/// everybody waits.
@main
struct ClassLoad: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ClassLoad", abstract: "Measures natsh with a whole class watching and typing.",
    discussion:
      "It fails if a goal is missed: 200 ms from the teacher's step to the last viewer, no change lost, and a "
      + "prompt at most 1.2 times as slow as without a class.")

  @Option(help: "The executable.")
  var natsh: String

  @Option(help: "How many watch the teacher's page.")
  var viewers = 300

  @Option(help: "How many type, each in a workspace of their own, a command a second.")
  var workspaces = 60

  @Option(help: "How long, in seconds; the teacher types a command a second.")
  var seconds = 60

  @Option(help: "The page's port.")
  var port = 8_437

  func validate() throws {
    guard (1...400).contains(viewers), (1...90).contains(workspaces), (1...3_600).contains(seconds) else {
      throw ValidationError("--viewers takes 1 to 400, --workspaces 1 to 90, --seconds 1 to 3600.")
    }
  }

  func run() throws {
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("natsh-load-\(getpid())")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: home) }
    let teacher = try Teacher(natsh: natsh, home: home.path)
    defer { teacher.kill() }
    try teacher.run("scene two-homes")

    say("the teacher alone, for \(seconds) s")
    var alone = Lesson(teacher: teacher)
    try alone.teach(seconds: seconds)
    let before = Spread(teacher.waits)
    teacher.forgetWaits()
    try teacher.run("scene two-homes")

    let opened = try teacher.run("class open load on 127.0.0.1 port \(port) size \(workspaces)")
    guard opened.contains("open. Learners") else { throw LoadFailure("no class: \(opened)") }
    var lesson = Lesson(teacher: teacher)
    let empty = teacher.residentBytes
    say("\(viewers) viewers and \(workspaces) workspaces, for \(seconds) s")
    try lesson.add(viewers: viewers, port: port)
    let watched = teacher.residentBytes
    try lesson.add(workspaces: workspaces, port: port, code: try code())
    let joined = teacher.residentBytes
    try lesson.teach(seconds: seconds)
    let after = Spread(teacher.waits)
    try report(lesson, before: before, after: after, memory: [empty, watched, joined, teacher.residentBytes])
  }

  private func code() throws -> String {
    let answer = try Response.ask("GET", "/class.json", port: port).body
    let object = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
    guard let code = object?["code"] as? String else { throw LoadFailure("the class has no code: \(answer)") }
    return code
  }

  private func report(_ lesson: Lesson, before: Spread, after: Spread, memory: [Int?]) throws {
    let arrivals = Spread(lesson.arrivals)
    let last = Spread(lesson.lastArrivals)
    let learners = Spread(lesson.learners.flatMap(\.waits))
    let lost = lesson.expected - lesson.arrivals.count + lesson.watchers.reduce(0) { $0 + $1.gaps }
    // Of medians: a moment in which the machine did something else should not count.
    let ratio = after[50] / before[50]
    func growth(_ from: Int, _ to: Int, _ count: Int) -> String {
      guard let less = memory[from], let more = memory[to] else { return "not told by this system" }
      return "\((more - less) / count / 1_024) KiB"
    }
    print("the teacher's commands            \(lesson.typed)")
    print("to the last viewer, ms            \(last)")
    print("to a viewer, ms                   \(arrivals)")
    print("changes expected and lost         \(lesson.expected), \(lost)")
    print("snapshots instead of changes      \(lesson.watchers.reduce(0) { $0 + $1.snapshots - 1 })")
    print("the teacher's prompt alone, ms    \(before)")
    print("the teacher's prompt in class, ms \(after)")
    print("ratio of the medians              \(String(format: "%.2f", ratio))")
    print("a learner's answer, ms            \(learners)")
    print("learners' commands and failures   \(learners.count), \(lesson.learners.reduce(0) { $0 + $1.failures })")
    print("memory a viewer                   \(growth(0, 1, viewers))")
    print("memory a workspace, joined        \(growth(1, 2, workspaces))")
    print("memory a workspace, at the end    \(growth(1, 3, workspaces))")
    var missed: [String] = []
    if last[99] > 200 { missed.append("the last viewer waits longer than 200 ms") }
    if lost > 0 { missed.append("changes were lost") }
    if lesson.learners.contains(where: { $0.failures > 0 || $0.isClosed }) { missed.append("a learner was refused") }
    if ratio > 1.2 { missed.append("the teacher's prompt is more than 1.2 times as slow") }
    guard missed.isEmpty else { throw LoadFailure("missed: " + missed.joined(separator: "; ")) }
  }

  private func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
