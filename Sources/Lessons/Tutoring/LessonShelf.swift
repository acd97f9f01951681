// SPDX-License-Identifier: GPL-3.0-or-later

/// What the outer layer lends a session for lessons: where they are, and where progress is kept.
public struct LessonShelf: Sendable {
  package let library: @Sendable () -> LessonLibrary
  package let progress: ProgressKeeper
  /// Whether `lesson` goes on where the learner was. A script begins at the beginning, so that it always does the same.
  package let resumes: Bool

  package init(
    library: @escaping @Sendable () -> LessonLibrary, progress: ProgressKeeper = .inMemory(), resumes: Bool = false
  ) {
    self.library = library
    self.progress = progress
    self.resumes = resumes
  }

  /// The lessons of a folder, read anew whenever a command asks for them.
  public init(folder: String?, files: LessonFiles, progress: ProgressKeeper? = nil) {
    self.init(
      library: { folder.map { LessonLibrary(folder: $0, files: files) } ?? LessonLibrary(folder: nil) },
      progress: progress ?? .inMemory(), resumes: progress != nil)
  }
}
