// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// What a carrier needs to run its NAT (RFC 6888 §3 to §5).
extension CarrierExperiments {
  /// REQ-1: every MUST of the standards for its protocols.
  static func goodNAT(_ subject: NATUnderTest) -> Evidence {
    let all = (Requirement.all + Requirement.rfc5382 + Requirement.rfc5508).filter { $0.main.level == .must }
    let unmet = all.filter { $0.main.examine(subject).holds == false }.map(\.id)
    return Evidence(
      holds: unmet.isEmpty,
      shown: unmet.isEmpty
        ? said("All \(all.count) that say MUST are met.")
        : said("Of \(all.count) that say MUST, these are not met: \(unmet.joined(separator: ", "))."))
  }

  /// REQ-3: addresses far from each other, in one pool.
  static func scatteredAddresses(_ subject: NATUnderTest) -> Evidence {
    var several = subject
    let more = [0xC000_02C8, 0xC633_64C8, 0xCB00_71C8].map { IPAddress(ipv4: $0) }
    several.external += more.filter { !subject.external.contains($0) }
    var laboratory = Laboratory(several)
    let server = laboratory.endpoint(.server, 4_000)
    var used: [IPAddress] = []
    for party in [Party.pc, .laptop] {
      for port in UInt16(5_000)...5_003 {
        if let source = laboratory.send(party, port, to: server)?.source.address, !used.contains(source) {
          used.append(source)
        }
      }
    }
    let holds = used.count > 1 && used.allSatisfy(several.external.contains)
    return Evidence(
      holds: holds,
      shown: said(
        "With \(several.external.count) outside addresses from several networks, the pc and the laptop left from ")
        + used.map(\.description).joined(separator: said(" and ")) + ".", rows: laboratory.rows)
  }

  /// REQ-6: the server's address is exempt.
  static func exemption(_ subject: NATUnderTest) -> Evidence {
    let server = Laboratory(subject).endpoint(.server, 4_000)
    guard let prefix = IPPrefix(containing: server.address, length: 32) else {
      return Evidence(holds: nil, shown: said("The server has no address."))
    }
    var laboratory = Laboratory(subject.with([Properties.exempt([prefix])]))
    let pc = laboratory.endpoint(.pc, 5_000)
    let exempt = laboratory.send(.pc, 5_000, to: server)?.source
    let other = laboratory.send(.pc, 5_000, to: laboratory.endpoint(.stranger, 4_000))?.source
    return Evidence(
      holds: exempt == pc && other != pc,
      shown: exempt == pc
        ? said(
          "With 'exempt \(prefix)', the pc's packet for the server left with its inside address, and others did not.")
        : said("With 'exempt \(prefix)', the pc's packet for the server was translated all the same."),
      rows: laboratory.rows)
  }

  /// REQ-8: a port whose mapping has just ended, and another customer who sends. Where ports are drawn from a range,
  /// the range is narrowed to one, so that chance has no part.
  static func rest(_ subject: NATUnderTest) -> Evidence {
    var narrow = subject
    switch subject.behavior.portAssignment {
    case .random(let range): narrow.behavior.portAssignment = .random(range.lowerBound...range.lowerBound)
    case .overloadWithin(let range):
      narrow.behavior.portAssignment = .overloadWithin(range.lowerBound...range.lowerBound)
    case .blocks(_, let range):
      narrow.behavior.portAssignment = .blocks(size: 1, within: range.lowerBound...range.lowerBound)
    case .sequential, .preserve, .overload, .preserveOrRefuse: break
    }
    var laboratory = Laboratory(narrow)
    let server = laboratory.endpoint(.server, 4_000)
    guard let first = laboratory.send(.pc, 5_000, to: server)?.source, let lifetime = laboratory.newestLifetime else {
      return Evidence(holds: nil, shown: said("The packet did not leave."), rows: laboratory.rows)
    }
    laboratory.wait(Interval(microseconds: lifetime.microseconds + 119_000_000))
    let second = laboratory.send(.laptop, 5_000, to: server)?.source
    return Evidence(
      holds: second != first,
      shown: said("119 seconds after the pc's mapping had ended, the laptop ")
        + (second == first
          ? said("got the pc's outside endpoint.")
          : second == nil
            ? said("did not get its port, though no other was left.") : said("got another outside port.")),
      rows: laboratory.rows)
  }

  /// REQ-11: the table is full, and one more comes.
  static func fullTable(_ subject: NATUnderTest) -> Evidence {
    guard let trial = FullTable(subject) else {
      return Evidence(holds: nil, shown: said("The network could not be built."))
    }
    return Evidence(
      holds: trial.firstGoesOn && !trial.secondArrived,
      shown: said("The table had room for one row. The laptop, which came second, was ")
        + (trial.secondArrived ? said("let through") : said("refused")) + said(", and the pc's conversation ")
        + (trial.firstGoesOn ? said("went on.") : said("ended.")), rows: trial.rows)
  }

  /// REQ-11B: code 1, which does not make TCP give up at once; code 13 does.
  static func fullTableIsTold(_ subject: NATUnderTest) -> Evidence {
    guard let trial = FullTable(subject) else {
      return Evidence(holds: nil, shown: said("The network could not be built."))
    }
    return Evidence(
      holds: trial.answer == .hostUnreachable,
      shown: said("The laptop was told ")
        + (trial.answer.map { "\"\($0.name)\"" } ?? said("nothing"))
        + (trial.answer == .administrativelyProhibited
          ? said(", which makes TCP give up; only 'preset cgnat' says \"host unreachable\".") : "."),
      rows: trial.rows)
  }

  /// REQ-13: a range of 64 ports, and as many flows.
  static func utilization(_ subject: NATUnderTest) -> Evidence {
    var narrow = subject
    switch subject.behavior.portAssignment {
    case .random: narrow.behavior.portAssignment = .random(5_000...5_063)
    case .overloadWithin: narrow.behavior.portAssignment = .overloadWithin(5_000...5_063)
    case .blocks(let size, _): narrow.behavior.portAssignment = .blocks(size: min(size, 32), within: 5_000...5_063)
    case .sequential, .preserve, .overload, .preserveOrRefuse: break
    }
    var laboratory = Laboratory(narrow)
    let first = laboratory.fill(.pc, count: 63)
    let second = laboratory.fill(.laptop, count: 1)
    return Evidence(
      holds: first + second == 64,
      shown:
        said(
          "The pc asked for 63 ports and the laptop for one, of a range of 64 where there is a range: they got \(first) ",
          "and \(second)."), rows: laboratory.rows)
  }

  // MARK: What natsh cannot judge

  /// REQ-9
  static func portControl(_ subject: NATUnderTest) -> Evidence {
    Evidence(
      holds: nil,
      shown: said(
        "Packets through the NAT cannot show it: the router itself speaks the protocol. 'set \(subject.name) ",
        "port-control pcp' has it do so, and 'request' tries it."))
  }

  /// REQ-10
  static func management(_ subject: NATUnderTest) -> Evidence {
    Evidence(
      holds: nil,
      shown: said("natsh's routers speak no SNMP or NETCONF: you are their management, by 'set' and 'show'."))
  }

  /// REQ-12 and REQ-14
  static func logging(_ subject: NATUnderTest) -> Evidence {
    Evidence(holds: nil, shown: said("natsh's routers write no log, so there is none to judge."))
  }
}
