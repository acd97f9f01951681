// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

extension Requirement {
  /// RFC 6888's requirements, for carriers.
  static let rfc6888: [Requirement] = [
    Requirement(
      rfc: 6888, section: "3",
      main: Criterion(
        id: "6888-1", level: .must, asks: said("It meets every MUST of RFC 4787, 5382 and 5508"),
        why: said("A carrier's fault is the fault of all its customers' networks."),
        mends: [goodNAT],
        examine: CarrierExperiments.goodNAT)),
    Requirement(
      rfc: 6888, section: "3",
      main: Criterion(
        id: "6888-2", level: .must, asks: said("A customer keeps to one of several outside addresses"),
        why: said("A bank sees one customer at two addresses, and takes one of them for a thief."),
        property: Properties.pooling.property, mends: [[Properties.pooling(.paired)]],
        examine: MappingExperiments.pooling)),
    Requirement(
      rfc: 6888, section: "3",
      main: Criterion(
        id: "6888-3", level: .should, asks: said("Its outside addresses may be many, and from anywhere"),
        why: said("A carrier takes the addresses that it can get."),
        examine: CarrierExperiments.scatteredAddresses)),
    Requirement(
      rfc: 6888, section: "3",
      main: Criterion(
        id: "6888-4", level: .must, asks: said("One customer cannot take the ports of all"),
        why: said("A single infected computer shuts out a whole street."),
        property: Properties.maximumMappingsPerHost.property, mends: [[Properties.maximumMappingsPerHost(1_000)]],
        examine: CarrierExperiments.limit)),
    Requirement(
      rfc: 6888, section: "3",
      main: Criterion(
        id: "6888-5", level: .should, asks: said("A customer's share of the table is limited"),
        why: said("One customer fills the memory that all share."),
        property: Properties.maximumMappingsPerHost.property,
        mends: [[Properties.maximumMappingsPerHost(1_000)]],
        examine: CarrierExperiments.limit)),
    Requirement(
      rfc: 6888, section: "3",
      main: Criterion(
        id: "6888-6", level: .must, asks: said("Translation can be turned off for destinations"),
        why: said("Servers of the carrier's own need not see one address for a thousand customers."),
        property: Properties.exempt.property,
        examine: CarrierExperiments.exemption)),
    Requirement(
      rfc: 6888, section: "3",
      main: Criterion(
        id: "6888-7", level: .recommended, asks: said("Anyone may send to an outside endpoint that is in use"),
        why: said("Customers cannot change the carrier's filter, and their calls and games need relays."),
        property: Properties.filtering.property, mends: [[Properties.filtering(.endpointIndependent)]],
        examine: CarrierExperiments.openness)),
    Requirement(
      rfc: 6888, section: "3",
      main: Criterion(
        id: "6888-8", level: .should, asks: said("A freed port rests for two minutes"),
        why: said("A new customer gets the packets that were meant for the one before."),
        property: Properties.ports.property,
        mends: [[Properties.ports(.sequential(first: 1_024))]],
        examine: CarrierExperiments.rest)),
    Requirement(
      rfc: 6888, section: "3",
      main: Criterion(
        id: "6888-9", level: .must, asks: said("Customers can ask for mappings by a protocol"),
        why: said("Nobody behind it can run a server."),
        examine: CarrierExperiments.portControl)),
    Requirement(
      rfc: 6888, section: "3",
      main: Criterion(
        id: "6888-10", level: .should, asks: said("It can be managed by the usual standards"),
        why: said("An operator has a thousand of them."),
        examine: CarrierExperiments.management)),
    Requirement(
      rfc: 6888, section: "3",
      main: Criterion(
        id: "6888-11", level: .must, asks: said("Without room, the newcomer is refused and nobody is ended"),
        why: said("A flood of new flows would end everyone's calls."), examine: CarrierExperiments.fullTable),
      parts: [
        Criterion(
          id: "6888-11b", level: .should, asks: said("The newcomer is told, as by an unreachable host"),
          why: said("Its programs wait until they give up."), property: Properties.rejects.property,
          mends: [[Properties.rejects(.icmp)]], examine: CarrierExperiments.fullTableIsTold)
      ]),
    Requirement(
      rfc: 6888, section: "4",
      main: Criterion(
        id: "6888-12", level: .should, asks: said("Destinations are not logged"),
        why: said("A log of everyone's destinations is a danger to everyone."),
        examine: CarrierExperiments.logging)),
    Requirement(
      rfc: 6888, section: "5",
      main: Criterion(
        id: "6888-13", level: .should, asks: said("Every port is used before one is refused"),
        why: said("Addresses are scarce, and idle ports waste them."),
        property: Properties.ports.property,
        mends: [[Properties.ports(.random(1_024...65_535))]],
        examine: CarrierExperiments.utilization)),
    Requirement(
      rfc: 6888, section: "5",
      main: Criterion(
        id: "6888-14", level: .should, asks: said("Logs are short"),
        why: said("A line for each flow of each customer fills any disk."),
        examine: CarrierExperiments.logging)),
    Requirement(
      rfc: 6888, section: "5",
      main: Criterion(
        id: "6888-15", level: .should, asks: said("A customer's ports are hard to guess"),
        why: said("Someone who can guess the port can forge answers, to DNS questions for instance."),
        property: Properties.ports.property, mends: [[Properties.ports(.random(1_024...65_535))]],
        examine: PortExperiments.randomization)),
  ]

  /// Settings that meet every MUST of the three others together.
  private static let goodNAT: [PropertyValue] = [
    Properties.mapping(.endpointIndependent), Properties.filtering(.endpointIndependent),
    Properties.ports(.random(1_024...65_535)), Properties.hairpinning(.on), Properties.pooling(.paired),
    Properties.refresh(.outbound), Properties.udpTimeout(.minutes(5)), Properties.tcpEstablishedTimeout(.minutes(124)),
    Properties.tcpTransitoryTimeout(.minutes(4)), Properties.icmpTimeout(.seconds(60)), Properties.rejects(.silently),
    Properties.tracking(.mappings), Properties.untracked(.dropped), Properties.midstream(.pickedUp),
  ]
}
