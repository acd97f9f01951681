// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The next place to which a device sends a packet.
enum NextHop: Hashable, Sendable {
  /// Up its own link.
  case up
  /// Over a link of one of the devices behind it.
  case down(DeviceID)
  /// To a neighbour on the same network, through the switch between them.
  case neighbor(DeviceID)
  /// To a neighbour in the inside network that a second gateway shares, through the switch there.
  case across(DeviceID)
  /// To itself.
  case itself
}

/// Carrying packets over links.
extension Network {
  /// Puts a packet, which arrived as `flight` or was made where that is, on the link to `next`.
  ///
  /// - Returns: why the link did not take it, if it did not; nothing is recorded.
  mutating func put(
    _ headers: PacketHeaders, _ contents: PayloadStore.Contents, _ flight: Flight, to next: NextHop
  ) -> DropReason? {
    if hasSizeLimits, flight.length > mtu(of: headers, from: flight.to, to: next) {
      return putFragments(of: headers.packet(payloads[contents]), flight, to: next)
    }
    var due = clock
    var receiver = flight.to
    var isAtSwitch = false
    do throws(DropReason) {
      switch next {
      case .itself: break
      case .up:
        receiver = nodes[flight.to.index].parent
        due = try cross(flight.to, .up, flight.length)
      case .down(let child):
        receiver = child
        due =
          !sharedWith.isEmpty && reachesSwitchPort(of: child, from: flight.to)
          ? clock + Link.localDelay : try cross(child, .down, flight.length)
      case .neighbor(let neighbor):
        receiver = neighbor
        isAtSwitch = true
        due = try cross(flight.to, .up, flight.length)
      case .across(let neighbor):
        receiver = neighbor
        isAtSwitch = sharedWith[flight.to] != neighbor
        due = clock + Link.localDelay
      }
    } catch {
      return error
    }
    let leg = Leg(
      number: flight.number, length: flight.length, from: flight.to, to: receiver, isAtSwitch: isAtSwitch)
    payloads.retain(contents)
    queue.add(Flight(leg: leg, headers: headers, contents: contents), at: due)
    return nil
  }

  /// Puts `length` bytes on a device's link; returns when they arrive at its other end.
  @inline(__always)
  mutating func cross(_ id: DeviceID, _ direction: Direction, _ length: Int) throws(DropReason) -> Instant {
    var left = clock
    if nodes[id.index].hasLimits { left = try details[id.index].limits.put(length, direction, at: clock) }
    if direction == .up { packetsTakenUp += 1 }
    return nodes[id.index].cross(direction, length, leavingAt: left)
  }

  /// The switch between two neighbours passes a packet on; it is not a device, so it leaves no hop.
  ///
  /// - Returns: whether the second link took the packet.
  mutating func crossSecondLink(_ flight: Flight) -> Bool {
    do throws(DropReason) {
      let due =
        !sharedWith.isEmpty && reachesSwitchPort(of: flight.to, from: flight.from)
        ? clock + Link.localDelay : try cross(flight.to, .down, flight.length)
      var leg = flight.leg
      leg.isAtSwitch = false
      payloads.retain(flight.contents)
      queue.add(Flight(leg: leg, headers: flight.headers, contents: flight.contents), at: due)
      return true
    } catch {
      record(.dropped, error, of: flight, at: flight.from, lostOn: flight.to)
      return false
    }
  }

  /// The device that a flight has reached handles its packet.
  mutating func arrive(_ flight: Flight) {
    guard !nodes[flight.to.index].isRemoved else {
      record(.dropped, .noSuchHost, of: flight, at: flight.from)
      return
    }
    switch nodes[flight.to.index].role {
    case .internet: crossInternet(flight)
    case .host(let slot):
      if hosts[slot].hasStackOutside {
        handOver(flight)
      } else if hasSizeLimits, flight.fragment(in: payloads) != nil {
        guard let whole = reassembled(flight) else { return }
        receive(whole, atHost: slot)
        payloads.release(whole.contents)
      } else {
        receive(flight, atHost: slot)
      }
    case .router(let slot): receive(flight, atRouter: slot)
    }
  }

