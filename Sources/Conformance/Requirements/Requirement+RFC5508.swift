// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

extension Requirement {
  /// RFC 5508's requirements, for ICMP.
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
      rfc: 5508, section: "4.1",
      main: Criterion(
        id: "5508-3", level: .must, asks: said("An error that quotes nonsense goes no further"),
        why: said("Anyone could end strangers' conversations with made-up errors."), examine: ICMPExperiments.nonsense)),
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
    Requirement(
      rfc: 5508, section: "5",
      main: Criterion(
        id: "5508-7", level: .must, asks: said("Errors about hairpinned packets come back by the same turn"),
        why: said("Two hosts of one home, who talk by their outside endpoints, wait for answers that cannot come."),
        property: Properties.hairpinning.property, mends: [[Properties.hairpinning(.on)]],
        examine: ICMPExperiments.hairpinnedError)),
    Requirement(
      rfc: 5508, section: "6",
      main: Criterion(
        id: "5508-8", level: .should, asks: said("A host that gets no mapping for want of room is told"),
        why: said("Its programs wait until they give up, and nobody knows why."), property: Properties.rejects.property,
        mends: [[Properties.rejects(.icmp)]], examine: ICMPExperiments.noRoom)),
    Requirement(
      rfc: 5508, section: "6",
      main: Criterion(
        id: "5508-9", level: .may, asks: said("The router can be told to send no such errors"),
        why: said("Errors towards strangers tell them who is there."), property: Properties.rejects.property,
        examine: ICMPExperiments.silence)),
    Requirement(
      rfc: 5508, section: "7",
      main: Criterion(
        id: "5508-10", level: .must, asks: said("Unreachable, time exceeded and echo all pass"),
        why: said("Ping, traceroute and the search for the path MTU depend on them."), examine: ICMPExperiments.kinds)),
    Requirement(
      rfc: 5508, section: "8",
      main: Criterion(
        id: "5508-11", level: .may, asks: said("Other ICMP messages are dropped or handled"),
        why: said("Nobody relies on them."), examine: ICMPExperiments.otherMessages)),
  ]
}
