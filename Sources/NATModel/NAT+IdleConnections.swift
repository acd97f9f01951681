// SPDX-License-Identifier: GPL-3.0-or-later

/// An open TCP connection whose row has timed out.
public struct IdleConnection: Hashable, Sendable {
  /// The row's number.
  public var mapping: Int
  /// The inside end, and the endpoint by which the remote knows it.
  public var inside: Endpoint
  public var external: Endpoint
  public var remote: Endpoint
}

/// Connections that the NAT ends instead of only forgetting them, ``NATBehavior/resetsIdle``.
extension NAT {
  /// Removes and returns the connections that have timed out since the last call, in the order of their ends.
  public mutating func takeIdle() -> [IdleConnection] {
    defer { idle.removeAll() }
    return idle
  }

  /// Notes the open connections of row `number`, which is timing out.
  // Out of line: few rows are TCP where this is on, and it is off nearly everywhere.
  @inline(never)
  mutating func noteIdle(_ number: Int) {
    guard rows[number].isOf(.tcp), !rows[number].traits.contains(.isStatic) else { return }
    var remotes: [EndpointWord] = []
    if rows[number].connection.isOpen { remotes.append(rows[number].firstRemote) }
    remotes += permissions.openConnections(of: number, in: rows)
    let (inside, external) = (internalEndpoint(number), externalEndpoint(number))
    idle += remotes.map {
      IdleConnection(
        mapping: Int(rows[number].id), inside: inside, external: external,
        remote: addresses.endpoint($0, rows[number].outsideFamily))
    }
  }
}
