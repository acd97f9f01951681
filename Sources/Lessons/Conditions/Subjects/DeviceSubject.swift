// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `device`: there is a host or a router.
enum DeviceSubject: ConditionSubject {
  static let word = "device"
  static let nature = ConditionNature.state

  static let fields: [ConditionField<Device>] = [
    .device("name", .after(said("called"))) { $0.id },
    .word("kind", ["host", "router"], .own) { $0.kindName },
    .endpoint("address", .after(said("with the address"))) { wanted, device, context in
      context.network.addresses(of: device.id).contains { context.matches($0, wanted) }
    },
    .text("lan", .after(said("with the network"))) { text, device, context in
      context.network.router(device.id)?.prefixes.contains { $0.description == text } ?? false
    },
    .device("behind", .after(said("behind"))) { $0.parent },
  ]

  static func items(for pattern: Pattern<DeviceSubject>, in context: ConditionContext) -> [Device] {
    context.network.allDevices
  }

  static func noun(_ words: PatternWords) -> String { (words.word("kind") ?? said("device")) + words.after }

  static func shown(_ item: Device, in context: ConditionContext) -> String {
    let addresses = context.network.addresses(of: item.id).map(\.description).joined(separator: said(" and "))
    let place =
      item.parent == .internet ? said("on the internet") : said("behind \(context.network.device(item.parent).name)")
    return said("The \(item.kindName) \(item.name) has \(addresses), \(place)")
  }
}
