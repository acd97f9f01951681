// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// A heading of the help's overview.
public struct CommandGroup: Hashable, Sendable {
  public let title: String

  public init(_ title: String) {
    self.title = title
  }

  public static let building = CommandGroup("Building")
  public static let packets = CommandGroup(said("Packets and time"))
  public static let traffic = CommandGroup("Traffic")
  public static let looking = CommandGroup("Looking")
  public static let session = CommandGroup("Session")
}
