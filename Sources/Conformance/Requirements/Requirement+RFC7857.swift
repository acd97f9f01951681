// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

extension Requirement {
  /// RFC 7857's requirements beyond RFC 4787. Its §3 and §8 only permit things, and are mentioned at REQ-3 and REQ-4.
  static let rfc7857: [Requirement] = [
    Requirement(
      rfc: 7857, section: "5",
      main: Criterion(
        id: "7857-5", level: .should, asks: said("UDP and TCP have mappings of their own"),
        why: said("The end of a TCP connection would end a UDP conversation."),
        examine: FilteringExperiments.mappingPerProtocol)),
    Requirement(
      rfc: 7857, section: "6",
      main: Criterion(
        id: "7857-6", level: .should, asks: said("Nothing comes in by a mapping of another protocol"),
        why: said("A browser's connection would open the same port for UDP from anyone."),
        examine: FilteringExperiments.protocolDependence)),
    Requirement(
      rfc: 7857, section: "7",
      main: Criterion(
        id: "7857-7", level: .should, asks: said("A packet that is turned away keeps no mapping alive"),
        why: said("A stranger could hold other people's mappings open for as long as they like."),
        examine: LifetimeExperiments.refusedRefresh)),
    Requirement(
      rfc: 7857, section: "7.1",
      main: Criterion(
        id: "7857-7.1", level: .should, asks: said("An insider's ICMP error keeps no mapping alive"),
        why: said("A stranger could hold mappings open by sending to ports that are closed."),
        examine: LifetimeExperiments.errorRefresh)),
    Requirement(
      rfc: 7857, section: "9",
      main: Criterion(
        id: "7857-9", level: .should, asks: said("A changed port is hard to guess"),
        why: said("Someone who can guess the port can forge answers, to DNS questions for instance."),
        property: Properties.ports.property, mends: [[Properties.ports(.random(1_024...65_535))]],
        examine: PortExperiments.randomization)),
  ]
}
