// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A TURN client (RFC 8656) without its socket: it asks for a relayed endpoint, keeps it, and sends and receives
/// through it.
public struct TURNClient: Sendable {
  public let server: Endpoint
  /// Whether it asks for an endpoint of each family, and not only for one of IPv4.
  private let wantsBothFamilies: Bool
  private(set) var credential: LongTermCredential
  /// The endpoints that the server lends, at most one per family.
  public private(set) var relayed: [Endpoint] = []
  private var permissions: [IPAddress: Instant] = [:]
  private var channels: [(peer: Endpoint, number: UInt16, isBound: Bool)] = []
  private var asked: [Asked] = []
  /// Whether it has released what it found at its endpoint, in order to allocate.
  private var hasCleared = false

  /// The purpose of a request.
  enum Purpose: Hashable, Sendable {
    case allocate(lifetime: UInt32?, bothFamilies: Bool)
    /// Releases what an earlier client has left at this endpoint, to allocate again.
    case clear(then: UInt32?)
    case refresh(lifetime: UInt32)
    case permit(IPAddress)
    case bind(Endpoint, UInt16)
  }

  private struct Asked: Sendable {
    var purpose: Purpose
    var transaction: STUNTransaction
    var wasSigned: Bool
  }

  /// A change in its state.
  public enum Event: Hashable, Sendable {
    case allocated(relayed: Endpoint, mapped: Endpoint?, lifetime: UInt32)
    case refreshed(lifetime: UInt32)
    case permitted(IPAddress)
    case bound(Endpoint, channel: UInt16)
    /// The server wants to know who asks, or a newer nonce: the request is sent again.
    case challenged(STUNErrorCode)
    case refused(STUNErrorCode, STUNMessage.Method, peer: IPAddress?)
    case timedOut(STUNMessage.Method)
    /// A peer has sent something.
    case data([UInt8], from: Endpoint)
  }

  /// - Parameter wantsBothFamilies: Whether it asks for an IPv6 endpoint besides the IPv4 one.
  public init(server: Endpoint, username: String, password: String, wantsBothFamilies: Bool = false) {
    self.server = server
    self.wantsBothFamilies = wantsBothFamilies
    credential = LongTermCredential(username: username, password: password)
  }

  // MARK: Asking

  public mutating func allocate(lifetime: UInt32? = nil, at now: Instant, using generator: inout SeededGenerator) {
    ask(.allocate(lifetime: lifetime, bothFamilies: wantsBothFamilies), at: now, using: &generator)
  }

  /// Whether it is still open what the server lends.
  public var isAllocating: Bool { asked.contains { $0.purpose.isAboutAllocation } }

  /// The borrowed endpoint from which a peer can be reached.
  public func relayed(towards peer: IPAddress) -> Endpoint? { relayed.first { $0.address.family == peer.family } }

  /// Prolongs the allocation; a lifetime of 0 releases it.
  public mutating func refresh(lifetime: UInt32 = 600, at now: Instant, using generator: inout SeededGenerator) {
    ask(.refresh(lifetime: lifetime), at: now, using: &generator)
  }

  /// Asks for permission for an address to send through the relay.
  public mutating func permit(_ peer: IPAddress, at now: Instant, using generator: inout SeededGenerator) {
    guard !asked.contains(where: { $0.purpose == .permit(peer) }) else { return }
    ask(.permit(peer), at: now, using: &generator)
  }

  /// Asks for a channel to a peer, once for each.
  public mutating func bind(_ peer: Endpoint, at now: Instant, using generator: inout SeededGenerator) {
    let number =
      channels.first { $0.peer == peer }?.number ?? ChannelData.numbers.lowerBound + UInt16(clamping: channels.count)
    guard ChannelData.numbers.contains(number), !asked.contains(where: { $0.purpose == .bind(peer, number) }) else {
      return
    }
    if !channels.contains(where: { $0.peer == peer }) { channels.append((peer, number, false)) }
    ask(.bind(peer, number), at: now, using: &generator)
  }

