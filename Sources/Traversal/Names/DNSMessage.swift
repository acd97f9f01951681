// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import WireFormat

/// A DNS message as hosts and their resolvers exchange them (RFC 1035 §4): a question about one name, or its answer with
/// addresses.
package struct DNSMessage: Hashable, Sendable {
  static let standardPort = Errand.namesPort

  /// The records that have addresses (RFC 1035 §3.4.1, RFC 3596 §2.1).
  enum RecordType: UInt16, Hashable, Sendable, CaseIterable {
    case a = 1
    case aaaa = 28

    var word: String { self == .a ? "A" : "AAAA" }
    var family: AddressFamily { self == .a ? .ipv4 : .ipv6 }

    init(_ family: AddressFamily) { self = family == .ipv4 ? .a : .aaaa }
  }

  /// RCODE (RFC 1035 §4.1.1).
  enum Code: UInt8, Hashable, Sendable {
    case noError = 0
    case formatError = 1
    case serverFailure = 2
    case nameError = 3
    case notImplemented = 4
    case refused = 5

    var word: String {
      switch self {
      case .noError: "NOERROR"
      case .formatError: "FORMERR"
      case .serverFailure: "SERVFAIL"
      case .nameError: "NXDOMAIN"
      case .notImplemented: "NOTIMP"
      case .refused: "REFUSED"
      }
    }
  }

  var id: UInt16
  var isAnswer = false
  var code = Code.noError
  /// Whether the server is the one that the name belongs to.
  var isAuthoritative = false
  var name: String
  /// QTYPE; ``RecordType`` has those that are answered.
  var type: UInt16
  var addresses: [IPAddress] = []
  /// Seconds for which the answer may be kept.
  var timeToLive: UInt32 = 300

  init(question name: String, _ type: RecordType, id: UInt16) {
    (self.name, self.type, self.id) = (name, type.rawValue, id)
  }

  /// The answer to this question.
  func answer(_ code: Code, _ addresses: [IPAddress] = [], isAuthoritative: Bool = true) -> DNSMessage {
    var answer = self
    (answer.isAnswer, answer.code, answer.addresses) = (true, code, addresses)
    answer.isAuthoritative = isAuthoritative
    return answer
  }

  // MARK: Bytes

  private static let answerBit: UInt16 = 0x8000
  private static let authorityBit: UInt16 = 0x0400
  private static let desiredBit: UInt16 = 0x0100
  private static let availableBit: UInt16 = 0x0080
  /// The class of the Internet (§3.2.4).
  private static let internet: UInt16 = 1
  /// A pointer to the question's name, the first of a message (§4.1.4).
  private static let nameOfQuestion: UInt16 = 0xC00C

  /// The message's bytes.
  package func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    var flags = Self.desiredBit | UInt16(code.rawValue)
    if isAnswer { flags |= Self.answerBit | Self.availableBit }
    if isAuthoritative { flags |= Self.authorityBit }
    for number in [id, flags, 1, UInt16(truncatingIfNeeded: addresses.count), 0, 0] { bytes.appendNumber(number) }
    bytes.appendName(name)
    for number in [type, Self.internet] { bytes.appendNumber(number) }
    for address in addresses {
      bytes.appendNumber(Self.nameOfQuestion)
      bytes.appendRecord(address, class: Self.internet, timeToLive: timeToLive)
    }
    return bytes
  }

  /// Reads a message with exactly one question; records other than addresses are passed over. Nil for anything that ends
  /// too early, points forwards or says what no answer can.
  package init?(decoding bytes: some Sequence<UInt8>) {
    var reader = DNSReader(bytes)
    guard let id = reader.number(), let flags = reader.number(), reader.number() == 1, let answers = reader.number(),
      reader.bytes(4) != nil, flags >> 11 & 0xF == 0, let code = Code(rawValue: UInt8(flags & 0xF)),
      let name = reader.name(), let type = reader.number(), reader.number() == Self.internet
    else { return nil }
    (self.id, self.name, self.type, self.code) = (id, name, type, code)
    isAnswer = flags & Self.answerBit != 0
    isAuthoritative = flags & Self.authorityBit != 0
    guard isAnswer || answers == 0 else { return nil }
    for _ in 0..<answers {
      guard let record = reader.record() else { return nil }
      guard let address = record.address else { continue }
      timeToLive = record.timeToLive
      addresses.append(address)
    }
  }
}

extension DNSMessage {
  /// `A`, `AAAA`, or a number.
  var typeName: String { RecordType(rawValue: type)?.word ?? "type \(type)" }

  static let reader = MessageReader { payload, packet in
    guard packet.transport == .udp, [packet.source.port, packet.destination.port].contains(standardPort),
      let bytes = payload.bytes, let message = DNSMessage(decoding: bytes)
    else { return nil }
    return message.description
  }

  /// The message in words.
  package var description: MessageDescription {
    let found = addresses.map(\.description).joined(separator: ", ")
    let result = code != .noError ? code.word : addresses.isEmpty ? "no such record" : found
    let summary = "DNS " + (isAnswer ? "answer \(typeName) \(name): \(result)" : "question \(typeName) \(name)")
    var fields: [MessageDescription.Field] = [
      .init("ID", "\(id)"), .init("QR", isAnswer ? "response" : "query"), .init("QNAME", name),
      .init("QTYPE", typeName),
    ]
    if isAnswer {
      fields += [.init("AA", isAuthoritative ? "yes" : "no"), .init("RCODE", code.word)]
      fields += addresses.map { .init(RecordType($0.family).word, "\($0), for \(timeToLive) s") }
    }
    return MessageDescription(protocolName: "DNS", summary: summary, fields: fields)
  }
}
