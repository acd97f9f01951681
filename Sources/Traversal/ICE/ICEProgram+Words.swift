// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

extension ICEProgram {
  private static let pairKeys = ["pair", "state", "local", "remote", "local_type", "remote_type"]

  /// An end's findings, in sentences.
  static let description = ProgramDescription(
    "ice", summary: said("looks for a way to another host (RFC 8445)"),
    events: [
      "registered": ["mapped", "server"], "learned": ["peer", "candidates"],
      "candidate": ["type", "address", "base", "priority", "remote"], "allocated": ["relayed", "lifetime_s"],
      "refreshed": ["lifetime_s"], "permission": ["peer"], "channel": ["peer", "channel"],
      "refused": ["code", "method", "reason", "peer"],
      "pair": pairKeys, "check": pairKeys, "nominated": pairKeys,
      "selected": ["path", "local", "remote", "local_type", "remote_type"], "role": ["role"],
      "heard": ["from", "text"], "named": ["address", "name"], "resolved": ["address", "name"], "unresolved": ["name"],
      "consent-lost": [], "restart": ["number"], "failed": ["reason"],
    ]
  ) { event in
    func value(_ key: String) -> String { event.data[key]?.text ?? "" }
    var pair: String {
      said(
        "pair \(value("pair")), \(kind(value("local_type"))) \(value("local")) to ",
        "\(kind(value("remote_type"))) \(value("remote"))")
    }
    switch event.event {
    case "candidate":
      let whose = value("remote") == "yes" ? said("learns the other end's candidate") : said("has a candidate")
      return "\(whose): \(kind(value("type"))) \(value("address"))"
    case "named": return said("tells the other end \(value("name")) in place of \(value("address"))")
    case "resolved": return said("hears from a neighbour that \(value("name")) is \(value("address"))")
    case "unresolved":
      return said("hears nobody on its own network answer to \(value("name")): that candidate is worth nothing here")
    case "learned":
      guard case .number(let count) = event.data["candidates"] else { return nil }
      return said("hears from \(value("peer")): \(Count.of(count, "candidate"))")
    case "allocated": return said("has borrowed \(value("relayed")) for \(value("lifetime_s")) s")
    case "pair": return said("\(pair): to be checked")
    case "check": return "\(pair): \(value("state"))"
    case "nominated": return said("\(pair): nominated")
    case "selected": return selected(value("path"), value("local"), value("remote"))
    case "role": return said("takes the other role: \(value("role"))")
    case "consent-lost": return said("has had no answer for 30 s: it may send no more")
    case "restart": return said("begins again, with a new name, a new password and new candidates")
    // An end tells what it does with its servers in the same words as one that only uses a relay.
    default: return RelayParty.words(event)
    }
  }

  private static func kind(_ type: String) -> String {
    switch ICECandidate.Kind(rawValue: type) {
    case .host: said("its own")
    case .serverReflexive: "server-reflexive"
    case .peerReflexive: "peer-reflexive"
    case .relayed: "relayed"
    case nil: type
    }
  }

  private static func selected(_ path: String, _ local: String, _ remote: String) -> String {
    let way = said("\(local) to \(remote)")
    switch ICEPath(rawValue: path) {
    case .direct: return said("has found a direct way: \(way)")
    case .punched: return said("has found a way through both routers, which their own packets have opened: \(way)")
    case .relayed: return said("has found no way except through the TURN server: \(way)")
    case nil: return said("has found a way: \(way)")
    }
  }
}
