// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A value in an event's data.
public enum EventValue: Hashable, Sendable {
  case text(String)
  case number(Int)
  case flag(Bool)
  case endpoint(Endpoint)
  case address(IPAddress)
  case list([EventValue])
  /// There is no value.
  case null

  public init(_ endpoint: Endpoint?) { self = endpoint.map { .endpoint($0) } ?? .null }
  public init(_ text: String?) { self = text.map { .text($0) } ?? .null }
}

/// An event's data, key by key in the order in which it is shown.
public struct EventData: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  public struct Field: Hashable, Sendable {
    public var key: String
    public var value: EventValue
  }

  public var fields: [Field]

  public init(dictionaryLiteral elements: (String, EventValue)...) {
    fields = elements.map { Field(key: $0.0, value: $0.1) }
  }

  /// The value of `key`, if the event has one.
  public subscript(key: String) -> EventValue? { fields.first { $0.key == key }?.value }
}

/// Something that a program has learned or decided, in the trace beside the hops.
public struct ProgramEvent: Hashable, Sendable {
  /// Counted from 1 through the whole trace.
  public var number: Int
  public var time: Instant
  public var host: DeviceID
  /// The program's name.
  public var program: String
  /// The event, in one word of its protocol: `mapped-address`.
  public var name: String
  /// The packet that it is about: the one that came, or one that the program has just sent.
  public var packet: Int?
  public var data: EventData
  /// The last hop before it.
  public var afterHop: Int
}
