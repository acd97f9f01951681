// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// What a NAT that many customers share owes to each of them (RFC 6888).
enum CarrierExperiments {
  /// More flows than a customer needs at once.
  private static let many = 2_000

  /// REQ-4 and REQ-5: one customer cannot take the ports of all, nor the memory: a port is a row.
  static func limit(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject, keepsLimits: true)
    let granted = laboratory.fill(.pc, count: many)
    let neighbor = laboratory.send(.laptop, 5_000, to: laboratory.endpoint(.server, 4_000)) != nil
    let shown =
      switch (granted < many, neighbor) {
      case (true, true): said("The pc asked for \(many) ports and got \(granted); the laptop got one after that.")
      case (true, false): said("The pc asked for \(many) ports and got \(granted); for the laptop nothing was left.")
      default: said("The pc asked for \(many) ports, and got them all.")
      }
    return Evidence(holds: granted < many && neighbor, shown: shown, rows: laboratory.rows)
  }

  /// REQ-7: anybody may send to an outside endpoint that is in use.
  static func openness(_ subject: NATUnderTest) -> Evidence {
    let trial = FilteringExperiments.trial(subject, hasCompany: false)
    return Evidence(
      holds: trial.otherHost,
      shown: trial.otherHost == true
        ? said("Once the pc had sent to the server, anyone could send to the pc's outside endpoint.")
        : said("A stranger could not send to the pc's outside endpoint."),
      rows: trial.rows, decidedBy: subject.behavior.firewall ? nil : Properties.firewall.property)
  }
}
