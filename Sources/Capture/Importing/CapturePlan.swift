// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// The network that a capture implies, as the commands that build it.
struct CapturePlan {
  private struct Home {
    /// Nil if it was not seen.
    var outside: IPAddress?
    var hosts: Set<IPAddress>
    var lan: IPPrefix
  }

  /// The most hosts and routers that are made of a capture.
  private static let mostDevices = 256

  private(set) var commands: [String] = []
  private(set) var findings: [CaptureFinding] = []
  private(set) var routers = 0
  private(set) var hosts = 0
  /// Addresses of which no device was made.
  private(set) var leftOut = 0

  private let survey: CaptureSurvey
  private let names: [IPAddress: String]
  private var taken: Set<String>

  /// - Parameters:
  ///   - names: the names that the file gives to addresses.
  ///   - taken: the names that the network has already.
  init(_ survey: CaptureSurvey, names: [IPAddress: String], taken: [String]) {
    self.survey = survey
    self.names = names
    self.taken = Set(taken.map { $0.lowercased() })
    leftOut = survey.forgotten
    let homes = self.homes()
    for home in homes { build(home) }
    buildPublic(except: Set(homes.compactMap(\.outside)))
  }

  // MARK: Homes

  /// The private networks: those whose outside address was seen, and the rest by their /24.
  private func homes() -> [Home] {
    var behind: [IPAddress: Set<IPAddress>] = [:]
    for (flow, translations) in survey.translations {
      for translation in translations where translation.outside.address.isIPv4 && flow.inside.address.isIPv4 {
        behind[translation.outside.address, default: []].insert(flow.inside.address)
      }
    }
    var homes = behind.sorted { $0.key < $1.key }.compactMap { outside, hosts in
      Self.lan(of: hosts).map { Home(outside: outside, hosts: hosts, lan: $0) }
    }
    let known = homes.reduce(into: Set<IPAddress>()) { $0.formUnion($1.hosts) }
    var others: [IPPrefix: Set<IPAddress>] = [:]
    for address in survey.senders.keys where address.isInside && address.isIPv4 && !known.contains(address) {
      if let index = homes.firstIndex(where: { $0.lan.contains(address) }) {
        homes[index].hosts.insert(address)
      } else if let lan = Self.lan(of: [address]) {
        others[lan, default: []].insert(address)
      }
    }
    for (lan, hosts) in others.sorted(by: { $0.key.address < $1.key.address }) {
      homes.append(Home(outside: nil, hosts: hosts, lan: lan))
    }
    return homes
  }

  /// The smallest prefix, of at most 24 bits, with all of these addresses; the first one's if they have nothing in common.
  private static func lan(of hosts: Set<IPAddress>) -> IPPrefix? {
    let bits = hosts.map(\.ipv4Bits)
    let (least, most) = (bits.min() ?? 0, bits.max() ?? 0)
    let length = min(24, (least ^ most).leadingZeroBitCount)
    return IPPrefix(containing: IPAddress(ipv4: least), length: length < 8 ? 24 : length)
  }

  private mutating func build(_ home: Home) {
    guard routers + hosts < Self.mostDevices else {
      leftOut += home.hosts.count
      return
    }
    let router = name(for: home.outside, or: "router")
    let outside = home.outside.map { " \($0)" } ?? ""
    commands.append("router \(router)\(outside) lan \(home.lan)")
    routers += 1
    if let outside = home.outside {
      for var finding in survey.findings(outside) {
        finding.router = router
        findings.append(finding)
        if let value = finding.value { commands.append("set \(router) \(finding.property) \(value)") }
      }
    }
    for host in home.hosts.sorted() {
      // The router itself has its network's first address.
      guard home.lan.address.ipv4Bits + 1 != host.ipv4Bits else { continue }
      guard home.lan.contains(host), home.lan.isHostAddress(host) else {
        leftOut += 1
        continue
      }
      add("host", host, said(" behind \(router)"), orCalled: "pc")
    }
  }

  // MARK: The internet

  private mutating func buildPublic(except routers: Set<IPAddress>) {
    var counts = survey.receivers
    for (address, count) in survey.senders { counts[address, default: 0] += count }
    let wanted = counts.filter { address, _ in
      address.scope.isRoutedOnInternet && !routers.contains(address) && address != Network.internetAddress
    }
    for (address, _) in wanted.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      add("host", address, "", orCalled: "server")
    }
  }

  private mutating func add(_ kind: String, _ address: IPAddress, _ place: String, orCalled word: String) {
    guard routers + hosts < Self.mostDevices else {
      leftOut += 1
      return
    }
    commands.append("\(kind) \(name(for: address, or: word)) \(address)\(place)")
    hosts += 1
  }

  /// The name that the file gives to an address, if a device can have it; else the next free one of its kind.
  private mutating func name(for address: IPAddress?, or word: String) -> String {
    if let address, let name = names[address], DeviceName.isValid(name), taken.insert(name.lowercased()).inserted {
      return name
    }
    var number = 1
    while !taken.insert("\(word)-\(number)").inserted { number += 1 }
    return "\(word)-\(number)"
  }
}
