// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import Rendering
import Wording

/// Writes the curriculum as web pages.
public enum LessonPageFiles {
  /// Writes all lessons of a folder as pages into another; never over a file that natsh did not write.
  public static func write(to path: String, lessons folder: String?, hasSolutions: Bool) -> ExitStatus {
    let errors = OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)
    guard let folder else {
      errors.writeMessage(said("natsh: error: there are no lessons here; name their folder with --lessons FOLDER"))
      return .wrongCall
    }
    let library = LessonLibrary(folder: folder, files: .system)
    let problems = library.problems + library.lessons.flatMap(\.problems)
    for problem in problems { errors.writeMessage(problem.description) }
    // Half a curriculum would be taken for all of it.
    guard problems.isEmpty, !library.lessons.isEmpty else {
      errors.writeMessage(
        StyledText(
          said(
            "natsh: error: \(problems.isEmpty ? said("there is no lesson in '\(folder)'") : said("nothing was written"))"
          )
        )
        .plain)
      return .commandFailed
    }
    let files = LessonPages(library.lessons, hasSolutions: hasSolutions).files
    do throws(OwnFolder.Failure) {
      try OwnFolder.write(files, to: path)
    } catch {
      errors.writeMessage(StyledText(said("natsh: error: \(FileFailure(exporting: path, error).message)")).plain)
      return .commandFailed
    }
    OutputChannel(descriptor: OutputChannel.standardOutputDescriptor).writeLine(
      StyledText(said("Wrote \(Count.of(files.count, "page")) to \(path); begin with \(path)/index.html.")).plain)
    return .success
  }
}
