// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

extension RouterCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let outer = try session.identify(behind)
    let id: DeviceID
    do throws(BuildError) {
      id = try session.network.addRouter(
        named: name.value, addresses: addresses.map(\.value), prefixes: lans.map(\.value), behind: outer,
        preset: preset?.value ?? .home)
    } catch {
      throw CommandError(error, addresses: addresses, lans: lans, name: name)
    }
    return CommandOutcome(session.created(id), notices: session.unreachableNotice(id))
  }
}

extension HostCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let router = try session.identify(behind)
    let id: DeviceID
    do throws(BuildError) {
      id = try session.network.addHost(named: name.value, addresses: addresses.map(\.value), behind: router)
    } catch {
      throw CommandError(error, addresses: addresses, name: name)
    }
    return CommandOutcome(session.created(id))
  }
}

extension RemoveCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(device)
    do throws(BuildError) {
      try session.network.remove(id)
    } catch {
      throw CommandError(.build(error), at: device.columns)
    }
    return CommandOutcome(ChangeReport(change: .removed(device.value.name)))
  }
}

extension ResetCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    session.startOver(seed: session.network.seed)
    return CommandOutcome(ChangeReport(change: .reset))
  }
}

extension SceneCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let wanted = scene?.value, let scene = session.catalog.scenes.first(where: { $0.name.matches(wanted) }) else {
      return CommandOutcome(
        ScenesReport(scenes: session.catalog.scenes.map { ScenesReport.Entry(name: $0.name, summary: $0.summary) }))
    }
    session.startOver(seed: session.network.seed)
    for line in scene.lines { try session.carryOut(line) }
    return CommandOutcome(ChangeReport(change: .sceneLoaded(name: scene.name, summary: scene.summary)))
  }
}

extension SetCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(device)
    let previous = session.value(of: property.value, session.network.device(id))
    var notices: [Notice] = []
    var emptied = 0
    switch value.value {
    case .preset(let preset): emptied = session.network.apply(preset, to: id)
    case .addresses(let addresses):
      do throws(BuildError) {
        try session.network.setMoreAddresses(of: id, addresses)
      } catch {
        throw CommandError(.build(error), at: value.columns)
      }
    case .portControl(let setting): session.network.setPortControl(of: id, setting)
    case .hostPorts(let bound): session.network.setPortPolicy(of: id, bound ? .bound : .open)
    case .delay(let delay): session.network.setDelay(of: id, delay)
    case .rate(let rate): session.network.setRate(of: id, rate?.bitsPerSecond)
    case .mtu(let mtu): session.network.setMTU(of: id, mtu)
    case .loss(let loss): session.network.setLoss(of: id, perMillion: loss.partsPerMillion)
    default:
      var behavior = session.network.router(id)?.nat.behavior ?? NATBehavior()
      value.value.apply(to: &behavior)
      emptied = session.network.configure(id, behavior)
    }
    if emptied > 0 { notices.append(.tableEmptied(router: device.value.name, rows: emptied)) }
    if [.preset, .nat].contains(property.value) { notices += session.unreachableNotice(id) }
    let now = session.network.device(id)
    return CommandOutcome(
      ChangeReport(
        change: .set(session.value(of: property.value, now), previous: previous), device: session.report(now)),
      notices: notices)
  }
}

extension ShowCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let device else {
      let devices = session.network.allDevices
      let listed = devices.prefix(Session.mostListed)
      return CommandOutcome(
        DevicesReport.all(listed.map { session.report($0) }),
        notices: Notice.leftOut(.devices, devices.count - listed.count))
    }
    return CommandOutcome(DevicesReport.one(session.report(session.network.device(try session.identify(device)))))
  }
}

extension ListenCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(host)
    let transports = transport.map { [$0.value] } ?? [.udp, .tcp]
    for transport in transports { session.network.listen(id, transport, port: port.value) }
    // A host may listen on sixty thousand ports; each reply tells of those that it is about.
    let opened = transports.map { ListeningPort($0, port.value) }
    return CommandOutcome(
      ChangeReport(
        change: .listening(transports, port: port.value),
        device: session.report(session.network.device(id), listening: opened)))
  }
}