  /// Passes a packet on as `headers` and `contents`, which the device may have changed, and records this, or that the
  /// link does not take it.
  mutating func pass(
    _ headers: PacketHeaders, _ contents: PayloadStore.Contents, arrived flight: Flight, to next: NextHop,
    change: Translation.Change = .none
  ) {
    let lost = put(headers, contents, flight, to: next)
    let isChanged = headers.source != flight.headers.source || headers.destination != flight.headers.destination
    record(
      lost != nil ? .dropped : isChanged ? .translated : .forwarded, lost, of: flight, sent: headers, change: change,
      lostOn: lost == nil ? nil : firstLink(to: next, from: flight.to))
    if lost == .tooBig { reportTooBig(flight, headers, to: next) }
  }

  /// The device whose link a packet crosses first on its way from `sender` to `next`.
  func firstLink(to next: NextHop, from sender: DeviceID) -> DeviceID {
    if case .down(let child) = next { child } else { sender }
  }

  /// The node between all public addresses.
  private mutating func crossInternet(_ flight: Flight) {
    let destination = flight.headers.destination.address
    if destination == Self.internetAddress || destination == Self.internetAddressIPv6 {
      return answerForInternet(flight)
    }
    guard flight.headers.timeToLive > 1 else {
      record(.dropped, .ttlExpired, of: flight)
      let address = destination.isIPv4 ? Self.internetAddress : Self.internetAddressIPv6
      if let error = Self.error(.timeExceeded, about: flight.packet(in: payloads), from: address),
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
      record(.dropped, reason, of: flight)
      return
    }
    var headers = flight.headers
    headers.timeToLive -= 1
    pass(headers, flight.contents, arrived: flight, to: .down(device))
  }

  /// The internet's own address answers a ping and nothing else.
  private mutating func answerForInternet(_ arrived: Flight) {
    guard let flight = reassembled(arrived) else { return }
    defer { payloads.release(flight.contents) }
    guard flight.headers.icmp == .echoRequest, let back = publicDevice(flight.headers.source.address) else {
      record(.dropped, .portClosed, of: flight)
      return
    }
    record(.delivered, of: flight)
    dispatch(Self.echoReply(to: flight.packet(in: payloads)), from: .internet, to: .down(back), about: flight.number)
  }

  /// The device to which the internet hands packets for `address`.
  // If called out of line from a mutating function, it would be given a copy of the whole network.
  @inline(__always)
  func publicDevice(_ address: IPAddress) -> DeviceID? {
    publicAddresses[address] ?? routeOnInternet(address)
  }

  /// A packet made by a device; one that its link does not take is recorded as lost at once.
  @discardableResult
  mutating func dispatch(_ packet: Packet, from sender: DeviceID, to next: NextHop, about: Int? = nil) -> Int {
    let flight = begin(packet, at: sender, about: about)
    defer { payloads.release(flight.contents) }
    if let lost = put(flight.headers, flight.contents, flight, to: next) {
      record(.dropped, lost, of: flight, lostOn: firstLink(to: next, from: sender))
    }
    return flight.number
  }

  static func echoReply(to request: Packet) -> Packet {
    var reply = Packet(.icmp, from: request.destination, to: request.source, payload: request.payload)
    reply.icmp = .echoReply
    reply.icmpSequence = request.icmpSequence
    return reply
  }

  /// The ICMP error of `kind` about `packet`; nil if the packet is itself an error, or came from or went to no single
  /// host (RFC 1122 §3.2.2).
  static func error(_ kind: ICMPKind, about packet: Packet, from address: IPAddress) -> Packet? {
    guard !packet.icmp.isError else { return nil }
    for endpoint in [packet.source, packet.destination] {
      switch endpoint.address.scope {
      case .multicast, .broadcast, .unspecified, .loopback, .reserved: return nil
      default: break
      }
    }
    return packet.error(kind, from: address)
  }
}
