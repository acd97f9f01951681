// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Wording

extension ProgramDescription {
  /// The part of a router that reads the texts that pass, and changes them.
  static let gateways = ProgramDescription(
    Network.gatewayName, summary: said("a router's application level gateway, which reads the texts that pass"),
    events: [
      "rewrote": ["protocol", "before", "after"], "expects": ["protocol", "transport", "inside", "outside", "from"],
      "refused": ["protocol", "inside", "reason"],
    ]
  ) { report in
    switch report.event {
    case "rewrote":
      guard let before = report.data["before"]?.text, let after = report.data["after"]?.text else { return nil }
      return said("changes the text \"\(before)\" to \"\(after)\"")
    case "expects":
      guard let inside = report.data["inside"]?.text, let outside = report.data["outside"]?.text,
        let from = report.data["from"]?.text
      else { return nil }
      return said("expects packets from \(from) at \(outside), for \(inside)")
    case "refused":
      guard let inside = report.data["inside"]?.text, let reason = report.data["reason"]?.text else { return nil }
      return said("leaves \(inside) in the text as it is, for want of an outside endpoint: \(reason)")
    default: return nil
    }
  }
}
