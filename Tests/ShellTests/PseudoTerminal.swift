// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The executable at a real terminal, with a test at the keyboard.
///
/// Everything is awaited and nothing is timed: the deadline only ends a test that hangs.
final class PseudoTerminal {
  /// Milliseconds of silence after which nothing more is expected to come.
  var deadline: Int32 = 60_000

  private let master: Int32
  private let process: pid_t
  private var hasEnded = false
  /// All output, and how much of it has been examined.
  private(set) var received: [UInt8] = []
  private var consumed = 0

  /// - Parameter folder: the home folder, the current one, and where state is kept.
  convenience init(
    _ arguments: [String] = [], in folder: TestFolder, environment: [String: String] = [:], columns: UInt16 = 100,
    rows: UInt16 = 40
  ) throws {
    try self.init(
      program: [Executable.path] + arguments, in: folder, environment: environment, columns: columns, rows: rows)
  }

  init(
    program: [String], in folder: TestFolder, environment: [String: String] = [:], columns: UInt16 = 100,
    rows: UInt16 = 40
  ) throws {
    var variables = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "XDG_STATE_HOME": "\(folder.path)/state", "TERM": "xterm",
      "LANG": "C.UTF-8", "NO_COLOR": "1", "INPUTRC": "/dev/null",
    ]
    variables.merge(environment) { $1 }
    (master, process) = try Executable.startLock.withLock { _ in
      var master: Int32 = -1
      var slave: Int32 = -1
      var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
      guard openpty(&master, &slave, nil, nil, &size) == 0, let name = ttyname(slave) else {
        throw HarnessError.noTerminal(errno)
      }
      let path = String(cString: name)
      _ = fcntl(master, F_SETFD, FD_CLOEXEC)
      _ = fcntl(slave, F_SETFD, FD_CLOEXEC)
      defer { close(slave) }
      // Opened by the leader of a new session, the terminal becomes its controlling one.
      let process = try Executable.start(
        program, environment: variables,
        redirections: [.file(path, flags: O_RDWR), .descriptor(0), .descriptor(0)], folder: folder.path,
        ownSession: true)
      return (master, process)
    }
  }

  deinit {
    close(master)
    if !hasEnded {
      kill(process, SIGKILL)
      _ = Executable.end(of: process)
    }
  }

  // MARK: Keys

  /// A Ctrl-D is typed when the program reads single keys: while the terminal still takes lines it would be eaten.
  func type(_ keys: String) {
    if keys.contains(Self.controlD) { try? waitForModes(without: tcflag_t(ICANON)) }
    type(Array(keys.utf8))
  }

  func type(_ keys: [UInt8]) {
    var rest = keys[...]
    while !rest.isEmpty {
      // A full terminal must be emptied before it takes more.
      _ = drain(waiting: 0)
      let count = rest.prefix(512).withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  static let controlC = "\u{03}"
  static let controlD = "\u{04}"
  static let controlR = "\u{12}"
  static let controlZ = "\u{1A}"
  static let up = "\u{1B}[A"

  func paste(_ text: String) { type("\u{1B}[200~\(text)\u{1B}[201~") }

  func resize(columns: UInt16, rows: UInt16 = 40) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func send(_ signal: Int32) { kill(process, signal) }

  /// Waits until the program reads single keys: a Ctrl-C or Ctrl-D typed before would mean something else.
  func waitForKeys() throws { try waitForModes(without: tcflag_t(ICANON | ISIG)) }

  private func waitForModes(without flags: tcflag_t) throws {
    let end = ContinuousClock.now + .milliseconds(Int(deadline))
    while ContinuousClock.now < end {
      var modes = termios()
      if tcgetattr(master, &modes) == 0, modes.c_lflag & flags == 0 { return }
      // A program that still prints waits for somebody to read.
      _ = drain(waiting: 5)
    }
    throw HarnessError.timedOut(awaited: "keys", got: screen)
  }

  /// Whether the terminal takes whole lines, echoes them and lets keys send signals, as it was made.
  var hasOrdinaryModes: Bool {
    var modes = termios()
    let ordinary = tcflag_t(ICANON | ECHO | ISIG)
    return tcgetattr(master, &modes) == 0 && modes.c_lflag & ordinary == ordinary
  }

  // MARK: Screen

  /// Reads what is available; false if nothing came in time or the program has ended.
  private func drain(waiting milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, milliseconds) > 0 else { return false }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(master, &chunk, chunk.count)
    guard count > 0 else { return false }
    received += chunk[..<count]
    return true
  }

  /// Waits until `text` comes after what was awaited last; returns what came before it, without escape codes.
  @discardableResult
  func wait(for text: String) throws -> String {
    try wait(describedAs: text) { bytes in Self.range(of: Array(text.utf8), in: bytes) }
  }

  /// Waits for the prompt: `natsh`, whatever follows on its line, and `> `. Returns what came before it.
  @discardableResult
  func waitForPrompt() throws -> String {
    try wait(describedAs: "the prompt") { bytes in
      var from = bytes.startIndex
      while let name = Self.range(of: Array("natsh".utf8), in: bytes[from...]) {
        guard let end = Self.range(of: Array("> ".utf8), in: bytes[name.upperBound...]) else { return nil }
        if !bytes[name.upperBound..<end.lowerBound].contains(UInt8(ascii: "\n")) {
          return name.lowerBound..<end.upperBound
        }
        from = name.upperBound
      }
      return nil
    }
  }

  /// Types a line at the prompt and returns what it printed, up to the next prompt.
  func run(_ line: String) throws -> String {
    type(line + "\r")
    try wait(for: "\n")
    return try waitForPrompt()
  }

  /// Types a line and returns what it printed, up to a prompt that begins with `prompt`, and that prompt: within a
  /// lesson, where results show prompts of their own.
  func run(_ line: String, until prompt: String) throws -> (printed: String, prompt: String) {
    type(line + "\r")
    try wait(for: "\n")
    let printed = try wait(for: prompt)
    return (printed, prompt + (try wait(for: "> ")))
  }

  /// Waits for the program to end: its exit status, or minus a signal.
  func end() throws -> Int32 {
    while drain(waiting: deadline) {}
    var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, 0) > 0 else { throw HarnessError.timedOut(awaited: "the end", got: screen) }
    hasEnded = true
    return Executable.end(of: process)
  }

  /// All output so far, without escape codes.
  var screen: String { Self.plain(received[...]) }

  private func wait(
    describedAs awaited: String, for find: (ArraySlice<UInt8>) -> Range<Int>?
  ) throws -> String {
    while true {
      if let range = find(received[consumed...]) {
        let before = received[consumed..<range.lowerBound]
        consumed = range.upperBound
        return Self.plain(before)
      }
      guard drain(waiting: deadline) else {
        throw HarnessError.ended(awaited: awaited, got: Self.plain(received[consumed...]))
      }
    }
  }

  private static func range(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
    guard bytes.count >= needle.count else { return nil }
    for start in bytes.startIndex...(bytes.endIndex - needle.count)
    where bytes[start] == needle[0] && bytes[start..<(start + needle.count)].elementsEqual(needle) {
      return start..<(start + needle.count)
    }
    return nil
  }

  /// Text without escape codes, bells, carriage returns and Readline's spaces at the window's edge.
  static func plain(_ bytes: ArraySlice<UInt8>) -> String {
    var kept: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      if byte == 0x1B, index < bytes.endIndex, bytes[index] == UInt8(ascii: "[") {
        index += 1
        while index < bytes.endIndex, !(0x40...0x7E).contains(bytes[index]) { index += 1 }
        index += 1
      } else if byte != 0x0D, byte != 0x07 {
        kept.append(byte)
      }
    }
    return String(decoding: kept, as: UTF8.self)
  }
}
