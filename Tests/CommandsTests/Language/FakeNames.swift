// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Commands

/// A network as far as the language sees it: names and kinds.
struct FakeNames: NameContext {
  var devices: [NamedDevice] = []

  static let home = FakeNames(routers: ["home-a", "home-b"], hosts: ["alice", "bob"])
  static let empty = FakeNames()

  init(routers: [String] = [], hosts: [String] = []) {
    devices = routers.map { NamedDevice(name: $0, kind: .router) } + hosts.map { NamedDevice(name: $0, kind: .host) }
  }

  func device(named name: String) -> NamedDevice? {
    if name.lowercased() == "internet" { return NamedDevice(name: "internet", kind: .internet) }
    return devices.first { $0.name.lowercased() == name.lowercased() }
  }

  func deviceNames(_ kinds: DeviceKinds) -> [String] { devices.filter { kinds.includes($0.kind) }.map(\.name) }

  var sceneNames: [String] {
    [
      "direct", "one-home", "two-homes", "same-lan", "smart-home", "cgnat", "nat64", "nptv6", "dns64", "dual-stack",
      "google",
    ]
  }

  func forwardedPorts(of router: String) -> [UInt16] { router == "home-a" ? [8080] : [] }

  func knownPorts(of device: String) -> [UInt16] { device == "alice" ? [5000, 5001] : [] }

  var knownEndpoints: [String] { ["49.36.10.25:62000"] }
}

/// Parses the only statement of a line.
func parse(_ line: String, in names: FakeNames = .home) throws -> any Command {
  let statement = try #require(try Statement.statements(in: line).first)
  return try Catalog.standard.parse(statement, in: names)
}

/// The fault of a line: `word@column+length`, and the suggestion.
func fault(_ line: String, in names: FakeNames = .home) -> String {
  do {
    for statement in try Statement.statements(in: line) { _ = try Catalog.standard.parse(statement, in: names) }
    return "none"
  } catch {
    let place = "\(error.kind.word)@\(error.column)+\(error.length)"
    return error.suggestion.map { "\(place) \($0)" } ?? place
  }
}
