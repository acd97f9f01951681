// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Synchronization

/// Carrying out commands on a copy of the world, to see their effect.
struct RemedyTrial {
  /// Stops whatever would take long: a remedy is for a packet, not for a crowd.
  private final class Budget: RunMonitor {
    private let left = Mutex(24)
    func progress(_ progress: RunProgress) -> Bool {
      left.withLock { left in
        left -= 1
        return left > 0
      }
    }
    var isSpent: Bool { left.withLock { $0 <= 0 } }
  }

  private(set) var session: Session
  /// The packets that had been sent before the last command.
  private var sentBefore = 0

  /// Carries out `commands`, and lets their packets arrive.
  ///
  /// - Returns: nil if one of them fails, or if it would take too long.
  init?(_ commands: [String], on original: Session) {
    session = original
    session.companion = nil
    let budget = Budget()
    session.monitor = budget
    for line in commands + ["run"] {
      if line != "run" { sentBefore = session.network.trace.packetCount }
      guard let parsed = try? session.parseAll(line) else { return nil }
      for command in parsed {
        guard (try? command.execute(in: &session)) != nil else { return nil }
      }
    }
    if budget.isSpent { return nil }
  }

  /// Whether the last command's packet has arrived: a packet from `origin`, at `receiver`, or at any other host if that
  /// is nil.
  func arrived(from origin: DeviceID, _ transport: TransportProtocol, at receiver: DeviceID?) -> Bool {
    let network = session.network
    guard sentBefore < network.trace.packetCount else { return false }
    return (sentBefore + 1...network.trace.packetCount).contains { number in
      guard let record = network.trace.packet(number), record.origin == origin, record.state == .delivered,
        record.packet.transport == transport, !record.packet.icmp.isError, let end = record.endedAt
      else { return false }
      return receiver.map { $0 == end } ?? (end != origin && network.host(end) != nil)
    }
  }

  /// Whether a report of an error about a packet of the last command has reached `host`.
  func reportArrived(at host: DeviceID) -> Bool {
    let trace = session.network.trace
    guard sentBefore < trace.packetCount else { return false }
    return (sentBefore + 1...trace.packetCount).contains { number in
      guard let record = trace.packet(number) else { return false }
      return record.packet.icmp.isError && record.state == .delivered && record.endedAt == host
    }
  }

  /// The source of the last packet from `host` as seen by `receiver`, which it has reached.
  func lastArrival(of host: DeviceID, at receiver: DeviceID, since count: Int) -> Endpoint? {
    let trace = session.network.trace
    guard count < trace.packetCount else { return nil }
    let sent = (count + 1...trace.packetCount).last {
      trace.packet($0)?.origin == host && trace.packet($0)?.endedAt == receiver && trace.packet($0)?.state == .delivered
    }
    return sent.flatMap { trace.hops(ofPacket: $0).last?.source }
  }

  /// The source of the last packet from `host` as seen where it ended.
  func appearance(of host: DeviceID, since count: Int) -> Endpoint? {
    let trace = session.network.trace
    guard count < trace.packetCount else { return nil }
    let sent = (count + 1...trace.packetCount).last { trace.packet($0)?.origin == host }
    guard let sent, let record = trace.packet(sent), let last = trace.hops(ofPacket: sent).last else { return nil }
    let seen = last.newSource ?? last.source
    return seen == record.packet.source ? nil : seen
  }
}
