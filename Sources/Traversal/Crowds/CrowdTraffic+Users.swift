// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Users' and the server's actions when they wake and when they receive something.
extension CrowdTraffic {
  /// Whether a timer was overtaken by events since it was set.
  func isObsolete(_ timer: TimerQueue.WakeUp) -> Bool {
    let user = timer.user
    switch timer.task {
    case .introduce: return users[user].isTold || users[user].introductions >= CallParty.mostIntroductions
    case .talk: return users[user].sent >= plan.packets
    }
  }

  mutating func wake(_ timer: TimerQueue.WakeUp, _ network: inout Network) {
    let user = timer.user
    switch timer.task {
    case .introduce:
      users[user].introductions += 1
      timers.add(.introduce, of: user, at: network.clock + CallParty.introductionInterval)
      send(
        RTCPIntroduction(stream: UInt32(truncatingIfNeeded: user), name: users[user].name).payload, by: user, &network)
    case .talk:
      let start = users[user].startedAt ?? network.clock
      if users[user].startedAt == nil {
        users[user].startedAt = start
        result.streams += 1
      }
      let sequence = users[user].sent
      users[user].sent += 1
      if sequence + 1 < plan.packets {
        timers.add(.talk, of: user, at: start + plan.offset(after: sequence + 1))
      }
      result.sent += 1
      let piece = RTPPacket(
        stream: UInt32(truncatingIfNeeded: user), sequence: sequence, sentAt: network.clock,
        length: StreamPlan.payloadLength)
      send(piece.payload, by: user, &network)
    }
  }

  private func send(_ payload: Payload, by user: Int, _ network: inout Network) {
    // Only a host that has lost its address could not send; then the packet counts as lost.
    _ = try? network.send(from: users[user].host, port: Self.port, to: users[user].remote, payload: payload)
  }

  mutating func receive(_ delivery: Delivery, _ network: inout Network) {
    guard case .datagram(let payload) = delivery.content else { return }
    let index = Int(delivery.host.rawValue)
    switch index < roles.count ? roles[index] : .nobody {
    case .user(let user): hear(payload, delivery, by: user, &network)
    case .server: relay(payload, delivery, &network)
    case .nobody: return
    }
  }

  private mutating func hear(_ payload: Payload, _ delivery: Delivery, by user: Int, _ network: inout Network) {
    if let piece = RTPPacket(payload) {
      guard Int(piece.stream) == user ^ 1 else { return }
      result.received += 1
      result.delays.count(piece.delay(at: delivery.time))
      guard users[user].startedAt == nil, server == nil else { return }
      start(user, network.clock)
    } else if server != nil, users[user].startedAt == nil, RTCPIntroduction(payload) != nil {
      users[user].isTold = true
      start(user, network.clock)
    }
  }

  /// Lets a user's stream begin now.
  private mutating func start(_ user: Int, _ now: Instant) {
    users[user].startedAt = now
    result.streams += 1
    timers.add(.talk, of: user, at: now)
  }

  /// The server learns where its users are heard from, and passes packets from one to the other.
  private mutating func relay(_ payload: Payload, _ delivery: Delivery, _ network: inout Network) {
    if let piece = RTPPacket(payload) {
      result.server?.incoming.count(Int(piece.length), at: delivery.time)
      let other = Int(piece.stream) ^ 1
      guard users.indices.contains(other), let outside = users[other].outside else { return }
      let taken = network.packetsTakenUp
      _ = try? network.send(from: delivery.host, port: delivery.local.port, to: outside, payload: payload)
      if network.packetsTakenUp > taken {
        result.server?.outgoing.count(Int(piece.length), at: delivery.time)
      }
    } else if let introduction = RTCPIntroduction(payload) {
      let user = Int(introduction.stream)
      guard users.indices.contains(user) else { return }
      users[user].outside = delivery.remote
      let other = user ^ 1
      guard users[other].outside != nil else { return }
      // A user who was told and asks again has not got the answer.
      for listener in [other, user] where listener == user || !users[listener].wasAnswered {
        guard let outside = users[listener].outside else { continue }
        users[listener].wasAnswered = true
        let subject = RTCPIntroduction(
          stream: UInt32(truncatingIfNeeded: listener ^ 1), name: users[listener ^ 1].name)
        _ = try? network.send(from: delivery.host, port: delivery.local.port, to: outside, payload: subject.payload)
      }
    }
  }
}
