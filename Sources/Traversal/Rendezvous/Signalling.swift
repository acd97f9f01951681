// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// One end of an exchange through a rendezvous server, without its socket: it registers, and repeats its message for
/// the other end until the other end has received it.
public struct Signalling: Hashable, Sendable {
  public let server: Endpoint
  public let name: String
  public let peer: String
  /// How the server sees this end; nil before it has said so.
  public private(set) var seen: Endpoint?
  private var body: String?
  private var number = 0
  private var acknowledged = 0
  private var heard = 0
  private var sent = 0
  private var due: Instant?

  /// The schedule of a STUN client's repetitions (RFC 8489 §6.2.1), but never more than four seconds apart: the other
  /// end may come late.
  private static let schedule = Retransmission(
    initial: .milliseconds(500), most: 12, patience: .seconds(4), longest: .seconds(4))

  public init(server: Endpoint, name: String, peer: String, at now: Instant) {
    self.server = server
    self.name = name
    self.peer = peer
    due = now
  }

  /// When something is to be sent, if nothing comes first.
  public var nextDue: Instant? { due }

  /// Replaces the message by a new edition.
  public mutating func publish(_ body: String, at now: Instant) {
    self.body = body
    number += 1
    sent = 0
    due = now
  }

  /// Registers again: its router may have given it another endpoint.
  public mutating func registerAgain(at now: Instant) {
    seen = nil
    sent = 0
    due = now
  }

  public enum Event: Hashable, Sendable {
    case registered(Endpoint)
    /// A new edition of the other end's message.
    case heard(String)
    /// Nobody has answered by the end of all repetitions.
    case gaveUp
  }

  /// The message to send at `now`; the server is not asked for ever.
  public mutating func wake(at now: Instant) -> (message: [UInt8]?, event: Event?) {
    guard let due, now >= due else { return (nil, nil) }
    guard sent < Self.schedule.most else {
      self.due = nil
      return (nil, .gaveUp)
    }
    sent += 1
    self.due = now + Self.schedule.wait(after: sent)
    return (current.encoded(), nil)
  }

  private var current: SignalMessage {
    if seen == nil { return .register(name) }
    return .tell(
      to: peer,
      SignalMessage.Letter(
        from: name, number: number, acknowledged: heard, asks: acknowledged < number, body: body ?? ""))
  }

  /// Handles a message from the server; nil if it is not from the server.
  public mutating func receive(
    _ bytes: [UInt8], from source: Endpoint, at now: Instant
  ) -> (events: [Event], answer: [UInt8]?)? {
    guard source == server, let message = SignalMessage(decoding: bytes[...]) else { return nil }
    switch message {
    case .registered(let endpoint):
      guard seen == nil else { return ([], nil) }
      seen = endpoint
      sent = 0
      due = body == nil ? nil : now
      return ([.registered(endpoint)], nil)
    case .told(let letter) where letter.from == peer:
      acknowledged = max(acknowledged, min(letter.acknowledged, number))
      let isNew = letter.number > heard
      heard = max(heard, letter.number)
      if body != nil, acknowledged == number { due = nil }
      return (isNew ? [.heard(letter.body)] : [], letter.asks ? current.encoded() : nil)
    default: return ([], nil)
    }
  }
}
