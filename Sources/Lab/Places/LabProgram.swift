// SPDX-License-Identifier: GPL-3.0-or-later

import Shell

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A program that was started in a host's place.
final class LabProgram {
  /// Counted from 1 in the laboratory.
  let number: Int
  let place: Place
  let words: [String]
  /// Whether it runs beside the prompt, which collects what it prints.
  let isJob: Bool
  /// The modes of the terminal before the program took it; nil if it did not.
  var terminalModes: termios?
  /// How it ended; nil while it runs.
  private(set) var status: Int32?
  /// Where what it prints can be read; negative for nowhere.
  private(set) var source: Int32 = -1
  /// The end of what it has printed, if that is collected.
  private(set) var output: [UInt8] = []
  /// Whether the beginning of it was thrown away.
  private(set) var isCut = false

  /// The bytes of output that are kept.
  static let keptOutput = 64 * 1_024

  init(number: Int, place: Place, words: [String], isJob: Bool) {
    self.number = number
    self.isJob = isJob
    self.place = place
    self.words = words
  }

  /// Notes its end.
  func end(_ status: Int32) { self.status = status }

  /// Collects from now on what can be read at `source`, which becomes the program's to close.
  func collect(from source: Int32) { self.source = source }

  deinit { if source >= 0 { close(source) } }

  /// Takes in what it has printed so far.
  ///
  /// - Returns: false once nothing more can come.
  func takeOutput() -> Bool {
    guard source >= 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = retryingInterrupted { read(source, &bytes, bytes.count) }
      guard count > 0 else {
        if count < 0, errno == EAGAIN { return true }
        endOutput()
        return false
      }
      take(bytes[..<count])
    }
  }

  /// Nothing more can come: the descriptor is closed.
  private func endOutput() {
    close(source)
    source = -1
  }

  private func take(_ bytes: ArraySlice<UInt8>) {
    output += bytes
    // Cut seldom, not at every line.
    guard output.count > 2 * Self.keptOutput else { return }
    output.removeFirst(output.count - Self.keptOutput)
    isCut = true
  }

  /// What is kept of what it has printed.
  var outputText: String { String(decoding: output.suffix(Self.keptOutput), as: UTF8.self) }
}
