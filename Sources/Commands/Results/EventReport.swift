// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// An event of a program, as a result lists it.
public struct EventReport: Encodable, Sendable {
  public var number: Int
  public var timeMicroseconds: Int64
  public var host: String
  public var program: String
  /// `mapped-address`, `open`.
  public var event: String
  /// The packet that it is about.
  public var packet: Int?
  public var data: EventData
  /// The event in a sentence; nil if its program has none for it.
  public var words: String?
  /// The number of the hop that it came after; 0 if it came before any.
  public var afterHop: Int
  /// Whether it says what the packets before it have shown.
  public var isConclusion = false

  enum CodingKeys: String, CodingKey {
    case number = "n"
    case timeMicroseconds = "time_us"
    case host, program, event, packet, data, words
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(number, forKey: .number)
    try container.encode(timeMicroseconds, forKey: .timeMicroseconds)
    try container.encode(host, forKey: .host)
    try container.encode(program, forKey: .program)
    try container.encode(event, forKey: .event)
    try container.encode(packet, forKey: .packet)
    var fields = container.nestedContainer(keyedBy: DataKey.self, forKey: .data)
    try container.encodeIfPresent(words, forKey: .words)
    for field in data.fields { try fields.encode(EncodableValue(field.value), forKey: DataKey(field.key)) }
  }

  private struct DataKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ key: String) { stringValue = key }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }
}

/// An event's value as JSON: endpoints and addresses are their text.
struct EncodableValue: Encodable {
  let value: EventValue

  init(_ value: EventValue) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .endpoint(let endpoint): try container.encode(endpoint.description)
    case .address(let address): try container.encode(address.description)
    case .list(let values): try container.encode(values.map { EncodableValue($0) })
    case .null: try container.encodeNil()
    }
  }
}

extension EventValue {
  /// The value as conditions and people read it.
  public var text: String {
    switch self {
    case .text(let text): text
    case .number(let number): String(number)
    case .flag(let flag): flag ? "yes" : "no"
    case .endpoint(let endpoint): endpoint.description
    case .address(let address): address.description
    case .list(let values): values.map(\.text).joined(separator: " ")
    case .null: "none"
    }
  }
}

extension Session {
  /// An event as a result lists it, with its program's words.
  package func report(_ event: ProgramEvent) -> EventReport {
    var report = EventReport(
      number: event.number, timeMicroseconds: event.time.microseconds, host: network.device(event.host).name,
      program: event.program, event: event.name, packet: event.packet, data: event.data, afterHop: event.afterHop)
    let program = catalog.programs.first { $0.name == event.program }
    report.words = program?.words(report)
    report.isConclusion = program?.conclusions.contains(event.name) == true
    return report
  }
}
