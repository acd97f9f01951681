// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Forwards that come and go: single ports, ranges of them, whole addresses, and whatever is nobody's.
extension RandomLife {
  mutating func changeForwards() -> String? {
    guard let address = nat.externalAddresses.first else { return nil }
    reference.pass(now)
    nat.expire(at: now)
    switch choices.below(6) {
    case 0 where nat.externalAddresses.count > 1, 1 where nat.externalAddresses.count > 1: return changeWholeAddress()
    case 2: return changeDefaultHost()
    case 3: return changeRange(of: address)
    default:
      let external = Endpoint(address, pick([80, 81, 5_001]))
      let inside = Endpoint(Self.inside[Int(choices.below(2))], pick([1_024, 1_025]))
      let (_, difference) = toggleForward(.udp, external, inside)
      return difference ?? compareTables()
    }
  }

  /// Forwards some ports in a row, or takes that back: all of them or, if one cannot be, none.
  private mutating func changeRange(of address: IPAddress) -> String? {
    let transport = pick([TransportProtocol.udp, .tcp])
    let (first, inside) = (pick([UInt16(79), 80, 1_023, 5_000]), Self.inside[Int(choices.below(3))])
    let before = (nat, reference)
    var isAdding: Bool?
    for offset in 0..<UInt16(1 + choices.below(4)) {
      let target = Endpoint(inside, 1_024 + offset)
      let (change, difference) = toggleForward(transport, Endpoint(address, first + offset), target)
      if let difference { return difference }
      guard let change, isAdding == nil || isAdding == change else {
        (nat, reference) = before
        break
      }
      isAdding = change
    }
    return compareTables()
  }

  /// Adds a forward, or removes the one there is; returns whether it was added, nil if it cannot be.
  private mutating func toggleForward(
    _ transport: TransportProtocol, _ external: Endpoint, _ inside: Endpoint
  ) -> (isAdded: Bool?, difference: String?) {
    let now = now
    if let number = reference.newest(transport, external), reference.rows[number].isStatic {
      reference.end(reference.rows[number], at: now)
      let error = attempt { nat throws(StaticMappingError) in
        try nat.removeStaticMapping(transport, port: external.port, at: now)
      }
      return (false, error == nil ? nil : "no such mapping")
    }
    let pair = reference.pairs.first { $0.inside == inside.address }
    let user = reference.newest(transport, external).map { reference.rows[$0] }
    let expected: StaticMappingError? =
      pair.map { .hasOwnAddress($0.inside, external: $0.external) }
      ?? user.map { .portInUse(id: $0.id, isStatic: false) }
    let error = attempt { nat throws(StaticMappingError) in
      try nat.addStaticMapping(transport, port: external.port, to: inside, at: now)
    }
    guard error == expected else { return (nil, "a forward ended with \(error as Any), not \(expected as Any)") }
    if error != nil { return (nil, nil) }
    let own = reference.rows.filter { $0.transport == transport && $0.inside == inside }
    if !own.contains(where: \.isStatic) {
      for row in own where row.dependence == .endpointIndependent { reference.end(row, at: now) }
    }
    reference.lastID += 1
    reference.past.removeAll { $0.transport == transport && $0.outside == external }
    reference.resting.removeAll { $0.transport == transport && $0.endpoint == external }
    reference.rows.append(
      ReferenceNAT.Row(
        id: reference.lastID, transport: transport, inside: inside, outside: external,
        conversations: [reference.conversation(Endpoint(inside.address, 0))], dependence: .endpointIndependent,
        isStatic: true, lifetimes: nat.behavior.lifetimes, created: now, expires: .never))
    return (true, nil)
  }

  /// Names the inside host that gets what is nobody's, or none. Flows that it has stay.
  private mutating func changeDefaultHost() -> String? {
    let host = pick([nil] + Self.inside.prefix(2).map { $0 })
    let pair = host.flatMap { host in reference.pairs.first { $0.inside == host } }
    let expected: StaticMappingError? =
      pair.map { .hasOwnAddress($0.inside, external: $0.external) }
      ?? (host == nil && reference.defaultHost == nil ? .noSuchMapping : nil)
    let error = attempt { nat throws(StaticMappingError) in try nat.setDefaultHost(host) }
    guard error == expected else { return "the default host ended with \(error as Any), not \(expected as Any)" }
    if error == nil { reference.defaultHost = host }
    return compareTables()
  }

  /// Gives a host the second outside address for itself, or takes it back.
  private mutating func changeWholeAddress() -> String? {
    let now = now
    let external = nat.externalAddresses[1]
    let inside = Self.inside[Int(choices.below(3))]
    if reference.pairs.contains(where: { $0.external == external }) {
      reference.pairs = []
      let error = attempt { nat throws(StaticMappingError) in try nat.unpair(external) }
      return error == nil ? compareTables() : "no such pair"
    }
    let hasForwards =
      reference.defaultHost == inside || reference.rows.contains { $0.isStatic && $0.inside.address == inside }
    if !hasForwards {
      let displaced = reference.rows.filter {
        !$0.isStatic && reference.isTranslated($0) && ($0.outside.address == external || $0.inside.address == inside)
      }
      for row in displaced { reference.end(row, at: now) }
      reference.pairs = [AddressPair(external: external, inside: inside)]
    }
    let error = attempt { nat throws(StaticMappingError) in try nat.pair(external, with: inside, at: now) }
    guard error == (hasForwards ? .hasForwards(inside) : nil) else { return "pairing ended with \(error as Any)" }
    return compareTables()
  }

  private mutating func attempt<Value>(
    _ work: (inout NAT) throws(StaticMappingError) -> Value
  ) -> StaticMappingError? {
    do throws(StaticMappingError) {
      _ = try work(&nat)
      return nil
    } catch {
      return error
    }
  }
}
