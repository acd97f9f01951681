// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// Properties of devices and their links other than a NAT's axes.
extension Properties {
  public static let preset = TypedProperty<NATPreset>(
    "preset", .router,
    .presets {
      switch $0 {
      case .home: said("a common cheap router, with generous timers")
      case .fullCone: said("filters nothing that has a mapping")
      case .restrictedCone: said("admits the addresses that were sent to")
      case .portRestrictedCone: said("admits the endpoints that were sent to")
      case .symmetric: said("a different outside port for every destination")
      case .linux: said("netfilter's masquerade as it is")
      case .cgnat: said("a carrier's NAT as RFC 6888 wants it")
      case .open: said("neither NAT nor firewall")
      }
    }, said("All the axes at once, as a named kind of router has them."), said("at once; the table is emptied"),
    current: { $0.router($1.id)?.preset ?? .home }, standard: { _, _ in .home },
    change: { network, id, preset in network.apply(preset, to: id) })

  /// The addresses besides the router's own.
  public static let addresses = TypedProperty<[IPAddress]>(
    "addresses", .router, .addresses, said("More outside addresses, besides the router's own."), said("for new rows"),
    current: { network, device in
      let router = network.router(device.id)
      let own = router?.addresses ?? []
      return router?.nat.externalAddresses.filter { !own.contains($0) } ?? []
    }, standard: { _, _ in [] },
    set: { network, id, addresses throws(BuildError) in try network.setMoreAddresses(of: id, addresses) })

  public static let portControl = TypedProperty<PortControlSetting>(
    "port-control", .router, .portControl,
    said(
      "How hosts inside may ask for a port by themselves: PCP (RFC 6887), NAT-PMP (RFC 6886), UPnP, any of them. ",
      "`lying` grants everything and maps nothing."), said("at once; existing leases stay"),
    current: { $0.portControl(of: $1.id) }, standard: { _, _ in .off },
    set: { network, id, setting in network.setPortControl(of: id, setting) })

  /// Whether a router clamps the maximum segment size.
  public static let segmentSize = TypedProperty<Bool>(
    "mss", .router,
    .words([false, true]) {
      $0
        ? .init("clamp", note: said("lowered to what the router's links carry"))
        : .init("off", note: said("left as the ends set it"))
    },
    said(
      "What happens to the maximum segment size (MSS) that the ends of a TCP connection tell each other in their SYNs."),
    said("for new connections"), current: { $0.router($1.id)?.clampsSegmentSize ?? false }, standard: { _, _ in false },
    set: { network, id, clamps in network.setClamping(of: id, clamps) })

  public static let hostPorts = TypedProperty<PortPolicy>(
    "ports", .host,
    .words([.open, .bound]) {
      switch $0 {
      case .open: .init("open", note: said("every port accepts packets"))
      case .bound:
        .init("bound", note: said("only ports that listen or have sent; the others answer as a real host does"))
      }
    }, said("Which ports of the host accept packets: all of them, or those that something listens on."),
    said("at once"),
    current: { $0.host($1.id)?.portPolicy ?? .open }, standard: { _, _ in .open },
    set: { network, id, policy in network.setPortPolicy(of: id, policy) })

  public static let retransmission = TypedProperty<Bool>(
    "retransmission", .host, .onOff(first: false),
    said(
      "Whether the host's TCP sends again what is not acknowledged, after 1s, 3s, 7s and so on (RFC 6298), and takes data ",
      "only in order. Set it on both ends of a connection."), said("for segments sent from now on"),
    current: { $0.host($1.id)?.retransmits ?? false }, standard: { _, _ in false },
    set: { network, id, isOn in network.setRetransmission(of: id, isOn) })

  public static let timeWait = TypedProperty<Interval>(
    "time-wait", .host, .duration(default: "0s", allowsZero: true),
    said(
      "How long the host remembers a TCP connection that it closed first (TIME_WAIT, RFC 9293 §3.6.1); 60s on Linux."),
    said("for connections that end from now on"), current: { $0.host($1.id)?.timeWait ?? .zero },
    standard: { _, _ in .zero }, set: { network, id, length in network.setTimeWait(of: id, length) })

  /// Nil means none.
  public static let resolver = TypedProperty<IPAddress?>(
    "resolver", .any, .address,
    said("The server that a host asks for names; a router's is for all hosts behind it that have none of their own."),
    said("for names asked from now on"),
    current: { $0.resolver(of: $1.id) }, standard: { _, _ in nil },
    set: { network, id, address in network.setResolver(of: id, address) })

  public static let delay = TypedProperty<Interval>(
    "delay", .any, .duration(default: said("1ms on a LAN, 10ms on an access link"), allowsZero: true),
    said("How long the device's link towards the internet takes, each way."), said("for packets sent from now on"),
    current: { $1.link.delay }, standard: { $0.defaultDelay(of: $1.id) },
    set: { network, id, delay in network.setDelay(of: id, delay) })

  /// Nil means unlimited.
  public static let rate = TypedProperty<BitRate?>(
    "rate", .any, .rate,
    said("How much the device's link towards the internet carries, each way; packets beyond that wait up to 100 ms."),
    said("for packets sent from now on"),
    current: { $1.link.rate.map { BitRate(bitsPerSecond: $0) } }, standard: { _, _ in nil },
    set: { network, id, rate in network.setRate(of: id, rate?.bitsPerSecond) })

  /// Bytes; nil means unlimited.
  public static let mtu = TypedProperty<Int?>(
    "mtu", .any, .mtu,
    said(
      "The longest packet that the device's link towards the internet takes, IP header included. An IPv4 packet that is ",
      "longer is cut into fragments, unless `send … df` forbids it; an IPv6 packet only by its host."),
    said("for packets sent from now on"),
    current: { $1.link.mtu == .max ? nil : $1.link.mtu }, standard: { _, _ in nil },
    set: { network, id, mtu in network.setMTU(of: id, mtu) })

  public static let loss = TypedProperty<LossRate>(
    "loss", .any, .loss, said("The share of packets that the device's link towards the internet loses."),
    said("for packets sent from now on"),
    current: { LossRate(partsPerMillion: $1.link.lossPerMillion) ?? .none }, standard: { _, _ in .none },
    set: { network, id, loss in network.setLoss(of: id, perMillion: loss.partsPerMillion) })
}
