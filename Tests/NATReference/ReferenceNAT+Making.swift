// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// New rows, lifetimes and TCP, as the RFCs describe them.
extension ReferenceNAT {
  /// Makes a row for `packet`, or says why not.
  mutating func make(
    _ packet: Packet, _ remote: Endpoint, _ translates: Bool, at now: Instant, number: Int,
    chosen: (Int) -> Endpoint?
  ) -> DropReason? {
    let dynamic = rows.filter { !$0.isStatic }
    if let most = behavior.maximumMappings, dynamic.count >= most { return .tableFull }
    let ofHost = dynamic.filter { !$0.isForwarded && $0.inside.address == packet.source.address }
    if let most = behavior.maximumMappingsPerHost, ofHost.count >= most { return .tableFull }

    var outside = packet.source
    var dependence = EndpointDependence.endpointIndependent
    let mayShare = translates && behavior.portAssignment.sharesPorts
    if translates {
      guard let place = choose(packet, remote, chosen(lastID + 1)) else { return .portsExhausted }
      outside = place
      dependence = behavior.mapping
      if mayShare,
        rows.contains(where: {
          $0.transport == packet.transport && $0.inside == packet.source && $0.dependence == dependence
            && $0.serves(remote)
        })
      {
        dependence = .addressAndPortDependent
      }
    }
    lastID += 1
    if !rows.contains(where: { $0.transport == packet.transport && $0.outside == outside }) {
      past.removeAll { $0.transport == packet.transport && $0.outside == outside }
    }
    var row = Row(
      id: lastID, transport: packet.transport, inside: packet.source, outside: outside,
      conversations: [conversation(remote)], dependence: dependence, mayShare: mayShare,
      lifetimes: behavior.lifetimes, created: now, expires: now)
    row.packetsOut = 1
    row.createdBy = number
    rows.append(row)
    if packet.transport == .tcp { see(packet.tcpFlags, outbound: true, rows.count - 1, remote) }
    switch packet.transport {
    case .udp: rows[rows.count - 1].expires = now + behavior.lifetimes.udp
    case .tcp: rows[rows.count - 1].expires = now + lifetime(rows.count - 1, at: now)
    case .icmp: rows[rows.count - 1].expires = now + behavior.lifetimes.icmp
    }
    return nil
  }

  /// The outside endpoint of a new row (RFC 4787 §4.1 pooling, §4.2); nil when there is none left.
  private mutating func choose(_ packet: Packet, _ remote: Endpoint, _ chosen: Endpoint?) -> Endpoint? {
    func isWhole(_ address: IPAddress) -> Bool { pairs.contains { $0.external == address } }
    if behavior.pooling == .paired || behavior.portAssignment.isByBlocks, let own = paired[packet.source.address],
      !isWhole(own)
    {
      return port(on: own, packet, remote, chosen)
    }
    for _ in addresses {
      let address = addresses[nextAddress % addresses.count]
      nextAddress = nextAddress % addresses.count + 1
      if isWhole(address) { continue }
      guard let place = port(on: address, packet, remote, chosen) else { continue }
      if paired[packet.source.address] == nil { paired[packet.source.address] = address }
      return place
    }
    return nil
  }

  /// The host's ports, or those that it would get: the first block of the address that nobody has.
  private func block(
    for host: IPAddress, on address: IPAddress, _ size: Int, _ range: ClosedRange<UInt16>
  ) -> (number: Int, ports: Range<Int>)? {
    let others = blocks.filter { paired[$0.key] == address }.values
    guard let number = blocks[host] ?? (0..<range.count / size).first(where: { !others.contains($0) }) else {
      return nil
    }
    let first = Int(range.lowerBound) + number * size
    return (number, first..<first + size)
  }

