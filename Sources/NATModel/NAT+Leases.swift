// SPDX-License-Identifier: GPL-3.0-or-later

/// A static mapping for a time, which an inside host has asked for.
public struct PortLease: Hashable, Sendable {
  /// The mapping's number.
  public var id: Int
  public var transport: TransportProtocol
  public var inside: Endpoint
  /// Without translation the same as ``inside``, but for the prefix, if the router exchanges it (RFC 6296).
  public var external: Endpoint
  /// ``Instant/never`` for one that is for good.
  public var expires: Instant
  /// Whatever proves who asked for it.
  public var token: [UInt8]
  /// Whether no other host may have the same outside port of the other protocol (RFC 6886 §3.3).
  public var keepsCompanion: Bool
}

/// Leases in the order in which they end.
struct PortLeases: Sendable {
  private(set) var all: [PortLease] = []
  private(set) var earliest = Instant.never

  mutating func insert(_ lease: PortLease) {
    let place = all.firstIndex { $0.expires > lease.expires } ?? all.endIndex
    all.insert(lease, at: place)
    earliest = all.first?.expires ?? .never
  }

  mutating func remove(id: Int) {
    all.removeAll { $0.id == id }
    earliest = all.first?.expires ?? .never
  }

  /// The first that has ended by `now`.
  func next(at now: Instant) -> PortLease? {
    guard let first = all.first, first.expires <= now, first.expires < .never else { return nil }
    return first
  }
}

/// Why a lease was not given.
public enum PortLeaseError: Error, Hashable, Sendable {
  /// The host, or all hosts together, may have no more.
  case noMoreForHost
  case noMore
  /// Somebody else has the outside port, and it was that one or none.
  case portTaken
  /// Somebody else has asked for this mapping.
  case notTheirs
  case noExternalAddress
}

/// Mappings that hosts ask for (RFC 6886, RFC 6887): static ones that end.
extension NAT {
  /// The leases there are, in the order in which they end.
  public var portLeases: [PortLease] { leases.all.map { shownOutside($0) } }

  /// Rows of untranslated flows have inside addresses, and so have leases in their list.
  private func shownOutside(_ lease: PortLease) -> PortLease {
    guard behavior.prefixTranslation != nil else { return lease }
    var lease = lease
    lease.external = shownOutside(lease.external)
    return lease
  }

  /// Maps an outside port to `inside`, or an IPv6 endpoint through the firewall, until `expires`.
  ///
  /// - Parameters:
  ///   - suggested: the outside port that is asked for; 0 is any.
  ///   - isFixed: whether it is that port or none.
  ///   - token: another one than the lease was given for does not change it.
  ///   - keepsCompanion: whether the same port of the other protocol is the host's own as well.
  public mutating func lease(
    _ transport: TransportProtocol, to inside: Endpoint, suggested: UInt16, isFixed: Bool = false, token: [UInt8],
    keepsCompanion: Bool = false, until expires: Instant, at now: Instant
  ) throws(PortLeaseError) -> PortLease {
    expire(at: now)
    let isTranslated = behavior.translates && inside.address.isIPv4
    if var known = leases.all.first(where: { $0.transport == transport && $0.inside == inside }) {
      guard known.token == token else { throw .notTheirs }
      guard !isFixed || known.external.port == suggested else { throw .portTaken }
      leases.remove(id: known.id)
      known.expires = expires
      leases.insert(known)
      return shownOutside(known)
    }
    if let limit = behavior.maximumMappingsPerHost,
      leases.all.count(where: { $0.inside.address == inside.address }) >= limit
    {
      throw .noMoreForHost
    }
    if let limit = behavior.maximumMappings, count >= limit { throw .noMore }
    let external: Endpoint
    if isTranslated {
      guard let address = externalAddresses.first else { throw .noExternalAddress }
      external = Endpoint(address, try leasedPort(transport, inside, suggested, isFixed, keepsCompanion, of: address))
    } else {
      if let prefixes = behavior.prefixTranslation, prefixes.inside.contains(inside.address),
        prefixes.outward(inside.address) == nil
      {
        throw .noExternalAddress
      }
      external = inside
    }
    let id = try addLeased(transport, external, to: inside, isTranslated: isTranslated, at: now)
    let lease = PortLease(
      id: id, transport: transport, inside: inside, external: external, expires: expires, token: token,
      keepsCompanion: keepsCompanion)
    leases.insert(lease)
    return shownOutside(lease)
  }

