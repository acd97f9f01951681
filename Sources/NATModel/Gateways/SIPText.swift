// SPDX-License-Identifier: GPL-3.0-or-later

/// A SIP message whose lines can be changed (RFC 3261 §7). Its Content-Length follows its body.
struct SIPText {
  /// The lines that may name an endpoint by which others reach the sender.
  enum Field: Hashable {
    /// The first line of a request.
    case start
    case via
    case contact
    case route

    /// The header's name and its short form (§7.3.3).
    var names: [String] {
      switch self {
      case .start: []
      case .via: ["via", "v"]
      case .contact: ["contact", "m"]
      case .route: ["route"]
      }
    }
  }

  let original: TextLines
  private(set) var text: TextLines
  /// The empty line between headers and body.
  private let gap: Int

  /// Nil for what is not a SIP message, or cannot be read.
  init?(_ payload: Payload) {
    guard let lines = TextLines(payload), let first = lines.lines.indices.first.map(lines.text),
      first.hasPrefix("SIP/2.0 ") || first.hasSuffix(" SIP/2.0")
    else { return nil }
    (original, text) = (lines, lines)
    gap = lines.lines.indices.first { lines.text($0).isEmpty } ?? lines.lines.endIndex
  }

  // MARK: Headers

  private func isOf(_ place: Int, _ fields: Set<Field>) -> Bool {
    let line = text.text(place)
    if place == 0 { return fields.contains(.start) && !line.hasPrefix("SIP/2.0 ") }
    guard let colon = line.firstIndex(of: ":") else { return false }
    let name = line[..<colon].lowercased().split(separator: " ").joined()
    return fields.contains { $0.names.contains(name) }
  }

  /// The ports with which those headers name `address`.
  func ports(of address: IPAddress, in fields: Set<Field>) -> [UInt16] {
    (0..<gap).filter { isOf($0, fields) }.flatMap { place in
      Self.endpoints(in: text.text(place)).map(\.endpoint).filter { $0.address == address }.map(\.port)
    }
  }

  /// Replaces the endpoints in those headers for which there is another.
  mutating func replaceEndpoints(in fields: Set<Field>, _ other: (Endpoint) -> Endpoint?) {
    for place in 0..<gap where isOf(place, fields) {
      var line = text.text(place)
      for found in Self.endpoints(in: line).reversed() {
        guard let new = other(found.endpoint) else { continue }
        line.replaceSubrange(found.range, with: "\(new)")
      }
      if line != text.text(place) { text.replace(place, with: line) }
    }
  }

  /// The IPv4 endpoints of hosts in a header, without those of parameters such as `received=`; one without a port is at
  /// SIP's.
  private static func endpoints(in line: String) -> [(range: Range<String.Index>, endpoint: Endpoint)] {
    var found: [(range: Range<String.Index>, endpoint: Endpoint)] = []
    var start = line.startIndex
    while start < line.endIndex {
      guard let first = line[start...].firstIndex(where: isPart) else { break }
      var end = line[first...].firstIndex { !isPart($0) } ?? line.endIndex
      start = end
      guard first == line.startIndex || !isWord(line[line.index(before: first)]),
        let address = IPAddress(String(line[first..<end])), address.isIPv4
      else { continue }
      var port = ApplicationGateways.sipPort
      if end < line.endIndex, line[end] == ":" {
        let digits = line[line.index(after: end)...].prefix { $0.isASCII && $0.isNumber }
        guard let number = UInt16(digits), number > 0 else { continue }
        (port, end) = (number, digits.endIndex)
      } else if end < line.endIndex, isWord(line[end]) {
        continue
      }
      start = end
      found.append((first..<end, Endpoint(address, port)))
    }
    return found
  }

  private static func isPart(_ character: Character) -> Bool {
    character.isASCII && character.isNumber || character == "."
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "-" || character == "_" || character == "="
  }

  // MARK: The body

  /// The lines of the session's part of the body, then those of each medium.
  private var sections: [Range<Int>] {
    let body = min(gap + 1, text.lines.endIndex)..<text.lines.endIndex
    let starts = [body.lowerBound] + body.filter { text.text($0).hasPrefix("m=") }
    return zip(starts, starts.dropFirst() + [body.upperBound]).map { $0..<$1 }
  }

  /// Where a section says the media are to come: the address of its `c=` line.
  private func address(_ section: Range<Int>) -> IPAddress? {
    for place in section where text.text(place).hasPrefix("c=IN IP4 ") {
      return IPAddress(String(text.text(place).dropFirst(9).prefix { $0 != "/" && $0 != " " }))
    }
    return nil
  }

  /// The media whose packets are to come to `address`: the place of each one's `m=` line, and its port.
  private func media(at address: IPAddress) -> [(place: Int, port: UInt16)] {
    let sections = sections
    let common = sections.first.flatMap { self.address($0) }
    return sections.dropFirst().compactMap { section in
      guard self.address(section) ?? common == address else { return nil }
      let words = text.text(section.lowerBound).split(separator: " ")
      guard words.count > 1, let port = UInt16(words[1].prefix { $0 != "/" }), port > 0 else { return nil }
      return (section.lowerBound, port)
    }
  }

  func mediaPorts(at address: IPAddress) -> [UInt16] { media(at: address).map(\.port) }

  /// Replaces the media endpoints at `address` for which there is another, and corrects the body's length.
  mutating func replaceMedia(at address: IPAddress, _ other: (Endpoint) -> Endpoint?) {
    var outside: IPAddress?
    for (place, port) in media(at: address) {
      guard let new = other(Endpoint(address, port)) else { continue }
      outside = new.address
      var words = text.text(place).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      words[1] = "\(new.port)" + words[1].drop { $0 != "/" }
      text.replace(place, with: words.joined(separator: " "))
    }
    guard let outside else { return }
    for place in text.lines.indices where place > gap {
      let line = text.text(place)
      guard line.hasPrefix("c=IN IP4 \(address)"), self.address(place..<place + 1) == address else { continue }
      text.replace(place, with: "c=IN IP4 \(outside)" + line.dropFirst("c=IN IP4 \(address)".count))
    }
    correctLength()
  }

  private mutating func correctLength() {
    let length = text.lines.dropFirst(gap + 1).reduce(0) { $0 + $1.utf8.count }
    for place in 1..<max(gap, 1) {
      let line = text.text(place)
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon].lowercased().split(separator: " ").joined()
      guard name == "content-length" || name == "l" else { continue }
      let spaces = line[line.index(after: colon)...].prefix { $0 == " " }
      text.replace(place, with: "\(line[...colon])\(spaces)\(length)")
    }
  }
}
