// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Reads single words as values of a kind, with an error that says what is wrong with the word.
struct ArgumentReader {
  let names: any NameContext
  let catalog: Catalog

  /// The most bytes of a text: what fits into one IPv4 UDP packet.
  static let longestText = 65_507

  /// Reads a word of a kind that does not depend on other words; properties are read by the matcher.
  func value(of token: Token, as kind: ArgumentKind) throws(SyntaxError) -> ArgumentValue {
    switch kind {
    case .newName: .name(try newName(token))
    case .label: .text(try wellFormedName(token))
    case .device(let kinds): .device(try device(token.text, kinds, at: token))
    case .address: .address(try address(token.text, at: token))
    case .prefix: .prefix(try Self.prefix(token))
    case .endpoint(let kinds): .endpoint(try endpoint(token, kinds))
    case .duration: .duration(try Self.duration(token))
    case .rate: .rate(try Self.rate(token))
    case .count(let range): .count(try Self.number(token, in: range))
    case .port: .port(try Self.port(token.text, at: token))
    case .ports, .forwardedPort: .ports(try Self.ports(token))
    case .timeToLive: .timeToLive(UInt8(clamping: try Self.number(token, in: 1...255)))
    case .word(let words): .word(try word(token, of: words))
    case .text, .listed: .text(try text(token))
    case .preset: .preset(try Self.preset(token))
    case .scene: .text(try scene(token))
    case .seed: .seed(try seed(token))
    case .helpSubject: .text(try helpSubject(token))
    case .file: .text(token.text)
    case .property, .propertyValue: .text(try text(token))
    }
  }

  private func word(_ token: Token, of words: [String]) throws(SyntaxError) -> String {
    if let word = words.first(where: { $0.matches(token.text) }) { return word }
    throw SyntaxError(
      .unknownValue(token.text, of: words.joined(separator: "|"), allowed: words), at: token,
      suggestion: Nearest.candidate(to: token.text, among: words))
  }

  // MARK: Names

  private func newName(_ token: Token) throws(SyntaxError) -> String {
    let name = try wellFormedName(token)
    if let other = names.device(named: name) { throw SyntaxError(.nameTaken(other.name), at: token) }
    return name
  }

  private func wellFormedName(_ token: Token) throws(SyntaxError) -> String {
    let name = token.text
    guard !DeviceName.isTooLong(name) else {
      throw SyntaxError(.nameTooLong(count: name.count, limit: DeviceName.longest), at: token)
    }
    guard DeviceName.hasNameCharacters(name) else { throw SyntaxError(.badName(name), at: token) }
    return name
  }

  func device(_ name: String, _ kinds: DeviceKinds, at token: Token) throws(SyntaxError) -> NamedDevice {
    guard let device = names.device(named: name) else {
      let known = names.deviceNames(kinds)
      throw SyntaxError(
        .unknownName(name, wanted: kinds, exist: !known.isEmpty), at: token,
        suggestion: Nearest.candidate(to: name, among: known))
    }
    guard kinds.includes(device.kind) else {
      throw SyntaxError(
        .wrongDeviceKind(device.name, is: device.kind, wanted: kinds), at: token,
        suggestion: Nearest.candidate(to: name, among: names.deviceNames(kinds)))
    }
    return device
  }

  private func scene(_ token: Token) throws(SyntaxError) -> String {
    if let scene = names.sceneNames.first(where: { $0.matches(token.text) }) { return scene }
    throw SyntaxError(
      .unknownScene(token.text), at: token,
      suggestion: Nearest.candidate(to: token.text, among: names.sceneNames))
  }

  static func preset(_ token: Token) throws(SyntaxError) -> NATPreset {
    if let preset = NATPreset.allCases.first(where: { $0.rawValue.matches(token.text) }) { return preset }
    throw SyntaxError(
      .unknownPreset(token.text), at: token,
      suggestion: Nearest.candidate(to: token.text, among: NATPreset.allCases.map(\.rawValue)))
  }

  private func helpSubject(_ token: Token) throws(SyntaxError) -> String {
    // A subject of several words may be typed as people write it: `help private address`.
    let subject = token.text.replacing(" ", with: "-")
    do {
      _ = try catalog.help(subject)
      return subject
    } catch {
      throw SyntaxError(.unknownSubject(token.text), at: token, suggestion: error.suggestion)
    }
  }

  // MARK: Addresses

