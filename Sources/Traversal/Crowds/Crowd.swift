// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Many users in pairs on a network of their own, all with public addresses: the cost of calls for whoever is in the
/// middle.
public struct Crowd: Sendable {
  public enum Path: Hashable, Sendable {
    case direct
    /// Through a server of that name.
    case via(String)
  }

  /// About as many as there are addresses reserved for benchmarks (RFC 2544 §C.2.2).
  public static let mostUsers = 100_000
  /// The most packets of one crowd.
  public static let mostPackets = 1_000_000_000

  private static let serverAddress = IPAddress(ipv4: 0xCB00_7101)  // 203.0.113.1
  private static let firstAddress = IPAddress(ipv4: 0xC612_0001)  // 198.18.0.1

  public let users: Int
  public let path: Path
  public let plan: StreamPlan
  public let seed: UInt64

  /// - Parameter users: An even number, at most ``mostUsers``.
  public init(users: Int, path: Path, plan: StreamPlan, seed: UInt64) {
    self.users = users
    self.path = path
    self.plan = plan
    self.seed = seed
  }

  /// Lets them talk.
  ///
  /// - Returns: the measurements; nil if `monitor` stopped it before anybody spoke.
  public func run(
    watchedBy monitor: ((RunProgress) -> Bool)? = nil
  ) throws(BuildError) -> TrafficResult? {
    var network = Network(seed: seed)
    network.isTracing = false
    var server: DeviceID?
    var title = "user"
    if case .via(let name) = path {
      if name.lowercased().hasPrefix("user-") { title = "guest" }
      server = try network.addHost(named: name, addresses: [Self.serverAddress])
    }
    let target = Endpoint(Self.serverAddress, Call.relayPort)
    var people: [CrowdTraffic.User] = []
    people.reserveCapacity(users)
    for index in 0..<users {
      let name = "\(title)-\(index + 1)"
      let host = try network.addHost(named: name, addresses: [Self.address(of: index)])
      let other = Endpoint(Self.address(of: index ^ 1), CrowdTraffic.port)
      people.append(CrowdTraffic.User(host: host, name: name, remote: server == nil ? other : target))
    }
    var traffic = CrowdTraffic(users: people, server: server, plan: plan)
    return traffic.run(in: &network, watchedBy: monitor)
  }

  private static func address(of user: Int) -> IPAddress { firstAddress.advanced(by: UInt64(user)) }
}
