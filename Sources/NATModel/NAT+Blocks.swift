// SPDX-License-Identifier: GPL-3.0-or-later

/// The outside ports that are one inside host's alone.
public struct PortBlock: Hashable, Sendable {
  public var inside: IPAddress
  public var external: IPAddress
  public var ports: ClosedRange<UInt16>
  /// The most that are in use of one protocol.
  public var used: Int
}

/// Blocks of ports, one for each inside host as long as it has rows (RFC 6888 REQ-4; RFC 7422 has the reasons).
extension NAT {
  /// The share of a block in use that is worth a warning: so many of so many.
  static let warning = (part: 3, of: 4)

  static func ports(ofBlock block: Int, _ size: Int, _ range: ClosedRange<UInt16>) -> ClosedRange<UInt16> {
    let first = range.lowerBound + UInt16(block * size)
    return first...first + UInt16(size - 1)
  }

  /// The blocks that inside hosts have, in the order of their ports.
  public var portBlocks: [PortBlock] {
    guard case .blocks(let size, let range) = behavior.portAssignment else { return [] }
    return hosts.blockOwners.map { owner in
      portBlock(of: owner.address, owner.external, Self.ports(ofBlock: owner.block, size, range))
    }.sorted { ($0.external, $0.ports.lowerBound) < ($1.external, $1.ports.lowerBound) }
  }

  private func portBlock(of inside: IPAddress, _ position: Int, _ ports: ClosedRange<UInt16>) -> PortBlock {
    let kinds = TransportProtocol.allCases.count
    let used = (0..<kinds).map { portSpaces[position * kinds + $0].takenCount(in: ports) }.max() ?? 0
    return PortBlock(inside: inside, external: externalAddresses[position], ports: ports, used: used)
  }

  /// Removes and returns the hosts that have used up most of their blocks since the last call, with what they use now.
  public mutating func takeCrowded() -> [PortBlock] {
    guard !crowded.isEmpty else { return [] }
    defer { crowded.removeAll() }
    return portBlocks.filter { crowded.contains($0.inside) }
  }

  /// Gives the inside host of row `number` the block that the row's outside port is in, unless it has one.
  mutating func takeBlock(_ number: Int) {
    guard case .blocks(let size, let range) = behavior.portAssignment, rows[number].host != MappingRow.none,
      !rows[number].traits.contains(.isUntranslated)
    else { return }
    let port = rows[number].external.port
    guard range.contains(port) else { return }
    let block = Int(port - range.lowerBound) / size
    if block < range.count / size { hosts.take(block, for: Int(rows[number].host)) }
  }

  /// Notes that row `number` has taken a port of its inside host's block.
  @inline(never)
  mutating func noteBlock(_ number: Int) {
    takeBlock(number)
    guard case .blocks(let size, let range) = behavior.portAssignment, rows[number].host != MappingRow.none,
      let block = hosts.block(Int(rows[number].host)),
      let space = portSpace(rows[number].transport, externalEndpoint(number).address)
    else { return }
    let ports = Self.ports(ofBlock: block, size, range)
    let used = portSpaces[space].takenCount(in: ports)
    guard size > 1, used == (size * Self.warning.part + Self.warning.of - 1) / Self.warning.of else { return }
    crowded.append(internalEndpoint(number).address)
  }
}
