// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// What is blocked and what passes.
extension PacketFilterReader {
  /// Conditions of a filter rule for which natsh has nothing.
  private static let conditions = [
    "icmp-type", "icmp6-type", "flags", "os", "user", "group", "tagged", "probability", "received-on", "tos",
    "allow-opts",
  ]

  mutating func takeBlock(_ line: SourceLine, _ words: PacketFilterWords) {
    let byReturn = words.has("return") || words.has("return-rst") || words.has("return-icmp")
    let isOutbound = words.has("out") && !words.has("in")
    let names = words.list(after: "proto")
    let transports = TransportProtocol.allCases.filter { names.contains($0.name) }
    if let condition = Self.conditions.first(where: words.has) {
      draft.notes.unread(
        line.number, said("\(said("it drops packets")) only with '\(condition)', which natsh has not"))
    } else if words.isForIPv6 {
      draft.notes.unread(line.number, said("natsh's firewall for IPv6 goes by flows alone"))
    } else if words.hasAddresses {
      draft.notes.unread(line.number, said("natsh's filters drop by protocol and port, not by address"))
    } else if !names.isEmpty {
      let ports = words.ports(after: "to")
      let count = ports?.reduce(0) { $0 + $1.count } ?? 1
      guard transports.count == names.count, (1...64).contains(count) else {
        draft.notes.unread(line.number, said("natsh's filters take single ports, and this rule up to 64 of them"))
        return
      }
      let isOneSided = words.has("in") || words.has("out")
      for transport in transports {
        guard let ports, transport != .icmp else {
          draft.addFilter(line.number, transport, port: nil, isOneSided: isOneSided)
          continue
        }
        for port in ports.flatMap({ Array($0) }) {
          draft.addFilter(line.number, transport, port: port, isOneSided: isOneSided)
        }
      }
    } else if isOutbound {
      blocksOutwards = true
      draft.notes.became(line.number, said("what comes from inside is let out by other rules"))
    } else if interfaces.leadsOutside(words.interfaces) == false {
      draft.notes.unread(line.number, said("natsh's filters drop by protocol and port, not by interface"))
    } else {
      blocksByReturn = byReturn || blocksByReturn && !words.has("drop")
      blocks = line.number
      blocksAtOnce = words.has("quick")
      if !words.has("in"), words.interfaces == nil { blocksOutwards = true }
    }
  }

  /// Notes that the rule chooses a way for its packets; true if it does.
  @discardableResult mutating func noteRouting(_ line: SourceLine, _ words: PacketFilterWords) -> Bool {
    let routes = ["route-to", "reply-to", "dup-to", "rtable", "divert-to", "divert-packet", "af-to"]
    guard let word = routes.first(where: words.has) else { return false }
    draft.notes.unread(line.number, said("'\(word)' has no counterpart"))
    return true
  }

  /// A rule that passes packets, after all that translates has been read.
  mutating func takePass(_ line: SourceLine, _ words: PacketFilterWords) {
    if noteClamping(line, words) { return }
    if noteRouting(line, words) { return }
    if let most = words.number(after: "max-src-states") {
      draft.set(line.number, Properties.maximumMappingsPerHost(max(most, 1)))
      if words.has("proto") || words.hasAddresses {
        draft.notes.unread(line.number, said("natsh limits the table, and every host in the same way"))
      }
      return
    }
    if words.first == "match" {
      return draft.notes.unread(line.number, said("natsh passes packets on as they are"))
    }
    if let limit = ["max-src-conn", "max-src-conn-rate", "overload", "synproxy"].first(where: words.hasPart) {
      draft.notes.unread(line.number, said("'\(limit)' has no counterpart"))
    }
    let side = interfaces.leadsOutside(words.interfaces, unknown: false)
    let passing = said("let through: answers, what is forwarded, and what comes from inside")
    let isOutbound = words.has("out") || side == false
    let isWhole =
      !words.has("proto") && !words.hasAddresses && !words.has("port") && !Self.conditions.contains(where: words.has)
    if isOutbound {
      let isPart = !words.list(after: "proto").allSatisfy { ["tcp", "udp", "icmp"].contains($0) } || words.has("port")
      let isToSome = words.addresses(after: "to").map { $0.items != ["any"] && !$0.isNegated } ?? false
      if blocksOutwards, isPart || isToSome {
        draft.notes.unread(line.number, said("whatever comes from inside goes out here, not only this"))
      } else {
        draft.notes.became(line.number, passing)
      }
    } else if words.isForIPv6 {
      draft.notes.unread(line.number, said("natsh's firewall for IPv6 goes by flows alone"))
    } else if isWhole {
      if let block = blocks, blocksAtOnce || block > line.number {
        draft.notes.became(line.number, said("nothing: line \(block) decides"))
      } else {
        blocks = nil
        draft.set(line.number, Properties.rejects(.asHost), because: said("nothing keeps packets out"))
      }
    } else if belongsToForward(words) {
      draft.notes.became(line.number, said("let through: it belongs to a forward"))
    } else if side == nil, isFromInside(words) {
      draft.notes.became(line.number, passing)
    } else {
      draft.notes.unread(
        line.number, said("natsh lets in what a row or a forward admits, and its routers run no services"))
    }
  }

  /// Whether it passes what a forward leads to: its host, or a port of it.
  private func belongsToForward(_ words: PacketFilterWords) -> Bool {
    let prefixes = (words.addresses(after: "to")?.items ?? []).flatMap(members).compactMap { RuleValues.prefix($0) }
    return draft.forwards.contains { forward in prefixes.contains { $0.contains(forward.inside) } }
  }

  private func isFromInside(_ words: PacketFilterWords) -> Bool {
    guard let from = words.addresses(after: "from"), !from.isNegated else { return false }
    return from.items.flatMap(members).allSatisfy { item in
      RuleValues.prefix(item).map { prefix in draft.inside.contains { $0.prefix == prefix } } ?? false
    }
  }
}