  private mutating func port(on address: IPAddress, _ packet: Packet, _ remote: Endpoint, _ chosen: Endpoint?)
    -> Endpoint?
  {
    let transport = packet.transport
    func fits(_ port: Int) -> Bool {
      let place = Endpoint(address, UInt16(port))
      if behavior.preservesParity, transport != .icmp, port % 2 != Int(packet.source.port) % 2 { return false }
      if resting.contains(where: { $0.transport == transport && $0.endpoint == place }) { return false }
      let users = rows.filter { $0.transport == transport && $0.outside == place }
      if case .overloadWithin(let range) = behavior.portAssignment, transport != .icmp, !range.contains(UInt16(port)) {
        return false
      }
      guard behavior.portAssignment.sharesPorts else { return users.isEmpty }
      return users.allSatisfy { $0.mayShare && !$0.wasUsed(towards: remote) }
    }
    let inside = Int(packet.source.port)
    let standard = transport == .icmp ? 0...65_535 : inside < 1_024 ? 1...1_023 : 1_024...65_535
    switch behavior.portAssignment {
    case .sequential(let first):
      let key = "\(address) \(transport)"
      let lowest = min(Int(first), 1_024)
      let start = cursors[key] ?? Int(first)
      guard let port = (start...65_535).first(where: fits) ?? (lowest..<start).first(where: fits) else { return nil }
      cursors[key] = port == 65_535 ? 1_024 : port + 1
      return Endpoint(address, UInt16(port))
    case .preserve:
      let start = standard.contains(inside) ? inside : standard.lowerBound
      let port = (start...standard.upperBound).first(where: fits) ?? (standard.lowerBound..<start).first(where: fits)
      return port.map { Endpoint(address, UInt16($0)) }
    case .random(let range):
      guard let chosen, chosen.address == address, range.contains(chosen.port), fits(Int(chosen.port)) else {
        return nil
      }
      return chosen
    case .blocks(let size, let range):
      guard let block = block(for: packet.source.address, on: address, size, range),
        let port = block.ports.first(where: fits)
      else { return nil }
      blocks[packet.source.address] = block.number
      return Endpoint(address, UInt16(port))
    case .preserveOrRefuse: return fits(inside) ? Endpoint(address, UInt16(inside)) : nil
    case .overload, .overloadWithin:
      guard let chosen, chosen.address == address, fits(Int(chosen.port)) else { return nil }
      let newest = rows.last { $0.transport == transport && $0.inside == packet.source && !$0.isForwarded }
      // The newest row's, where it is on this address, then its own number, while it may; only then any.
      let wanted = newest.flatMap { $0.outside.address == address ? [Int($0.outside.port)] : nil } ?? []
      let own = inside != 0 || transport == .icmp ? [inside] : []
      if let first = (wanted + own).first(where: fits), Int(chosen.port) != first { return nil }
      return chosen
    }
  }

  func lifetime(_ index: Int, at now: Instant) -> Interval {
    let row = rows[index]
    switch row.transport {
    case .icmp: return row.lifetimes.icmp
    case .udp:
      let isStream = row.isAnswered && now >= row.created + behavior.streamAfter
      return isStream ? row.lifetimes.udpStream ?? row.lifetimes.udp : row.lifetimes.udp
    case .tcp:
      if row.conversations.count == 1 { return row.conversations[0].connection.lifetime(row.lifetimes) }
      let isOpen = row.conversations.contains { $0.connection.isOpen }
      return isOpen ? row.lifetimes.tcpEstablished : row.lifetimes.tcpTransitory
    }
  }

  mutating func see(_ flags: TCPFlags, outbound: Bool, _ index: Int, _ remote: Endpoint) {
    guard let place = rows[index].conversations.firstIndex(where: { $0.remote == remote }) else { return }
    rows[index].conversations[place].connection.see(flags, outbound: outbound)
  }
}

/// ICMP errors (RFC 5508 §4).
extension ReferenceNAT {
  func errorIn(_ packet: Packet) -> Outcome {
    guard var quoted = packet.quoted, quoted.source.address == packet.destination.address, !quoted.icmp.isError,
      quoted.source.address.isIPv4 == quoted.destination.address.isIPv4
    else {
      return .drop(.invalid, mapping: nil, nil)
    }
    let to = remote(quoted.destination, quoted.transport)
    guard let index = rowIn(quoted.transport, quoted.source, from: to) else {
      return refused(quoted.transport, quoted.source, packet)
    }
    let row = rows[index]
    guard row.isStatic || !behavior.firewall || row.wasUsed(towards: to) else {
      return .drop(.filtered, mapping: row.id, nil)
    }
    var rewritten = packet
    rewritten.destination.address = row.inside.address
    quoted.source = row.inside
    if quoted.transport == .icmp { quoted.destination.port = row.inside.port }
    rewritten.payload = .quote(quoted)
    return .forward(to: .inside, rewritten, mapping: row.id, nil)
  }

  func errorOut(_ packet: Packet) -> Outcome {
    guard var quoted = packet.quoted, quoted.source.address == packet.destination.address, !quoted.icmp.isError,
      quoted.source.address.isIPv4 == quoted.destination.address.isIPv4
    else {
      return .drop(.invalid, mapping: nil, nil)
    }
    guard behavior.translates, packet.source.address.isIPv4 else {
      return .forward(to: .outside, packet, mapping: nil, nil)
    }
    let from = remote(quoted.source, quoted.transport)
    let flows = rows.indices.filter {
      rows[$0].transport == quoted.transport && rows[$0].inside == quoted.destination && rows[$0].serves(from)
        && admits($0, from)
    }
    guard let index = tied(flows) else {
      return .drop(.invalid, mapping: nil, nil)
    }
    var rewritten = packet
    rewritten.source.address = rows[index].outside.address
    quoted.destination = rows[index].outside
    if quoted.transport == .icmp { quoted.source.port = quoted.destination.port }
    var side = Side.outside
    if addresses.contains(packet.destination.address) {
      let receiver = remote(quoted.destination, quoted.transport)
      guard let sender = rowIn(quoted.transport, quoted.source, from: receiver) else {
        return .drop(.invalid, mapping: rows[index].id, nil)
      }
      rewritten.destination.address = rows[sender].inside.address
      quoted.source = rows[sender].inside
      side = .inside
    }
    rewritten.payload = .quote(quoted)
    return .forward(to: side, rewritten, mapping: rows[index].id, nil)
  }
}
