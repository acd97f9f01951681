// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Routers' handling of packets.
extension Network {
  mutating func receive(_ flight: Flight, atRouter slot: Int) {
    if isBlocked(flight.headers, slot) { return record(.dropped, .blocked, of: flight) }
    let side = side(of: flight)
    if isForItself(flight.headers, slot, from: side) {
      answer(flight, slot, from: side)
      return
    }
    guard flight.headers.timeToLive > 1 else { return endLife(of: flight, slot, from: side) }
    var headers = flight.headers
    headers.timeToLive -= 1
    if side == .inside, let inner = routeInside(headers.destination.address, slot)?.device {
      if hasClamping { clamp(&headers, flight, slot, to: .down(inner)) }
      pass(headers, flight.contents, arrived: flight, to: .down(inner))
      return
    }
    if side == .inside, !staticRoutes.isEmpty,
      let next = staticNextHop(headers.destination.address, from: flight.to, isInside: true)
    {
      if hasClamping { clamp(&headers, flight, slot, to: next) }
      return pass(headers, flight.contents, arrived: flight, to: next)
    }
    var packet = headers.packet(payloads[flight.contents])
    guard !hasSizeLimits else { return receive(packet, withinLimits: flight, slot, from: side) }
    let translation = routers[slot].translate(&packet, from: side, at: clock, number: flight.number)
    conclude(translation, packet, flight, slot, from: side)
  }

  /// Where links limit the length of packets, one may be a piece, or be too long for what comes next.
  @inline(never)
  private mutating func receive(_ packet: Packet, withinLimits flight: Flight, _ slot: Int, from side: Side) {
    if flight.fragment(in: payloads) != nil { return receiveFragment(flight, packet, slot, from: side) }
    let before = trackingRouter(slot, packet)
    var packet = packet
    let translation = routers[slot].translate(&packet, from: side, at: clock, number: flight.number)
    if let before, isTooLong(packet, flight, slot, translation) {
      return endTooLong(flight, packet, before, slot, from: side)
    }
    conclude(translation, packet, flight, slot, from: side)
  }

  @inline(__always)
  private mutating func conclude(
    _ translation: Translation, _ packet: Packet, _ flight: Flight, _ slot: Int, from side: Side
  ) {
    if routers[slot].nat.nextExpiry < routers[slot].alarm { setAlarm(slot) }
    if !resettingRouters.isEmpty { noteStream(translation, packet, slot, from: side) }
    follow(translation, of: packet, flight, slot, from: side)
    if routers[slot].nat.readsText { tellOfGateways(slot, flight.number) }
  }

  /// The side from which a packet comes to its router.
  // If called out of line from a mutating function, it would be given a copy of the whole network.
  @inline(__always)
  func side(of flight: Flight) -> Side {
    if nodes[flight.from.index].parent == flight.to && flight.from != flight.to { return .inside }
    return !sharedWith.isEmpty && cameOverSharedNetwork(flight) ? .inside : .outside
  }

  /// A packet whose TTL is used up goes no further; the NAT may still have something to say.
  private mutating func endLife(of flight: Flight, _ slot: Int, from side: Side) {
    let goesFurtherIn = side == .inside && routeInside(flight.headers.destination.address, slot) != nil
    if !goesFurtherIn, flight.fragment(in: payloads) == nil {
      let packet = flight.packet(in: payloads)
      let translation = routers[slot].nat.translateDying(packet, from: side, at: clock, number: flight.number)
      if case .drop(let reason, _) = translation, reason != .ttlExpired {
        return follow(translation, of: packet, flight, slot, from: side)
      }
    }
    record(.dropped, .ttlExpired, of: flight)
    report(.timeExceeded, about: flight, slot, to: side)
  }

  /// Carries out the NAT's decision about a packet, which is `packet` after translation.
  mutating func follow(_ translation: Translation, of packet: Packet, _ flight: Flight, _ slot: Int, from side: Side) {
    switch translation {
    case .drop(let reason, let change):
      refuse(flight, reason, change, slot, from: side)
    case .forward(.inside, let change):
      guard let next = nextHopInside(packet.destination.address, slot) else {
        // A broadcast from elsewhere into a network is not passed on (RFC 2644).
        let local = routers[slot].prefix(containing: packet.destination.address)
        let reason: DropReason =
          local.map { $0.isHostAddress(packet.destination.address) ? .noSuchHost : .invalid } ?? .noRoute
        record(
          .dropped, reason, of: flight, sent: PacketHeaders(packet), change: change)
        return
      }
      pass(packet, arrived: flight, to: next, change: change)
    case .forward(.outside, let change):
      switch nextHopOutside(packet.destination.address, from: flight.to) {
      case .success(let next): pass(packet, arrived: flight, to: next, change: change)
      case .failure(let reason):
        record(.dropped, reason, of: flight, change: change)
      }
    }
  }

