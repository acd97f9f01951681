// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// Messages between programs and a rendezvous server: lines of text, since no one standard covers everybody who uses
/// one.
///
///     REGISTER alice                   alice is here
///     REGISTERED 49.36.10.25:62000     and is seen as this
///     TELL bob alice 1 0 ask …         edition 1 for bob, from alice, who has had none of bob's and waits for an
/// answer
///     TOLD alice 1 0 ask …             the letter that bob gets
///     UNKNOWN bob                      bob is not here yet
public enum SignalMessage: Hashable, Sendable {
  case register(String)
  case registered(Endpoint)
  case tell(to: String, Letter)
  case told(Letter)
  case unknown(String)

  /// One end's message for the other.
  public struct Letter: Hashable, Sendable {
    public var from: String
    /// The number of the edition; a later one replaces an earlier one.
    public var number: Int
    /// The latest edition received from the other end.
    public var acknowledged: Int
    /// Whether the other end is to confirm that it has received it.
    public var asks: Bool
    public var body: String

    public init(from: String, number: Int, acknowledged: Int, asks: Bool, body: String) {
      self.from = from
      self.number = number
      self.acknowledged = acknowledged
      self.asks = asks
      self.body = body
    }

    fileprivate var text: String { "\(from) \(number) \(acknowledged) \(asks ? "ask" : "ack")\n\(body)" }
  }

  /// The message's bytes.
  public func encoded() -> [UInt8] {
    switch self {
    case .register(let name): Array("REGISTER \(name)".utf8)
    case .registered(let endpoint): Array("REGISTERED \(endpoint)".utf8)
    case .tell(let name, let letter): Array("TELL \(name) \(letter.text)".utf8)
    case .told(let letter): Array("TOLD \(letter.text)".utf8)
    case .unknown(let name): Array("UNKNOWN \(name)".utf8)
    }
  }

  /// Reads a message; nil for bytes that are not one.
  public init?(decoding bytes: ArraySlice<UInt8>) {
    let lineEnd = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    guard let line = String(validating: bytes[..<lineEnd], as: UTF8.self),
      let body = String(validating: bytes[lineEnd...].dropFirst(), as: UTF8.self)
    else { return nil }
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard !words.contains("") else { return nil }
    func letter(_ words: ArraySlice<String>) -> Letter? {
      let words = Array(words)
      guard words.count == 4, let number = Int(words[1]), let acknowledged = Int(words[2]), number >= 0,
        acknowledged >= 0,
        words[3] == "ask" || words[3] == "ack"
      else { return nil }
      return Letter(
        from: words[0], number: number, acknowledged: acknowledged, asks: words[3] == "ask", body: body)
    }
    switch (words.first, words.count) {
    case ("REGISTER", 2) where body.isEmpty: self = .register(words[1])
    case ("UNKNOWN", 2) where body.isEmpty: self = .unknown(words[1])
    case ("REGISTERED", 2) where body.isEmpty:
      guard let endpoint = Endpoint(words[1]) else { return nil }
      self = .registered(endpoint)
    case ("TELL", 6):
      guard let letter = letter(words[2...]) else { return nil }
      self = .tell(to: words[1], letter)
    case ("TOLD", 5):
      guard let letter = letter(words[1...]) else { return nil }
      self = .told(letter)
    default: return nil
    }
  }

  /// The message in words.
  public var description: MessageDescription {
    func fields(_ letter: Letter) -> [MessageDescription.Field] {
      [
        .init("from", letter.from), .init("number", "\(letter.number)"),
        .init("acknowledged", "\(letter.acknowledged)"),
      ]
        + letter.body.split(separator: "\n").map {
          let parts = $0.split(separator: ":", maxSplits: 1)
          return .init(parts.count == 2 ? String(parts[0]) : "line", String(parts.last ?? ""))
        }
    }
    switch self {
    case .register(let name):
      return MessageDescription(protocolName: "rendezvous", summary: "rendezvous: \(name) registers", fields: [])
    case .registered(let endpoint):
      return MessageDescription(
        protocolName: "rendezvous", summary: "rendezvous: registered as \(endpoint)", fields: [])
    case .unknown(let name):
      return MessageDescription(protocolName: "rendezvous", summary: "rendezvous: \(name) is not here", fields: [])
    case .tell(let name, let letter):
      return MessageDescription(
        protocolName: "rendezvous", summary: "rendezvous: \(letter.from) for \(name)", fields: fields(letter))
    case .told(let letter):
      return MessageDescription(
        protocolName: "rendezvous", summary: "rendezvous: from \(letter.from)", fields: fields(letter))
    }
  }

  /// Recognised by its words: a learner's text with the same words is shown as such a message.
  static let reader = MessageReader { payload, packet in
    guard packet.transport == .udp, let bytes = payload.bytes else { return nil }
    return SignalMessage(decoding: bytes[...])?.description
  }
}
