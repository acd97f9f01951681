// SPDX-License-Identifier: GPL-3.0-or-later

/// A small, fast generator of reproducible random numbers (SplitMix64: Steele, Lea and Flood, 2014).
///
/// Every link and every NAT has one of its own, seeded from the session's seed and its owner's name, so that adding a
/// device does not change the random numbers of the others.
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  /// The generator that belongs to `purpose` of the device `name` under `seed`.
  public init(seed: UInt64, name: String, purpose: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a
    for byte in "\(purpose)/\(name.lowercased())".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    state = hash ^ (seed &* 0x9E37_79B9_7F4A_7C15)
    _ = next()
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to, not including, `bound`; 0 when `bound` is 0. The bias of at most `bound`/2^64 is harmless.
  public mutating func below(_ bound: UInt64) -> UInt64 {
    next().multipliedFullWidth(by: bound).high
  }
}
