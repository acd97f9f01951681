// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

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

  /// Appends what follows a record's name: its type, its class and its address.
  mutating func appendRecord(_ address: IPAddress, class: UInt16, timeToLive: UInt32) {
    for number in [DNSMessage.RecordType(address.family).rawValue, `class`] { appendNumber(number) }
    appendNumber(timeToLive)
    appendNumber(UInt16(address.isIPv4 ? 4 : 16))
    appendAddress(address)
  }
}

/// Reads a DNS message from its beginning.
struct DNSReader {
  /// A record (RFC 1035 §4.1.3).
  struct Record {
    var name: String
    var timeToLive: UInt32
    /// Nil for a record of another type.
    var address: IPAddress?
  }

  private let whole: [UInt8]
  private var reader: ByteReader

  init(_ bytes: some Sequence<UInt8>) {
    whole = Array(bytes)
    reader = ByteReader(whole[...])
  }

  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? { reader.bytes(count) }

  mutating func number() -> UInt16? { reader.number() }

  /// A host's name: letters, digits, hyphens and underscores; its end may stand further to the front (RFC 1035 §4.1.4).
  /// A pointer leads backwards, so that none is followed for ever.
  mutating func name() -> String? {
    var labels: [String] = []
    var other = reader
    var isElsewhere = false
    var earliest = reader.rest.startIndex
    while let length: UInt8 = other.number() {
      switch length {
      case 0:
        if !isElsewhere { reader = other }
        let name = labels.joined(separator: ".")
        return DNSName.isValid(name) ? name : nil
      case 1...63:
        guard let label = other.bytes(Int(length)), let text = String(validating: label, as: UTF8.self),
          text.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }), labels.count < 127
        else { return nil }
        labels.append(text)
      case 0xC0...:
        guard let low: UInt8 = other.number() else { return nil }
        let target = Int(length & 0x3F) << 8 | Int(low)
        guard target < earliest else { return nil }
        if !isElsewhere { reader = other }
        isElsewhere = true
        other = ByteReader(whole[target...])
        earliest = target
      default: return nil
      }
    }
    return nil
  }

  /// Nil if it is not whole, or its data are not of its type's length.
  mutating func record() -> Record? {
    guard let name = name(), let type = number(), bytes(2) != nil, let timeToLive: UInt32 = reader.number(),
      let length = number(), let data = bytes(Int(length))
    else { return nil }
    guard let type = DNSMessage.RecordType(rawValue: type) else { return Record(name: name, timeToLive: timeToLive) }
    guard let address = IPAddress(bytes: data), address.family == type.family else { return nil }
    return Record(name: name, timeToLive: timeToLive, address: address)
  }
}
