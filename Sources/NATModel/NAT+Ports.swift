// SPDX-License-Identifier: GPL-3.0-or-later

/// Choosing a new mapping's outside endpoint (RFC 4787 §4.1 pooling, §4.2 ports).
extension NAT {
  /// Whether inside hosts are counted: for a limit per host, and for pairing if there are several outside addresses.
  var tracksHosts: Bool {
    behavior.maximumMappingsPerHost != nil || externalAddresses.count > 1 || behavior.portAssignment.isByBlocks
  }

  /// The place of the ports of `address` and `transport`.
  @inline(__always)
  func portSpace(_ transport: TransportProtocol, _ address: IPAddress) -> Int? {
    guard let position = externalPosition(of: address) else { return nil }
    return position &* TransportProtocol.allCases.count &+ Int(transport.rawValue)
  }

  /// The index of `address` among the outside addresses.
  @inline(__always)
  func externalPosition(of address: IPAddress) -> Int? {
    guard address.isIPv4 else { return nil }
    if externalsAreConsecutive {
      let offset = address.ipv4Bits &- lowestExternal
      return offset <= highestExternal &- lowestExternal ? Int(offset) : nil
    }
    guard address.ipv4Bits >= lowestExternal, address.ipv4Bits <= highestExternal else { return nil }
    return externalIndex.first(KeyHash.value(of: address)) { externalAddresses[$0] == address }
  }

  /// The outside endpoint of a new row, and the outside address its host is paired with.
  mutating func chooseExternal(
    for key: FlowKey, _ packet: Packet, host: Int?, at now: Instant,
    using generator: inout SeededGenerator
  ) throws(DropReason) -> (Endpoint, pairedWith: Int) {
    guard !externalAddresses.isEmpty else { throw .noRoute }
    if behavior.pooling == .paired || behavior.portAssignment.isByBlocks, let host,
      !isPaired(externalAddresses[hosts.external(host)])
    {
      let paired = hosts.external(host)
      if let port = choosePort(on: paired, key, packet, host: host, at: now, using: &generator) {
        return (Endpoint(externalAddresses[paired], port), paired)
      }
      throw .portsExhausted
    }
    for _ in externalAddresses.indices {
      let position = nextExternal % externalAddresses.count
      nextExternal = position + 1
      if isPaired(externalAddresses[position]) { continue }
      if let port = choosePort(on: position, key, packet, host: host, at: now, using: &generator) {
        return (Endpoint(externalAddresses[position], port), position)
      }
    }
    throw .portsExhausted
  }

  private mutating func choosePort(
    on position: Int, _ key: FlowKey, _ packet: Packet, host: Int?, at now: Instant,
    using generator: inout SeededGenerator
  ) -> UInt16? {
    let (transport, source) = (packet.transport, packet.source)
    let space = position * TransportProtocol.allCases.count + Int(transport.rawValue)
    let parity = behavior.preservesParity && transport != .icmp ? source.port & 1 : nil
    let isExpected = key.remote.port == 0 && transport != .icmp
    switch behavior.portAssignment {
    case .sequential(let first):
      let range = min(first, 1_024)...UInt16.max
      let start = portSpaces[space].cursor ?? first
      let port = portSpaces[space].firstFree(from: start, in: range, parity: parity)
      if let port { portSpaces[space].cursor = port == .max ? 1_024 : port + 1 }
      return port
    case .preserve:
      // Both a freed port's rest and another's use make it "taken"; the parity is that of the inside port.
      return portSpaces[space].firstFree(
        from: source.port, in: Self.standardRange(transport, source.port), parity: parity)
    case .random(let range):
      for _ in 0..<8 {
        let port = range.lowerBound + UInt16(generator.below(UInt64(range.count)))
        if !portSpaces[space].isTaken(port), parity == nil || port & 1 == parity { return port }
      }
      let start = range.lowerBound + UInt16(generator.below(UInt64(range.count)))
      return portSpaces[space].firstFree(from: start, in: range, parity: parity)
    case .preserveOrRefuse: return portSpaces[space].isTaken(source.port) ? nil : source.port
    case .blocks(let size, let range):
      let known = host.flatMap { hosts.block($0) }
      guard let block = known ?? hosts.firstFreeBlock(of: range.count / size, on: position) else { return nil }
      let ports = Self.ports(ofBlock: block, size, range)
      return portSpaces[space].firstFree(from: ports.lowerBound, in: ports, parity: parity)
    case .overload where isExpected, .overloadWithin where isExpected:
      // A flow that has not begun shares its outside port with nobody.
      var range = Self.overloadRange(transport, source.port)
      if case .overloadWithin(let ports) = behavior.portAssignment { range = ports }
      return portSpaces[space].firstFree(from: source.port, in: range, parity: parity)
    case .overload, .overloadWithin:
      return overloadedPort(
        on: externalAddresses[position], space, key, packet, parity, at: now, using: &generator)
    }
  }

  /// The ports within which an inside port is preserved: well-known ones stay well-known (RFC 4787 REQ-3).
  private static func standardRange(_ transport: TransportProtocol, _ port: UInt16) -> ClosedRange<UInt16> {
    if transport == .icmp { return 0...UInt16.max }
    return port < 1_024 ? 1...1_023 : 1_024...UInt16.max
  }

  /// netfilter's ranges when the inside port is taken: privileged ports move within 1–511 or 600–1023.
  private static func overloadRange(_ transport: TransportProtocol, _ port: UInt16) -> ClosedRange<UInt16> {
    if transport == .icmp { return 0...UInt16.max }
    return port < 512 ? 1...511 : port < 1_024 ? 600...1_023 : 1_024...UInt16.max
  }

  /// An outside port that nobody else uses towards the flow's remote: the one that the inside endpoint's newest row
  /// has, else its own number, else any. The search stops before it has tried all of a full space, as the kernel's
  /// does, so that refusing a newcomer costs little: it tries runs of ports from random places, the first of 128, each
  /// half as long as the one before.
  private mutating func overloadedPort(
    on address: IPAddress, _ space: Int, _ key: FlowKey, _ packet: Packet, _ parity: UInt16?, at now: Instant,
    using generator: inout SeededGenerator
  ) -> UInt16? {
    let (transport, source) = (packet.transport, packet.source)
    var range = Self.overloadRange(transport, source.port)
    if case .overloadWithin(let ports) = behavior.portAssignment, transport != .icmp { range = ports }
    let isLimited = behavior.portAssignment != .overload && transport != .icmp
    func isAvailable(_ port: UInt16) -> Bool {
      if isLimited, !range.contains(port) { return false }
      let external = Endpoint(address, port)
      if transport == .udp, ownFlows.contains(external, towards: packet.destination, at: now) { return false }
      guard let user = inboundRow(transport, external) else { return !portSpaces[space].isTaken(port) }
      return sharesPort(user)
        && permissions.claimant(rows[user].outsideKey, towards: key.remote, in: rows) == nil
    }
    if let entry = sourceEntry(key).map({ rows[$0].external }), entry.address == address.ipv4Bits,
      parity == nil || entry.port & 1 == parity, isAvailable(entry.port)
    {
      return entry.port
    }
    if source.port != 0 || transport == .icmp, isAvailable(source.port) { return source.port }
    var attempts = min(range.count, 128)
    while true {
      var place = generator.below(UInt64(range.count))
      for _ in 0..<attempts {
        let port = range.lowerBound + UInt16(place % UInt64(range.count))
        if parity == nil || port & 1 == parity, isAvailable(port) { return port }
        place += 1
      }
      if attempts == range.count || attempts < 16 { return nil }
      attempts /= 2
    }
  }
}
