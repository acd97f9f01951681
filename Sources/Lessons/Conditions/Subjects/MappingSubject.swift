// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// `mapping`: a router's table has a row, or had one that timed out during the step.
enum MappingSubject: ConditionSubject {
  struct Item: Sendable {
    var router: DeviceID
    var row: Mapping
    var isExpired: Bool
  }

  static let word = "mapping"
  static let nature = ConditionNature.state

  static let fields: [ConditionField<Item>] = [
    .word("static", yesOrNo, .before { $0 == "yes" ? said("static ") : "" }) { yesOrNo($0.row.isStatic) },
    .word("protocol", ["udp", "tcp", "icmp"], .before { "\($0.uppercased()) " }) { $0.row.transport.name },
    .device("router", .saying { said(" in \($0)'s table") }) { $0.router },
    .endpoint("internal", .after(said("for"))) { $2.matches($1.row.internal, $0) },
    .endpoint("external", .after(said("with the outside endpoint"))) { $2.matches($1.row.external, $0) },
    .endpoint("remote", .after(said("towards"))) { wanted, item, context in
      switch item.row.remote {
      case nil: false
      case .address(let address): wanted.port == nil && context.matches(address, wanted)
      case .endpoint(let endpoint): context.matches(endpoint, wanted)
      }
    },
    .endpoint("permitted", .after(said("that admits"))) { wanted, item, context in
      switch item.row.permitted {
      case .anyone: true
      case .addresses(let addresses): wanted.host != .anyone && addresses.contains { context.matches($0, wanted) }
      case .endpoints(let endpoints): wanted.host != .anyone && endpoints.contains { context.matches($0, wanted) }
      }
    },
    .text("state", .after(said("in the state"))) { item, _ in item.row.state },
    .number("packets_out", .atLeast(said("through which"), said(" packets have gone out"))) {
      Int64($0.row.packetsOut)
    },
    .number("packets_in", .atLeast(said("through which"), said(" packets have come in"))) { Int64($0.row.packetsIn) },
    .word("expired", yesOrNo, .own) { yesOrNo($0.isExpired) },
  ]

  private static let yesOrNo = ["yes", "no"]
  private static func yesOrNo(_ isSo: Bool) -> String { isSo ? "yes" : "no" }

  /// Rows that are there, or where `expired` asks for them, those that timed out since the step began.
  static func items(for pattern: Pattern<MappingSubject>, in context: ConditionContext) -> [Item] {
    let network = context.network
    let since = context.record.startClock(in: network)
    return network.allDevices.flatMap { device -> [Item] in
      guard let nat = network.router(device.id)?.nat else { return [] }
      guard pattern.word("expired") == "yes" else {
        return nat.mappings.filter { !$0.isExpired(at: network.clock) }
          .map { Item(router: device.id, row: $0, isExpired: false) }
      }
      return nat.expiredMappings(since: 0).filter { ($0.expiresAt ?? .zero) >= since }
        .map { Item(router: device.id, row: $0, isExpired: true) }
    }
  }

  static func noun(_ words: PatternWords) -> String { words.before + said("row", as: "no row") + words.after }
  static func event(_ words: PatternWords) -> String { words.word("expired") == "yes" ? said("timed out") : "" }
  static var auxiliary: String { said("has") }

  static func shown(_ item: Item, in context: ConditionContext) -> String {
    let name = context.network.device(item.router).name
    return item.isExpired
      ? said("The row for \(item.row.internal) in \(name)'s table has timed out")
      : said("In \(name)'s table, \(item.row.internal) inside is \(item.row.external) outside")
  }

  static func instead(of pattern: Pattern<MappingSubject>, in context: ConditionContext) -> String? {
    let wide = Pattern<MappingSubject>(fields: pattern.fields.filter { ["router", "expired"].contains($0.key) })
    let found = wide.items(in: context).prefix(3).map {
      said("\(context.network.device($0.router).name) has \($0.row.internal) ⇄ \($0.row.external)")
    }
    return found.isEmpty ? said("there is no row") : found.joined(separator: said(", and "))
  }
}
