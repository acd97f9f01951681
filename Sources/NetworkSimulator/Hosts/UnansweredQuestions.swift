// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A question without an answer.
public struct Unanswered: Hashable, Sendable {
  public enum Question: Hashable, Sendable {
    case connect
    case ping
  }
  public var host: DeviceID
  public var question: Question
  public var packet: Int
}

/// Hosts' questions without an answer so far. Asking and settling cost the same however many there are.
struct UnansweredQuestions: Sendable {
  /// The ends of the conversation as the host knows them; an echo's ports are its identifier.
  private struct Key: Hashable, Sendable {
    var host: DeviceID
    var question: Unanswered.Question
    var local: Endpoint
    var remote: Endpoint
  }

  /// The packets that asked, in order: one identifier may be used more than once.
  private var packets: [Key: [Int]] = [:]

  mutating func ask(
    _ question: Unanswered.Question, by host: DeviceID, packet: Int, local: Endpoint, remote: Endpoint
  ) {
    packets[Key(host: host, question: question, local: local, remote: remote), default: []].append(packet)
  }

  /// Removes `host`'s question to `remote` from `local`, which has been answered.
  mutating func settle(_ question: Unanswered.Question, at host: DeviceID, local: Endpoint, remote: Endpoint) {
    if packets.isEmpty { return }
    packets[Key(host: host, question: question, local: local, remote: remote)] = nil
  }

  mutating func forget(_ host: DeviceID) {
    if !packets.isEmpty { packets = packets.filter { $0.key.host != host } }
  }

  /// Removes and returns all of them, in the order they were asked.
  mutating func takeAll() -> [Unanswered] {
    defer { packets = [:] }
    return packets.flatMap { key, numbers in
      numbers.map { Unanswered(host: key.host, question: key.question, packet: $0) }
    }.sorted { $0.packet < $1.packet }
  }
}
