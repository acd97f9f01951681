// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// Who may send to a mapping's outside endpoint (RFC 4787 §5).
enum FilteringExperiments {
  struct Trial {
    /// Whether another port of the host that was sent to, and another host, came in; nil if there was no mapping.
    var otherPort: Bool?
    var otherHost: Bool?
    var rows: [ExperimentRow]
  }

  /// An insider sends to the server; then another port of the server and a stranger try its outside endpoint. With
  /// company, another insider has the same inside port and has sent to the same endpoint first.
  static func trial(_ subject: NATUnderTest, hasCompany: Bool) -> Trial {
    var laboratory = Laboratory(subject)
    let server = laboratory.endpoint(.server, 4_000)
    if hasCompany { laboratory.send(.laptop, 5_000, to: server) }
    guard let external = laboratory.send(.pc, 5_000, to: server)?.source else {
      return Trial(rows: laboratory.rows)
    }
    let otherPort = laboratory.receive(external, from: .server, 4_001) != nil
    let otherHost = laboratory.receive(external, from: .stranger, 4_000) != nil
    return Trial(otherPort: otherPort, otherHost: otherHost, rows: laboratory.rows)
  }

  static func leniency(_ subject: NATUnderTest) -> Evidence {
    let trial = trial(subject, hasCompany: false)
    let shown =
      switch (trial.otherPort, trial.otherHost) {
      case (true?, true?): said("Once the pc had sent to the server, anyone could send to the pc's outside endpoint.")
      case (true?, _): said("The server could answer from another port; a stranger could not send.")
      case (false?, _): said("The server could not answer from a port other than the one the pc had sent to.")
      case (nil, _): said("No mapping was made.")
      }
    return Evidence(
      holds: trial.otherPort, shown: shown, rows: trial.rows,
      decidedBy: subject.behavior.firewall ? nil : Properties.firewall.property)
  }

  /// RFC 7857 §6: a mapping of one protocol does not let in packets of another.
  static func protocolDependence(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    let server = laboratory.endpoint(.server, 4_000)
    guard let external = laboratory.send(.pc, 5_000, to: server, .tcp)?.source else {
      return Evidence(holds: nil, shown: said("No mapping was made."), rows: laboratory.rows)
    }
    let cameIn = laboratory.receive(external, from: .server, 4_000) != nil
    return Evidence(
      holds: !cameIn,
      shown: said("The pc opened a TCP connection; a UDP packet to the same outside endpoint ")
        + (cameIn ? said("came in.") : said("stayed out.")),
      rows: laboratory.rows)
  }

  /// RFC 7857 §5: a mapping belongs to one protocol.
  static func mappingPerProtocol(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    let server = laboratory.endpoint(.server, 4_000)
    laboratory.send(.pc, 5_000, to: server)
    laboratory.send(.pc, 5_000, to: server, .tcp)
    let made = laboratory.rows.filter { $0.hop.mappingChange == .created }.count
    let left = laboratory.rows.filter { $0.hop.reason == nil }.count
    return Evidence(
      holds: left < 2 ? nil : made == 2,
      shown: said("UDP and TCP from the same inside port ")
        + (made == 2 ? said("got a mapping each.") : said("shared a mapping.")),
      rows: laboratory.rows)
  }
}
