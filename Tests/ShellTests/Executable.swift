// SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization
import TestSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The natsh that was built together with these tests, as a real process.
enum Executable {
  /// One process is started at a time: a descriptor opened here must not slip into another test's child before it is
  /// marked to be closed there.
  static let startLock = Mutex(())

  static let path = BuiltExecutable.path

  enum Redirection {
    case file(String, flags: Int32)
    case descriptor(Int32)
  }

  /// Starts the executable with descriptors 0 to 2 as given and every signal at its default. To be called with
  /// ``startLock`` held.
  static func start(
    _ program: [String], environment: [String: String], redirections: [Redirection], folder: String,
    ownSession: Bool = false
  ) throws -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
      let sessionFlag: Int16 = 0x400
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
      let sessionFlag: Int16 = 0x80
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, redirection) in redirections.enumerated() {
      switch redirection {
      case .file(let path, let flags):
        posix_spawn_file_actions_addopen(&actions, Int32(target), path, flags, 0o644)
      case .descriptor(let descriptor):
        posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
      }
    }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | (ownSession ? sessionFlag : 0))
    // Glibc's call for another current folder is hidden from Swift; a shell changes it and becomes the program.
    let words = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder] + program
    var argumentPointers = words.map { strdup($0) } + [nil]
    var environmentPointers = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      for pointer in argumentPointers + environmentPointers { free(pointer) }
    }
    var process: pid_t = 0
    let code = posix_spawn(&process, words[0], &actions, &attributes, &argumentPointers, &environmentPointers)
    guard code == 0 else { throw HarnessError.cannotStart(path, code) }
    return process
  }

  /// Waits for a process to end: its exit status, or minus the signal that ended it.
  static func end(of process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : -signal
  }
}

enum HarnessError: Error {
  case cannotStart(String, Int32)
  case noTerminal(Int32)
  /// The text awaited, and the output that came instead.
  case timedOut(awaited: String, got: String)
  case ended(awaited: String, got: String)
}
