// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

extension Requirement {
  static let rfc4787 = mapping + filtering

  /// RFC 4787 §5 to §11: who may come in, and how packets get through.
  private static let filtering: [Requirement] = [
    Requirement(
      rfc: 4787, section: "5",
      main: Criterion(
        id: "REQ-8", level: .recommended, asks: said("Filtering goes by address at most, never by port"),
        why: said("A peer whose own NAT gives it another port cannot get in, so fewer calls work without a relay."),
        property: Properties.filtering.property, mends: [[Properties.filtering(.addressDependent)]],
        examine: FilteringExperiments.leniency)),
    Requirement(
      rfc: 4787, section: "6",
      main: Criterion(
        id: "REQ-9", level: .must, asks: said("Insiders reach each other by their outside endpoints"),
        why: said(
          "Two people in one house who tell each other their outside endpoints, as calls and games do, cannot talk."),
        property: Properties.hairpinning.property, mends: [[Properties.hairpinning(.on)]],
        examine: TransparencyExperiments.hairpinning),
      parts: [
        Criterion(
          id: "REQ-9a", level: .must, asks: said("The receiver then sees the sender's outside endpoint"),
          why: said("It would answer past the router, from an address that the sender does not expect."),
          property: Properties.hairpinning.property, examine: TransparencyExperiments.hairpinSource)
      ]),
    Requirement(
      rfc: 4787, section: "7",
      main: Criterion(
        id: "REQ-10", level: .should, asks: said("It leaves packets' contents alone (no gateways for UDP)"),
        why: said("Programs with their own ways through NATs are confused, and checked payloads are spoilt."),
        examine: TransparencyExperiments.payload)),
    Requirement(
      rfc: 4787, section: "8",
      main: Criterion(
        id: "REQ-11", level: .must, asks: said("It behaves the same at all times and for all hosts"),
        why: said(
          "What worked alone fails as soon as another host happens to use the same port: a fault that nobody can ",
          "reproduce."),
        property: Properties.ports.property,
        mends: [
          [Properties.ports(.preserve)], [Properties.mapping(.endpointIndependent), Properties.ports(.preserve)],
        ],
        examine: MappingExperiments.determinism)),
    Requirement(
      rfc: 4787, section: "9",
      main: Criterion(
        id: "REQ-12", level: .must, asks: said("An ICMP message never ends a mapping"),
        why: said("Anyone who can forge an ICMP error could end other people's conversations."),
        examine: TransparencyExperiments.mappingAfterErrors),
      parts: [
        Criterion(
          id: "REQ-12a", level: .should, asks: said("ICMP errors come in whatever their source address"),
          why: said("Errors come from routers on the way, which nobody has ever sent to."),
          examine: TransparencyExperiments.errorsFromAnyone),
        Criterion(
          id: "REQ-12b", level: .recommended, asks: said("\"Destination unreachable\" gets through"),
          why: said("Programs wait for answers that cannot come."),
          examine: TransparencyExperiments.unreachableMessages),
      ]),
    Requirement(
      rfc: 4787, section: "10",
      main: Criterion(
        id: "REQ-13", level: .must, asks: said("The sender of a packet too long for the path is told so"),
        why: said("Large packets vanish without a word: half a page loads, a VPN connects but carries nothing."),
        examine: NetworkExperiments.tooLong),
      parts: [
        Criterion(
          id: "REQ-13a", level: .must, asks: said("One that may be cut is cut, and its pieces leave in order"),
          why: said("Programs that send large UDP packets, such as DNS and VPNs, lose them."),
          examine: NetworkExperiments.cutting)
      ]),
    Requirement(
      rfc: 4787, section: "11",
      main: Criterion(
        id: "REQ-14", level: .must, asks: said("Pieces of a packet get in, whatever their order"),
        why: said("Large packets vanish as soon as the network swaps two of their pieces."),
        examine: FragmentExperiments.anyOrder),
      parts: [
        Criterion(
          id: "REQ-14a", level: .must, asks: said("A flood of pieces shuts out nothing else"),
          why: said("Anyone could stop everyone's traffic with pieces that never become whole."),
          examine: FragmentExperiments.flood)
      ]),
  ]
}
