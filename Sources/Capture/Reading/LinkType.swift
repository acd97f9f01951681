// SPDX-License-Identifier: GPL-3.0-or-later

/// How a link wraps its packets: the kinds that natsh unwraps, by their numbers in captures.
enum LinkType: Int, CaseIterable {
  case loopback = 0
  case ethernet = 1
  case raw = 101
  case openLoopback = 108
  case linuxCooked = 113
  case ipv4 = 228
  case ipv6 = 229
  case linuxCooked2 = 276

  private var name: String {
    switch self {
    case .loopback: "loopback"
    case .ethernet: "Ethernet"
    case .raw: "raw IP"
    case .openLoopback: "OpenBSD loopback"
    case .linuxCooked: "Linux cooked"
    case .ipv4: "raw IPv4"
    case .ipv6: "raw IPv6"
    case .linuxCooked2: "Linux cooked 2"
    }
  }

  /// The names of those that are read.
  static let names = allCases.map(\.name)

  /// What people call a type.
  static func name(_ number: Int) -> String {
    if let known = LinkType(rawValue: number) { return known.name }
    let others = [
      6: "Token Ring", 9: "PPP", 10: "FDDI", 50: "PPP", 51: "PPPoE", 105: "Wi-Fi", 117: "pflog", 119: "Wi-Fi",
      127: "Wi-Fi",
      163: "Wi-Fi", 187: "Bluetooth", 189: "USB", 192: "Wi-Fi", 195: "IEEE 802.15.4", 201: "Bluetooth", 220: "USB",
      227: "CAN", 230: "IEEE 802.15.4", 249: "USB", 251: "Bluetooth",
    ]
    return others[number].map { "\($0) (\(number))" } ?? "\(number)"
  }

  private static let families: (ipv4: Set<UInt8>, ipv6: Set<UInt8>) = ([2], [10, 24, 28, 30])
  private static let etherTypes: Set<Int> = [0x0800, 0x86DD]
  private static let tags: Set<Int> = [0x8100, 0x88A8, 0x9100]
  /// Tags nested deeper than that are nobody's.
  private static let mostTags = 4

  /// The IP packet in a frame, padding included; nil if it carries something else, or is too short to say.
  func packet(in frame: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    func word(_ offset: Int) -> Int? {
      guard offset + 2 <= frame.count else { return nil }
      return Int(frame[frame.startIndex + offset]) << 8 | Int(frame[frame.startIndex + offset + 1])
    }
    func rest(after count: Int, if type: Int?) -> ArraySlice<UInt8>? {
      guard let type, Self.etherTypes.contains(type) else { return nil }
      return frame.dropFirst(count)
    }
    switch self {
    case .raw, .ipv4, .ipv6: return frame
    case .ethernet:
      var offset = 12
      for _ in 0..<Self.mostTags {
        guard let type = word(offset), Self.tags.contains(type) else { break }
        offset += 4
      }
      return rest(after: offset + 2, if: word(offset))
    case .linuxCooked: return rest(after: 16, if: word(14))
    case .linuxCooked2: return rest(after: 20, if: word(0))
    case .loopback, .openLoopback:
      // The family is a number of the machine that captured, in its own order.
      guard frame.count >= 4, let family = frame.prefix(4).first(where: { $0 != 0 }),
        frame.prefix(4).count(where: { $0 != 0 }) == 1,
        Self.families.ipv4.contains(family) || Self.families.ipv6.contains(family)
      else { return nil }
      return frame.dropFirst(4)
    }
  }
}
