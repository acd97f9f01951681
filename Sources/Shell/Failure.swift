// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// An error in words, with the place to which it refers.
public struct Failure: Error, Sendable {
  public var report: ErrorReport
  var sourceName: String
  var line: Int
  /// 1-based, in characters; nil if the whole line is meant.
  var column: Int?
  /// How many characters from `column` on are at fault.
  var length: Int
  /// The lines that loaded the file at fault, the innermost first, as `FILE:LINE:COLUMN`.
  var loadedFrom: [String] = []

  /// `FILE:LINE:COLUMN`.
  var place: String { "\(sourceName):\(line):\(column ?? 1)" }

  /// The error with its place, and how its file came to be loaded: the lines that standard error gets.
  ///
  /// - Parameter wrapped: whether a person reads it at a terminal; a log's error stays one line.
  package func text(style: TextStyle, withPlace: Bool, wrapped: Bool = false) -> String {
    var text = TextRenderer(style: style).text(for: report, at: withPlace ? place : nil, wrapped: wrapped) + "\n"
    for place in loadedFrom { text += said("  loaded from \(place)\n") }
    return text
  }
}

/// A failure of the outer layer: the file that could not be saved or loaded.
struct FileFailure: Error {
  var kind: String
  var message: String

  var report: ErrorReport { ErrorReport(kind: kind, message: message) }

  init(saving path: String, _ failure: WholeFile.Failure) {
    self.init(kind: "cannot-save", failure, at: path, name: "network.natsh") {
      said("cannot save '\(path)': \($0); nothing was written")
    }
  }

  init(exporting path: String, _ failure: WholeFile.Failure) {
    self.init(kind: "cannot-export", failure, at: path, name: "network.sh") {
      said("cannot export to '\(path)': \($0); nothing was written")
    }
  }

  init(exporting path: String, _ failure: OwnFolder.Failure) {
    if case .interrupted = failure {
      kind = "interrupted"
      message = said("stopped; nothing was written to '\(path)'")
      return
    }
    kind = "cannot-export"
    let reason =
      switch failure {
      case .unusablePath: said("that is not the name of a folder")
      case .notAFolder: said("it is a file; name a folder")
      case .missingFolder(let folder): said("there is no folder '\(folder)' to make it in")
      case .foreignFile(let name): said("'\(name)' is there already and natsh did not write it; name another folder")
      case .system(let name, let error): name == path ? error.reason : "'\(name)': \(error.reason)"
      case .interrupted: said("it was stopped")
      }
    message = said("cannot export to '\(path)': \(reason); nothing was written")
  }

  private init(
    kind: String, _ failure: WholeFile.Failure, at path: String, name: String, wording: (String) -> String
  ) {
    self.kind = kind
    let reason =
      switch failure {
      case .unusablePath: said("that is not a file name")
      case .folder: said("it is a folder; name a file in it, such as '\(Self.file(name, in: path))'")
      case .missingFolder(let folder): said("there is no folder '\(folder)'")
      case .folderRefuses(let folder, SystemError(code: ENOENT)):
        said("the folder '\(folder)' does not accept new files")
      case .folderRefuses(let folder, let error): said("cannot write in the folder '\(folder)': \(error.reason)")
      case .noReader: said("it is a pipe that nothing reads from")
      case .system(let error): error.reason
      }
    message = wording(reason)
  }

  init(loading path: String, _ failure: OpenScript.Failure) {
    kind = "cannot-load"
    let reason: String
    switch failure {
    case .system(let error): reason = error.reason
    case .noFile: reason = said("it is not a file of commands")
    case .folder: reason = said("it is a folder")
    case .tooLarge: reason = said("it is larger than \(ScriptSource.largest >> 20) MB, too large for a script")
    case .unusablePath: reason = said("that is not a file name")
    case .tooDeep: reason = said("scripts load each other more than \(ScriptSource.deepest) deep")
    case .ring(let names):
      kind = "load-ring"
      reason =
        names.count == 2 ? said("it loads itself") : said("it loads itself: ") + names.joined(separator: " loads ")
    }
    message = said("cannot load '\(path)': \(reason)")
  }

  init(reading name: String, _ failure: LineReader.Failure) {
    kind = "cannot-read"
    switch failure {
    case .system(let error): message = said("cannot read '\(name)': \(error.reason)")
    case .invalidText(_, _, let byte):
      kind = "invalid-utf8"
      message = said("the byte 0x\(Self.hexadecimal(byte)) is not UTF-8 text")
    case .lineTooLong: message = said("the line is longer than \(LineReader.longestLine >> 20) MB")
    case .fileTooLong: message = said("the file is longer than \(ScriptSource.largest >> 20) MB")
    }
  }

  private static func file(_ name: String, in folder: String) -> String {
    folder.utf8.last == UInt8(ascii: "/") ? folder + name : "\(folder)/\(name)"
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count < 2 ? "0" + digits : digits
  }
}

extension Failure {
  /// A failure of a whole line.
  package init(kind: String, message: String, sourceName: String, line: Int) {
    self.init(report: ErrorReport(kind: kind, message: message), sourceName: sourceName, line: line, length: 0)
  }

  /// The line that it names, from 1.
  package var lineNumber: Int { line }

  /// A command's own failure.
  package init(_ error: SessionError, in statement: Statement, sourceName: String, line: Int) {
    let columns: Range<Int> =
      switch error {
      case .syntax(let error): error.column..<(error.column + error.length)
      case .command(let error): error.columns ?? statement.column..<statement.endColumn
      }
    self.init(
      report: ErrorWording.report(for: error), sourceName: sourceName, line: line, column: columns.lowerBound,
      length: columns.count)
  }

  /// A `save` or `load` that could not be carried out.
  init(_ failure: FileFailure, in statement: Statement, sourceName: String, line: Int) {
    // The file is at fault, which is the last word of either command.
    let columns = statement.tokens.last?.columns ?? statement.column..<(statement.column + 1)
    self.init(
      report: failure.report, sourceName: sourceName, line: line, column: columns.lowerBound, length: columns.count)
  }

  /// A line that could not be read; `line` is that of the last one that could.
  init(_ failure: LineReader.Failure, sourceName: String, line: Int) {
    self.init(
      report: FileFailure(reading: sourceName, failure).report, sourceName: sourceName, line: line + 1, column: 1,
      length: 1)
    if case .invalidText(let line, let column, _) = failure {
      self.line = line
      self.column = column
    }
  }
}