extension ForwardCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(router)
    let address = try session.address(of: to, family: .ipv4)
    guard let prefix = session.network.router(id)?.prefixes.first(where: { $0.contains(address) }) else {
      throw CommandError(.notBehind(to.value.description, router: router.value.name), at: to.columns)
    }
    guard prefix.isHostAddress(address) else {
      throw CommandError(.build(.addressNotUsable(address, .broadcast)), at: to.columns)
    }
    guard session.network.router(id)?.insideAddresses.contains(address) == false else {
      throw CommandError(.build(.addressTaken(address, owner: router.value.name)), at: to.columns)
    }
    let inside = Endpoint(address, to.value.port ?? port.value)
    let transport = transport?.value ?? .udp
    do throws(StaticMappingError) {
      try session.network.forward(transport, port: port.value, of: id, to: inside)
    } catch {
      throw CommandError(
        .staticMapping(error, port: port.value, router: router.value.name), at: port.columns)
    }
    return CommandOutcome(
      ChangeReport(
        change: .forwarding(ListeningPort(transport, port.value), to: inside),
        device: session.report(session.network.device(id))))
  }
}

extension UnforwardCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id = try session.identify(router)
    let transport = transport?.value ?? .udp
    do throws(StaticMappingError) {
      try session.network.unforward(transport, port: port.value, of: id)
    } catch {
      throw CommandError(
        .staticMapping(error, port: port.value, router: router.value.name), at: port.columns)
    }
    return CommandOutcome(
      ChangeReport(
        change: .unforwarded(ListeningPort(transport, port.value)),
        device: session.report(session.network.device(id))))
  }
}

extension SeedCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    if let seed {
      guard session.network.allDevices.isEmpty, session.network.trace.packetCount == 0 else {
        throw CommandError(.seedAfterBuilding, at: seed.columns)
      }
      session.startOver(seed: seed.value)
    }
    return CommandOutcome(ChangeReport(change: .seeded(session.network.seed)))
  }
}

extension CommandError {
  /// A building error, pointed at the word that caused it.
  fileprivate init(
    _ error: BuildError, addresses: [Located<IPAddress>], lans: [Located<IPPrefix>] = [], name: Located<String>
  ) {
    let columns: Range<Int>? =
      switch error {
      case .nameTaken: name.columns
      case .addressTaken(let address, _), .addressNotUsable(let address, _), .addressOutsidePrefix(let address, _, _),
        .privateOnInternet(let address):
        addresses.first { $0.value == address }?.columns ?? lans.first { $0.value.contains(address) }?.columns
      case .prefixOverlaps(let prefix, _, _), .prefixTooSmall(let prefix), .prefixNotUsable(let prefix, _):
        lans.first { $0.value == prefix }?.columns
      case .sameFamilyTwice, .noPrefix: addresses.last?.columns
      case .noFreeAddress, .notEmpty, .internetIsFixed, .addressNotTranslated: nil
      }
    self.init(.build(error), at: columns)
  }
}

extension Session {
  /// An empty network, of whose tables nothing has been seen.
  fileprivate mutating func startOver(seed: UInt64) {
    network = Network(seed: seed)
    network.routerProgram = catalog.routerProgram
    seenTables = [:]
  }

  fileprivate func created(_ id: DeviceID) -> ChangeReport {
    ChangeReport(change: .created, device: report(network.device(id)))
  }

  /// A router that does not translate leaves private addresses without a way back.
  fileprivate func unreachableNotice(_ id: DeviceID) -> [Notice] {
    guard let router = network.router(id), !router.nat.behavior.translates else { return [] }
    return router.prefixes.filter { !$0.address.scope.isRoutedOnInternet }.map {
      .privateAddressesUnreachable(
        router: network.device(id).name, prefix: $0, filters: router.nat.behavior.firewall)
    }
  }

  /// Carries out a line of natsh's own, as part of a command.
  fileprivate mutating func carryOut(_ line: String) throws(CommandError) {
    let commands: [any Command]
    do throws(SyntaxError) {
      commands = try parseAll(line)
    } catch {
      // The lines are constants, and a test runs every scene.
      return
    }
    for command in commands { _ = try command.execute(in: &self) }
  }

  package func parseAll(_ line: String) throws(SyntaxError) -> [any Command] {
    var commands: [any Command] = []
    for statement in try Statement.statements(in: line) { commands.append(try catalog.parse(statement, in: self)) }
    return commands
  }
}
