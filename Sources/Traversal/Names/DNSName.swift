// SPDX-License-Identifier: GPL-3.0-or-later

/// Names as DNS has them (RFC 1035 §3.1): labels with dots between them.
enum DNSName {
  /// Whether each label has 1 to 63 bytes, and the whole fits into a message (§2.3.4).
  static func isValid(_ name: String) -> Bool {
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    return name.utf8.count < 254 && labels.allSatisfy { (1...63).contains($0.utf8.count) }
  }

  /// The name in the case in which names are compared: only ASCII's letters have two (RFC 4343 §3).
  static func folded(_ name: String) -> String {
    String(decoding: name.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Appends a valid name as a message has it.
  mutating func appendName(_ name: String) {
    for label in name.split(separator: ".") {
      append(UInt8(truncatingIfNeeded: label.utf8.count))
      self += label.utf8
    }
    append(0)
  }
}

/// Reads a DNS message from its beginning.
struct DNSReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= bytes.count - place else { return nil }
    defer { place += count }
    return bytes[place..<place + count]
  }

  /// A number of `count` bytes.
  mutating func number(_ count: Int) -> Int? { bytes(count)?.reduce(0) { $0 << 8 | Int($1) } }

  /// A host's name: letters, digits, hyphens and underscores; its end may stand further to the front (RFC 1035 §4.1.4). A pointer leads backwards, so that none is
  /// followed for ever.
  mutating func name() -> String? {
    var labels: [String] = []
    var other = self
    var isElsewhere = false
    var earliest = place
    while let length = other.number(1) {
      if !isElsewhere { place = other.place }
      switch length {
      case 0:
        let name = labels.joined(separator: ".")
        return DNSName.isValid(name) ? name : nil
      case 1...63:
        guard let label = other.bytes(length), let text = String(validating: label, as: UTF8.self),
          text.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }), labels.count < 127
        else { return nil }
        labels.append(text)
        if !isElsewhere { place = other.place }
      case 0xC0...:
        guard let low = other.number(1), (length & 0x3F) << 8 | low < earliest else { return nil }
        if !isElsewhere { place = other.place }
        isElsewhere = true
        other.place = (length & 0x3F) << 8 | low
        earliest = other.place
      default: return nil
      }
    }
    return nil
  }
}
