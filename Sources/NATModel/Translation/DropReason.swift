// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a device dropped a packet. The raw values are the words of text, JSON, `why` and lesson checks.
public enum DropReason: String, Error, Hashable, Sendable, CaseIterable, Codable {
  /// Nobody inside ever used this outside endpoint.
  case noMapping = "no-mapping"
  /// The mapping is there, but this sender is not one it admits.
  case filtered
  /// The mapping was there, and timed out.
  case expired
  /// The Internet has no route to a private or shared address.
  case privateDestination = "private-destination"
  case noRoute = "no-route"
  case ttlExpired = "ttl-expired"
  case portClosed = "port-closed"
  /// A SYN for a connection that the host closed first a while ago, and still remembers.
  case timeWait = "time-wait"
  case noSuchHost = "no-such-host"
  /// A packet from inside to the router's own outside endpoint, if the router does not turn packets round.
  case hairpinOff = "hairpin-off"
  /// Every outside port that the mapping could have is in use.
  case portsExhausted = "ports-exhausted"
  /// Another new flow took the outside port that this one had chosen, at the same instant.
  case insertFailed = "insert-failed"
  /// The table, or this host's share of it, is full.
  case tableFull = "table-full"
  /// With `nat off`: nothing inside asked for this.
  case firewall
  /// A rule of the router drops all such packets, whoever they belong to.
  case blocked
  case loss
  case queueFull = "queue-full"
  /// The packet is longer than the next link carries, and must not be cut.
  case tooBig = "too-big"
  case invalid
}

/// A device's handling of a packet.
public enum Verdict: String, Hashable, Sendable, CaseIterable, Codable {
  case sent
  case forwarded
  case translated
  case delivered
  case dropped
}
