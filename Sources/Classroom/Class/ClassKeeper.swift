// SPDX-License-Identifier: GPL-3.0-or-later

import Shell
import Synchronization

/// Keeps a class under the state folder: its code in one file, and each learner's work in one, a line for each thing
/// done. After a crash, a file is whole but for its last line.
final class ClassKeeper: Sendable {
  /// A learner's file, read back.
  struct Kept: Sendable {
    var file: String
    var name: String
    var tokens: [String]
    var records: [WorkRecord]
  }

  private static let ending = ".learner"
  private static let codeFile = "code"
  /// At most this much of one file is read, in bytes.
  private static let largest = 4 * Learner.mostRecordedBytes

  private let folder: StateFolder
  private let hold: StateFolder.Hold
  /// Why something could not be kept, the first time.
  private let complaint = Mutex<String?>(nil)

  /// - Throws: why the class of that name cannot be kept; `isHeld` where another natsh has it open.
  init(name: String) throws(SystemError) {
    guard let folder = StateFolder.beside("classes/\(name.lowercased())") else { throw .nowhere }
    self.folder = folder
    hold = try folder.hold()
  }

  var path: String { folder.path }

  /// The code that the class had when it was not closed.
  var code: String? {
    folder.text(of: Self.codeFile, atMost: 64).map { String($0.prefix(6)) }.flatMap {
      $0.count == 6 && $0.allSatisfy { $0.isASCII && $0.isNumber } ? $0 : nil
    }
  }

  /// Remembers the code, so that a natsh that comes after a crash has it; nil forgets it.
  func keep(code: String?) {
    do throws(SystemError) { try folder.replace(Self.codeFile, by: (code ?? "") + "\n") } catch { complain(error) }
  }

  /// Everybody who was there, in the order in which they came.
  func learners() -> [Kept] {
    folder.names(ending: Self.ending).compactMap { file in
      guard let text = folder.text(of: file, atMost: Self.largest) else { return nil }
      let records = WorkRecord.records(in: text)
      guard let name = records.first?.name else { return nil }
      return Kept(
        file: file, name: name, tokens: records.compactMap(\.token),
        records: records.filter { $0.line != nil || $0.given != nil })
    }
  }

  /// The file of the learner who came as number `number`.
  static func file(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ending
  }

  static func number(of file: String) -> Int { Int(file.prefix { $0.isNumber }) ?? 0 }

  func append(_ records: [WorkRecord], to file: String) {
    do throws(SystemError) {
      for record in records { try folder.append(record.text, to: file) }
    } catch {
      complain(error)
    }
  }

  private func complain(_ error: SystemError) {
    complaint.withLock { $0 = $0 ?? "'\(folder.path)': \(error.reason)" }
  }

  /// Why something could not be kept; nil while everything is.
  var trouble: String? { complaint.withLock { $0 } }
}