  func address(_ text: String, at token: Token) throws(SyntaxError) -> IPAddress {
    if let address = IPAddress(text) { return address }
    let bare = text.split(separator: "/").first.flatMap { IPAddress(String($0)) }
    throw SyntaxError(.badAddress(text), at: token, suggestion: text.contains("/") ? bare?.description : nil)
  }

  static func prefix(_ token: Token) throws(SyntaxError) -> IPPrefix {
    let text = token.text
    if let prefix = IPPrefix(text) { return prefix }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(String(first)), parts.count <= 2 else {
      throw SyntaxError(.badPrefix(text), at: token)
    }
    guard parts.count == 2 else {
      let likely = IPPrefix(containing: address, length: address.isIPv4 ? 24 : 64)
      throw SyntaxError(.badPrefix(text), at: token, suggestion: likely?.description)
    }
    guard parts[1].isDecimalDigits else { throw SyntaxError(.badPrefix(text), at: token) }
    let limit = address.family.bitWidth
    guard let length = Int(parts[1]), length <= limit else {
      throw SyntaxError(.prefixTooLong(length: String(parts[1]), limit: limit), at: token)
    }
    let cleared = IPPrefix(containing: address, length: length)
    throw SyntaxError(
      cleared?.address == address ? .badPrefix(text) : .hostBitsSet(text), at: token,
      suggestion: cleared?.description)
  }

  private func endpoint(_ token: Token, _ kinds: DeviceKinds) throws(SyntaxError) -> EndpointReference {
    let text = token.text
    if let address = IPAddress(text) { return EndpointReference(.address(address)) }
    if text.hasPrefix("[") { return try bracketed(token) }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2 else { throw SyntaxError(.badAddress(text), at: token) }
    let host = parts[0]
    let reference: EndpointReference.Host
    if host.first?.beginsNumber == true {
      reference = .address(try address(host, at: token))
    } else if DeviceName.hasNameCharacters(host) {
      reference = isAsked(host, kinds) ? .name(host) : .device(try hostDevice(host, kinds, at: token))
    } else {
      throw SyntaxError(.badEndpoint(text), at: token)
    }
    guard parts.count == 2 else { return EndpointReference(reference) }
    return EndpointReference(reference, port: try Self.port(parts[1], at: token))
  }

  /// Whether a name is one to ask a server for: it has a dot and no device has it. Without any server, it is more likely
  /// a slip if it resembles a device's name or ends in a number.
  private func isAsked(_ name: String, _ kinds: DeviceKinds) -> Bool {
    guard kinds.contains(.asked), let dot = name.lastIndex(of: "."), names.device(named: name) == nil else {
      return false
    }
    if names.hasNameServers { return true }
    let isNumber = name[dot...].dropFirst().allSatisfy { ("0"..."9").contains($0) }
    return !isNumber && Nearest.candidate(to: name, among: names.deviceNames(kinds)) == nil
  }

  /// Looks up the name in front of a port, and points at the name alone if it is not known.
  private func hostDevice(
    _ name: String, _ kinds: DeviceKinds, at token: Token
  ) throws(SyntaxError) -> NamedDevice {
    do {
      return try device(name, kinds, at: token)
    } catch {
      var pointed = error
      pointed.length = name.count
      throw pointed
    }
  }

  private func bracketed(_ token: Token) throws(SyntaxError) -> EndpointReference {
    let inside = token.text.dropFirst()
    guard let end = inside.firstIndex(of: "]") else { throw SyntaxError(.badEndpoint(token.text), at: token) }
    let address = try address(String(inside[..<end]), at: token)
    let after = inside[inside.index(after: end)...]
    guard !address.isIPv4 else {
      throw SyntaxError(.badEndpoint(token.text), at: token, suggestion: "\(address)\(after)")
    }
    guard !after.isEmpty else { return EndpointReference(.address(address)) }
    guard after.first == ":" else { throw SyntaxError(.badEndpoint(token.text), at: token) }
    return EndpointReference(.address(address), port: try Self.port(String(after.dropFirst()), at: token))
  }

  // MARK: Numbers and texts

  static func port(_ text: String, at token: Token, in range: ClosedRange<Int> = 1...65535) throws(SyntaxError)
    -> UInt16
  {
    let digits = text.first == "-" ? text.dropFirst() : text[...]
    guard digits.isDecimalDigits else { throw SyntaxError(.badPort(text), at: token) }
    guard let number = Int(text), range.contains(number), let port = UInt16(exactly: number) else {
      throw SyntaxError(.portOutOfRange(text, range), at: token)
    }
    return port
  }

