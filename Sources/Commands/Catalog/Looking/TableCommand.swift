// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// `table [ROUTER] [--as FORM]`
public struct TableCommand: Command {
  /// Nil means every router.
  public let router: Located<NamedDevice>?
  /// The form of another tool; nil is natsh's own.
  public let form: ForeignTable.Form?

  public init(_ arguments: Arguments) throws(SyntaxError) {
    router = arguments.optionalDevice("ROUTER")
    form = arguments.choice("--as").flatMap { ForeignTable.Form(rawValue: $0.value) }
  }

  public static let declaration = CommandDeclaration(
    Self.self, "table", aliases: ["tables"], strangers: ["nat", "conntrack", "mappings", "translations"],
    group: .looking, effect: .looks,
    forms: [
      [
        .optional("ROUTER", .device(.routers)),
        .clause("--as", "FORM", .word(ForeignTable.Form.allCases.map(\.rawValue))),
      ]
    ],
    summary: said("shows the translation table, and what changed since it was last shown"),
    details: [
      said(
        "A row is a mapping: an inside endpoint, the outside endpoint that stands for it, the senders it admits, and how ",
        "long the row has left to live. `+` marks a row that is new, `~` one that was refreshed, `-` one that expired."),
      said(
        "`--as conntrack`, `--as cisco` and `--as pf` print it as `conntrack -L`, `show ip nat translations` and `pfctl -s ",
        "state` do, one flow per line."),
    ],
    examples: [
      "scene two-homes", "send alice:5000 203.0.113.99:4000", "step", "table home-a", "table",
      "table home-a --as conntrack",
    ],
    seeAlso: ["show", "nat", "mapping", "filtering"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    if let form { return CommandOutcome(try foreignTable(form, in: session)) }
    guard let router else {
      let routers = session.network.allDevices.filter(\.isRouter)
      var tables: [TableReport] = []
      var room = Session.mostListed
      var rows = 0
      for device in routers where tables.count < Session.mostListed {
        guard let table = session.lookAtTable(of: device.id, atMost: room) else { continue }
        tables.append(table)
        rows += session.network.router(device.id)?.nat.count ?? 0
        room -= table.mappings.count
      }
      return CommandOutcome(
        TablesReport.all(tables),
        notices: Notice.leftOut(.tables, routers.count - tables.count)
          + Notice.leftOut(.rows, rows - (Session.mostListed - room)))
    }
    let id = try session.identify(router)
    guard let table = session.lookAtTable(of: id, atMost: Session.mostListed) else {
      // Parsing has checked that it is a router.
      return CommandOutcome(TablesReport.all([]))
    }
    return CommandOutcome(
      TablesReport.one(table),
      notices: Notice.leftOut(.rows, (session.network.router(id)?.nat.count ?? 0) - table.mappings.count))
  }

  private func foreignTable(_ form: ForeignTable.Form, in session: Session) throws(CommandError) -> ForeignTable {
    let network = session.network
    let routers =
      if let id = try session.identify(router) { [id] } else { network.allDevices.filter(\.isRouter).map(\.id) }
    let tables = routers.compactMap { id in
      network.router(id).map { router in
        ForeignTable.Router(
          name: network.device(id).name, lines: form.lines(of: router.nat, at: network.clock))
      }
    }
    return ForeignTable(form: form, routers: tables)
  }
}

extension Session {
  /// A router's table as it stands, with what has changed since it was last shown: of more than `limit` rows, the
  /// newest. Nil if it is not a router.
  fileprivate mutating func lookAtTable(of id: DeviceID, atMost limit: Int) -> TableReport? {
    guard let router = network.router(id) else { return nil }
    let seen = seenTables[id]
    var now = SeenTable(expiredTotal: router.nat.expiredTotal)
    let rows = router.nat.newestMappings(limit).map { mapping in
      var row = report(mapping, of: id)
      let shown = SeenTable.Row(mapping)
      if let before = seen?.rows[mapping.id], before.isSame(as: shown) {
        row.change = before.deadline == shown.deadline ? nil : .refreshed
      } else {
        row.change = .new
      }
      now.rows[mapping.id] = shown
      return row
    }
    let expired = router.nat.expiredMappings(since: min(seen?.expiredTotal ?? 0, router.nat.expiredTotal)).map {
      var row = report($0, of: id)
      row.change = .expired
      return row
    }
    seenTables[id] = now
    return TableReport(
      router: network.device(id).name, mappings: rows, expired: expired,
      mappingBehavior: router.nat.behavior.mapping, filteringBehavior: router.nat.behavior.filtering,
      translates: router.nat.behavior.translates, isPlain: self[PlainWords.self] != nil, held: heldPairs(router),
      dmz: router.nat.defaultHost, pairs: addressPairs(router), blocks: portBlocks(router),
      insertFailures: router.nat.insertFailures == 0 ? nil : router.nat.insertFailures)
  }

  private func addressPairs(_ router: Router) -> [AddressPairReport]? {
    let pairs = router.nat.pairs
    return pairs.isEmpty ? nil : pairs.map { AddressPairReport(external: $0.external, internal: $0.inside) }
  }

  private func portBlocks(_ router: Router) -> [PortBlockReport]? {
    guard router.nat.behavior.portAssignment.isByBlocks else { return nil }
    return router.nat.portBlocks.prefix(Self.mostListed).map(PortBlockReport.init)
  }

  /// The pairs kept by the router's own stack, if it takes packets for itself that are for nobody inside.
  private func heldPairs(_ router: Router) -> [HeldPairReport]? {
    guard router.nat.behavior.rejection == .asHost else { return nil }
    return router.nat.heldFlows(at: network.clock).map {
      HeldPairReport(
        external: $0.external, remote: $0.remote, createdBy: $0.createdBy,
        expiresInMicroseconds: ($0.expiresAt - network.clock).microseconds)
    }
  }
}
