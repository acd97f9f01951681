// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

extension Requirement {
  /// RFC 5508's requirements that packets can show, for ICMP.
  static let rfc5508: [Requirement] = [
    Requirement(
      rfc: 5508, section: "3.1",
      main: Criterion(
        id: "5508-1", level: .must, asks: said("Pings go out, and their answers come in"),
        why: said("Ping is the first thing that people try."), examine: ICMPExperiments.pings),
      parts: [
        Criterion(
          id: "5508-1a", level: .should, asks: said("A ping's identifier is the same for every receiver"),
          why: said("Programs that measure several paths take their own pings for somebody else's."),
          property: Properties.mapping.property,
          mends: [
            [Properties.mapping(.endpointIndependent)],
            [Properties.mapping(.endpointIndependent), Properties.ports(.preserve)],
          ], examine: ICMPExperiments.identifier)
      ]),
    Requirement(
      rfc: 5508, section: "3.2",
      main: Criterion(
        id: "5508-2", level: .must, asks: said("A ping can be answered for 60 seconds"),
        why: said("Slow paths look dead."), property: Properties.icmpTimeout.property,
        mends: [[Properties.icmpTimeout(.seconds(60))]], examine: ICMPExperiments.lifetime)),
    Requirement(
      rfc: 5508, section: "4.2",
      main: Criterion(
        id: "5508-4", level: .must, asks: said("Errors come in, and quote the packet as it was sent"),
        why: said("A host cannot tell which of its packets an error is about: no path MTU, no traceroute."),
        examine: ICMPExperiments.errorFromOutside)),
    Requirement(
      rfc: 5508, section: "4.2",
      main: Criterion(
        id: "5508-5", level: .must, asks: said("Errors from inside leave, and quote the packet as it came"),
        why: said("A peer goes on sending to a port that is closed."), examine: ICMPExperiments.errorFromInside)),
    Requirement(
      rfc: 5508, section: "4.3",
      main: Criterion(
        id: "5508-6", level: .must, asks: said("Errors neither refresh nor end a mapping"),
        why: said("Strangers could hold other people's mappings open, or end them."),
        examine: ICMPExperiments.errorsChangeNothing)),
  ]

  /// RFC 6888's requirements beyond those that it takes from the others, as far as packets can show them.
  static let rfc6888: [Requirement] = [
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
        id: "6888-4", level: .must, asks: said("One customer cannot take the ports of all"),
        why: said("A single infected computer shuts out a whole street."),
        property: Properties.maximumMappingsPerHost.property, mends: [[Properties.maximumMappingsPerHost(1_000)]],
        examine: CarrierExperiments.limit)),
    Requirement(
      rfc: 6888, section: "3",
      main: Criterion(
        id: "6888-7", level: .recommended, asks: said("Anyone may send to an outside endpoint that is in use"),
        why: said("Customers cannot change the carrier's filter, and their calls and games need relays."),
        property: Properties.filtering.property, mends: [[Properties.filtering(.endpointIndependent)]],
        examine: CarrierExperiments.openness)),
    Requirement(
      rfc: 6888, section: "5",
      main: Criterion(
        id: "6888-15", level: .should, asks: said("A customer's ports are hard to guess"),
        why: said("Someone who can guess the port can forge answers, to DNS questions for instance."),
        property: Properties.ports.property, mends: [[Properties.ports(.random(1_024...65_535))]],
        examine: PortExperiments.randomization)),
  ]
}
