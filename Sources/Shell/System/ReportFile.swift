// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering
import Wording

/// Writing a report beside what is printed.
public enum ReportFile {
  /// Writes the file whole, or says on standard error why not.
  ///
  /// - Returns: whether it was written.
  public static func write(_ text: String, to path: String) -> Bool {
    do throws(WholeFile.Failure) {
      try WholeFile.write(text, to: OpenScript.expandingHome(path))
      return true
    } catch {
      OutputChannel(descriptor: OutputChannel.standardErrorDescriptor)
        .writeMessage(said("natsh: error: \(FileFailure(exporting: path, error).message)"))
      return false
    }
  }
}
