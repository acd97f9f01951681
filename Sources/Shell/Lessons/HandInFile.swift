// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import Rendering
import Wording

/// Writes a learner's work on a lesson to a file for handing in.
public enum HandInFile {
  /// Writes all sittings of a lesson to a file.
  ///
  /// - Parameters:
  ///   - path: the file; nil for one that is called after the lesson and the name.
  ///   - name: the learner's; nil for the user's name in the system.
  public static func write(lesson id: String, folder: String?, path: String?, name: String?) -> ExitStatus {
    let errors = OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)
    func fail(_ message: String) -> ExitStatus {
      errors.writeMessage(StyledText(said("natsh: error: \(message)")).plain)
      return .commandFailed
    }
    guard let folder else { return fail(said("there are no lessons here; name their folder with --lessons FOLDER")) }
    guard let lesson = LessonLibrary(folder: folder, files: .system).lesson(id) else {
      return fail(said("there is no lesson '\(id)' in '\(folder)'"))
    }
    let sittings = SittingFiles.standard?.sittings(of: lesson.id) ?? []
    guard !sittings.isEmpty else {
      return fail(
        said(
          "nothing of '\(lesson.id)' has been done at this machine's prompt; `lesson \(lesson.id)` in natsh begins it"))
    }
    let name = name ?? Environment["NATSH_NAME"] ?? Environment["USER"] ?? ""
    guard !name.allSatisfy({ $0 == " " }) else { return fail(said("whose work is it? Say so with --name NAME")) }
    let handIn = HandIn(name: name, lesson: lesson.id, version: lesson.version, sittings: sittings)
    let target = path ?? "\(lesson.id)-\(fileName(of: name)).natsh"
    do throws(SystemError) {
      try NewFile.write(handIn.text, to: target)
    } catch {
      return fail(
        error.isAlreadyThere
          ? said("'\(target)' is there already; move it away, or name another file")
          : said("cannot write '\(target)': \(error.reason)"))
    }
    OutputChannel(descriptor: OutputChannel.standardOutputDescriptor).writeLine(
      StyledText(said("Wrote \(target): \(lesson.title), \(Count.of(sittings.count, "sitting")), as \(name).")).plain)
    return .success
  }

  /// A name made fit for a file name: letters and digits, everything else a hyphen.
  package static func fileName(of name: String) -> String {
    let parts = name.lowercased().split { !$0.isLetter && !$0.isNumber }
    return String(parts.joined(separator: "-").prefix(40))
  }
}
