// SPDX-License-Identifier: GPL-3.0-or-later

/// How much a NAT knows about the flows that use its mappings.
public enum FlowTracking: Hashable, Sendable {
  /// A mapping, and the remotes it was used towards, in the sense of RFC 4787.
  case mappings
  /// Each flow's state, as netfilter's connection tracking keeps it: who asked and who answered, and for TCP which
  /// segments can come next. It sees a packet before anything else does, even one whose TTL ends here.
  ///
  /// A row that serves several remotes is several flows, about which it knows no more than `mappings` does.
  case connections
}

/// The fate of a packet from inside that does not belong to a flow and cannot begin one.
public enum UntrackedPackets: Hashable, Sendable {
  case dropped
  /// It leaves unchanged, with its inside address visible to all: as on Linux unless a rule drops `invalid` packets.
  case passed
}
