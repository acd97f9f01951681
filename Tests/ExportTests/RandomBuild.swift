// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// Lines that build a network, drawn from a seed: routers nested at random, every setting, both families, awkward
/// names.
struct RandomBuild {
  private var generator: SeededGenerator
  private(set) var session = Session(catalog: .standard)
  private var routers: [String] = []
  private var devices: [String] = []

  private static let names = [
    "alice", "Bob", "wan", "eth0", "default", "all", "lo", "port1", "host1", "shared", "a.b", "a-b", "a_b", "A.B.c",
    "x",
    "name-of-all-the-63-characters-that-natsh-allows.in_a.name-012345", "internet-2", "natsh", "bonding_masters", "z9",
  ]
  private static let settings = [
    "preset full-cone", "preset restricted-cone", "preset symmetric", "preset linux", "preset cgnat", "preset open",
    "mapping adm", "mapping apdm", "filtering eif", "filtering adf", "ports preserve", "ports overload", "ports random",
    "ports random 40000 40009", "ports sequential 1", "ports sequential 65535", "parity on", "hairpinning on",
    "pooling arbitrary", "refresh both", "udp-timeout 250us", "udp-stream-timeout 1m", "tcp-established-timeout 10000h",
    "tcp-transitory-timeout 1ms", "icmp-timeout 3s", "max-mappings 3", "max-mappings-per-host 1", "rejects icmp",
    "rejects as-host", "tracking connections", "untracked passed",
    "firewall off", "nat off", "delay 0s", "delay 12ms", "rate 1bit", "rate 2mbit", "rate 1000000gbit", "loss 0.0001%",
    "loss 100%", "loss 12.5%",
  ]

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed, name: "export", purpose: "plan")
    for name in Self.names where generator.below(3) > 0 {
      let parent = generator.below(3) == 0 ? nil : pick(routers)
      let place = parent.map { " behind \"\($0)\"" } ?? ""
      if generator.below(3) == 0 {
        let lans = ["", "lan 2001:db8:\(devices.count + 1)::/64", "lan 45.\(devices.count).0.0/16"]
        if attempt("router \"\(name)\" \(lans[Int(generator.below(3))])\(place)") {
          routers.append(name)
          devices.append(name)
        }
      } else {
        let six =
          parent == nil && generator.below(3) == 0 ? "88.90.100.\(devices.count) 2001:db8:ff::\(devices.count + 2)" : ""
        if attempt("host \"\(name)\" \(six)\(place)") { devices.append(name) }
      }
    }
    for router in routers {
      for _ in 0..<generator.below(5) { attempt("set \"\(router)\" \(pick(Self.settings) ?? "")") }
      if generator.below(2) == 0,
        let inside = session.network.device(named: router).map({ session.network.devices(behind: $0.id) }),
        let host = inside.first(where: { session.network.device($0).isHost })
      {
        let name = session.network.device(host).name
        for port in 1...(1 + generator.below(3)) { attempt("forward \"\(router)\" udp \(port) to \"\(name)\":4000") }
        attempt("forward \"\(router)\" tcp 80 to \"\(name)\":80")
      }
      if generator.below(4) == 0, session.network.device(named: router)?.parent == .internet {
        attempt(
          "set \"\(router)\" addresses 77.0.\(devices.count).\(generator.below(200) + 1) 77.1.0.\(generator.below(200) + 1)"
        )
      }
    }
    for device in devices where generator.below(4) == 0 {
      attempt("set \"\(device)\" \(Self.settings[Self.settings.count - 1 - Int(generator.below(8))])")
    }
  }

  var network: Network { session.network }

  @discardableResult
  private mutating func attempt(_ line: String) -> Bool {
    guard let statement = try? Statement.statements(in: line).first else { return false }
    return (try? session.execute(statement)) != nil
  }

  private mutating func pick<Element>(_ all: [Element]) -> Element? {
    all.isEmpty ? nil : all[Int(generator.below(UInt64(all.count)))]
  }
}
