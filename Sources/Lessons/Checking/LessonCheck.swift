// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// The author's check: reads lessons and proves that they teach what they say.
package struct LessonCheck {
  /// The result of a check.
  package struct Report: Sendable {
    /// The lessons that could be read at all.
    package var lessons: [Lesson]
    /// In the order of files and lines.
    package var problems: [LessonProblem]
    /// Claims that could not be proved; they do not make a lesson unsound.
    package var notes: [LessonProblem] = []
    /// The demonstrations that were checked.
    package var demonstrations = 0
  }

  private let catalog: Catalog
  private let access: LessonFiles?
  private let watch: LessonWatch
  private var lessons: [Lesson] = []
  private var problems: [LessonProblem] = []
  private var notes: [LessonProblem] = []
  private var demonstrations = 0

  private init(catalog: Catalog, access: LessonFiles?, watch: LessonWatch = LessonWatch()) {
    self.catalog = catalog
    self.access = access
    self.watch = watch
  }

  /// Checks the lessons at `paths`: files, and folders with all their Markdown files.
  ///
  /// - Parameter watch: the limits for each lesson, and the monitor of its progress.
  package static func run(
    paths: [String], files access: LessonFiles, catalog: Catalog, watch: LessonWatch = LessonWatch()
  ) -> Report {
    var check = LessonCheck(catalog: catalog, access: access, watch: watch)
    let files = check.files(at: paths)
    for file in files where file.hasSuffix(Performance.ending) { check.checkDemonstration(file, files: access) }
    for file in files where !file.hasSuffix(Performance.ending) {
      let reading = LessonReader.read(path: file, files: access)
      check.problems += reading.problems
      if let lesson = reading.lesson {
        check.lessons.append(lesson)
        check.problems += lesson.blemishes
      }
    }
    check.checkIDs()
    check.checkRequirements()
    for lesson in check.lessons { check.prove(lesson) }
    return check.finished()
  }

  /// Checks one lesson's text alone.
  package static func run(text: String, file: String, catalog: Catalog) -> Report {
    var check = LessonCheck(catalog: catalog, access: nil)
    let reading = LessonReader.read(text, file: file)
    check.problems = reading.problems
    if let lesson = reading.lesson {
      check.lessons = [lesson]
      check.problems += lesson.blemishes
      check.prove(lesson)
    }
    return check.finished()
  }

  private func finished() -> Report {
    var seen: Set<LessonProblem> = []
    return Report(
      lessons: lessons, problems: problems.filter { seen.insert($0).inserted }.sorted(), notes: notes.sorted(),
      demonstrations: demonstrations)
  }

  private mutating func prove(_ lesson: Lesson) {
    notes += lesson.notesOnShortAnswers
    let monitor = watch.monitor(of: .checking(file: lesson.file))
    var first = LessonProof(lesson, catalog: catalog, monitor: monitor)
    first.run()
    problems += first.problems
    notes += first.notes
    // A lesson that was stopped once would be stopped elsewhere the second time.
    guard monitor.verdict == nil else { return }
    var second = LessonProof(lesson, catalog: catalog, monitor: monitor)
    second.run()
    guard monitor.verdict == nil else {
      problems += second.problems
      return
    }
    if let line = LessonProof.difference(first, second) {
      problems.append(
        LessonProblem(
          file: lesson.file, line: line, message: said("from here on, two runs did not give the same results")))
    }
  }

  // MARK: Demonstrations

  /// Plays a demonstration through, as if before an audience.
  private mutating func checkDemonstration(_ file: String, files access: LessonFiles) {
    var session = Session(catalog: catalog)
    // If it is among lessons, it may begin them.
    let folder = LessonFiles.folder(of: file)
    let isInside = LessonFiles.name(of: folder) == Demonstration.folder
    session[LessonShelf.self] = LessonShelf(
      folder: isInside ? LessonFiles.folder(of: folder) : folder, files: access)
    let reading = Performance.read(path: file, files: access, session: session)
    if let refusal = reading.refusal {
      problems.append(LessonProblem(file: file, line: 1, message: said("cannot be read: \(refusal)")))
    }
    guard let performance = reading.performance else { return }
    demonstrations += 1
    problems += performance.problems.map {
      LessonProblem(file: file, line: $0.line, message: LessonWording.sentence(of: $0.error))
    }
  }

  // MARK: Files

  private mutating func files(at paths: [String]) -> [String] {
    guard let access else { return [] }
    var files: [String] = []
    for path in paths {
      guard access.isFolder(path) else {
        files.append(path)
        continue
      }
      let folder = LessonFiles.folder(given: path)
      do throws(LessonFiles.Failure) {
        var names = try access.markdownNames(folder) + access.scriptNames(folder)
        let inside = folder + "/" + Demonstration.folder
        if access.isFolder(inside) { names += try access.scriptNames(inside).map { Demonstration.folder + "/" + $0 } }
        if names.isEmpty {
          problems.append(
            LessonProblem(file: path, line: 1, message: said("there is no lesson (NN-id.md) in this folder")))
        }
        files += names.map { LessonFiles.path(of: $0, in: folder) }
      } catch {
        problems.append(LessonProblem(file: path, line: 1, message: said("cannot be read: \(error.message)")))
      }
    }
    var seen: Set<String> = []
    return files.filter { seen.insert(access.realPath($0) ?? $0).inserted }
  }

  // MARK: Lessons together

  private mutating func checkIDs() {
    // A translation has its lesson's id.
    var first: [[String?]: Lesson] = [:]
    for lesson in lessons {
      if let other = first[[lesson.language, lesson.id]] {
        problems.append(
          LessonProblem(
            file: lesson.file, line: lesson.idLine,
            message: said("the id '\(lesson.id)' is taken: \(other.file):\(other.idLine) has it")))
      } else {
        first[[lesson.language, lesson.id]] = lesson
      }
    }
  }

  private mutating func checkRequirements() {
    var known: [String: Lesson] = [:]
    for lesson in lessons where known[lesson.id] == nil { known[lesson.id] = lesson }
    let wanted = lessons.flatMap { $0.requires.map(\.value) }
    if let access, wanted.contains(where: { known[$0] == nil }) {
      var folders = Set(lessons.map { LessonFiles.folder(of: $0.file) })
      // What is not translated is read in English.
      for lesson in lessons where lesson.language != nil {
        folders.insert(LessonFiles.folder(of: LessonFiles.folder(of: lesson.file)))
      }
      for folder in folders.sorted() {
        for name in (try? access.markdownNames(folder)) ?? [] {
          guard let lesson = LessonReader.read(path: folder + "/" + name, files: access).lesson, known[lesson.id] == nil
          else {
            continue
          }
          known[lesson.id] = lesson
        }
      }
    }
    for lesson in lessons {
      for required in lesson.requires where known[required.value] == nil {
        problems.append(
          LessonProblem(
            file: lesson.file, line: required.line,
            message: said("there is no lesson '\(required.value)'")
              + ConditionReader.suggestion(required.value, known.keys.sorted())))
      }
    }
    var told: Set<String> = []
    for lesson in lessons where !told.contains(lesson.id) {
      guard let ring = Self.ring(from: lesson.id, in: known), let first = ring.dropFirst().first,
        let line = lesson.requires.first(where: { $0.value == first })?.line
      else { continue }
      told.formUnion(ring)
      problems.append(
        LessonProblem(
          file: lesson.file, line: line,
          message: said("these lessons require each other in a circle: \(ring.joined(separator: ", then "))")))
    }
  }

  /// The way from a lesson through its requirements back to itself; nil if there is none.
  private static func ring(from id: String, in known: [String: Lesson]) -> [String]? {
    var visited: Set<String> = []
    func search(_ current: String, _ path: [String]) -> [String]? {
      for required in known[current]?.requires ?? [] {
        if required.value == id { return path + [id] }
        guard visited.insert(required.value).inserted, path.count < 256 else { continue }
        if let found = search(required.value, path + [required.value]) { return found }
      }
      return nil
    }
    return search(id, [id])
  }
}
