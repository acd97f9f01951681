// SPDX-License-Identifier: GPL-3.0-or-later

import CTerminal

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The preparations that every run of the program makes before it reads or writes anything.
public enum ProcessSetup {
  /// Makes sure that descriptors 0 to 2 exist (a file opened later must not become standard output by accident), that a
  /// reader who goes away ends the program, and that a file grown too large is an error rather than the end.
  public static func prepare() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY)
    }
    signal(SIGPIPE, SIG_DFL)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// What a thread does that steps back behind the prompt's.
  public enum Rank: Sendable {
    /// It answers people who wait.
    case serving
    /// It computes what may take a while.
    case computing
  }

  /// Lets the thread at hand step back behind those that people wait for.
  public static func stepBack(to rank: Rank) {
    #if canImport(Darwin)
      pthread_set_qos_class_self_np(rank == .serving ? QOS_CLASS_USER_INITIATED : QOS_CLASS_UTILITY, 0)
    #else
      // On Linux a thread is what is meant, and 0 the one at hand.
      _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, rank == .serving ? 4 : 10)
    #endif
  }

  /// Lets the thread at hand compute before others as soon as it has anything to do. It is for the prompt's, which needs
  /// less than a millisecond for most of what is typed.
  public static func answerAtOnce() {
    #if canImport(Darwin)
      pthread_set_qos_class_self_np(QOS_CLASS_USER_INTERACTIVE, 0)
    #else
      terminal_take_short_slices()
    #endif
  }

  /// Runs `body` so that the threads it starts receive no signals: those are the shell's to handle.
  public static func withoutSignals<Result>(_ body: () -> Result) -> Result {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return body()
  }
}
