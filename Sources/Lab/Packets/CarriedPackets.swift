// SPDX-License-Identifier: GPL-3.0-or-later

/// The packets of kernels that are in the simulation, by their numbers: the last few thousand, so that a flood takes no
/// more memory than a trickle.
struct CarriedPackets {
  static let capacity = 1 << 15

  private var slots: ContiguousArray<(number: Int, packet: CarriedPacket)?>

  init() { slots = ContiguousArray(repeating: nil, count: Self.capacity) }

  /// Keeps a packet until it is taken, or as many others have come.
  mutating func keep(_ packet: CarriedPacket, number: Int) { slots[number % Self.capacity] = (number, packet) }

  /// The packet with that number, if it is still kept.
  subscript(number: Int) -> CarriedPacket? {
    guard let found = slots[number % Self.capacity], found.number == number else { return nil }
    return found.packet
  }

  /// Forgets a packet that has arrived.
  mutating func drop(_ number: Int) {
    if slots[number % Self.capacity]?.number == number { slots[number % Self.capacity] = nil }
  }
}