  /// The router in `slot` as it is before a packet that must not be cut, if it tracks connections: a flow exists once
  /// its first packet leaves, and not before.
  private func trackingRouter(_ slot: Int, _ packet: Packet) -> Router? {
    let mayBeCut = packet.source.address.isIPv4 && !packet.dontFragment
    return mayBeCut || routers[slot].nat.behavior.tracking != .connections ? nil : routers[slot]
  }

  /// Whether a packet that has begun a flow is too long for its next link.
  private func isTooLong(_ packet: Packet, _ flight: Flight, _ slot: Int, _ translation: Translation) -> Bool {
    guard case .forward(let side, let change) = translation, change.kind == .created else { return false }
    return nextHop(packet.destination.address, slot, of: flight.to, on: side).map {
      packet.length > mtu(of: PacketHeaders(packet), from: flight.to, to: $0)
    } ?? false
  }

  /// Ends a packet that would have begun a flow and is too long: the router is as it was `before`. Its report to the
  /// sender quotes the packet as it is by then, with the destination that a static mapping has given it.
  private mutating func endTooLong(
    _ flight: Flight, _ packet: Packet, _ before: Router, _ slot: Int, from side: Side
  ) {
    routers[slot] = before
    guard let next = nextHop(packet.destination.address, slot, of: flight.to, on: side.other) else { return }
    record(.dropped, .tooBig, of: flight, lostOn: firstLink(to: next, from: flight.to))
    var headers = flight.headers
    let crosses = packet.source.address.isIPv4 != headers.source.address.isIPv4
    if side == .outside, !crosses { headers.destination = packet.destination }
    reportTooBig(
      Flight(leg: flight.leg, headers: headers, contents: flight.contents), crosses ? PacketHeaders(packet) : headers,
      to: next)
  }

  /// Passes a packet on that the NAT has let through.
  private mutating func pass(
    _ packet: Packet, arrived flight: Flight, to next: NextHop, change: Translation.Change
  ) {
    var headers = PacketHeaders(packet)
    if hasClamping, case .router(let slot) = nodes[flight.to.index].role { clamp(&headers, flight, slot, to: next) }
    let crosses = packet.source.address.isIPv4 != flight.headers.source.address.isIPv4
    guard packet.icmp.isError || crosses else {
      if isRewritten(packet, flight) {
        return passRewritten(packet, headers, arrived: flight, to: next, change: change)
      }
      return pass(headers, flight.contents, arrived: flight, to: next, change: change)
    }
    // An error's quote was translated too.
    let contents = payloads.put(packet.payload)
    if crosses {
      passAcross(packet, headers, contents, arrived: flight, to: next, change: change)
    } else {
      pass(headers, contents, arrived: flight, to: next, change: change)
    }
    payloads.release(contents)
  }

  /// Passes on a packet that has become one of the other family, and with that longer or shorter.
  private mutating func passAcross(
    _ packet: Packet, _ headers: PacketHeaders, _ contents: PayloadStore.Contents, arrived flight: Flight,
    to next: NextHop, change: Translation.Change
  ) {
    let leg = Leg(number: flight.number, length: packet.length, from: flight.from, to: flight.to)
    let crossed = Flight(leg: leg, headers: flight.headers, contents: flight.contents)
    // An IPv4 packet that may be cut is cut to what every IPv6 link takes (RFC 7915 §4).
    let isCut =
      flight.headers.source.address.isIPv4 && !flight.headers.dontFragment && packet.length > Packet.leastIPv6MTU
    guard isCut else { return pass(headers, contents, arrived: crossed, to: next, change: change) }
    record(.translated, of: crossed, sent: headers, change: change)
    _ = putFragments(of: packet, crossed, to: next, within: Packet.leastIPv6MTU)
  }

  /// Whether the router itself is meant: its inside address; its outside address if it neither translates nor filters,
  /// or if an inside host pings it.
  // If called out of line from a mutating function, it would be given a copy of the whole network.
  @inline(__always)
  private func isForItself(_ packet: PacketHeaders, _ slot: Int, from side: Side) -> Bool {
    let destination = packet.destination.address
    if routers[slot].insideAddresses.contains(destination) { return side == .inside }
    guard routers[slot].addresses.contains(destination) else {
      // Additional outside addresses are its own as well, and it answers for them.
      return side == .inside
        && (packet.icmp == .echoRequest && routers[slot].nat.externalAddresses.contains(destination)
          && !routers[slot].nat.isPaired(destination)
          || destination == PortControlSetting.discoveryGroup && routers[slot].answersDiscovery)
    }
    let behavior = routers[slot].nat.behavior
    let isTranslated = (behavior.translates || behavior.nat64 != nil) && destination.isIPv4
    if side == .inside { return !isTranslated || packet.icmp == .echoRequest }
    return !isTranslated && !behavior.firewall
  }

