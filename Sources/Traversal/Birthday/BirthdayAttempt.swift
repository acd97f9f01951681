// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// One birthday attack on a network of its own: Alice behind a router that maps endpoint-independently, Bob behind one
/// that gives every flow a random port, and both filters as strict as can be.
struct BirthdayAttempt: Sendable {
  /// Which of Alice's guesses was right, counted from 1; nil if none was.
  let guess: Int?

  /// Builds the network and lets the two try until they hear each other or give up.
  ///
  /// - Parameter ports: how many ports each of them opens.
  init(ports: Int, seed: UInt64) throws(BuildError) {
    var network = Network(seed: seed)
    network.isTracing = false
    let server = try network.addHost(named: "server", addresses: [Self.server.address])
    _ = try? network.start(RendezvousServer(port: Self.server.port), on: server)
    var options = PunchOptions()
    options.birthdayPorts = ports
    var programs: [Int] = []
    for (place, mapping) in [EndpointDependence.endpointIndependent, .addressAndPortDependent].enumerated() {
      let (host, peer) = place == 0 ? ("alice", "bob") : ("bob", "alice")
      guard let prefix = IPPrefix(containing: IPAddress(ipv4: 0xC0A8_0000 + UInt32(place) << 8), length: 24) else {
        continue
      }
      let router = try network.addRouter(
        named: "home-\(place)", addresses: [IPAddress(ipv4: 0x3124_0A19 + UInt32(place))], prefixes: [prefix],
        preset: .home)
      var behavior = NATBehavior(mapping: mapping, filtering: .addressAndPortDependent)
      behavior.portAssignment = .random(GuessedPorts.range)
      network.configure(router, behavior)
      let home = try network.addHost(
        named: host, addresses: [prefix.address.advanced(by: 10)], behind: router)
      let program = PunchProgram(peer: peer, server: Self.server, port: nil, options: options)
      if let id = try? network.start(program, on: home) { programs.append(id) }
    }
    func alice() -> PunchProgram? { programs.first.flatMap { network.program($0, as: PunchProgram.self) } }
    while alice()?.heardFrom == nil, network.step() {}
    guess = alice()?.luckyGuess
  }

  private static let server = Endpoint(IPAddress(ipv4: 0xCB00_7132), 3_478)  // 203.0.113.50

  /// The chance that one of `guesses` guesses, all different, finds one of `ports` open ports among all that a NAT
  /// hands out.
  static func chance(ports: Int, guesses: Int) -> Double {
    let all = GuessedPorts.range.count
    var missed = 1.0
    for guess in 0..<min(guesses, all) {
      missed *= Double(max(all - ports - guess, 0)) / Double(all - guess)
    }
    return 1 - missed
  }
}
