// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Foundation
import NATModel
import NetworkSimulator
import TestSupport
import Testing
import Yams

@testable import Export

/// The export of any network is sound: valid for Linux, and for the tools that read it.
@Suite struct PlanTests {
  static let seeds: [UInt64] = Array(1...40)

  private static func export(_ seed: UInt64, _ format: NetworkExport.Format) throws -> NetworkExport {
    try #require(NetworkExport(RandomBuild(seed: seed).network, as: format, at: "lab"))
  }

  @Test(arguments: seeds) func interfacesAndAddressesAreUnique(seed: UInt64) throws {
    let network = RandomBuild(seed: seed).network
    for names in [InterfaceNames.byNeighbor, .numbered(from: 0), .numbered(from: 1)] {
      let plan = try #require(Plan(network, interfaces: names))
      #expect(plan.nodes.count == network.allDevices.count + 1)
      #expect(plan.links.count == network.allDevices.count)
      for node in plan.nodes {
        let interfaces = node.ports + (node.kind == .router ? ["lan"] : [])
        #expect(Set(interfaces.map { $0.lowercased() }).count == interfaces.count, "\(node.name)")
        for interface in interfaces {
          #expect((1...15).contains(interface.utf8.count))
          #expect(!["lo", "all", "default"].contains(interface))
        }
        let assigned = node.commands.filter { $0.hasPrefix("address add") && !$0.contains(" fe80") }
          .compactMap { $0.split(separator: " ").dropFirst(2).first.map(String.init) }
        #expect(Set(assigned).count == assigned.count, "\(node.name)")
        // Everything that a command refers to exists.
        for command in node.commands {
          let words = command.split(separator: " ").map(String.init)
          guard let dev = words.firstIndex(of: "dev") else { continue }
          #expect((interfaces + ["lo"]).contains(words[dev + 1]), "\(node.name): \(command)")
        }
      }
      // Every cable has two ends, and every port one cable.
      let ends = plan.links.flatMap { [$0.upper, $0.lower] }
      #expect(Set(ends).count == ends.count)
      #expect(
        Set(ends)
          == Set(plan.nodes.enumerated().flatMap { number, node in node.ports.map { .init(node: number, port: $0) } }))
    }
  }

  @Test(arguments: seeds) func shellsCanReadTheScripts(seed: UInt64) throws {
    let script = try #require(try Self.export(seed, .netns).files.first)
    let bash = try Program.withFile(script.text) { try Program.run("bash", ["-n", $0]) }
    #expect(bash.status == 0 && bash.errors.isEmpty, "\(bash.errors)")
    for file in try Self.export(seed, .kathara).files where file.isExecutable {
      let shell = try Program.run("sh", ["-n"], input: file.text)
      #expect(shell.status == 0 && shell.errors.isEmpty, "\(file.name): \(shell.errors)")
    }
  }

  @Test func theSameNetworkGivesTheSameBytes() throws {
    for format in NetworkExport.Format.allCases {
      let (once, again) = (try Self.export(7, format), try Self.export(7, format))
      #expect(once.files.map(\.text) == again.files.map(\.text))
    }
  }

  @Test(arguments: seeds) func containerlabCanReadTheTopology(seed: UInt64) throws {
    let files = try Self.export(seed, .containerlab).files
    let text = try #require(files.first { $0.name == "natsh.clab.yml" }?.text)
    let root = try #require(try Yams.load(yaml: text) as? [String: Any])
    #expect(Set(root.keys) == ["name", "topology"])
    #expect(root["name"] as? String == "natsh")
    let topology = try #require(root["topology"] as? [String: Any])
    #expect(Set(topology.keys).isSubset(of: ["kinds", "nodes", "links"]))
    let nodes = try #require(topology["nodes"] as? [String: [String: Any]])
    for (name, node) in nodes {
      // Names that containerlab's schema allows, and that are valid host names with "clab-natsh-" before them.
      #expect(name.wholeMatch(of: /[a-zA-Z0-9][a-zA-Z0-9-]*/) != nil && name.utf8.count <= 52, "\(name)")
      #expect(!["host", "mgmt-net", "macvlan"].contains(name))
      #expect(Set(node.keys) == ["kind", "binds", "exec"])
      #expect(node["kind"] as? String == "linux")
      let file = try #require((node["binds"] as? [String])?.first?.split(separator: ":").first)
      #expect(files.contains { $0.name == file })
      #expect(node["exec"] as? [String] == ["sh /natsh.sh"])
    }
    let links = (topology["links"] as? [[String: [String]]]) ?? []
    #expect(links.count == nodes.count - 1)
    var seen: Set<String> = []
    for link in links {
      let ends = try #require(link["endpoints"])
      #expect(ends.count == 2)
      for end in ends {
        let parts = end.split(separator: ":").map(String.init)
        #expect(nodes[parts[0]] != nil, "\(end)")
        // eth0 belongs to containerlab.
        #expect(parts[1].wholeMatch(of: /eth[1-9][0-9]*/) != nil, "\(end)")
        #expect(seen.insert(end).inserted, "\(end)")
      }
    }
  }

  @Test(arguments: seeds) func katharaCanReadTheLab(seed: UInt64) throws {
    let files = try Self.export(seed, .kathara).files
    let text = try #require(files.first { $0.name == "lab.conf" }?.text)
    var interfaces: [String: [Int]] = [:]
    var domains: [String: Set<String>] = [:]
    var options: [String: Set<String>] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") && !line.hasPrefix("LAB_") {
      let match = try #require(
        line.wholeMatch(of: /([a-z0-9_]{1,30})\[(\w+)\]="([^"']+)"/), "\(line)")
      let (device, argument, value) = (String(match.1), String(match.2), String(match.3))
      #expect(!["shared", "_test"].contains(device))
      if let number = Int(argument) {
        #expect(value.wholeMatch(of: /\w+/) != nil)
        interfaces[device, default: []].append(number)
        #expect(domains[value, default: []].insert(device).inserted, "twice in \(value)")
      } else {
        options[device, default: []].insert(argument)
        if argument == "sysctl" { #expect(value.wholeMatch(of: /net\.([\w-]+\.)+[\w-]+=[^=]*/) != nil, "\(value)") }
      }
    }
    for (device, numbers) in interfaces { #expect(numbers == Array(numbers.indices), "\(device)") }
    for (domain, devices) in domains { #expect(devices.count == 2, "\(domain)") }
    #expect(domains.count == options.count - 1)
    let startups = Set(files.filter { $0.name.hasSuffix(".startup") }.map { String($0.name.dropLast(8)) })
    #expect(startups == Set(options.keys))
    #expect(options.values.allSatisfy { $0.isSuperset(of: ["image", "ipv6"]) })
  }

  @Test(arguments: [
    (["alice", "a.b", "a-b", "a_b", "host"], ["alice", "a-b", "a-b-2", "a-b-3", "host-2"]),
    (["Internet"], ["internet"]),
    (["x." + String(repeating: "y", count: 61)], ["x-" + String(repeating: "y", count: 46)]),
  ])
  func namesThatAToolRefusesAreReplaced(names: [String], expected: [String]) {
    #expect(ToolNames.containerlab.names(for: names) == expected)
  }

  /// A route that may take the default route's place, and the segment size that a router clamps.
  @Test func routesAndClampingAreExported() throws {
    var network = Network(seed: 1)
    let outer = try network.addRouter(named: "outer", addresses: [try #require(IPAddress("49.36.10.25"))])
    let near = try network.addHost(named: "near", behind: outer)
    let inner = try network.addRouter(named: "inner", behind: outer)
    let gateway = try #require(network.addresses(of: inner).first)
    try network.addRoute(StaticRoute(try #require(IPPrefix("0.0.0.0/0")), via: gateway), to: near)
    network.setClamping(of: outer, true)
    let plan = try #require(Plan(network, interfaces: .byNeighbor))
    let host = try #require(plan.nodes.first { $0.name == "near" })
    #expect(host.commands.last == "route replace 0.0.0.0/0 via \(gateway)")
    let router = try #require(plan.nodes.first { $0.name == "outer" })
    #expect(router.rules.contains { $0.hasSuffix("tcp option maxseg size set rt mtu") })
  }

  @Test func linksAreShapedByDelayRateAndLoss() {
    func line(_ delay: Interval, _ rate: Int64?, _ loss: Int) -> String {
      let shape = Plan.Shape(interface: "wan", delay: delay, rate: rate, lossPerMillion: loss)
      let node = Plan.Node(name: "a", kind: .host, summary: "", addresses: [], shapes: [shape])
      return SetupScript.body(of: node).dropFirst(2).joined()
    }
    #expect(line(.zero, nil, 0) == "")
    #expect(line(.milliseconds(10), nil, 0) == "shape wan 10000us 0%")
    #expect(line(.zero, 2_000_000, 12_500) == "shape wan 0us 1.2500% 2000000bit 2500b")
    #expect(line(.zero, 1, 1_000_000) == "shape wan 0us 100% 8bit 2000b")
    #expect(line(.zero, 1_000_000_000_000_000, 1) == "shape wan 0us 0.0001% 1000000000000000bit 10000000b")
  }
}
