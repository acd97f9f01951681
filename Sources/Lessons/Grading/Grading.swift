// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// Replays hand-ins, each in a network of its own.
package struct Grading {
  /// The limits for one script: nobody needs more for a lesson, and a hostile one must not hold up the others.
  package struct Limits: Sendable {
    package var bytes = 1 << 20
    package var commands = 5_000
    package var events = EventBudget.usual
    /// Milliseconds of real time.
    package var milliseconds = 20_000

    package init() {}
  }

  let lesson: Lesson
  private let library: LessonLibrary
  private let catalog: Catalog
  private let limits: Limits
  /// Milliseconds of real time since some moment; the outer layer's clock.
  private let clock: @Sendable () -> Int
  /// Watches the replays, and may stop them.
  private let monitor: (any RunMonitor)?

  package init(
    _ lesson: Lesson, library: LessonLibrary, catalog: Catalog, limits: Limits = Limits(),
    clock: @escaping @Sendable () -> Int, monitor: (any RunMonitor)? = nil
  ) {
    self.lesson = lesson
    self.library = library
    self.catalog = catalog
    self.limits = limits
    self.clock = clock
    self.monitor = monitor
  }

  /// Replays the hand-ins at `paths`: files, and folders with all their scripts.
  ///
  /// - Returns: a row for each, and of how many hand-ins; fewer rows than that where the monitor stopped it.
  package func grade(paths: [String], files: LessonFiles) -> (grades: [Grade], total: Int) {
    let rows = paths.flatMap { handIns(at: $0, files: files) }
    var grades: [Grade] = []
    for row in rows {
      switch row {
      case .unreadable(let grade): grades.append(grade)
      case .handIn(let path):
        guard let grade = grade(path: path, files: files) else { return (Self.naming(identical: grades), rows.count) }
        grades.append(grade)
      }
    }
    return (Self.naming(identical: grades), rows.count)
  }

  private enum Row {
    case handIn(path: String)
    case unreadable(Grade)
  }

  private func handIns(at path: String, files: LessonFiles) -> [Row] {
    guard files.isFolder(path) else { return [.handIn(path: path)] }
    let folder = LessonFiles.folder(given: path)
    do throws(LessonFiles.Failure) {
      let names = try files.scriptNames(folder)
      if names.isEmpty { return [.unreadable(unreadable(path, said("there is no script (*.natsh) in this folder")))] }
      return names.map { .handIn(path: LessonFiles.path(of: $0, in: folder)) }
    } catch {
      return [.unreadable(unreadable(path, error.message))]
    }
  }

  private func unreadable(_ path: String, _ reason: String) -> Grade {
    Grade(file: path, name: Performance.name(of: path), lesson: lesson, status: .unreadable, reason: reason)
  }

  /// Replays the hand-in at `path`; nil if the monitor stopped it. A symbolic link is not followed: its target may not be
  /// the learner's to show.
  package func grade(path: String, files: LessonFiles) -> Grade? {
    let bytes: [UInt8]
    do throws(LessonFiles.Failure) {
      bytes = try files.unfollowedBytes(path, limits.bytes)
    } catch {
      return unreadable(path, error.message)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return unreadable(path, said("it is not UTF-8 text"))
    }
    return grade(text: text, file: path)
  }

  /// Replays a hand-in's text; nil if the monitor stopped it.
  package func grade(text: String, file: String) -> Grade? {
    let handIn = HandIn(text)
    // The author of a hand-in that does not say is the name of the file.
    let name = handIn.name.isEmpty ? Performance.name(of: file) : handIn.name
    func row(_ status: Grade.Status, _ reason: String) -> Grade {
      Grade(file: file, name: name, lesson: lesson, status: status, reason: reason)
    }
    let commands = handIn.commands
    guard !commands.isEmpty else {
      return row(
        .empty,
        text.isEmpty
          ? said("the file is empty")
          : handIn.hasCommands ? said("all of it was done outside lessons") : said("there is no command in it"))
    }
    let lines = handIn.gradedLines
    let words = lessonWords(lines)
    let begun = words.compactMap(\.first)
    if let other = begun.first, !begun.contains(where: isThisLesson) {
      return row(.otherLesson, said("it is for the lesson '\(other)'"))
    }
    var session = Session(catalog: catalog)
    let keeper = ProgressKeeper.inMemory()
    let library = library
    session[LessonShelf.self] = LessonShelf(library: { library }, progress: keeper)
    let monitor = GradeMonitor(
      of: file, events: limits.events, until: clock() + limits.milliseconds, clock: clock, watchedBy: monitor)
    session.monitor = monitor
    var replay = Replay(
      lesson, limits: limits, monitor: monitor, session: session, keeper: keeper, isPlain: begun.isEmpty)
    let problem = replay.run(lines)
    guard !monitor.wasStopped else { return nil }
    var entry = keeper.load()[lesson.id]
    replay.completePlain(&entry)
    var grade = Grade(
      file: file, name: name, lesson: lesson, progress: entry, isTouched: replay.isTouched, problem: problem)
    grade.commands = commands
    addNotes(to: &grade, handIn, words)
    return grade
  }

  private func addNotes(to grade: inout Grade, _ handIn: HandIn, _ words: [[String]]) {
    if words.allSatisfy(\.isEmpty), grade.questions.contains(where: { $0.first == .none }) {
      grade.note(said("it is a file of plain commands, which cannot answer questions"))
    }
    if let first = firstStep(words), first > 1 {
      grade.note(
        said(
          "it begins at step \(first): an earlier sitting is missing, which `natsh hand-in \(lesson.id)` would write"))
    }
    if let version = handIn.version, version != lesson.version {
      grade.note(said("it was done with another version of the lesson"))
    }
  }

  // MARK: Which lesson

  /// The step that the first `lesson ID STEP` begins with; nil if the script has none.
  ///
  /// - Parameter words: those after each `lesson`.
  private func firstStep(_ words: [[String]]) -> Int? {
    words.first { $0.first.map(isThisLesson) ?? false }.map { $0.count > 1 ? Int($0[1]) ?? 1 : 1 }
  }

  /// The words after each `lesson`, in the order of the lines.
  private func lessonWords(_ lines: [String]) -> [[String]] {
    lines.flatMap { line in
      ((try? Statement.statements(in: line)) ?? []).compactMap { statement in
        guard let word = statement.tokens.first?.text, catalog.declaration(named: word)?.name == "lesson" else {
          return nil
        }
        return statement.tokens.dropFirst().map(\.text)
      }
    }
  }

  private func isThisLesson(_ word: String) -> Bool {
    word.lowercased() == lesson.id || library.lesson(word)?.id == lesson.id
  }

  // MARK: Hand-ins together

  /// Names the hand-ins that are the same, word for word.
  private static func naming(identical grades: [Grade]) -> [Grade] {
    var places: [[String]: [Int]] = [:]
    for (place, grade) in grades.enumerated() where grade.status.isMark {
      places[grade.commands, default: []].append(place)
    }
    var named = grades
    for place in grades.indices where grades[place].status.isMark {
      let others = (places[grades[place].commands] ?? []).filter { $0 != place }.map { grades[$0].file }
      guard !others.isEmpty else { continue }
      let listed =
        others.prefix(5).joined(separator: ", ") + (others.count > 5 ? said(" and \(others.count - 5) more") : "")
      named[place].note(said("the same as \(listed), word for word"))
    }
    return named
  }
}
