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
    let kinds = [EndpointDependence.endpointIndependent, .addressAndPortDependent].map {
      MatrixKind.behavior(mapping: $0, filtering: .addressAndPortDependent)
    }
    let place = try MatrixPlace(kinds[0], kinds[1], seed: seed)
    var network = place.network
    network.isTracing = false
    // The host is new and its port is free, so nothing can be refused.
    _ = try? network.start(RendezvousServer(port: MatrixPlace.server.port), on: place.server)
    var options = PunchOptions()
    options.birthdayPorts = ports
    var programs: [Int] = []
    for (host, kind) in zip(place.hosts, kinds) {
      let device = network.device(host)
      var behavior = kind.behavior
      behavior.portAssignment = .random(GuessedPorts.range)
      network.configure(device.parent, behavior)
      let peer = host == place.hosts[0] ? place.hosts[1] : place.hosts[0]
      let program = PunchProgram(
        peer: network.device(peer).name, server: MatrixPlace.server, port: nil, options: options)
      if let id = try? network.start(program, on: host) { programs.append(id) }
    }
    func alice() -> PunchProgram? { programs.first.flatMap { network.program($0, as: PunchProgram.self) } }
    while alice()?.heardFrom == nil, network.step() {}
    guess = alice()?.luckyGuess
  }

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
