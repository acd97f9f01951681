// SPDX-License-Identifier: GPL-3.0-or-later

extension IPAddress: LosslessStringConvertible {
  /// Reads dotted decimal (four numbers, no leading zeros) or any RFC 4291 §2.2 spelling of an IPv6 address.
  ///
  /// Zone identifiers, brackets and IPv4-mapped addresses are not addresses here and give nil.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    if let bits = Self.parseIPv4(bytes[...]) {
      self.init(ipv4: bits)
    } else if let (high, low) = Self.parseIPv6(bytes) {
      self.init(ipv6High: high, low: low)
    } else {
      return nil
    }
  }

  /// Dotted decimal, or the canonical text of RFC 5952.
  public var description: String {
    if isIPv4 {
      let bits = ipv4Bits
      return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
    }
    let groups = (0..<8).map { index in
      let word = index < 4 ? high : low
      return UInt16(truncatingIfNeeded: word >> UInt64(48 - 16 * (index % 4)))
    }
    // RFC 5952 §4.2: the first longest run of at least two zero groups shortens to "::".
    var longest = 0..<0
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, groups[end] == 0 { end += 1 }
      if end - index > max(longest.count, 1) { longest = index..<end }
      index = max(end, index + 1)
    }
    func joined(_ slice: ArraySlice<UInt16>) -> String {
      slice.map { String($0, radix: 16) }.joined(separator: ":")
    }
    if longest.isEmpty { return joined(groups[...]) }
    return joined(groups[..<longest.lowerBound]) + "::" + joined(groups[longest.upperBound...])
  }

  private static func parseIPv4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      guard let number = parseDecimal(part), number <= 255 else { return nil }
      bits = bits << 8 | number
    }
    return bits
  }

  /// One to three digits without a leading zero, which some readers would take for octal.
  private static func parseDecimal(_ digits: ArraySlice<UInt8>) -> UInt32? {
    guard (1...3).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
    var number: UInt32 = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = number * 10 + UInt32(digit - UInt8(ascii: "0"))
    }
    return number
  }

  private static func parseIPv6(_ bytes: [UInt8]) -> (UInt64, UInt64)? {
    let colon = UInt8(ascii: ":")
    guard bytes.contains(colon), bytes.count <= 45 else { return nil }
    var front: [UInt16] = []
    var back: [UInt16]?
    var rest = bytes[...]
    if rest.starts(with: [colon, colon]) {
      back = []
      rest = rest.dropFirst(2)
    }
    while !rest.isEmpty {
      let word = rest.prefix { $0 != colon }
      rest = rest.dropFirst(word.count)
      var groups: [UInt16] = []
      if rest.isEmpty, let bits = parseIPv4(word) {
        groups = [UInt16(truncatingIfNeeded: bits >> 16), UInt16(truncatingIfNeeded: bits)]
      } else if let group = parseGroup(word) {
        groups = [group]
      } else {
        return nil
      }
      if back == nil { front += groups } else { back?.append(contentsOf: groups) }
      if rest.starts(with: [colon, colon]) {
        guard back == nil else { return nil }
        back = []
        rest = rest.dropFirst(2)
      } else if rest.first == colon {
        rest = rest.dropFirst()
        guard !rest.isEmpty else { return nil }
      }
    }
    let filled = front.count + (back?.count ?? 0)
    guard back == nil ? filled == 8 : filled < 8 else { return nil }
    let groups = front + Array(repeating: 0, count: 8 - filled) + (back ?? [])
    let high = groups[..<4].reduce(0) { $0 << 16 | UInt64($1) }
    let low = groups[4...].reduce(0) { $0 << 16 | UInt64($1) }
    return (high, low)
  }

  private static func parseGroup(_ digits: ArraySlice<UInt8>) -> UInt16? {
    guard (1...4).contains(digits.count) else { return nil }
    var group: UInt16 = 0
    for digit in digits {
      guard let value = Character(Unicode.Scalar(digit)).hexDigitValue, digit < 128 else { return nil }
      group = group << 4 | UInt16(value)
    }
    return group
  }
}
