// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Second gateways: routers that share another router's inside network, so that its hosts have two ways out.
///
/// A second gateway is on the internet like any router, and one cable more connects it with the switch of that network,
/// where it has an address.
extension Network {
  /// The router whose inside network router `id` shares; nil if it has one of its own.
  public func firstGateway(of id: DeviceID) -> DeviceID? { sharedWith[id] }

  /// The other routers that share router `id`'s inside network, in the order they were made.
  public func secondGateways(of id: DeviceID) -> [DeviceID] { sharedWith.filter { $0.value == id }.keys.sorted() }

  /// Whether there is a second gateway anywhere.
  public var hasSecondGateways: Bool { !sharedWith.isEmpty }

  /// The devices on the inside of router `id`: those behind it, or behind the router whose network it shares.
  public func devices(inside id: DeviceID) -> [DeviceID] { devices(behind: sharedWith[id] ?? id) }

  /// Makes a router that shares `first`'s IPv4 network inside, where it gets the next free address.
  ///
  /// - Parameter addresses: its outside addresses; a missing one is the next free one on the internet.
  /// - Throws: a ``BuildError``, and then nothing has changed.
  @discardableResult
  public mutating func addSecondGateway(
    named name: String, addresses: [IPAddress] = [], beside first: DeviceID, preset: NATPreset = .home
  ) throws(BuildError) -> DeviceID {
    guard let part = router(first), !nodes[first.index].isRemoved else { throw .internetIsFixed }
    guard sharedWith[first] == nil else { throw sharesNetwork(first) }
    guard let prefix = part.prefixes.first(where: { $0.family == .ipv4 }) else {
      throw .noPrefix(.ipv4, router: details[first.index].name)
    }
    if let other = addresses.first(where: { !$0.isIPv4 }) { throw .addressNotTranslated(other) }
    let before = self
    do throws(BuildError) {
      let inside = try freeAddress(.ipv4, behind: first)
      let id = try addRouter(named: name, addresses: addresses, inside: [prefix], at: [inside], preset: preset)
      claim(inside, for: id, behind: first)
      sharedWith[id] = first
      return id
    } catch {
      self = before
      throw error
    }
  }

  /// The error for putting a device behind a router that has no network of its own.
  func sharesNetwork(_ id: DeviceID) -> BuildError {
    .sharesNetwork(details[id.index].name, with: details[(sharedWith[id] ?? id).index].name)
  }

  /// Takes a second gateway off the network that it shares.
  mutating func leaveSharedNetwork(_ id: DeviceID) {
    guard let first = sharedWith[id], let own = router(id)?.insideAddresses.first else { return }
    release(own, behind: first)
    sharedWith[id] = nil
  }

  /// Whether the link from `sender` ends at the switch port of the second gateway `receiver`, not at its line.
  package func reachesSwitchPort(of receiver: DeviceID, from sender: DeviceID) -> Bool {
    guard let shared = sharedWith[receiver] else { return false }
    return shared == sender || nodes[sender.index].parent == shared || sharedWith[sender] == shared
  }

  /// Whether a packet has come to a router over a network that it shares.
  func cameOverSharedNetwork(_ flight: Flight) -> Bool {
    sharedWith[flight.from] == flight.to || reachesSwitchPort(of: flight.to, from: flight.from)
  }

  /// The next hop from router `slot` to a neighbour in a network that it shares.
  func nextHopShared(_ address: IPAddress, _ slot: Int) -> NextHop? {
    guard let shared = sharedWith[routers[slot].id], case .router(let first) = nodes[shared.index].role else {
      return nil
    }
    if routers[first].insideAddresses.contains(address) { return .across(shared) }
    return routers[first].neighbors[address].flatMap { $0 == routers[slot].id ? nil : .across($0) }
  }
}
