// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Where a device puts a packet.
enum NextHop: Hashable, Sendable {
  /// Over its own link to what it stands behind.
  case up
  /// Over a link of one of the devices behind it.
  case down(DeviceID)
  /// To a neighbour on the same network, by the switch between them.
  case neighbor(DeviceID)
  /// To itself.
  case itself
}

/// Carrying packets over links.
extension Network {
  /// Puts a packet on the link to `next`.
  ///
  /// - Returns: why the link did not take it, where it did not; nothing is recorded.
  mutating func put(_ packet: Packet, number: Int, from sender: DeviceID, to next: NextHop) -> DropReason? {
    if hasSizeLimits, packet.length > mtu(of: packet, from: sender, to: next) {
      return putFragments(of: packet, number: number, from: sender, to: next)
    }
    var flight = Flight(packet: packet, number: number, from: sender, to: sender, isAtSwitch: false, due: clock)
    do throws(DropReason) {
      switch next {
      case .itself: break
      case .up:
        flight.to = devices[sender.index].parent
        flight.due = try devices[sender.index].link.cross(.up, length: packet.length, at: clock)
      case .down(let child):
        flight.to = child
        flight.due = try devices[child.index].link.cross(.down, length: packet.length, at: clock)
      case .neighbor(let neighbor):
        flight.to = neighbor
        flight.isAtSwitch = true
        flight.due = try devices[sender.index].link.cross(.up, length: packet.length, at: clock)
      }
    } catch {
      return error
    }
    queue.add(flight)
    return nil
  }

  /// The switch between two neighbours passes a packet on; it is no device, so it leaves no hop.
  ///
  /// - Returns: whether the second link took the packet.
  mutating func crossSecondLink(_ flight: Flight) -> Bool {
    var flight = flight
    flight.isAtSwitch = false
    do throws(DropReason) {
      flight.due = try devices[flight.to.index].link.cross(.down, length: flight.packet.length, at: clock)
      queue.add(flight)
      return true
    } catch {
      record(.dropped, error, at: flight.from, flight.packet, number: flight.number, lostOn: flight.to)
      return false
    }
  }

  /// The device that a flight has reached handles its packet.
  mutating func arrive(_ flight: Flight) {
    guard !devices[flight.to.index].isRemoved else {
      record(.dropped, .noSuchHost, at: flight.from, flight.packet, number: flight.number)
      return
    }
    switch devices[flight.to.index].role {
    case .internet: crossInternet(flight)
    case .host(let slot):
      if let whole = reassembled(flight) { receive(whole, atHost: slot) }
    case .router(let slot): receive(flight, atRouter: slot)
    }
  }

  /// Passes a packet on, changed by the device as `packet` against `arrived`, and records it with `verdict`, or as lost
  /// where the link does not take it.
  mutating func pass(
    _ packet: Packet, arrived flight: Flight, to next: NextHop, change: Translation.Change = .none
  ) {
    let lost = put(packet, number: flight.number, from: flight.to, to: next)
    let isChanged = packet.source != flight.packet.source || packet.destination != flight.packet.destination
    record(
      lost != nil ? .dropped : isChanged ? .translated : .forwarded, lost, at: flight.to, flight.packet,
      number: flight.number, sent: packet, change: change,
      lostOn: lost == nil ? nil : firstLink(to: next, from: flight.to))
    if lost == .tooBig { reportTooBig(flight, packet, to: next) }
  }

  /// The device whose link a packet crosses first on its way from `sender` to `next`.
  func firstLink(to next: NextHop, from sender: DeviceID) -> DeviceID {
    if case .down(let child) = next { child } else { sender }
  }

  /// The node between all public addresses.
  private mutating func crossInternet(_ flight: Flight) {
    let destination = flight.packet.destination.address
    if destination == Self.internetAddress || destination == Self.internetAddressIPv6 {
      return answerForInternet(flight)
    }
    guard flight.packet.timeToLive > 1 else {
      record(.dropped, .ttlExpired, at: .internet, flight.packet, number: flight.number)
      let address = destination.isIPv4 ? Self.internetAddress : Self.internetAddressIPv6
      if let error = Self.error(.timeExceeded, about: flight.packet, from: address),
        let device = publicDevice(error.destination.address)
      {
        dispatch(error, from: .internet, to: .down(device), about: flight.number)
      }
      return
    }
    guard let device = publicDevice(destination) else {
      let reason: DropReason =
        switch destination.scope {
        case .private, .shared: .privateDestination
        case .public, .documentation: .noSuchHost
        case .loopback, .unspecified, .multicast, .broadcast: .invalid
        case .linkLocal, .reserved: .noRoute
        }
      record(.dropped, reason, at: .internet, flight.packet, number: flight.number)
      return
    }
    var packet = flight.packet
    packet.timeToLive -= 1
    pass(packet, arrived: flight, to: .down(device))
  }

  /// The internet's own address answers a ping and nothing else.
  private mutating func answerForInternet(_ arrived: Flight) {
    guard let flight = reassembled(arrived) else { return }
    guard flight.packet.icmp == .echoRequest, let back = publicDevice(flight.packet.source.address) else {
      record(.dropped, .portClosed, at: .internet, flight.packet, number: flight.number)
      return
    }
    record(.delivered, at: .internet, flight.packet, number: flight.number)
    dispatch(Self.echoReply(to: flight.packet), from: .internet, to: .down(back), about: flight.number)
  }

  /// The device that the internet hands packets for `address` to.
  func publicDevice(_ address: IPAddress) -> DeviceID? {
    publicAddresses[address] ?? publicRoutes.lookUp(address)
  }

  /// Sends a packet of a device's own making; one that its link does not take is recorded as lost at once.
  @discardableResult
  mutating func dispatch(_ packet: Packet, from sender: DeviceID, to next: NextHop, about: Int? = nil) -> Int {
    let number = begin(packet, at: sender, about: about)
    if let lost = put(packet, number: number, from: sender, to: next) {
      record(.dropped, lost, at: sender, packet, number: number, lostOn: firstLink(to: next, from: sender))
    }
    return number
  }

  static func echoReply(to request: Packet) -> Packet {
    var reply = Packet(.icmp, from: request.destination, to: request.source, payload: request.payload)
    reply.icmp = .echoReply
    reply.icmpSequence = request.icmpSequence
    return reply
  }

  /// The ICMP error of `kind` about `packet`; none about another error, nor about what came from or went to no single
  /// host (RFC 1122 §3.2.2).
  static func error(_ kind: ICMPKind, about packet: Packet, from address: IPAddress) -> Packet? {
    guard !packet.icmp.isError else { return nil }
    for endpoint in [packet.source, packet.destination] {
      switch endpoint.address.scope {
      case .multicast, .broadcast, .unspecified, .loopback: return nil
      default: break
      }
    }
    return packet.error(kind, from: address)
  }
}
