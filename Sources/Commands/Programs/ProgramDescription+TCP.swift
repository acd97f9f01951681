// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Wording

extension ProgramDescription {
  /// A host's own TCP, whose retransmissions are events.
  static let tcp = ProgramDescription(
    "tcp", summary: said("a host's own TCP, which sends again what is not acknowledged"),
    events: ["retransmitted": ["remote", "times", "after"], "gave-up": ["remote", "times", "after"]]
  ) { report in
    guard let remote = report.data["remote"]?.text, let times = report.data["times"]?.text,
      let after = report.data["after"]?.text
    else { return nil }
    switch report.event {
    case "retransmitted":
      let packet = report.packet.map { said(", as #\($0)") } ?? ""
      return said("nothing from \(remote) has acknowledged it: sent again, \(after) after the first time\(packet)")
    case "gave-up": return said("gives up \(remote): sent \(times) times in \(after), and never acknowledged")
    default: return nil
    }
  }
}
