// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// Words for errors, which are data elsewhere.
public enum ErrorWording {
  /// The report of an error for text and JSON.
  public static func report(for error: SessionError) -> ErrorReport {
    switch error {
    case .syntax(let error):
      ErrorReport(
        kind: error.kind.word, message: SyntaxErrorWording.message(for: error), suggestion: error.suggestion,
        column: error.column)
    case .command(let error):
      ErrorReport(
        kind: error.kind.word, message: CommandErrorWording.message(error.kind), suggestion: error.suggestion,
        column: error.columns?.lowerBound)
    }
  }
}
