// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import Wording

/// Records the commands that belong to a lesson while a learner works.
public final class SittingKeeper: SessionListener {
  private let files: SittingFiles
  private let errors = OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)
  private var recorder = SittingRecorder()
  /// The current sitting's file.
  private var path: String?
  private var hasFailed = false

  init(files: SittingFiles) {
    self.files = files
  }

  /// Writes beside the history; nil if there is nowhere to keep it.
  public static var standard: SittingKeeper? { SittingFiles.standard.map { SittingKeeper(files: $0) } }

  public func tell(of result: CommandResult, from origin: Console.Origin, in session: Session) {
    guard let entry = recorder.note(result, in: session), let lesson = entry.lesson, !hasFailed else { return }
    do throws(SystemError) {
      if entry.begins { path = try files.begin(lesson) }
      if let path { try SittingFiles.append(entry.lines, to: path) }
    } catch {
      // Reported once: the learner can go on without it.
      hasFailed = true
      errors.writeMessage(
        said("natsh: what you do in lessons is not kept for handing in: '\(path ?? files.folder)': \(error.reason)"))
    }
  }

  public func tell(of failure: FailedLine, from origin: Console.Origin, in session: Session) {}
}
