// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// The names that stand for hosts' own addresses in candidates, as browsers write them so that no stranger learns the
/// address (draft-ietf-mmusic-mdns-ice-candidates): an end's own, and the other end's, about which it asks its
/// neighbours.
struct ICENames: Sendable {
  /// A candidate of which only the name is known.
  struct Candidate: Hashable, Sendable {
    var name: String
    var port: UInt16
    var priority: UInt32
    var foundation: String
  }

  /// What has become of a name of the other end's.
  enum Answer: Hashable, Sendable {
    case awaited
    case address(IPAddress)
    /// Nobody on the link has answered.
    case none
  }

  private struct Question: Sendable {
    var candidate: Candidate
    var answer = Answer.awaited
    var sent = 0
    var due: Instant
  }

  private var own: [MDNSMessage.Record] = []
  private var questions: [Question] = []

  /// A second between two questions (RFC 6762 §5.2), and as much again for the last one's answer.
  private static let interval = Interval.seconds(1)
  private static let mostQuestions = 2
  /// Names of the other end that are asked about, at most.
  private static let mostNames = 16

  /// The name of one of the host's addresses: drawn once for each (RFC 9562 §5.4).
  mutating func name(of address: IPAddress, using generator: inout SeededGenerator) -> String {
    if let known = own.first(where: { $0.address == address }) { return known.name }
    let high = generator.next() & ~0xF000 | 0x4000
    let low = generator.next() & ~(3 << 62) | 1 << 63
    let digits = Array(Self.hexadecimal(high) + Self.hexadecimal(low))
    let parts = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20...]]
    let name = parts.map { String($0) }.joined(separator: "-") + ".local"
    own.append(MDNSMessage.Record(name: name, address: address))
    return name
  }

  private static func hexadecimal(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }

  func name(of address: IPAddress) -> String? { own.first { $0.address == address }?.name }

  /// The other end's candidates, and what has become of their names.
  var others: [(candidate: Candidate, answer: Answer)] { questions.map { ($0.candidate, $0.answer) } }

  /// The other end's name for an address; nil if it has given none.
  func name(ofOther address: Endpoint) -> String? {
    questions.first { $0.answer == .address(address.address) && $0.candidate.port == address.port }?.candidate.name
  }

  /// Forgets the other end's names.
  mutating func forgetOthers() { questions = [] }

  // MARK: Asking

  /// Takes note of a candidate whose name is to be asked about.
  mutating func ask(about candidate: Candidate, at now: Instant) {
    guard questions.count < Self.mostNames, !questions.contains(where: { $0.candidate.name == candidate.name }) else {
      return
    }
    questions.append(Question(candidate: candidate, due: now))
  }

  /// Whether an answer may still come.
  var isWaiting: Bool { questions.contains { $0.answer == .awaited } }

  var nextDue: Instant? { questions.lazy.filter { $0.answer == .awaited }.map(\.due).min() }

  /// The question to send at `now`, if one is due, and the names that nobody has answered for.
  mutating func wake(at now: Instant) -> (question: MDNSMessage?, unanswered: [String]) {
    var names: [String] = []
    var unanswered: [String] = []
    for index in questions.indices where questions[index].answer == .awaited && now >= questions[index].due {
      if questions[index].sent < Self.mostQuestions {
        questions[index].sent += 1
        questions[index].due = now + Self.interval
        names.append(questions[index].candidate.name)
      } else {
        questions[index].answer = .none
        unanswered.append(questions[index].candidate.name)
      }
    }
    return (names.isEmpty ? nil : MDNSMessage(.query(names)), unanswered)
  }

  /// The candidates whose addresses an answer has brought.
  mutating func learn(_ records: [MDNSMessage.Record]) -> [(candidate: Candidate, address: IPAddress)] {
    var found: [(Candidate, IPAddress)] = []
    for index in questions.indices where questions[index].answer == .awaited {
      let name = questions[index].candidate.name.lowercased()
      guard let record = records.first(where: { $0.name == name }) else { continue }
      questions[index].answer = .address(record.address)
      found.append((questions[index].candidate, record.address))
    }
    return found
  }

  /// The answer to a neighbour's question; nil if it asks about nobody here.
  func answer(to names: [String]) -> MDNSMessage? {
    let records = own.filter { names.contains($0.name) }
    return records.isEmpty ? nil : MDNSMessage(.response(records))
  }
}