  private mutating func ask(_ purpose: Purpose, at now: Instant, using generator: inout SeededGenerator) {
    let request = STUNMessage.request(purpose.method, purpose.attributes, using: &generator)
    asked.append(
      Asked(
        purpose: purpose,
        transaction: STUNTransaction(request.transaction, request: credential.encode(request), to: server, at: now),
        wasSigned: credential.realm != nil))
  }

  // MARK: Using

  /// Whether data may be sent to an address through the relay.
  public func isPermitted(_ peer: IPAddress, at now: Instant) -> Bool { permissions[peer].map { now < $0 } ?? false }

  /// The bytes for the server that bring `data` to a peer: on a channel if there is one.
  public func wrap(_ data: [UInt8], to peer: Endpoint, using generator: inout SeededGenerator) -> [UInt8] {
    if let channel = channels.first(where: { $0.peer == peer && $0.isBound }) {
      return ChannelData(channel: channel.number, data: data).encoded()
    }
    let id = STUNMessage.TransactionID(using: &generator)
    return STUNMessage(.indication, .send, id, [.xorPeerAddress(peer), .data(data)]).encoded()
  }

  /// When something is to be done, if nothing comes first.
  public var nextDue: Instant? { asked.map(\.transaction.due).min() }

  /// Sends whatever is due.
  public mutating func wake(at now: Instant) -> (outgoing: [[UInt8]], events: [Event]) {
    var outgoing: [[UInt8]] = []
    var events: [Event] = []
    for index in asked.indices.reversed() {
      switch asked[index].transaction.wake(at: now) {
      case .send(let bytes, _): outgoing.insert(bytes, at: 0)
      case .wait: continue
      case .timedOut: events.insert(.timedOut(asked.remove(at: index).purpose.method), at: 0)
      }
    }
    return (outgoing, events)
  }

  /// A peer's data in a message on a channel; nil for any other message.
  func channelData(in bytes: [UInt8]) -> ArraySlice<UInt8>? {
    guard let (number, data) = ChannelData.parts(of: bytes[...]), channels.contains(where: { $0.number == number })
    else { return nil }
    return data
  }

  /// Handles a message from the server; nil if it is not TURN's, such as an answer to a Binding request.
  public mutating func receive(
    _ bytes: [UInt8], at now: Instant, using generator: inout SeededGenerator
  ) -> [Event]? {
    if let data = ChannelData(decoding: bytes[...]) {
      return channels.first { $0.number == data.channel }.map { [.data(data.data, from: $0.peer)] } ?? []
    }
    guard let received = try? ReceivedSTUNMessage(decoding: bytes[...]) else { return nil }
    let message = received.message
    if message.kind == .indication, message.method == .data {
      guard let peer = message.peerAddress, let data = message.data else { return [] }
      return [.data(data, from: peer)]
    }
    guard let index = asked.firstIndex(where: { $0.transaction.isAnswered(by: message, from: server) }) else {
      return message.method.isTURN ? [] : nil
    }
    // An answer to a signed request is signed, except for refusals that cannot be (RFC 8489 §9.2.5).
    if let key = credential.key, asked[index].wasSigned, message.kind == .success || received.hasIntegrity,
      !received.isSigned(with: key)
    {
      return []
    }
    let done = asked.remove(at: index)
    guard message.kind == .success else { return refused(done, message, at: now, using: &generator) }
    return succeeded(done.purpose, message, at: now, using: &generator)
  }

  private mutating func refused(
    _ done: Asked, _ refusal: STUNMessage, at now: Instant, using generator: inout SeededGenerator
  ) -> [Event] {
    guard let code = refusal.errorCode else { return [.timedOut(done.purpose.method)] }
    if credential.learn(from: refusal, wasSigned: done.wasSigned) {
      ask(done.purpose, at: now, using: &generator)
      return [.challenged(code)]
    }
    guard code == .allocationMismatch else {
      if case .clear = done.purpose { return [.refused(.allocationMismatch, .allocate, peer: nil)] }
      return [.refused(code, done.purpose.method, peer: done.purpose.peer)]
    }
    return mismatched(done.purpose, at: now, using: &generator)
  }

