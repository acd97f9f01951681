// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// The outer layer's loan to a session for lessons: where they are, and where progress is kept.
public struct LessonShelf: Sendable {
  /// The name of the list of lessons, as commands ask for it.
  package static let list = "lessons"

  package let library: @Sendable () -> LessonLibrary
  package let progress: ProgressKeeper
  /// Whether `lesson` goes on where the learner was. A script starts at the beginning, so that it always does the same.
  package let resumes: Bool
  /// The id of the first lesson by its file's name, `direct-call` of `01-direct-call.md`: found without reading a
  /// lesson, for those who must not wait. Nil if there is no lesson.
  public let firstID: @Sendable () -> String?

  package init(
    library: @escaping @Sendable () -> LessonLibrary, progress: ProgressKeeper = .inMemory(), resumes: Bool = false,
    firstID: @escaping @Sendable () -> String? = { nil }
  ) {
    self.firstID = firstID
    self.library = library
    self.progress = progress
    self.resumes = resumes
  }

  /// The lessons of a folder, read again whenever a command asks for them.
  public init(folder: String?, files: LessonFiles, progress: ProgressKeeper? = nil) {
    self.init(
      library: { folder.map { LessonLibrary(folder: $0, files: files) } ?? LessonLibrary(folder: nil) },
      progress: progress ?? .inMemory(), resumes: progress != nil,
      firstID: { folder.flatMap { Self.firstID(in: $0, files: files) } })
  }

  /// The place where a returning learner was.
  public struct Return: Hashable, Sendable {
    public var lesson: String
    /// Counted from 1.
    public var step: Int
    public var isFinished: Bool

    public init(lesson: String, step: Int, isFinished: Bool) {
      self.lesson = lesson
      self.step = step
      self.isFinished = isFinished
    }
  }

  /// Where the learner was, without reading a lesson; nil for someone who has not begun one.
  public func whereLearnerWas() -> Return? {
    let known = progress.load()
    guard resumes, let id = known.latest, let entry = known[id] else { return nil }
    return Return(lesson: id, step: entry.step, isFinished: entry.isFinished)
  }

  /// The lesson that the learner was in last, in whatever session, if it is finished.
  func lessonEndedLast() -> String? { whereLearnerWas().flatMap { $0.isFinished ? $0.lesson : nil } }

  private static func firstID(in folder: String, files: LessonFiles) -> String? {
    guard let names = try? files.markdownNames(folder) else { return nil }
    return names.lazy.map { name in
      String(name.dropLast(3).drop { $0.isASCII && $0.isNumber }.drop { $0 == "-" })
    }.first { FrontMatterReader.isID($0) }
  }
}

extension LessonShelf: WordListing {
  public func words(of list: String) -> [Completions.Candidate] {
    list == Self.list ? library().lessons.map { .init($0.id, note: $0.title) } : []
  }
}

extension LessonShelf: Recording {
  /// A replay runs by itself, and its events are not the learner's doing.
  public var withoutRecord: any Sendable {
    LessonShelf(library: library, progress: .inMemory(), resumes: false, firstID: firstID)
  }
}
