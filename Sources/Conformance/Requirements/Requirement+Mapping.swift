// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// RFC 4787 §4: addresses, ports and lifetimes.
extension Requirement {
  static let mapping: [Requirement] = [
    Requirement(
      rfc: 4787, section: "4.1",
      main: Criterion(
        id: "REQ-1", level: .must, asks: said("An inside endpoint has one outside endpoint for everyone"),
        why: said(
          "What a STUN server tells a host about itself is then wrong for everyone else: hole punching fails, and ",
          "calls and games need a relay."),
        property: Properties.mapping.property,
        mends: [
          [Properties.mapping(.endpointIndependent)], [Properties.ports(.preserve)],
          [Properties.mapping(.endpointIndependent), Properties.ports(.preserve)],
        ], examine: MappingExperiments.endpointIndependence)),
    Requirement(
      rfc: 4787, section: "4.1",
      main: Criterion(
        id: "REQ-2", level: .recommended, asks: said("A host keeps to one of several outside addresses"),
        why: said(
          "A call's sound comes from one address and its picture from another, and the other side takes one of them ",
          "for a stranger's."),
        property: Properties.pooling.property, mends: [[Properties.pooling(.paired)]],
        examine: MappingExperiments.pooling)),
    Requirement(
      rfc: 4787, section: "4.2.1",
      main: Criterion(
        id: "REQ-3", level: .must, asks: said("No two inside hosts share an outside endpoint"),
        why: said(
          "Someone who is told that endpoint, as peers of a call are, cannot know which of the two hosts answers."),
        property: Properties.ports.property, mends: [[Properties.ports(.preserve)]],
        examine: PortExperiments.overloading),
      parts: [
        Criterion(
          id: "REQ-3a", level: .recommended, asks: said("Ports below 1024 stay below 1024, and the others above"),
          why: said("Some old servers trust a sender only for its port below 1024."),
          property: Properties.ports.property, mends: [[Properties.ports(.preserve)]], examine: PortExperiments.ranges)
      ]),
    Requirement(
      rfc: 4787, section: "4.2.2",
      main: Criterion(
        id: "REQ-4", level: .recommended, asks: said("Even ports stay even, and odd ones odd"),
        why:
          said(
            "Old RTP programs expect sound on an even port and its reports on the odd one after it. Newer ones do not, and ",
            "RFC 7857 §8 lets a NAT do without."),
        property: Properties.parity.property, mends: [[Properties.parity(true)]], examine: PortExperiments.parity)),
    Requirement(
      rfc: 4787, section: "4.3",
      main: Criterion(
        id: "REQ-5", level: .must, asks: said("A quiet UDP mapping lives at least two minutes"),
        why: said(
          "Whatever is quiet for a while is cut off (a call on hold, a VPN, a chat), and phones stay awake to send ",
          "keepalives."),
        property: Properties.udpTimeout.property, mends: lifetimeMends,
        examine: { LifetimeExperiments.survives(.minutes(2), $0) }),
      parts: [
        Criterion(
          id: "REQ-5c", level: .recommended, asks: said("As a rule it lives five minutes or more"),
          why: said("Every program has to send keepalives more often than it otherwise would."),
          property: Properties.udpTimeout.property, mends: lifetimeMends,
          examine: { LifetimeExperiments.survives(.minutes(5), $0) })
      ]),
    Requirement(
      rfc: 4787, section: "4.3",
      main: Criterion(
        id: "REQ-6", level: .must, asks: said("Packets from inside keep a mapping alive"),
        why: said("No keepalive would help: every conversation would end with its first lifetime."),
        property: Properties.refresh.property, examine: LifetimeExperiments.outboundRefresh)),
    Requirement(
      rfc: 4787, section: "4.4",
      main: Criterion(
        id: "REQ-7", level: .must, asks: said("Inside addresses never clash with those outside"),
        why: said("Behind another router with the same network inside, neither could tell to whom an address belongs."),
        examine: NetworkExperiments.addressConflict)),
  ]

  private static let lifetimeMends: [[PropertyValue]] = [
    [Properties.udpTimeout(.minutes(5))], [Properties.udpStreamTimeout(.minutes(5))],
    [Properties.udpTimeout(.minutes(5)), Properties.udpStreamTimeout(.minutes(5))],
  ]
}
