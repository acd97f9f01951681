// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

extension STUNClient {
  /// The client's findings, in sentences.
  static let description = ProgramDescription(
    "stun-client", summary: said("asks a STUN server how the host looks from outside"),
    events: [
      "mapped-address": ["local", "mapped", "server"], "timed-out": ["server", "requests"],
      "refused": ["code", "server"], "failed": ["reason", "from", "server"], "test": ["test", "answer", "uncertain"],
      "behavior": ["mapping", "filtering", "translated", "lossy", "doubts"],
    ], conclusions: ["test"]
  ) { event in
    func value(_ key: String) -> String { event.data[key]?.text ?? "" }
    switch event.event {
    case "mapped-address":
      return value("local") == value("mapped")
        ? said("is seen as itself, \(value("mapped")): nothing translates it")
        : said("is seen as \(value("mapped")) by \(value("server"))")
    case "timed-out": return said("gives up: \(value("server")) has not answered")
    case "refused": return said("was refused by \(value("server")): \(value("code"))")
    case "failed" where value("reason") == BehaviorDiscovery.Failure.noOtherAddress.rawValue:
      return said("cannot go on: \(value("server")) has only one address (`serve HOST stun alternate ADDRESS`)")
    case "failed": return said("fails: \(value("reason")) from \(value("from"))")
    case "test": return BehaviorDiscovery.Test(rawValue: value("test")).map { words($0, event.data) }
    case "behavior": return behavior(event.data)
    default: return nil
    }
  }

  private static func words(_ test: BehaviorDiscovery.Test, _ data: EventData) -> String {
    var answer: String?
    if case .endpoint(let endpoint) = data["answer"] { answer = endpoint.description }
    let doubt =
      data["uncertain"] == .flag(true) ? said(" (or its answers were lost: packets are getting lost here)") : ""
    switch test {
    case .reachable:
      return answer.map { said("test I: the server answers, and sees \($0)") }
        ?? said("test I: the server does not answer")
    case .filteringII:
      return answer == nil
        ? said("filtering, test II: nothing comes in from another address and port\(doubt)")
        : said("filtering, test II: an answer from another address and port comes in, so anybody's would")
    case .filteringIII:
      return answer == nil
        ? said("filtering, test III: nothing comes in from the same address and another port\(doubt)")
        : said(
          "filtering, test III: an answer from the same address and another port comes in, so the port does not matter")
    case .mappingII:
      return answer.map { said("mapping, test II: asked at its other address, the server sees \($0)") }
        ?? said("mapping, test II: the server's other address does not answer")
    case .mappingIII:
      return answer.map { said("mapping, test III: asked at its other address and port, the server sees \($0)") }
        ?? said("mapping, test III: the server's other address and port do not answer")
    }
  }

  private static func behavior(_ data: EventData) -> String {
    func word(_ key: String) -> String {
      if case .text(let text) = data[key] { text } else { said("unknown: an answer is missing") }
    }
    let lossy = data["lossy"] == .flag(true) ? said("; packets were lost on the way, so silence proves little") : ""
    let doubts = BehaviorDiscovery.Doubt.allCases.filter { doubt in
      guard case .list(let found) = data["doubts"] else { return false }
      return found.contains(.text(doubt.rawValue))
    }
    let rest = lossy + doubts.map(words).joined()
    if data["translated"] == .flag(false) {
      return said("nothing translates; filtering is \(word("filtering"))\(rest)")
    }
    return said("mapping is \(word("mapping")), filtering is \(word("filtering"))\(rest)")
  }

  private static func words(_ doubt: BehaviorDiscovery.Doubt) -> String {
    switch doubt {
    case .keptPort:
      said(
        """
        ; but the port was kept, so the router may also have a row for each destination, all with that port, as Linux \
        does: from outside that looks the same, until another host takes the port
        """)
    case .hairpinned:
      said(
        "; but the server has the host's own outside address, so this is how the router treats what it turns round")
    case .insideServer: said("; but the server is on this side of the router, which had no part in it")
    case .privateMapping:
      said("; but the server saw a private address, so a router beyond it translates once more, and was not tested")
    }
  }
}
