// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

extension Requirement {
  /// RFC 5382's requirements, for TCP.
  static let rfc5382: [Requirement] = [
    Requirement(
      rfc: 5382, section: "4.1",
      main: Criterion(
        id: "5382-1", level: .must, asks: said("A TCP endpoint has one outside endpoint for everyone"),
        why: said("Programs that open connections from both sides need to know the outside endpoint beforehand."),
        property: Properties.mapping.property,
        mends: [
          [Properties.mapping(.endpointIndependent)], [Properties.ports(.preserve)],
          [Properties.mapping(.endpointIndependent), Properties.ports(.preserve)],
        ], examine: { MappingExperiments.endpointIndependence($0, .tcp) })),
    Requirement(
      rfc: 5382, section: "4.2",
      main: Criterion(
        id: "5382-2", level: .must, asks: said("Connections open from inside, and from both sides at once"),
        why: said("Two hosts behind NATs can open a connection only if both ask at once."),
        property: Properties.filtering.property, examine: TCPExperiments.openings)),
    Requirement(
      rfc: 5382, section: "4.3",
      main: Criterion(
        id: "5382-3", level: .recommended, asks: said("Filtering of TCP goes by address at most, never by port"),
        why: said("A peer whose own NAT gives it another port cannot open a connection."),
        property: Properties.filtering.property, mends: [[Properties.filtering(.addressDependent)]],
        examine: TCPExperiments.leniency)),
    Requirement(
      rfc: 5382, section: "4.3",
      main: Criterion(
        id: "5382-4", level: .must, asks: said("An unwanted SYN is not answered for six seconds"),
        why: said("An error that comes at once breaks off a connection that both sides are opening."),
        property: Properties.rejects.property, mends: [[Properties.rejects(.silently)]],
        examine: TCPExperiments.unsolicited)),
    Requirement(
      rfc: 5382, section: "5",
      main: Criterion(
        id: "5382-5", level: .must, asks: said("Quiet connections live 2 h 4 min, opening ones 4 min"),
        why: said("A connection that is quiet for long, as remote shells are, freezes or breaks."),
        mends: [
          [Properties.tcpEstablishedTimeout(.minutes(124))], [Properties.tcpTransitoryTimeout(.minutes(4))],
          [Properties.tcpEstablishedTimeout(.minutes(124)), Properties.tcpTransitoryTimeout(.minutes(4))],
        ], examine: TCPExperiments.lifetimes)),
    Requirement(
      rfc: 5382, section: "6",
      main: Criterion(
        id: "5382-6", level: .must, asks: said("Payloads stay as they are unless someone asks otherwise"),
        why: said("A gateway that rewrites what it takes for addresses breaks what it does not know."),
        examine: TransparencyExperiments.payload)),
    Requirement(
      rfc: 5382, section: "7.1",
      main: Criterion(
        id: "5382-7", level: .must, asks: said("No two inside hosts share an outside endpoint of TCP"),
        why: said("Whoever is told that endpoint cannot know which of the two hosts answers."),
        property: Properties.ports.property, mends: [[Properties.ports(.preserve)]],
        examine: { PortExperiments.overloading($0, .tcp) })),
    Requirement(
      rfc: 5382, section: "7.2",
      main: Criterion(
        id: "5382-8", level: .must, asks: said("Two hosts inside connect by their outside endpoints"),
        why: said("Neighbours who know each other from a server's list cannot connect."),
        property: Properties.hairpinning.property, mends: [[Properties.hairpinning(.on)]],
        examine: TCPExperiments.hairpinning)),
    Requirement(
      rfc: 5382, section: "7.3",
      main: Criterion(
        id: "5382-9", level: .should, asks: said("\"Unreachable\" about a connection reaches its host"),
        why: said("A program waits for its timeout although the network has said that it waits in vain."),
        examine: TCPExperiments.unreachableMessages)),
    Requirement(
      rfc: 5382, section: "7.3",
      main: Criterion(
        id: "5382-10", level: .must, asks: said("No ICMP message ends a mapping or a connection"),
        why: said("Anyone could end other people's connections with one forged packet."),
        examine: TCPExperiments.connectionAfterError)),
  ]
}
