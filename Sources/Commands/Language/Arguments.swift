// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A value with the place where it was typed, so that an error found later can still point there.
public struct Located<Value: Sendable>: Sendable {
  public let value: Value
  /// Counted from 1 in Characters of the line.
  public let columns: Range<Int>

  public init(_ value: Value, columns: Range<Int>) {
    self.value = value
    self.columns = columns
  }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}

/// The arguments of a command, read and checked against its declaration.
///
/// A value is found by its parameter's label: the placeholder of a positional one (`FROM`), the keyword of a clause
/// (`lan`), the name of a choice (`protocol`). Asking for a required one never fails after a parse; it throws
/// `missingArgument` if command and declaration disagree.
public struct Arguments: Sendable {
  struct Entry: Sendable {
    let label: String
    let value: ArgumentValue
    let token: Token
    let columns: Range<Int>
  }

  /// The statement as it was typed.
  public let statement: Statement
  /// The usage line of the form that matched.
  public let usage: String
  let entries: [Entry]

  /// Whether anything was given for the label.
  public func has(_ label: String) -> Bool { entries.contains { $0.label == label } }

  /// The columns of the word with that label; the whole statement's if there is none.
  public func columns(_ label: String) -> Range<Int> {
    entries.first { $0.label == label }?.columns ?? statement.column..<max(statement.endColumn, statement.column + 1)
  }

  /// A new device's name.
  public func name(_ label: String) throws(SyntaxError) -> Located<String> {
    try required(label) { if case .name(let name) = $0 { name } else { nil } }
  }

  /// An existing device.
  public func device(_ label: String) throws(SyntaxError) -> Located<NamedDevice> {
    try required(label, Self.device)
  }

  /// The devices given in a clause that may be repeated.
  public func devices(_ label: String) -> [Located<NamedDevice>] { all(label, Self.device) }

  public func optionalDevice(_ label: String) -> Located<NamedDevice>? { all(label, Self.device).first }

  /// The addresses given, one of each family at most.
  public func addresses(_ label: String) -> [Located<IPAddress>] {
    all(label) { if case .address(let address) = $0 { address } else { nil } }
  }

  /// The prefixes given, one of each family at most.
  public func prefixes(_ label: String) -> [Located<IPPrefix>] {
    all(label) { if case .prefix(let prefix) = $0 { prefix } else { nil } }
  }

  public func prefix(_ label: String) throws(SyntaxError) -> Located<IPPrefix> {
    try required(label) { if case .prefix(let prefix) = $0 { prefix } else { nil } }
  }

  public func endpoint(_ label: String) throws(SyntaxError) -> Located<EndpointReference> {
    try required(label) { if case .endpoint(let endpoint) = $0 { endpoint } else { nil } }
  }

  public func duration(_ label: String) throws(SyntaxError) -> Located<Interval> {
    try required(label, Self.duration)
  }

  public func optionalDuration(_ label: String) -> Located<Interval>? { all(label, Self.duration).first }

  public func optionalRate(_ label: String) -> Located<BitRate>? {
    all(label) { if case .rate(let rate) = $0 { rate } else { nil } }.first
  }

  public func count(_ label: String) throws(SyntaxError) -> Located<Int> { try required(label, Self.count) }

  public func optionalCount(_ label: String) -> Located<Int>? { all(label, Self.count).first }

  public func port(_ label: String) throws(SyntaxError) -> Located<UInt16> {
    try required(label) { if case .port(let port) = $0 { port } else { nil } }
  }

  /// A port, or a range of them.
  public func optionalPorts(_ label: String) -> Located<ClosedRange<UInt16>>? {
    all(label) { if case .ports(let ports) = $0 { ports } else { nil } }.first
  }

  public func optionalPort(_ label: String) -> Located<UInt16>? {
    all(label) { if case .port(let port) = $0 { port } else { nil } }.first
  }

  public func optionalTimeToLive(_ label: String) -> Located<UInt8>? {
    all(label) { if case .timeToLive(let hops) = $0 { hops } else { nil } }.first
  }

  /// A text, a file's path or a subject of help.
  public func text(_ label: String) throws(SyntaxError) -> Located<String> { try required(label, Self.text) }

  public func optionalText(_ label: String) -> Located<String>? { all(label, Self.text).first }

  /// The texts given, where several may be.
  public func texts(_ label: String) -> [Located<String>] { all(label, Self.text) }

  /// The word chosen, as it was declared.
  public func choice(_ label: String) -> Located<String>? {
    all(label) { if case .word(let word) = $0 { word } else { nil } }.first
  }

  /// The protocol chosen, for a choice whose words are protocols' names.
  public func transport(_ label: String) -> Located<TransportProtocol>? {
    guard let word = choice(label), let transport = TransportProtocol.allCases.first(where: { $0.name == word.value })
    else { return nil }
    return Located(transport, columns: word.columns)
  }

  public func optionalPreset(_ label: String) -> Located<NATPreset>? {
    all(label) { if case .preset(let preset) = $0 { preset } else { nil } }.first
  }

  public func property(_ label: String) throws(SyntaxError) -> Located<Property> {
    try required(label) { if case .property(let property) = $0 { property } else { nil } }
  }

  /// The value given for a property, of as many words as it takes.
  public func values(_ label: String) throws(SyntaxError) -> Located<PropertyValue> {
    try required(label) { if case .propertyValue(let value) = $0 { value } else { nil } }
  }

  public func optionalSeed(_ label: String) -> Located<UInt64>? {
    all(label) { if case .seed(let seed) = $0 { seed } else { nil } }.first
  }

  // The kinds that are read in more than one way.

  private static func device(_ value: ArgumentValue) -> NamedDevice? {
    if case .device(let device) = value { device } else { nil }
  }

  private static func duration(_ value: ArgumentValue) -> Interval? {
    if case .duration(let interval) = value { interval } else { nil }
  }

  private static func count(_ value: ArgumentValue) -> Int? {
    if case .count(let count) = value { count } else { nil }
  }

  private static func text(_ value: ArgumentValue) -> String? {
    if case .text(let text) = value { text } else { nil }
  }

  private func all<Value>(_ label: String, _ read: (ArgumentValue) -> Value?) -> [Located<Value>] {
    entries.compactMap { entry in
      guard entry.label == label, let value = read(entry.value) else { return nil }
      return Located(value, columns: entry.columns)
    }
  }

  private func required<Value>(
    _ label: String, _ read: (ArgumentValue) -> Value?
  ) throws(SyntaxError) -> Located<Value> {
    guard let found = all(label, read).first else {
      throw SyntaxError(
        .missingArgument(label: label, after: nil, usage: usage), column: statement.endColumn)
    }
    return found
  }
}
