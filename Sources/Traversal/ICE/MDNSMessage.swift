// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import WireFormat

/// A message of multicast DNS about hosts' addresses (RFC 6762), in DNS's format (RFC 1035 §4).
public struct MDNSMessage: Hashable, Sendable {
  /// A name and an address that it stands for.
  public struct Record: Hashable, Sendable {
    public var name: String
    public var address: IPAddress

    public init(name: String, address: IPAddress) {
      self.name = name
      self.address = address
    }
  }

  public enum Content: Hashable, Sendable {
    /// The names whose addresses somebody wants to know, of either family; the answer may come to the one who asks alone
    /// (RFC 6762 §5.4).
    case query([String])
    case response([Record])
  }

  public var content: Content

  public init(_ content: Content) { self.content = content }

  /// Seconds for which an answer with a host's address holds (RFC 6762 §10).
  static let lifetime: UInt32 = 120
  private static let headerLength = 12
  /// The class "Internet", and the bit that asks for a unicast answer, or says that there are no other records.
  private static let internet: UInt16 = 1
  private static let topBit: UInt16 = 0x8000

  /// The message's bytes. A name with a part that is empty or longer than 63 bytes is left out.
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    switch content {
    case .query(let names):
      let names = names.filter(DNSName.isValid)
      Self.header(isResponse: false, questions: names.count * 2, answers: 0, into: &bytes)
      for name in names {
        for family in [AddressFamily.ipv4, .ipv6] {
          bytes.appendName(name)
          bytes.appendNumber(DNSMessage.RecordType(family).rawValue)
          bytes.appendNumber(Self.internet | Self.topBit)
        }
      }
    case .response(let records):
      let records = records.filter { DNSName.isValid($0.name) }
      Self.header(isResponse: true, questions: 0, answers: records.count, into: &bytes)
      for record in records {
        bytes.appendName(record.name)
        bytes.appendRecord(record.address, class: Self.internet | Self.topBit, timeToLive: Self.lifetime)
      }
    }
    return bytes
  }

  private static func header(isResponse: Bool, questions: Int, answers: Int, into bytes: inout [UInt8]) {
    // A response is authoritative (RFC 6762 §18.4).
    for number in [0, isResponse ? 0x8400 : 0, questions, answers, 0, 0] {
      bytes.appendNumber(UInt16(truncatingIfNeeded: number))
    }
  }

  // MARK: Reading

  /// Reads a message; nil for bytes that are not one, or one about something else than hosts' addresses.
  public init?(decoding bytes: ArraySlice<UInt8>) {
    var reader = DNSReader(bytes)
    guard reader.number() != nil, let flags = reader.number(), let questions = reader.number(),
      let answers = reader.number(), reader.bytes(4) != nil, flags & 0x7800 == 0
    else { return nil }
    var names: [String] = []
    for _ in 0..<questions {
      guard let name = reader.name().map(DNSName.folded), let type = reader.number(), reader.number() != nil
      else { return nil }
      if DNSMessage.RecordType(rawValue: type) != nil, !names.contains(name) { names.append(name) }
    }
    var records: [Record] = []
    for _ in 0..<answers {
      guard let record = reader.record() else { return nil }
      guard let address = record.address else { continue }
      records.append(Record(name: DNSName.folded(record.name), address: address))
    }
    let isResponse = flags & 0x8000 != 0
    guard isResponse ? !records.isEmpty : !names.isEmpty else { return nil }
    content = isResponse ? .response(records) : .query(names)
  }

  // MARK: Words

  /// Shows such messages to people.
  static let reader = MessageReader { payload, packet in
    guard packet.transport == .udp, packet.destination.port == MulticastDNS.port, let bytes = payload.bytes else {
      return nil
    }
    return MDNSMessage(decoding: bytes[...])?.description
  }

  private var description: MessageDescription {
    switch content {
    case .query(let names):
      return MessageDescription(
        protocolName: "mDNS", summary: "mDNS: who is \(names.joined(separator: ", "))?",
        fields: names.map { .init("question", "\($0), A and AAAA, answer by unicast") })
    case .response(let records):
      return MessageDescription(
        protocolName: "mDNS",
        summary: "mDNS: " + records.map { "\($0.name) is \($0.address)" }.joined(separator: ", "),
        fields: records.map { .init("answer", "\($0.name) is \($0.address) for \(Self.lifetime) s") })
    }
  }
}
