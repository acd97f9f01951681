// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The requests of TURN, once the sender has been authenticated.
extension TURNService {
  mutating func allocate(
    _ request: Request, using generator: inout SeededGenerator, taking take: (UInt16) -> Bool
  ) throws(Refusal) -> ([STUNAttribute], [Action]) {
    let message = request.message
    if let current = current(request.client, at: request.now) {
      guard current.request == message.transaction else { throw Refusal(.allocationMismatch) }
      return (attributes(of: current, at: request.now), [])
    }
    let transport = message.first { if case .requestedTransport(let number) = $0 { number } else { nil } }
    guard let transport else { throw Refusal(.badRequest) }
    guard transport == STUNAttribute.udp else { throw Refusal(.unsupportedTransport) }
    let family = message.first { if case .requestedAddressFamily(let family) = $0 { family } else { nil } }
    if message.has(.reservationToken) {
      guard family == nil, !message.has(.evenPort), !message.has(.additionalAddressFamily) else {
        throw Refusal(.badRequest)
      }
      // Nothing is ever reserved here, so no token is valid.
      throw Refusal(.insufficientCapacity)
    }
    let (lent, missing) = try families(of: request, asked: family)
    guard !request.client.address.isOfATunnel else { throw Refusal(.forbidden) }
    let even = message.first { if case .evenPort(let reserve) = $0 { reserve } else { nil } }
    if even == true { throw Refusal(message.has(.additionalAddressFamily) ? .badRequest : .insufficientCapacity) }
    guard allocations.values.count(where: { $0.username == request.username && request.now < $0.expires }) < quota
    else { throw Refusal(.allocationQuotaReached) }
    guard allocations.count < capacity, let port = freePort(isEven: even != nil, using: &generator, taking: take)
    else { throw Refusal(.insufficientCapacity) }
    let lifetime = lifetime(asked: message.lifetime)
    let allocation = Allocation(
      client: request.client, server: request.server, relayed: lent.map { Endpoint($0, port) }, missing: missing,
      username: request.username, expires: request.now + lifetime, request: message.transaction)
    add(allocation)
    return (
      attributes(of: allocation, at: request.now),
      allocation.relayed.map { .note(.allocated(client: request.client, relayed: $0, lifetime: lifetime)) }
    )
  }

  /// The addresses to lend, and the family that was asked for in vain. Over whichever family the client asks, it gets an
  /// IPv4 address if it asks for none in particular (RFC 8656 §7.2, 6, 7 and 9).
  private func families(
    of request: Request, asked family: AddressFamily?
  ) throws(Refusal) -> (lent: [IPAddress], missing: AddressFamily?) {
    let additional = request.message.first { if case .additionalAddressFamily(let family) = $0 { family } else { nil } }
    guard let additional else {
      guard let address = request.address(family ?? .ipv4) else { throw Refusal(.addressFamilyNotSupported) }
      return ([address], nil)
    }
    guard family == nil, additional == .ipv6 else { throw Refusal(.badRequest) }
    let wanted: [AddressFamily] = [.ipv4, .ipv6]
    return (wanted.compactMap { request.address($0) }, wanted.first { request.address($0) == nil })
  }

  private func attributes(of allocation: Allocation, at now: Instant) -> [STUNAttribute] {
    let code = STUNErrorCode.addressFamilyNotSupported
    return allocation.relayed.map { .xorRelayedAddress($0) }
      + (allocation.missing.map { [.addressErrorCode($0, code, reason: code.phrase)] } ?? []) + [
        .lifetime(UInt32(clamping: (allocation.expires - now).microseconds / 1_000_000)),
        .xorMappedAddress(allocation.client),
      ]
  }

  /// A random port, since an attacker should not be able to guess it (RFC 8656 §7.2).
  private func freePort(
    isEven: Bool, using generator: inout SeededGenerator, taking take: (UInt16) -> Bool
  ) -> UInt16? {
    for _ in 0..<64 {
      var port = Self.relayPorts.lowerBound + UInt16(generator.below(UInt64(Self.relayPorts.count)))
      if isEven { port &= 0xFFFE }
      if client(ofPort: port) == nil, take(port) { return port }
    }
    return nil
  }

  /// The requested lifetime, but no less than the standard and no more than the longest (RFC 8656 §7.2).
  private func lifetime(asked seconds: UInt32?) -> Interval {
    guard let seconds else { return Self.standardLifetime }
    return max(min(.seconds(Int64(seconds)), Self.longestLifetime), Self.standardLifetime)
  }

  mutating func refresh(
    _ request: Request, _ allocation: Allocation
  ) throws(Refusal) -> ([STUNAttribute], [Action]) {
    let family = request.message.first { if case .requestedAddressFamily(let family) = $0 { family } else { nil } }
    let concerned = allocation.relayed.filter { family == nil || $0.address.family == family }
    guard !concerned.isEmpty else { throw Refusal(.peerAddressFamilyMismatch) }
    if request.message.lifetime == 0 {
      remove(allocation)
      let notes: [Action] = concerned.map { .note(.deleted(client: request.client, relayed: $0)) }
      // The endpoint of the other family stays, with all that belongs to it.
      guard let other = allocation.relayed.first(where: { !concerned.contains($0) }) else {
        return ([.lifetime(0)], (allocation.port.map { [.close(port: $0)] } ?? []) + notes)
      }
      var rest = allocation
      rest.relayed = [other]
      rest.permissions = rest.permissions.filter { $0.key.family == other.address.family }
      rest.channels = rest.channels.filter { $0.value.peer.address.family == other.address.family }
      rest.channelNumbers = rest.channelNumbers.filter { $0.key.address.family == other.address.family }
      add(rest)
      return ([.lifetime(0)], notes)
    }
    let lifetime = lifetime(asked: request.message.lifetime)
    allocations[request.client]?.expires = request.now + lifetime
    return (
      [.lifetime(UInt32(clamping: lifetime.microseconds / 1_000_000))],
      [.note(.refreshed(client: request.client, lifetime: lifetime))]
    )
  }

