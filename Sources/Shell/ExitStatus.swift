// SPDX-License-Identifier: GPL-3.0-or-later

/// How the program ends.
public enum ExitStatus: Int32, Sendable {
  case success = 0
  case commandFailed = 1
  /// The program was called wrongly: an unknown option, a script that is not there.
  case wrongCall = 2
}
