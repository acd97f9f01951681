// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// The properties, each by its name in code. A new one is a row here, or in another extension of this, and a place in
/// ``all``.
public enum Properties {
  /// The time at which changed lifetimes take effect.
  static let whenNew = said("for rows made or refreshed from now on")

  public static let mapping = TypedProperty<EndpointDependence>(
    axis: "mapping",
    .words(EndpointDependence.allCases) {
      switch $0 {
      case .endpointIndependent: .init($0.name, short: "eim", note: said("one outside endpoint for all destinations"))
      case .addressDependent: .init($0.name, short: "adm", note: said("a different one for each destination address"))
      case .addressAndPortDependent:
        .init($0.name, short: "apdm", note: said("a different one for each destination endpoint"))
      }
    }, \.mapping,
    said(
      "When an inside endpoint keeps its outside endpoint: always, towards one address, or towards one endpoint ",
      "(RFC 4787 §4.1)."), said("for new rows"))

  public static let filtering = TypedProperty<EndpointDependence>(
    axis: "filtering",
    .words([.addressAndPortDependent, .endpointIndependent, .addressDependent]) {
      switch $0 {
      case .addressAndPortDependent: .init($0.name, short: "apdf", note: said("only endpoints that were sent to"))
      case .endpointIndependent: .init($0.name, short: "eif", note: "anyone")
      case .addressDependent: .init($0.name, short: "adf", note: said("any port of an address that was sent to"))
      }
    }, \.filtering,
    said("Who may send to an outside endpoint that has a mapping (RFC 4787 §5)."), said("at once, for old rows too"))

  public static let ports = TypedProperty<PortAssignment>(
    axis: "ports", .portAssignment, \.portAssignment,
    said(
      "How outside ports are chosen: one after another, the inside port where it is free, the inside port shared, ",
      "at random, or from a block that is one inside host's (RFC 4787 §4.2)."), said("for new rows"))

  public static let parity = TypedProperty<Bool>(
    axis: "parity", .onOff(first: false), \.preservesParity,
    said("Whether an even inside port gets an even outside port, and an odd one an odd one (RFC 4787 §4.2.2)."),
    said("for new rows"))

  public static let hairpinning = TypedProperty<Hairpinning>(
    axis: "hairpinning",
    .words([.off, .on, .forwardsOnly]) {
      switch $0 {
      case .off: .init("off", note: said("packets for the router's own outside endpoints end there"))
      case .on: .init("on", note: said("they are turned round"))
      case .forwardsOnly: .init("forwards-only", note: said("only where a port is forwarded"))
      }
    }, said("Whether two hosts inside can reach each other by their outside endpoints (RFC 4787 §6)."),
    said("for new packets"),
    get: { !$0.hairpinning ? .off : $0.hairpinsForwardsOnly ? .forwardsOnly : .on },
    set: {
      $0.hairpinning = $1 != .off
      $0.hairpinsForwardsOnly = $1 == .forwardsOnly
    })

  public static let pooling = TypedProperty<AddressPooling>(
    axis: "pooling",
    .words([.paired, .arbitrary]) {
      switch $0 {
      case .paired: .init("paired", note: said("a host keeps one outside address"))
      case .arbitrary: .init("arbitrary", note: said("each mapping takes the next address"))
      }
    }, \.pooling, said("Which outside address a host gets if there are several (RFC 4787 §4.1)."), said("for new rows"))

  public static let refresh = TypedProperty<MappingRefresh>(
    axis: "refresh",
    .words([.outbound, .both]) {
      switch $0 {
      case .outbound: .init("outbound", note: said("only packets from inside keep a mapping alive"))
      case .both: .init("both", note: said("packets from outside do so too"))
      }
    }, \.refresh, said("Which packets keep a mapping alive (RFC 4787 §4.3)."), said("for new packets"))
}

/// Which packets from inside to the router's own outside endpoints are turned round.
public enum Hairpinning: Hashable, Sendable {
  case off
  case on
  case forwardsOnly
}