  mutating func permit(
    _ request: Request, _ allocation: Allocation
  ) throws(Refusal) -> ([STUNAttribute], [Action]) {
    let peers = request.message.peerAddresses
    guard !peers.isEmpty else { throw Refusal(.badRequest) }
    for peer in peers { try check(peer, allocation) }
    let expires = request.now + Self.permissionLifetime
    for peer in peers { allocations[request.client]?.permissions[peer.address] = expires }
    return ([], peers.map { .note(.permission(client: request.client, peer: $0.address)) })
  }

  private func check(_ peer: Endpoint, _ allocation: Allocation) throws(Refusal) {
    guard allocation.relayed(towards: peer.address) != nil else { throw Refusal(.peerAddressFamilyMismatch) }
    guard mayRelay(to: peer.address) else { throw Refusal(.forbidden) }
  }

  mutating func bind(
    _ request: Request, _ allocation: Allocation
  ) throws(Refusal) -> ([STUNAttribute], [Action]) {
    guard let number = request.message.channelNumber, ChannelData.numbers.contains(number),
      let peer = request.message.peerAddress
    else { throw Refusal(.badRequest) }
    // A binding that has ended may be made again.
    let bound = allocation.channels[number].flatMap { request.now < $0.expires ? $0.peer : nil }
    let other = allocation.channelNumbers[peer].flatMap { other in
      allocation.channels[other].flatMap { request.now < $0.expires && $0.peer == peer ? other : nil }
    }
    guard bound ?? peer == peer, other ?? number == number else { throw Refusal(.badRequest) }
    try check(peer, allocation)
    allocations[request.client]?.channels[number] = Allocation.Channel(
      peer: peer, expires: request.now + Self.channelLifetime)
    allocations[request.client]?.channelNumbers[peer] = number
    allocations[request.client]?.permissions[peer.address] = request.now + Self.permissionLifetime
    return ([], [.note(.channel(client: request.client, peer: peer, number: number))])
  }
}

/// Data passed on.
extension TURNService {
  /// The endpoint through which data to and from a peer pass; nil without a permission.
  private func way(to peer: IPAddress, _ allocation: Allocation, at now: Instant) -> Endpoint? {
    guard let expires = allocation.permissions[peer], now < expires else { return nil }
    return allocation.relayed(towards: peer)
  }

  /// A Send indication; without a permission it is discarded silently (RFC 8656 §11.2).
  func relay(_ message: STUNMessage, from client: Endpoint, at now: Instant) -> [Action] {
    guard !message.isMalformed, message.unknownRequiredTypes().isEmpty, let peer = message.peerAddress,
      let data = message.data, let allocation = current(client, at: now)
    else { return [] }
    guard let relayed = way(to: peer.address, allocation, at: now) else {
      return [.note(.discarded(client: client, peer: peer))]
    }
    return [.toPeer(data, from: relayed, to: peer, dontFragment: message.has(.dontFragment))]
  }

  /// Data on a channel. It does not keep the channel or the permission alive (RFC 8656 §12.6).
  func relay(_ data: ChannelData, from client: Endpoint, at now: Instant) -> [Action] {
    guard let allocation = current(client, at: now), let channel = allocation.channels[data.channel],
      now < channel.expires
    else { return [] }
    guard let relayed = way(to: channel.peer.address, allocation, at: now) else {
      return [.note(.discarded(client: client, peer: channel.peer))]
    }
    return [.toPeer(data.data, from: relayed, to: channel.peer, dontFragment: false)]
  }

  /// Handles a peer's data for a relayed endpoint (RFC 8656 §11.3).
  public func receive(
    _ data: [UInt8], fromPeer peer: Endpoint, atPort port: UInt16, at now: Instant,
    using generator: inout SeededGenerator
  ) -> [Action] {
    guard let client = client(ofPort: port), let allocation = current(client, at: now) else { return [] }
    guard way(to: peer.address, allocation, at: now) != nil else {
      let relayed = allocation.relayed(towards: peer.address) ?? allocation.relayed.first
      return relayed.map { [.note(.unwanted(peer: peer, relayed: $0))] } ?? []
    }
    if let number = allocation.channelNumbers[peer], let channel = allocation.channels[number], now < channel.expires,
      channel.peer == peer
    {
      return [.toClient(ChannelData(channel: number, data: data).encoded(), from: allocation.server, to: client)]
    }
    let indication = STUNMessage(
      .indication, .data, STUNMessage.TransactionID(using: &generator), [.xorPeerAddress(peer), .data(data)])
    return [.toClient(indication.encoded(), from: allocation.server, to: client)]
  }
}
