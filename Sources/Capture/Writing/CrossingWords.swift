// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering

extension Session {
  /// What became of a packet at the end of a link, as the comment on it there.
  func words(for hop: Hop, _ crossing: LinkCrossing) -> String {
    let node = network.device(hop.node).name
    let link = network.device(crossing.link)
    switch crossing.fate {
    case .passedOn: return "forwarded by the switch"
    case .lostBeyond: return "sent on by \(node), and lost on the next link"
    case .lostHere: return "dropped on the link of \(link.name): loss"
    case .handled: break
    }
    switch hop.verdict {
    case .sent, .delivered: return "delivered to \(node)"
    case .forwarded: return "forwarded by \(node)"
    case .translated: return "translated by \(node)" + translation(hop)
    case .dropped: return "dropped by \(node): " + (report(hop).reasonWords?.plain ?? "")
    }
  }

  private func translation(_ hop: Hop) -> String {
    var words = ""
    if let source = hop.newSource { words += ", source \(text(source, hop))" }
    if let destination = hop.newDestination { words += ", destination \(text(destination, hop))" }
    if let mapping = hop.mapping {
      words += ", mapping \(mapping)" + (hop.mappingChange.map { " \($0.rawValue)" } ?? "")
    }
    return words
  }

  private func text(_ endpoint: Endpoint, _ hop: Hop) -> String {
    endpoint.port == 0 ? endpoint.address.description : endpoint.description
  }
}
