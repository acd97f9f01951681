// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// The fate of an inside endpoint outside (RFC 4787 §4.1, §8).
enum MappingExperiments {
  /// The outside endpoints of the pc towards the server, another port of the server, and the stranger; nil for a packet
  /// that got none.
  struct Trial {
    var external: [Endpoint?]
    var rows: [ExperimentRow]

    /// Whether every packet that left had the same source.
    var keepsOneEndpoint: Bool { external.compactMap(\.self).areAlike }

    /// Whether it kept its endpoint towards another port, and towards another host; nil if one of the two is missing.
    var dependence: (onPort: Bool?, onAddress: Bool?) { (differs(0, 1), differs(0, 2)) }

    private func differs(_ left: Int, _ right: Int) -> Bool? {
      guard let one = external[left], let other = external[right] else { return nil }
      return one != other
    }
  }

  /// The pc talks to three endpoints. With company, the laptop has the same inside port, and talks to the stranger
  /// before the pc does.
  static func trial(_ subject: NATUnderTest, hasCompany: Bool, _ transport: TransportProtocol = .udp) -> Trial {
    var laboratory = Laboratory(subject)
    let server = laboratory.endpoint(.server, 4_000)
    let stranger = laboratory.endpoint(.stranger, 4_000)
    let first = laboratory.send(.pc, 5_000, to: server, transport)?.source
    if hasCompany { laboratory.send(.laptop, 5_000, to: stranger, transport) }
    let second = laboratory.send(.pc, 5_000, to: laboratory.endpoint(.server, 4_001), transport)?.source
    let third = laboratory.send(.pc, 5_000, to: stranger, transport)?.source
    return Trial(external: [first, second, third], rows: laboratory.rows)
  }

  static func endpointIndependence(_ subject: NATUnderTest) -> Evidence { endpointIndependence(subject, .udp) }

  static func endpointIndependence(_ subject: NATUnderTest, _ transport: TransportProtocol) -> Evidence {
    let alone = trial(subject, hasCompany: false, transport)
    guard alone.keepsOneEndpoint else {
      return Evidence(
        holds: false,
        shown: said(
          "The pc sent from one port to three endpoints, and left from ",
          "\(count(alone))."),
        rows: alone.rows)
    }
    let accompanied = trial(subject, hasCompany: true, transport)
    guard accompanied.keepsOneEndpoint else {
      return Evidence(
        holds: false,
        shown:
          said(
            "Alone, the pc keeps one outside endpoint; but if the laptop has its port already, it leaves from another."),
        rows: accompanied.rows,
        decidedBy: subject.behavior.mapping == .endpointIndependent ? Properties.ports.property : nil)
    }
    let endpoint = alone.external.compactMap(\.self).first.map { said(" from \($0)") } ?? ""
    return Evidence(
      holds: true, shown: said("The pc sent to three endpoints, and always left\(endpoint)."), rows: alone.rows)
  }

  static func pooling(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject, addressCount: 2)
    let server = laboratory.endpoint(.server, 4_000)
    let stranger = laboratory.endpoint(.stranger, 4_000)
    let sources = [
      laboratory.send(.pc, 5_000, to: server), laboratory.send(.pc, 5_001, to: server),
      laboratory.send(.pc, 5_002, to: stranger),
    ].compactMap { $0?.source.address }
    let lent = subject.external.count < 2 ? said(" (\(subject.name) has one only; it was lent another)") : ""
    let holds = sources.areAlike
    return Evidence(
      holds: holds,
      shown: said("With two outside addresses\(lent), the pc's three conversations left from ")
        + (holds ? said("the same one.") : said("\(Set(sources).count) of them.")),
      rows: laboratory.rows)
  }

  /// Whether mapping and filtering are the same for a host alone and for one whose port another host has already.
  static func determinism(_ subject: NATUnderTest) -> Evidence {
    let alone = trial(subject, hasCompany: false)
    let accompanied = trial(subject, hasCompany: true)
    let (before, after) = (alone.dependence, accompanied.dependence)
    if isOther(before.onPort, after.onPort) || isOther(before.onAddress, after.onAddress) {
      return Evidence(
        holds: false,
        shown: said(
          "Alone, the pc sent to three endpoints from \(count(alone)); beside a laptop with the same inside port, ",
          "from \(count(accompanied))."),
        rows: accompanied.rows)
    }
    let filtering = FilteringExperiments.trial(subject, hasCompany: false)
    let crowdedFiltering = FilteringExperiments.trial(subject, hasCompany: true)
    let isSame =
      !isOther(filtering.otherPort, crowdedFiltering.otherPort)
      && !isOther(filtering.otherHost, crowdedFiltering.otherHost)
    return Evidence(
      holds: isSame,
      shown: isSame
        ? said("It mapped and filtered in the same way for the pc alone and for two hosts with the same inside port.")
        : said("It let in different packets for the second host with the same inside port than for the first."),
      rows: isSame ? accompanied.rows : crowdedFiltering.rows)
  }

  /// `two outside endpoints`
  private static func count(_ trial: Trial) -> String {
    let number = Set(trial.external.compactMap(\.self)).count
    return [
      said("no outside endpoint"), said("one outside endpoint"), said("two outside endpoints"),
      said("three outside endpoints"),
    ][number]
  }

  /// Whether both are known and differ.
  private static func isOther(_ left: Bool?, _ right: Bool?) -> Bool {
    guard let left, let right else { return false }
    return left != right
  }
}
