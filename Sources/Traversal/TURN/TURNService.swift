// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A TURN server (RFC 8656) without its sockets: its reactions to messages.
public struct TURNService: Sendable {
  /// The default lifetime of an allocation, and the longest (RFC 8656 §3.2, §7.2).
  public static let standardLifetime = Interval.seconds(600)
  public static let longestLifetime = Interval.seconds(3_600)
  /// RFC 8656 §9, §12.
  public static let permissionLifetime = Interval.seconds(300)
  public static let channelLifetime = Interval.seconds(600)
  /// The ports of relayed addresses (RFC 8656 §7.2).
  public static let relayPorts: ClosedRange<UInt16> = 49_152...65_535

  /// A client's loan, identified by the client's and the server's end of the conversation.
  public struct Allocation: Hashable, Sendable {
    public let client: Endpoint
    /// The server's endpoint to which the client talks.
    public let server: Endpoint
    /// At most one endpoint per family, all of one port.
    public internal(set) var relayed: [Endpoint]
    /// The family of which there was none, though it was asked for.
    var missing: AddressFamily?
    public let username: String
    public internal(set) var expires: Instant
    /// By the peer's address, without its port (RFC 8656 §9).
    var permissions: [IPAddress: Instant] = [:]
    var channels: [UInt16: Channel] = [:]
    var channelNumbers: [Endpoint: UInt16] = [:]
    /// The request that made it, so that a repetition does not make another (RFC 8656 §7.2).
    let request: STUNMessage.TransactionID

    struct Channel: Hashable, Sendable {
      var peer: Endpoint
      var expires: Instant
    }

    var port: UInt16? { relayed.first?.port }

    /// The endpoint from which a peer gets data; nil if none is of the peer's family.
    func relayed(towards peer: IPAddress) -> Endpoint? { relayed.first { $0.address.family == peer.family } }
  }

  /// An action of the server.
  public enum Action: Hashable, Sendable {
    /// Answers or passes data on to a client.
    case toClient([UInt8], from: Endpoint, to: Endpoint)
    /// Passes data on to a peer from a relayed endpoint.
    case toPeer([UInt8], from: Endpoint, to: Endpoint, dontFragment: Bool)
    case close(port: UInt16)
    case note(Note)
  }

  /// An event worth reporting.
  public enum Note: Hashable, Sendable {
    case allocated(client: Endpoint, relayed: Endpoint, lifetime: Interval)
    case refreshed(client: Endpoint, lifetime: Interval)
    case deleted(client: Endpoint, relayed: Endpoint)
    case expired(client: Endpoint, relayed: Endpoint)
    case permission(client: Endpoint, peer: IPAddress)
    case channel(client: Endpoint, peer: Endpoint, number: UInt16)
    case refused(client: Endpoint, STUNErrorCode, STUNMessage.Method)
    /// A client's data for a peer without a permission, or for one to whom nothing may be relayed.
    case discarded(client: Endpoint, peer: Endpoint)
    /// A peer's data without a permission.
    case unwanted(peer: Endpoint, relayed: Endpoint)
  }

  let authenticator: LongTermAuthenticator
  /// The most allocations per user, and in all.
  let quota: Int
  let capacity: Int
  /// Whether data may be relayed to private addresses, which lets a client reach hosts behind the server (RFC 8656
  /// §21).
  let relaysToPrivate: Bool
  var allocations: [Endpoint: Allocation] = [:]
  private var clients: [UInt16: Endpoint] = [:]

  public init(
    authenticator: LongTermAuthenticator, quota: Int = 10, capacity: Int = 4_096, relaysToPrivate: Bool = false
  ) {
    self.authenticator = authenticator
    self.quota = quota
    self.capacity = capacity
    self.relaysToPrivate = relaysToPrivate
  }

  public var allocationCount: Int { allocations.count }

  /// When the next allocation ends, if nothing extends it.
  public var nextExpiry: Instant? { allocations.values.map(\.expires).min() }

