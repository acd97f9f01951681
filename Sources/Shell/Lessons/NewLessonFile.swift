// SPDX-License-Identifier: GPL-3.0-or-later

import Lessons
import Wording

/// Writes a lesson for an author to begin with.
public enum NewLessonFile {
  /// Writes `NN-ID.md` after the lessons of a folder, or in the current one; never over a file that is there.
  public static func write(id: String, folder: String?) -> ExitStatus {
    let errors = OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)
    let names = (try? LessonFiles.system.markdownNames(folder ?? ".")) ?? []
    if let name = names.first(where: { $0.drop { $0.isASCII && $0.isNumber } == "-\(id).md" || $0 == "\(id).md" }) {
      errors.writeMessage(said("natsh: error: that id is taken by: \(folder.map { $0 + "/" } ?? "")\(name)"))
      return .commandFailed
    }
    // A number that nobody counts up to does not set the next one.
    let last = names.compactMap { Int($0.prefix { $0.isASCII && $0.isNumber }) }.filter { $0 < 1_000_000 }.max() ?? 0
    let number = String(last + 1)
    let name = (number.count < 2 ? "0" : "") + number + "-\(id).md"
    let path = folder.map { $0 + "/" + name } ?? name
    let language = folder.flatMap { LessonSkeleton.language(ofFolder: LessonFiles.folder(given: $0)) }
    do throws(SystemError) {
      try NewFile.write(LessonSkeleton.text(id: id, language: language), to: path)
    } catch {
      errors.writeMessage(said("natsh: error: cannot write '\(path)': \(error.reason)"))
      return .commandFailed
    }
    OutputChannel(descriptor: OutputChannel.standardOutputDescriptor).writeLine(
      said(
        "Wrote \(path). Change it as you like; natsh lesson check \(path) checks whether it is sound, and ",
        "natsh lesson run \(path) begins it."))
    return .success
  }
}
