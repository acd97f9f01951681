// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NATReference

/// The bytes choose a behaviour, packets, waits and changes of settings; the NAT must do the same as the reference, and
/// its table must be consistent after each step.
enum NATTarget {
  /// The reference searches its arrays from end to end, so a history must be limited.
  private static let longestLife = 600

  static func finding(in bytes: [UInt8]) -> String? {
    var life = RandomLife(Choices(bytes: bytes[...]), isHostile: true)
    var step = 0
    while !life.isOver, step < longestLife {
      step += 1
      if let difference = life.step() { return "step \(step): \(difference)" }
    }
    return nil
  }
}