  /// Handles a client's data.
  ///
  /// - Parameters:
  ///   - addresses: the server's other addresses, which it may lend as well.
  ///   - take: makes a port the server's own; false if somebody has it.
  public mutating func receive(
    _ bytes: [UInt8], from client: Endpoint, to server: Endpoint, lending addresses: [IPAddress] = [], at now: Instant,
    using generator: inout SeededGenerator, taking take: (UInt16) -> Bool
  ) -> [Action] {
    if let data = ChannelData(decoding: bytes[...]) { return relay(data, from: client, at: now) }
    guard let received = try? ReceivedSTUNMessage(decoding: bytes[...]) else { return [] }
    let message = received.message
    switch message.kind {
    case .indication where message.method == .send: return relay(message, from: client, at: now)
    case .request: break
    default: return []
    }
    func refuse(_ refusal: STUNMessage, key: [UInt8]? = nil) -> [Action] {
      [
        .toClient(refusal.encoded(signedWith: key), from: server, to: client),
        .note(.refused(client: client, refusal.errorCode ?? .badRequest, message.method)),
      ]
    }
    let username: String
    let key: [UInt8]
    switch authenticator.check(received, from: client, at: now) {
    case .refused(let refusal): return refuse(refusal)
    case .accepted(let name, let signature): (username, key) = (name, signature)
    }
    let unknown = message.unknownRequiredTypes(understanding: Self.knownTypes)
    guard unknown.isEmpty else {
      return refuse(message.refusal(.unknownAttribute, [.unknownAttributes(unknown)]), key: key)
    }
    if message.isMalformed { return refuse(message.refusal(.badRequest), key: key) }
    let request = Request(
      message: message, client: client, server: server, addresses: [server.address] + addresses, username: username,
      now: now)
    do throws(Refusal) {
      let (attributes, actions) = try answer(request, using: &generator, taking: take)
      let response = message.response(attributes + [.software(BindingService.software)])
      return [.toClient(response.encoded(signedWith: key), from: server, to: client)] + actions
    } catch {
      return refuse(message.refusal(error.code), key: key)
    }
  }

  /// An authentic request and where it came from.
  struct Request {
    var message: STUNMessage
    var client: Endpoint
    var server: Endpoint
    /// The addresses that the server can lend.
    var addresses: [IPAddress]
    var username: String
    var now: Instant

    func address(_ family: AddressFamily) -> IPAddress? { addresses.first { $0.family == family } }
  }

  struct Refusal: Error {
    var code: STUNErrorCode
    init(_ code: STUNErrorCode) { self.code = code }
  }

  private mutating func answer(
    _ request: Request, using generator: inout SeededGenerator, taking take: (UInt16) -> Bool
  ) throws(Refusal) -> ([STUNAttribute], [Action]) {
    if request.message.method == .allocate { return try allocate(request, using: &generator, taking: take) }
    guard [.refresh, .createPermission, .channelBind].contains(request.message.method) else {
      throw Refusal(.badRequest)
    }
    guard let allocation = current(request.client, at: request.now) else { throw Refusal(.allocationMismatch) }
    guard allocation.username == request.username else { throw Refusal(.wrongCredentials) }
    switch request.message.method {
    case .refresh: return try refresh(request, allocation)
    case .createPermission: return try permit(request, allocation)
    default: return try bind(request, allocation)
    }
  }

  /// A client's allocation; nil if its time is over, whether or not it has been cleared away.
  func current(_ client: Endpoint, at now: Instant) -> Allocation? {
    allocations[client].flatMap { now < $0.expires ? $0 : nil }
  }

  func client(ofPort port: UInt16) -> Endpoint? { clients[port] }

  mutating func add(_ allocation: Allocation) {
    allocations[allocation.client] = allocation
    for relayed in allocation.relayed { clients[relayed.port] = allocation.client }
  }

  mutating func remove(_ allocation: Allocation) {
    allocations[allocation.client] = nil
    for relayed in allocation.relayed { clients[relayed.port] = nil }
  }

  /// Clears away everything that has ended by `now`.
  public mutating func expire(at now: Instant) -> [Action] {
    let ended = allocations.values.filter { $0.expires <= now }.sorted { ($0.port ?? 0) < ($1.port ?? 0) }
    return ended.flatMap { allocation -> [Action] in
      remove(allocation)
      return (allocation.port.map { [.close(port: $0)] } ?? [])
        + allocation.relayed.map { .note(.expired(client: allocation.client, relayed: $0)) }
    }
  }

  /// Whether data may be relayed to an address at all: not to the server's own network or itself (RFC 8656 §21.2), nor
  /// into a tunnel, from which they might come back again and again (§21.4).
  func mayRelay(to address: IPAddress) -> Bool {
    (address.scope.isRoutedOnInternet || relaysToPrivate && address.scope.isOfPrivateNetworks)
      && !address.isOfATunnel
  }

  private static let knownTypes: Set<STUNAttribute.Kind> = [
    .username, .userhash, .messageIntegrity, .messageIntegritySHA256, .realm, .nonce, .passwordAlgorithm,
    .channelNumber, .lifetime, .xorPeerAddress, .data, .requestedAddressFamily, .evenPort, .requestedTransport,
    .dontFragment, .reservationToken, .additionalAddressFamily,
  ]
}

extension AddressScope {
  fileprivate var isOfPrivateNetworks: Bool { self == .private || self == .shared }
}

extension IPAddress {
  /// Whether packets to it go through a tunnel over IPv4: 6to4 (RFC 3056 §2) or Teredo (RFC 4380 §4).
  var isOfATunnel: Bool { !isIPv4 && (high >> 48 == 0x2002 || high >> 32 == 0x2001_0000) }
}