  /// The suggested port where it is free or the inside endpoint's own already, else the next free one.
  private mutating func leasedPort(
    _ transport: TransportProtocol, _ inside: Endpoint, _ suggested: UInt16, _ isFixed: Bool, _ keepsCompanion: Bool,
    of address: IPAddress
  ) throws(PortLeaseError) -> UInt16 {
    var port = suggested == 0 ? max(inside.port, 1) : suggested
    for _ in 0..<1_024 {
      let user = inboundRow(transport, Endpoint(address, port))
      let isOwn = user.map { internalEndpoint($0) == inside && !rows[$0].traits.contains(.isStatic) } ?? true
      let isKept = leases.all.contains {
        $0.transport != transport && $0.external == Endpoint(address, port) && $0.inside.address != inside.address
          && ($0.keepsCompanion || keepsCompanion)
      }
      if isOwn, !isKept { return port }
      if isFixed { throw .portTaken }
      port = port == .max ? 1_024 : port + 1
    }
    throw .noMore
  }

  private mutating func addLeased(
    _ transport: TransportProtocol, _ external: Endpoint, to inside: Endpoint, isTranslated: Bool, at now: Instant
  ) throws(PortLeaseError) -> Int {
    // Its own mapping, made by a packet, gives way to the lease.
    if behavior.tracking == .mappings || !isTranslated, let user = inboundRow(transport, external),
      !rows[user].traits.contains(.isStatic)
    {
      removeRow(user, at: now, .replaced)
    }
    guard isTranslated else {
      let row = insertRow(
        transport, from: inside, as: external, towards: Endpoint(inside.address, 0), binding: .endpointIndependent,
        traits: [.isStatic, .isUntranslated], RowDetails(createdAt: now, createdBy: 0))
      return Int(rows[row].id)
    }
    do throws(StaticMappingError) {
      return try addStaticMapping(transport, port: external.port, to: inside, at: now)
    } catch {
      throw error == .noExternalAddress ? .noExternalAddress : .portTaken
    }
  }

  /// Whether packets from outside are passed on to `inside` by a rule or a lease; port 0 is any of its ports.
  public func hasStaticMapping(_ transport: TransportProtocol, to inside: Endpoint) -> Bool {
    mappings.contains {
      $0.isStatic && $0.transport == transport && $0.internal.address == inside.address
        && (inside.port == 0 || $0.internal.port == inside.port)
    }
  }

  /// Gives a lease up; false where there is none of that token.
  @discardableResult
  public mutating func endLease(
    _ transport: TransportProtocol, to inside: Endpoint, token: [UInt8], at now: Instant
  ) -> Bool {
    expire(at: now)
    guard
      let lease = leases.all.first(where: { $0.transport == transport && $0.inside == inside && $0.token == token })
    else { return false }
    leases.remove(id: lease.id)
    removeLeased(lease, at: now, .released)
    return true
  }

  /// Ends all leases, as when the router is switched off; returns how many there were.
  mutating func endLeases(at now: Instant) -> Int {
    let all = leases.all
    for lease in all {
      leases.remove(id: lease.id)
      removeLeased(lease, at: now, .emptied)
    }
    return all.count
  }

  mutating func expireLeases(at now: Instant) {
    while let lease = leases.next(at: now) {
      // What is remembered of the mapping says when it ended, which the lease knows.
      removeLeased(lease, at: lease.expires, .timedOut)
      leases.remove(id: lease.id)
    }
  }

  private mutating func removeLeased(_ lease: PortLease, at now: Instant, _ cause: Mapping.Cause) {
    guard let row = inboundRow(lease.transport, lease.external), Int(rows[row].id) == lease.id else { return }
    removeStatic(row, at: now, cause)
  }
}
