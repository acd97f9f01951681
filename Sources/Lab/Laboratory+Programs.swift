// SPDX-License-Identifier: GPL-3.0-or-later

import CNamespaces
import Shell

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What becomes of a program's input and output.
enum ProgramStreams {
  /// It has natsh's own, and the terminal if there is one.
  case inherited
  /// It has natsh's own except for the input, which is a script's.
  case withoutInput
  /// It has no input, and prints where natsh prints its errors.
  case background
  /// It has no input, and what it prints is collected.
  case collected
}

/// Programs in places.
extension Laboratory {
  /// Starts a program in a place.
  ///
  /// - Parameter environment: variables beside natsh's own.
  func start(
    _ words: [String], in place: Place, _ streams: ProgramStreams, environment: [String: String] = [:]
  ) throws(LabFault) -> LabProgram {
    let program = LabProgram(
      number: (programs.last?.number ?? 0) + 1, place: place, words: words, isJob: streams == .collected)
    var ends: [Int32] = [-1, -1]
    var descriptors: [Int32] = [0, 1, 2]
    var nothing: Int32 = -1
    if streams != .inherited { nothing = open("/dev/null", O_RDWR | O_CLOEXEC) }
    switch streams {
    case .inherited: break
    case .withoutInput: descriptors = [nothing, 1, 2]
    case .background: descriptors = [nothing, 2, 2]
    case .collected:
      guard pipe(&ends) == 0 else { throw .cannotStart(.last) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
      descriptors = [nothing, ends[1], ends[1]]
    }
    let strings = Self.packed(words + Self.variables(environment))
    let takesTerminal: Int32 = streams == .inherited ? namespaces_has_terminal() : 0
    var modes = termios()
    if takesTerminal != 0, tcgetattr(0, &modes) == 0 { program.terminalModes = modes }
    let status = namespaces_start(
      place.control, Int32(program.number), descriptors, takesTerminal, strings, strings.count, Int32(words.count))
    let code = errno
    for descriptor in [nothing, ends[1]] where descriptor >= 0 { close(descriptor) }
    guard status == 0 else {
      if ends[0] >= 0 { close(ends[0]) }
      throw code == EPIPE || code == ECONNRESET ? .placeGone(place.name) : .cannotStart(SystemError(code: code))
    }
    programs.append(program)
    if ends[0] >= 0 { collect(from: ends[0], for: program) }
    return program
  }

  /// Waits until a program has ended, while packets go on; then the terminal is natsh's again.
  ///
  /// - Returns: its exit status.
  func wait(for program: LabProgram) -> Int32 {
    while program.status == nil, loop.turn() {}
    if var modes = program.terminalModes {
      namespaces_take_terminal()
      // A program that was killed may have left the terminal without echo.
      tcsetattr(0, TCSADRAIN, &modes)
    }
    return program.status ?? 1
  }

  /// Waits until a program has ended, but not longer than so many milliseconds.
  func wait(for program: LabProgram, atMost milliseconds: Int) {
    let deadline = RealTime.milliseconds() + milliseconds
    attention = StartingServer.attention
    defer { attention = nil }
    while program.status == nil, RealTime.milliseconds() < deadline, loop.turn() {}
  }

  /// Waits until standard input has something, while packets go on.
  func waitForInput() {
    var isThere = false
    loop.watch(0) { isThere = true }
    while !isThere, loop.turn() {}
    loop.forget(0)
  }

  /// Starts a program that others may be about to call, and waits until it listens.
  func startServer(_ words: [String], in place: Place, _ streams: ProgramStreams) throws(LabFault) -> LabProgram {
    let server = try StartingServer(words, in: place, of: self, streams)
    attention = StartingServer.attention
    defer { attention = nil }
    while !server.isSettled, loop.turn() {}
    return server.program
  }

  /// Ends a program, with all that it has started.
  func kill(_ program: LabProgram, by signal: Int32 = SIGTERM) {
    _ = namespaces_signal(program.place.control, Int32(program.number), signal)
  }

  /// Takes the news of the programs that have ended in a place.
  func takeEnds(in place: Place) {
    var end = namespaces_end()
    while true {
      switch namespaces_take_end(place.control, &end) {
      case 1: programs.first { $0.number == Int(end.number) }?.end(end.status)
      case 0: return
      default:
        // Somebody has killed the place's first process, and with it all others.
        for program in programs where program.place === place && program.status == nil { program.end(128 + SIGKILL) }
        loseTouch(with: place)
        return
      }
    }
  }

  private func collect(from descriptor: Int32, for program: LabProgram) {
    program.collect(from: descriptor)
    watch(descriptor) { [weak self, weak program] in
      if program?.takeOutput() == false { self?.forget(descriptor) }
    }
  }

  /// The machine's environment with these variables instead of its own of the same names, as `NAME=VALUE`.
  private static func variables(_ more: [String: String]) -> [String] {
    var all: [String] = []
    var next = namespaces_environment()
    while let place = next, let variable = place.pointee {
      let text = String(cString: variable)
      if more[String(text.prefix { $0 != "=" })] == nil { all.append(text) }
      next = place + 1
    }
    return all + more.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }

  private static func packed(_ strings: [String]) -> [CChar] {
    strings.flatMap { $0.utf8.filter { $0 != 0 }.map { CChar(bitPattern: $0) } + [0] }
  }
}
