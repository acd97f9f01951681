// SPDX-License-Identifier: GPL-3.0-or-later

import Capture
import Commands
import Foundation
import NATModel
import NetworkSimulator
import Rulesets
import TestSupport
import Testing

@testable import Export

/// What `export` writes for a router makes the same router when it is imported.
@Suite struct RoundTripTests {
  private static let kinds = ["endpoint-independent", "address-dependent", "address-and-port-dependent"]
  private static let pairs = kinds.flatMap { mapping in
    kinds.map { "set r mapping \(mapping); set r filtering \($0)" }
  }
  /// Each preset with each pair of behaviors that an export can express: without a NAT there is no mapping.
  static let settings =
    NATPreset.allCases.map { "set r preset \($0.rawValue)" }
    + NATPreset.allCases.filter { $0 != .open }.flatMap { preset in
      pairs.map { "set r preset \(preset.rawValue); \($0)" }
    }
    + [
      "set r rejects icmp", "set r refresh both", "set r hairpinning on", "set r ports random 40000 50000",
      "set r ports sequential 30000", "set r max-mappings 500; set r max-mappings-per-host 20",
      "set r udp-timeout 45s; set r udp-stream-timeout 3m; set r tcp-established-timeout 1h; set r icmp-timeout 7s",
      "set r tcp-transitory-timeout 50s", "set r nat off; set r filtering adf", "set r nat off; set r filtering eif",
      "set r nat off", "set r firewall off; set r nat off", "filter r drop icmp; filter r drop udp port 53",
      "forward r tcp 80 to a:8080; forward r udp 5000-5003 to b", "forward r all to a",
      "set r addresses 203.0.113.6 203.0.113.7; forward r address 203.0.113.7 to b; forward r all to a",
      "set r addresses 203.0.113.6; set r pooling arbitrary", "set r preset linux; set r ports overload 40000 50000",
      "set r preset linux; set r rejects silently", "set r mss clamp", "set r alg ftp on",
      "set r preset linux; set r alg sip on ftp on",
    ]

  private static func session(_ lines: [String]) throws -> Session {
    var session = Session(catalog: .standard)
    for line in lines {
      for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
    }
    return session
  }

  private static func router(_ session: Session) throws -> Router {
    let device = try #require(session.network.device(named: "r"))
    return try #require(session.network.router(device.id))
  }

  /// The rules and the kernel parameters; what the script's shell expands is expanded.
  private static func export(_ router: Router) -> (rules: String, parameters: String) {
    let written = RouterRules(router, outside: "wan")
    let rules = written.lines.map { line -> String in
      guard let start = line.firstRange(of: "$(ports "), let end = line[start.upperBound...].firstIndex(of: ")") else {
        return line
      }
      let numbers = line[start.upperBound..<end].split(separator: " ").compactMap { Int($0) }
      let map = (0..<numbers[1]).map { "\($0) : \(numbers[0] + $0)" }.joined(separator: ", ")
      return line.replacingCharacters(in: start.lowerBound...end, with: "{ \(map) }")
    }
    let parameters = [Plan.Setting(path: "net/ipv4/ip_forward", value: "1")] + written.settings
    return (
      rules.joined(separator: "\n") + "\n",
      parameters.map { "\($0.path.replacing("/", with: ".")) = \($0.value)\n" }.joined()
    )
  }

  /// What `show` says of it, but for the name of the preset, and all that it forwards and drops.
  private static func description(_ session: Session) throws -> [String] {
    let router = try router(session)
    let device = try #require(session.network.device(named: "r"))
    var lines = device.settings(in: session.network).filter { $0.property.name != "preset" }.map {
      "\($0.property.name) \($0)"
    }
    // Where nothing is translated, the rest of the NAT's axes decide nothing.
    if !router.nat.behavior.translates {
      let idle =
        ["mapping", "ports", "hairpinning", "pooling", "parity"] + (router.nat.behavior.firewall ? [] : ["filtering"])
      lines.removeAll { line in idle.contains { line.hasPrefix($0 + " ") } }
    }
    lines += router.nat.mappings.filter(\.isStatic).map { "\($0.transport.name) \($0.external) \($0.internal)" }
      .sorted()
    lines += router.nat.pairs.map { "\($0.external) \($0.inside)" }
    lines += [router.nat.defaultHost.map(\.description) ?? "no default host"]
    return lines + router.filters.map { "\($0.transport.name) \($0.port ?? 0)" }
  }

  private static let network = [
    "router r 203.0.113.5 lan 192.168.1.0/24", "host a 192.168.1.10 behind r", "host b 192.168.1.11 behind r",
  ]

  private func check(_ setting: String, _ list: (String) throws -> String) throws {
    let before = try Self.session(Self.network + [setting])
    let (rules, parameters) = Self.export(try Self.router(before))
    let text = try list(rules) + parameters
    let ruleset = try Ruleset(Array(text.utf8), as: .nft)
    let (commands, lines) = ruleset.commands(
      for: .existing(
        name: "r", addresses: [try #require(IPAddress("203.0.113.5"))], prefixes: try Self.router(before).prefixes,
        undoing: []))
    let unread = lines.filter { !$0.unread.isEmpty }.map { "\($0.number): \($0.text): \($0.unread)" }
    #expect(unread.isEmpty, "\(setting): \(unread)")
    let after = try Self.session(Self.network + commands)
    #expect(try Self.description(after) == Self.description(before), "\(setting)\n\(commands)")
    let again = Self.export(try Self.router(after))
    #expect(again.rules == rules && again.parameters == parameters, "\(setting)\n\(commands)")
  }

  @Test(arguments: settings) func asWritten(setting: String) throws { try check(setting) { $0 } }

  /// The same by way of the kernel: what `nft list ruleset` prints after the rules are loaded. In a user namespace the kernel
  /// takes no message that is as long as these rules.
  @Test(
    .enabled(
      if: Namespaces.missing == nil && getuid() == 0, "\(Namespaces.missing ?? "only root can load so many rules")"),
    arguments: settings)
  func asTheKernelListsIt(setting: String) throws {
    try check(setting) { rules in
      try Program.withFile(rules) { path in
        let outcome = try Program.run(
          "unshare", ["--net", "sh", "-c", "nft -f \(path) && nft list ruleset"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.output
      }
    }
  }
}
