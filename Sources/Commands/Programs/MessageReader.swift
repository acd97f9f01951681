// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A message of an application protocol, in readable form.
public struct MessageDescription: Encodable, Hashable, Sendable {
  public struct Field: Encodable, Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// `STUN`, `TURN`, `RTP`.
  public var protocolName: String
  /// One line: `TURN Allocate error 401 (Unauthenticated)`.
  public var summary: String
  /// The message's fields in their order, named as in their RFC.
  public var fields: [Field]

  public init(protocolName: String, summary: String, fields: [Field]) {
    self.protocolName = protocolName
    self.summary = summary
    self.fields = fields
  }

  private enum CodingKeys: String, CodingKey {
    case protocolName = "protocol"
    case summary, fields
  }
}

/// Recognises an application protocol by its bytes. Nothing below the commands knows any.
public struct MessageReader: Sendable {
  /// Reads a packet's payload; nil if it is not of this protocol.
  public let read: @Sendable (Payload, Packet) -> MessageDescription?

  public init(_ read: @escaping @Sendable (Payload, Packet) -> MessageDescription?) { self.read = read }
}

extension Catalog {
  /// The packet's message in an application protocol; nil if no reader recognises it.
  public func message(in packet: Packet) -> MessageDescription? {
    switch packet.payload {
    case .data, .padded: break
    case .empty, .filler, .quote, .fragment: return nil
    }
    for reader in messages {
      if let found = reader.read(packet.payload, packet) { return found }
    }
    return nil
  }
}