  /// A router answers a ping, and has no other port open.
  mutating func answer(_ arrived: Flight, _ slot: Int, from side: Side) {
    guard let flight = reassembled(arrived) else { return }
    defer { payloads.release(flight.contents) }
    if flight.headers.icmp == .echoRequest {
      record(.delivered, of: flight)
      let reply = Self.echoReply(to: flight.packet(in: payloads))
      guard let next = nextHop(reply.destination.address, slot, of: flight.to, on: side) else { return }
      dispatch(reply, from: flight.to, to: next, about: flight.number)
    } else if side == .inside, serve(flight, slot) {
      return
    } else if flight.headers.transport == .icmp {
      record(.delivered, of: flight)
    } else {
      record(.dropped, .portClosed, of: flight)
      tellThatPortIsClosed(flight, slot, to: side)
    }
  }

  /// The answer of a host on a closed port, from the address that was asked.
  mutating func tellThatPortIsClosed(_ flight: Flight, _ slot: Int, to side: Side) {
    guard flight.headers.transport == .tcp else {
      report(
        .portUnreachable, about: flight, slot, to: side, from: flight.headers.destination.address)
      return
    }
    guard !flight.headers.tcpFlags.contains(.rst),
      let next = nextHop(flight.headers.source.address, slot, of: flight.to, on: side)
    else { return }
    dispatch(flight.packet(in: payloads).reset, from: flight.to, to: next, about: flight.number)
  }

  /// Sends an ICMP error back to where `flight` came from.
  mutating func report(
    _ kind: ICMPKind, about flight: Flight, _ slot: Int, to side: Side, from reporter: IPAddress? = nil, mtu: Int = 0
  ) {
    let family = flight.headers.source.address.family
    let known =
      reporter ?? (side == .inside ? routers[slot].insideAddress(family) : outsideReporter(about: flight.headers, slot))
    guard let address = known ?? routers[slot].insideAddress(family),
      var error = Self.error(kind, about: flight.packet(in: payloads), from: address),
      let next = nextHop(error.destination.address, slot, of: flight.to, on: side)
    else { return }
    error.icmpSequence = UInt16(clamping: mtu)
    dispatch(error, from: flight.to, to: next, about: flight.number)
  }

  /// The source address of a report to the outside. If connections are tracked, the report belongs to its flow, and
  /// comes from the flow's outside address.
  private func outsideReporter(about packet: PacketHeaders, _ slot: Int) -> IPAddress? {
    let sought = packet.destination.address
    if routers[slot].nat.behavior.tracking == .connections, routers[slot].nat.externalAddresses.contains(sought) {
      return sought
    }
    return routers[slot].address(packet.source.address.family)
  }

  private func nextHop(_ address: IPAddress, _ slot: Int, of router: DeviceID, on side: Side) -> NextHop? {
    if side == .inside { return nextHopInside(address, slot) }
    return try? nextHopOutside(address, from: router).get()
  }

  @inline(__always)
  func nextHopInside(_ address: IPAddress, _ slot: Int) -> NextHop? {
    if let neighbor = neighborInside(address, slot) { return .down(neighbor) }
    if staticRoutes.isEmpty && sharedWith.isEmpty { return nil }
    return nextHopShared(address, slot) ?? staticNextHop(address, from: routers[slot].id, isInside: true)
  }

  /// The next hop of a packet for `address` that is not for a device behind this one.
  // If called out of line from a mutating function, it would be given a copy of the whole network.
  @inline(__always)
  func nextHopOutside(_ address: IPAddress, from device: DeviceID) -> Result<NextHop, DropReason> {
    let parent = nodes[device.index].parent
    if !staticRoutes.isEmpty, let next = staticNextHop(address, from: device, isInside: false) { return .success(next) }
    guard case .router(let slot) = nodes[parent.index].role,
      let prefix = routers[slot].prefix(containing: address),
      !routers[slot].insideAddresses.contains(address)
    else { return .success(.up) }
    if let neighbor = neighborInside(address, slot) {
      return .success(neighbor == device ? .itself : .neighbor(neighbor))
    }
    // Nobody on the link answers for the address.
    return .failure(prefix.isHostAddress(address) ? .noSuchHost : .invalid)
  }
}
