// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// What the programs do when they wake and when they get something.
extension Traffic {
  /// Whether a timer was overtaken by what happened since it was set.
  func isObsolete(_ timer: TimerQueue.WakeUp) -> Bool {
    let user = timer.user
    switch timer.task {
    case .register: return users[user].isTold || users[user].registrations >= Self.mostRegistrations
    case .talk: return users[user].sent >= plan.packets
    }
  }

  mutating func wake(_ timer: TimerQueue.WakeUp, _ network: inout Network) {
    let user = timer.user
    switch timer.task {
    case .register:
      users[user].registrations += 1
      timers.add(.register, of: user, at: network.clock + Self.registrationInterval)
      send(.text(Array("register \(users[user].name)".utf8)), by: user, &network)
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
      let piece = MediaPayload(
        stream: UInt32(truncatingIfNeeded: user), sequence: UInt32(truncatingIfNeeded: sequence),
        sentAt: network.clock, length: UInt16(StreamPlan.payloadLength))
      send(.media(piece), by: user, &network)
    }
  }

  private func send(_ payload: Payload, by user: Int, _ network: inout Network) {
    guard let host = users[user].host, let remote = users[user].remote else { return }
    // Only a host that has lost its address could not send; then the packet counts as lost.
    _ = try? network.send(from: host, port: users[user].port, to: remote, payload: payload)
  }

  mutating func receive(_ delivery: Network.Delivery, _ network: inout Network) {
    let index = Int(delivery.host.rawValue)
    let role = index < roles.count ? roles[index] : Self.nobody
    let port = delivery.destination.port
    if role >= 0, users[Int(role)].port == port {
      hear(delivery, by: Int(role), &network)
    } else if role == Self.relay, let server, server.port == port {
      relay(delivery, by: server, &network)
    } else if case .media = delivery.payload {
      if role == Self.nobody, users[1].host == nil {
        adopt(delivery, &network)
      } else {
        result.count(.strayed, at: delivery.host)
      }
    }
  }

  /// The host that a call to an address has reached is the one that answers it.
  private mutating func adopt(_ delivery: Network.Delivery, _ network: inout Network) {
    let index = Int(delivery.host.rawValue)
    while roles.count <= index { roles.append(Self.nobody) }
    roles[index] = 1
    users[1].host = delivery.host
    users[1].port = delivery.destination.port
    hear(delivery, by: 1, &network)
  }

  private mutating func hear(_ delivery: Network.Delivery, by user: Int, _ network: inout Network) {
    switch delivery.payload {
    case .media(let piece):
      guard Int(piece.stream) == user ^ 1 else { return result.count(.strayed, at: delivery.host) }
      result.received += 1
      result.delays.count(delivery.time - piece.sentAt)
      guard users[user].startedAt == nil, server == nil else { return }
      users[user].remote = delivery.source
      start(user, network.clock)
    case .text:
      guard server != nil, users[user].startedAt == nil, delivery.source == users[user].remote else { return }
      users[user].isTold = true
      start(user, network.clock)
    case .empty, .filler, .quote, .fragment: return
    }
  }

  /// Lets a user's stream begin now.
  private mutating func start(_ user: Int, _ now: Instant) {
    users[user].startedAt = now
    result.streams += 1
    timers.add(.talk, of: user, at: now)
  }

  /// The server's program: it learns where its users are heard from, and passes on what one has for the other.
  private mutating func relay(_ delivery: Network.Delivery, by server: Server, _ network: inout Network) {
    switch delivery.payload {
    case .media(let piece):
      result.server?.incoming.count(Int(piece.length), at: delivery.time)
      let other = Int(piece.stream) ^ 1
      guard users.indices.contains(other), let outside = users[other].outside else { return }
      let taken = network.packetsTakenUp
      _ = try? network.send(from: server.host, port: server.port, to: outside, payload: delivery.payload)
      if network.packetsTakenUp > taken {
        result.server?.outgoing.count(Int(piece.length), at: delivery.time)
      }
    case .text(let bytes):
      let words = String(decoding: bytes, as: UTF8.self)
      guard words.hasPrefix("register "), let user = usersByName[String(words.dropFirst(9))] else { return }
      users[user].outside = delivery.source
      let other = user ^ 1
      guard users[other].outside != nil else { return }
      // Who was told and asks again has not got the answer.
      for listener in [other, user] where listener == user || !users[listener].wasAnswered {
        guard let outside = users[listener].outside else { continue }
        users[listener].wasAnswered = true
        _ = try? network.send(
          from: server.host, port: server.port, to: outside,
          payload: .text(Array("\(users[listener ^ 1].name) is here".utf8)))
      }
    case .empty, .filler, .quote, .fragment: return
    }
  }
}
