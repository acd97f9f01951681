// SPDX-License-Identifier: GPL-3.0-or-later

/// How the program ends.
public struct ExitStatus: RawRepresentable, Hashable, Sendable {
  public let rawValue: Int32

  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let success = ExitStatus(rawValue: 0)
  public static let commandFailed = ExitStatus(rawValue: 1)
  /// The program was called wrongly: an unknown option, a script that is not there.
  public static let wrongCall = ExitStatus(rawValue: 2)
}
