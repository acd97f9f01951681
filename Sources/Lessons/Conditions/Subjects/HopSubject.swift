// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// `hop`: what a device has done with a packet.
enum HopSubject: ConditionSubject {
  static let word = "hop"
  static let nature = ConditionNature.happening
  static let hasMoments = true

  static let fields: [ConditionField<Hop>] = [
    .device("node", .own) { $0.node },
    .word("verdict", Verdict.allCases.map(\.rawValue), .own) { $0.verdict.rawValue },
    .word("reason", DropReason.allCases.map(\.rawValue), .ending { said(" (reason: \($0))") }) { $0.reason?.rawValue },
    HopFields.transport, HopFields.icmp, HopFields.flags,
    .endpoint("source", .after(said("from"))) { $2.hasSource($0, $1) },
    .endpoint("destination", .after(said("to"))) { $2.matches($1.destination, $0) },
    .endpoint("new_source", .ending { said(" with the new source \($0)") }) { wanted, hop, context in
      hop.newSource.map { context.matches($0, wanted) } ?? false
    },
    .endpoint("new_destination", .ending { said(" with the new destination \($0)") }) { wanted, hop, context in
      hop.newDestination.map { context.matches($0, wanted) } ?? false
    },
    .word("mapping_change", ["created", "refreshed"], .ending(change)) { $0.mappingChange?.rawValue },
    HopFields.text,
    .number("ttl", .after(said("with a TTL of"))) { Int64($0.timeToLive) },
    .number("length", .after(said("with"), said(" bytes"))) { Int64($0.length) }, HopFields.clock,
  ]

  private static func change(_ word: String) -> String {
    word == "created" ? said(" and made a row") : said(" and renewed its row")
  }

  static func items(for pattern: Pattern<HopSubject>, in context: ConditionContext) -> [Hop] { context.hops }
  static func moment(of item: Hop) -> Int? { item.number }
  static func noun(_ words: PatternWords) -> String { HopFields.noun(words) }

  static func event(_ words: PatternWords) -> String {
    let verdict = words.word("verdict") ?? (words.word("reason") == nil ? "handled" : "dropped")
    let node = words.word("node")
    let happened =
      switch verdict {
      case "sent": node.map { said("sent by \($0)") } ?? said("sent")
      case "forwarded": node.map { said("forwarded by \($0)") } ?? said("forwarded")
      case "translated": node.map { said("translated by \($0)") } ?? said("translated")
      case "delivered": node.map { said("delivered to \($0)") } ?? said("delivered")
      case "dropped": node.map { said("dropped at \($0)") } ?? said("dropped")
      default: node.map { said("handled by \($0)") } ?? said("handled")
      }
    return happened + words.ending
  }

  static func shown(_ item: Hop, in context: ConditionContext) -> String { context.words(for: item) }
  static func instead(of pattern: Pattern<HopSubject>, in context: ConditionContext) -> String? { context.lastEnds }
}

/// `delivered`: a host has received a packet.
enum DeliverySubject: ConditionSubject {
  static let word = "delivered"
  static let nature = ConditionNature.happening
  static let hasMoments = true

  static let fields: [ConditionField<Hop>] = [
    HopFields.transport, HopFields.icmp, HopFields.flags,
    .endpoint("to", .own) { wanted, hop, context in
      guard case .name(let name) = wanted.host else { return context.matches(hop.destination, wanted) }
      return context.isCalled(name, hop.node) && (wanted.port.map { $0 == hop.destination.port } ?? true)
    },
    .endpoint("from", .after(said("from"))) { $2.hasSource($0, $1) },
    HopFields.text, HopFields.clock,
  ]

  static func items(for pattern: Pattern<DeliverySubject>, in context: ConditionContext) -> [Hop] {
    context.hops.filter { $0.verdict == .delivered }
  }

  static func moment(of item: Hop) -> Int? { item.number }
  static func noun(_ words: PatternWords) -> String { HopFields.noun(words) }
  static func event(_ words: PatternWords) -> String {
    (words.word("to").map { said("delivered to \($0)") } ?? said("delivered")) + words.ending
  }
  static func shown(_ item: Hop, in context: ConditionContext) -> String { context.words(for: item) }
  static func instead(of pattern: Pattern<DeliverySubject>, in context: ConditionContext) -> String? {
    context.lastEnds
  }
}

/// The keys that hops and deliveries have in common.
private enum HopFields {
  static let transport = ConditionField<Hop>.word(
    "protocol", ["udp", "tcp", "icmp"], .before { "\($0.uppercased()) " }
  ) { $0.transport.name }

  static let icmp = ConditionField<Hop>.text("icmp", .before()) { hop, _ in
    hop.transport == .icmp ? hop.icmp.name : nil
  }

  static let flags = ConditionField<Hop>.text("flags", .before()) { words, hop, _ in
    hop.transport == .tcp && hop.tcpFlags.names == words.split { " ,+".contains($0) }.map(String.init)
  }

  static let text = ConditionField<Hop>.text("text", .saying { said(" that says \"\($0)\"") }) { hop, context in
    context.network.trace.packet(hop.packet)?.packet.payload.text
  }

  /// When it happened, as the condition `clock` counts.
  static let clock = ConditionField<Hop>.number(
    "clock", .ending { said(" after \($0)") }, in: .duration
  ) { ($0.time - $1.record.startClock(in: $1.network)).microseconds }

  static func noun(_ words: PatternWords) -> String { words.before + said("packet") + words.after }
}

extension ConditionContext {
  /// Whether a packet came from there, or was sent by the device of that name, whatever NAT has made of its address
  /// since.
  fileprivate func hasSource(_ wanted: EndpointPattern, _ hop: Hop) -> Bool {
    if matches(hop.source, wanted) { return true }
    guard let record = network.trace.packet(hop.packet), case .name(let name) = wanted.host,
      isCalled(name, record.origin)
    else { return false }
    return wanted.port.map { $0 == record.packet.source.port } ?? true
  }

  /// A device's verdict on a packet.
  fileprivate func words(for hop: Hop) -> String {
    let node = network.device(hop.node).name
    let packet = said("packet \(hop.packet) from ") + (hop.icmp.isError ? "\(hop.source.address)" : "\(hop.source)")
    switch hop.verdict {
    case .sent: return said("\(packet) was sent")
    case .forwarded: return said("\(packet) was passed on by \(node)")
    case .translated:
      let changes = [
        hop.newSource.map { said("its source became \($0)") },
        hop.newDestination.map { said("its destination became \($0)") },
      ].compactMap { $0 }
      return said("\(packet) went through \(node)") + (changes.isEmpty ? "" : ": " + changes.joined(separator: ", "))
    case .delivered: return said("\(packet) reached \(node)")
    case .dropped:
      return said("\(packet) was dropped at \(node)") + (hop.reason.map { said(" (reason: \($0.rawValue))") } ?? "")
    }
  }

  /// The last packets' ends, or that nothing has been sent at all.
  var lastEnds: String {
    var last: [Int: String] = [:]
    var order: [Int] = []
    for hop in hops where hop.verdict == .delivered || hop.verdict == .dropped {
      if last.updateValue(words(for: hop), forKey: hop.packet) == nil { order.append(hop.packet) }
    }
    guard !order.isEmpty else {
      return hops.isEmpty ? said("no packet has been sent") : said("no packet has come to its end")
    }
    return order.suffix(3).compactMap { last[$0] }.joined(separator: said(", and "))
  }
}