  /// The most ports of a range: each is a row of the table.
  static let mostPorts = 1_024

  /// A port, or two with a hyphen between them.
  static func ports(_ token: Token) throws(SyntaxError) -> ClosedRange<UInt16> {
    let parts = token.text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else {
      let single = try port(token.text, at: token)
      return single...single
    }
    guard parts.allSatisfy(\.isDecimalDigits) else { throw SyntaxError(.badPort(token.text), at: token) }
    let (first, last) = (try port(parts[0], at: token), try port(parts[1], at: token))
    guard first <= last else {
      throw SyntaxError(.rangeReversed(first: parts[0], last: parts[1]), at: token, suggestion: "\(last)-\(first)")
    }
    guard last - first < mostPorts else {
      throw SyntaxError(.tooManyPorts(Int(last - first) + 1, most: mostPorts), at: token)
    }
    return first...last
  }

  static func number(_ token: Token, in range: ClosedRange<Int>) throws(SyntaxError) -> Int {
    let digits = token.text.first == "-" ? token.text.dropFirst() : token.text[...]
    guard digits.isDecimalDigits else { throw SyntaxError(.badNumber(token.text), at: token) }
    guard let number = Int(token.text), range.contains(number) else {
      throw SyntaxError(.numberOutOfRange(token.text, range), at: token)
    }
    return number
  }

  private func seed(_ token: Token) throws(SyntaxError) -> UInt64 {
    guard token.text.isDecimalDigits, let seed = UInt64(token.text) else {
      throw SyntaxError(.badSeed(token.text), at: token)
    }
    return seed
  }

  static func duration(_ token: Token) throws(SyntaxError) -> Interval {
    if let interval = Interval(token.text) { return interval }
    if DecimalNumber(token.text[...]) != nil {
      throw SyntaxError(.badDuration(token.text), at: token, suggestion: "\(token.text)s")
    }
    if let guess = durationMeant(by: token.text) {
      throw SyntaxError(.badDuration(token.text), at: token, suggestion: guess)
    }
    let lowered = token.text.lowercased()
    let isNumberAndUnit = ["h", "m", "s"].contains { lowered.hasSuffix($0) } && lowered.first?.beginsNumber == true
    let isLong = isNumberAndUnit && lowered.prefix { $0.beginsNumber }.count > 7
    throw SyntaxError(isLong ? .durationTooLong(token.text) : .badDuration(token.text), at: token)
  }

  /// The duration meant by a number and a unit that may be written out; nil if there is none.
  static func durationMeant(by text: String) -> String? {
    if Interval(text) != nil { return text }
    let lowered = text.lowercased()
    for (long, short) in longUnits where lowered.hasSuffix(long) {
      let guess = String(lowered.dropLast(long.count)) + short
      if Interval(guess) != nil { return guess }
    }
    return nil
  }

  /// Units that people write but natsh does not read.
  private static let longUnits: [(String, String)] = [
    ("milliseconds", "ms"), ("millisecond", "ms"), ("msec", "ms"), ("seconds", "s"), ("second", "s"), ("secs", "s"),
    ("sec", "s"), ("minutes", "m"), ("minute", "m"), ("mins", "m"), ("min", "m"), ("hours", "h"), ("hour", "h"),
    ("hrs", "h"), ("hr", "h"), ("µs", "us"), ("μs", "us"), ("millisekunden", "ms"), ("sekunden", "s"), ("sekunde", "s"),
    ("sek", "s"), ("minuten", "m"), ("stunden", "h"), ("stunde", "h"), ("std", "h"),
  ]

  static func rate(_ token: Token) throws(SyntaxError) -> BitRate {
    if let rate = BitRate(token.text) { return rate }
    let number = String(token.text.prefix { $0.beginsNumber || $0 == "." })
    let unit = token.text.dropFirst(number.count).lowercased()
    let letter = unit.first.map { "kmg".contains($0) ? "\($0)" : "" } ?? "m"
    let guess = BitRate("\(number)\(letter)bit")
    throw SyntaxError(.badRate(token.text), at: token, suggestion: guess?.description)
  }

  private func text(_ token: Token) throws(SyntaxError) -> String {
    let bytes = token.text.utf8.count
    guard bytes <= Self.longestText else {
      throw SyntaxError(.textTooLong(bytes: bytes, limit: Self.longestText), at: token)
    }
    return token.text
  }
}