  /// The server knows another allocation for this endpoint than the client does, or none (RFC 8656 §7.4, §8.3).
  private mutating func mismatched(
    _ purpose: Purpose, at now: Instant, using generator: inout SeededGenerator
  ) -> [Event] {
    switch purpose {
    case .allocate(let lifetime, _):
      let refusal = Event.refused(.allocationMismatch, .allocate, peer: nil)
      guard !hasCleared else { return [refusal] }
      // Another endpoint of its own would help as well, but would be another candidate.
      hasCleared = true
      ask(.clear(then: lifetime), at: now, using: &generator)
      return [refusal]
    case .clear(let lifetime):
      allocate(lifetime: lifetime, at: now, using: &generator)
      return []
    case .refresh(lifetime: 0):
      forget()
      return [.refreshed(lifetime: 0)]
    case .refresh, .permit, .bind:
      // What it had is gone, for example because its router has given it another endpoint.
      forget()
      if !isAllocating { allocate(at: now, using: &generator) }
      return [.refused(.allocationMismatch, purpose.method, peer: purpose.peer)]
    }
  }

  private mutating func forget() {
    (relayed, permissions, channels) = ([], [:], [])
    asked.removeAll { !$0.purpose.isAboutAllocation }
  }

  private mutating func succeeded(
    _ purpose: Purpose, _ response: STUNMessage, at now: Instant, using generator: inout SeededGenerator
  ) -> [Event] {
    switch purpose {
    case .allocate:
      relayed = response.relayedAddresses
      guard !relayed.isEmpty else { return [.timedOut(.allocate)] }
      hasCleared = false
      return relayed.map {
        .allocated(relayed: $0, mapped: response.mappedAddress, lifetime: response.lifetime ?? 600)
      }
    case .clear(let lifetime):
      allocate(lifetime: lifetime, at: now, using: &generator)
      return []
    case .refresh(lifetime: 0):
      forget()
      return [.refreshed(lifetime: 0)]
    case .refresh: return [.refreshed(lifetime: response.lifetime ?? 600)]
    case .permit(let peer):
      permissions[peer] = now + TURNService.permissionLifetime
      return [.permitted(peer)]
    case .bind(let peer, let number):
      permissions[peer.address] = now + TURNService.permissionLifetime
      if let index = channels.firstIndex(where: { $0.peer == peer }) { channels[index].isBound = true }
      return [.bound(peer, channel: number)]
    }
  }
}

extension TURNClient.Purpose {
  var method: STUNMessage.Method {
    switch self {
    case .allocate: .allocate
    case .refresh, .clear: .refresh
    case .permit: .createPermission
    case .bind: .channelBind
    }
  }

  /// Whether its answer says what the server lends.
  var isAboutAllocation: Bool {
    switch self {
    case .allocate, .clear, .refresh: true
    case .permit, .bind: false
    }
  }

  /// The peer that it is about.
  var peer: IPAddress? {
    switch self {
    case .allocate, .refresh, .clear: nil
    case .permit(let address): address
    case .bind(let endpoint, _): endpoint.address
    }
  }

  var attributes: [STUNAttribute] {
    switch self {
    case .allocate(let lifetime, let bothFamilies):
      [.requestedTransport(STUNAttribute.udp)] + (bothFamilies ? [.additionalAddressFamily(.ipv6)] : [])
        + (lifetime.map { [.lifetime($0)] } ?? [])
    case .clear: [.lifetime(0)]
    case .refresh(let lifetime): [.lifetime(lifetime)]
    case .permit(let peer): [.xorPeerAddress(Endpoint(peer, 0))]
    case .bind(let peer, let number): [.channelNumber(number), .xorPeerAddress(peer)]
    }
  }
}
