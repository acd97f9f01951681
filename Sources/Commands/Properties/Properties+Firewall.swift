// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// A router's limits, and the packets that it lets pass.
extension Properties {
  /// Nil is unlimited.
  public static let maximumMappings = TypedProperty<Int?>(
    axis: "max-mappings", .limit, \.maximumMappings, said("How many rows the table may have."), said("for new rows"))

  /// Nil is unlimited.
  public static let maximumMappingsPerHost = TypedProperty<Int?>(
    axis: "max-mappings-per-host", .limit, \.maximumMappingsPerHost,
    said("How many rows one inside host may have (RFC 6888 §3)."), said("for new rows"))

  public static let rejects = TypedProperty<RejectionStyle>(
    axis: "rejects",
    .words([.silently, .icmp, .asHost]) {
      switch $0 {
      case .silently: .init("silently", note: said("the sender learns nothing"))
      case .icmp: .init("icmp", note: said("the sender gets an ICMP error"))
      case .asHost:
        .init("as-host", note: said("the router takes it as its own, and answers as a host does on a closed port"))
      }
    }, \.rejection, said("What happens to a packet from outside that is turned away."), said("at once"))

  public static let tracking = TypedProperty<FlowTracking>(
    axis: "tracking",
    .words([.mappings, .connections]) {
      switch $0 {
      case .mappings: .init("mappings", note: said("a mapping, and the remotes it was used towards"))
      case .connections: .init("connections", note: said("each flow's state, as Linux's connection tracking does"))
      }
    }, \.tracking,
    said(
      "How much the router knows about the flows that pass. With `connections` it tells which packets can come next."),
    said("at once, for old rows too"))

  public static let untracked = TypedProperty<UntrackedPackets>(
    axis: "untracked",
    .words([.dropped, .passed]) {
      switch $0 {
      case .dropped: .init("dropped", note: said("it ends here"))
      case .passed:
        .init("passed", note: said("it leaves with its inside address, as on Linux without a rule against it"))
      }
    }, \.untracked, said("What happens to a packet from inside that belongs to no flow and can begin none."),
    said("at once"))

  public static let midstream = TypedProperty<MidstreamSegments>(
    axis: "midstream",
    .words([.pickedUp, .dropped, .reset]) {
      switch $0 {
      case .pickedUp: .init("picked-up", note: said("it makes a row, as a request does"))
      case .dropped: .init("dropped", note: said("it ends here, and nobody is told"))
      case .reset: .init("reset", note: said("it ends here, and its sender gets a reset"))
      }
    }, \.midstream, said("What happens to a TCP segment from inside whose connection the router no longer knows."),
    said("for new rows"))

  public static let idleReset = TypedProperty<Bool>(
    axis: "idle-reset", .onOff(first: false), \.resetsIdle,
    said(
      "Whether both ends of an open TCP connection get a reset when its row times out, as behind some clouds' gateways."
    ),
    said("for rows that time out from now on"))

  public static let race = TypedProperty<Bool>(
    axis: "race", .onOff(first: false), \.races,
    said(
      "Whether two new flows that come at the same instant choose their outside ports without seeing each other: the second ",
      "is then dropped, as in Linux's counter `insert_failed`."), said("for new rows"))

  public static let firewall = TypedProperty<Bool>(
    axis: "firewall", .onOff(first: true), \.firewall,
    said("Whether packets from outside are filtered at all. Off, one without a mapping still has nowhere to go."),
    said("at once, for old rows too"))

  public static let nat = TypedProperty<Bool>(
    axis: "nat", .onOff(first: true), \.translates,
    said(
      "Whether addresses are translated. Off, addresses inside are reached as they are, and `filtering` still guards ",
      "them."), said("at once; the table is emptied"))

  public static let exempt = TypedProperty<[IPPrefix]>(
    axis: "exempt", .prefixes, \.exemptions,
    said(
      "Destinations whose packets are left alone: not translated, not filtered (RFC 6888 REQ-6). The way back must know ",
      "the inside addresses."), said("for new packets"))
}
