// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Whether there is any way between two hosts, found without ICE: both send to every endpoint of the other that they
/// have been told of or have heard from, again and again, until nobody learns anything new; then each way is tried
/// there and back.
///
/// It works on a network of its own, a copy without loss.
struct PathSearch {
  private var network: Network
  private let ends: [DeviceID]
  private let server: DeviceID
  /// For each end, where the other might be.
  private var known: [[Endpoint]] = [[], []]

  static let port: UInt16 = 6_000
  static let serverPort: UInt16 = 6_001

  init(_ network: Network, between one: DeviceID, and other: DeviceID, server: DeviceID) {
    self.network = network
    ends = [one, other]
    self.server = server
    self.network.own(one, .udp, port: Self.port)
    self.network.own(other, .udp, port: Self.port)
    self.network.own(server, .udp, port: Self.serverPort)
  }

  /// Sends one datagram; returns where it arrived and from whom it seemed to be.
  private mutating func send(from end: Int, to remote: Endpoint) -> (host: DeviceID, source: Endpoint)? {
    guard network.addresses(of: ends[end]).contains(where: { $0.family == remote.address.family }) else { return nil }
    _ = try? network.send(from: ends[end], port: Self.port, to: remote, payload: .data([1]))
    var arrived: (DeviceID, Endpoint)?
    while network.step() {
      if let delivery = network.takeDelivery(), case .datagram = delivery.content {
        arrived = (delivery.host, delivery.remote)
      }
    }
    return arrived
  }

  /// If each packet gets a port of its own, there is always something new; this many rounds are enough.
  private mutating func learn(_ endpoint: Endpoint, at end: Int) -> Bool {
    guard known[end].count < 24, !known[end].contains(endpoint) else { return false }
    known[end].append(endpoint)
    return true
  }

  /// The search.
  mutating func findsPath() -> Bool {
    for end in 0...1 {
      for address in network.addresses(of: ends[end]) { _ = learn(Endpoint(address, Self.port), at: 1 - end) }
      for address in network.addresses(of: server) {
        if let (_, seen) = send(from: end, to: Endpoint(address, Self.serverPort)) { _ = learn(seen, at: 1 - end) }
      }
    }
    var hasLearned = true
    var rounds = 0
    while hasLearned, rounds < 3 {
      hasLearned = false
      rounds += 1
      for end in 0...1 {
        for remote in known[end] {
          guard let (host, source) = send(from: end, to: remote), host == ends[1 - end] else { continue }
          if learn(source, at: 1 - end) { hasLearned = true }
        }
      }
    }
    for end in 0...1 {
      for remote in known[end] {
        guard let (host, source) = send(from: end, to: remote), host == ends[1 - end],
          let (back, from) = send(from: 1 - end, to: source), back == ends[end], from == remote
        else { continue }
        return true
      }
    }
    return false
  }
}
