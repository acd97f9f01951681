// SPDX-License-Identifier: GPL-3.0-or-later

/// How much a NAT knows of the flows that use its mappings.
public enum FlowTracking: Hashable, Sendable {
  /// A mapping, and whom it was used towards: what RFC 4787 speaks of.
  case mappings
  /// Each flow's state, as netfilter's connection tracking has it: who asked and who answered, and for TCP which segments
  /// can come next. It sees a packet before anything else does, also one whose TTL ends here.
  ///
  /// A row that serves several remotes is several flows, of which only this much is known as with `mappings`.
  case connections
}

/// What becomes of a packet from inside that belongs to no flow and can begin none.
public enum UntrackedPackets: Hashable, Sendable {
  case dropped
  /// It leaves as it is, its inside address for all to see: what Linux does unless a rule drops what is `invalid`.
  case passed
}
