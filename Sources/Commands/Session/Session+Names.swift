// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator

extension Session: NameContext {
  public func device(named name: String) -> NamedDevice? {
    network.device(named: name).map { NamedDevice(name: $0.name, kind: $0.kind) }
  }

  public func deviceNames(_ kinds: DeviceKinds) -> [String] {
    network.allDevices.filter { kinds.includes($0.kind) }.map(\.name)
      + (kinds.includes(.internet) ? ["internet"] : [])
  }

  public var sceneNames: [String] { catalog.scenes.map(\.name) }

  public func forwardedPorts(of router: String) -> [UInt16] {
    guard let device = network.device(named: router), let router = network.router(device.id) else { return [] }
    return router.nat.mappings.filter(\.isStatic).map(\.external.port)
  }

  public func knownPorts(of device: String) -> [UInt16] {
    guard let device = network.device(named: device), let host = network.host(device.id) else { return [] }
    return host.openPorts
  }

  public var hasNameServers: Bool {
    network.programs().contains { $0.isRunning && $0.name == Errand.namesProgram }
  }

  public var knownNames: [String] { catalog.errands?.names(network) ?? [] }

  public func listedWords(_ list: String) -> [Completions.Candidate] { provisions.words(of: list) }

  public var knownEndpoints: [String] {
    network.allDevices.compactMap { network.router($0.id) }.flatMap { router in
      router.nat.count > 1_000 ? [] : router.nat.mappings.filter { !$0.isUntranslated }.map(\.external.description)
    }
  }
}

extension Device {
  /// The kind by which reports and the language know it.
  var kind: DeviceKind { isHost ? .host : isRouter ? .router : .internet }
}
