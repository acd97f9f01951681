// SPDX-License-Identifier: GPL-3.0-or-later

/// An open TCP connection whose row has timed out.
public struct IdleConnection: Hashable, Sendable {
  /// The row's number.
  public var mapping: Int
  /// The inside end, and the endpoint by which the remote knows it.
  public var inside: Endpoint
  public var external: Endpoint
  public var remote: Endpoint
  /// The remote as the inside end knows it: under NAT64's prefix if the families differ.
  public var remoteInside: Endpoint
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
    let (inside, external) = (internalEndpoint(number), shownOutside(externalEndpoint(number)))
    idle += remotes.map { word in
      let remote = addresses.endpoint(word, rows[number].outsideFamily)
      var remoteInside = remote
      if remote.address.isIPv4, !inside.address.isIPv4, let nat64 = behavior.nat64 {
        remoteInside.address = nat64.embed(remote.address)
      }
      return IdleConnection(
        mapping: Int(rows[number].id), inside: inside, external: external, remote: remote, remoteInside: remoteInside)
    }
  }
}
