// SPDX-License-Identifier: GPL-3.0-or-later

import Shell

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A program that was started, until it listens at a port: then another may call it.
struct StartingServer {
  let program: LabProgram
  private let before: ListeningSockets
  private let deadline: Int

  /// How often to look, in nanoseconds.
  static let attention: Int64 = 10_000_000

  /// Starts the program.
  ///
  /// - Parameter patience: milliseconds after which nobody waits any more: not everything that is started listens.
  init(
    _ words: [String], in place: Place, of laboratory: Laboratory, _ streams: ProgramStreams,
    environment: [String: String] = [:], patience: Int = 1_000
  ) throws(LabFault) {
    before = ListeningSockets(of: place)
    program = try laboratory.start(words, in: place, streams, environment: environment)
    deadline = RealTime.milliseconds() + patience
  }

  /// Whether it listens at a port that was not there before, has ended, or has had its time.
  var isSettled: Bool {
    program.status != nil || RealTime.milliseconds() >= deadline
      || !ListeningSockets(of: program.place).isSubset(of: before)
  }
}

/// The sockets of a place at which somebody can be reached: TCP's that listen, and all of UDP's.
struct ListeningSockets {
  private var sockets: Set<Substring> = []

  init(of place: Place) {
    for (file, state) in [("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")] {
      let descriptor = open("/proc/\(place.process)/net/\(file)", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      let text = String(decoding: (try? readAll(from: descriptor)) ?? [], as: UTF8.self)
      for line in text.split(separator: "\n").dropFirst() {
        let fields = line.split(separator: " ")
        if fields.count > 9, fields[3] == state { sockets.insert("\(file) \(fields[1]) \(fields[9])") }
      }
    }
  }

  func isSubset(of other: ListeningSockets) -> Bool { sockets.isSubset(of: other.sockets) }
}
