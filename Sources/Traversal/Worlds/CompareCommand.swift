// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// `compare [NAME]`
struct CompareCommand: Command {
  let name: Located<String>?

  init(_ arguments: Arguments) throws(SyntaxError) { name = arguments.optionalText("NAME") }

  static let declaration = CommandDeclaration(
    Self.self, "compare", strangers: ["diff", "difference", "versus"], group: .looking, effect: .looks,
    forms: [[.optional("NAME", .label)]],
    summary: said("shows what differs between this world and another"),
    details: [
      said(
        "The settings first, then the packets, by their numbers: how each ended here and there, and the first hop at which ",
        "the two parted. Without NAME, it compares with the world that you left last.")
    ],
    examples: [
      "scene two-homes", "fork shut", "set home-b rejects icmp", "send alice 88.90.100.110", "run", "switch main",
      "send alice 88.90.100.110", "run", "compare shut",
    ],
    seeAlso: ["fork", "switch", "worlds"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let worlds = session.network.worlds
    guard let wanted = name?.value ?? worlds.previous else { throw CommandError(.other(CompareFault.onlyOne)) }
    guard let place = worlds.names.first(where: { $0.lowercased() == wanted.lowercased() }),
      let other = session.network.world(named: wanted)
    else {
      throw CommandError(
        .other(WorldFault(.noSuchWorld(wanted, names: worlds.names))), at: name?.columns,
        suggestion: Nearest.candidate(to: wanted, among: worlds.names))
    }
    return CommandOutcome(
      WorldComparison(here: worlds.current, there: place, session: session, other: other))
  }
}

enum CompareFault: CommandFault {
  case onlyOne

  var word: String { "only-one-world" }
  var message: String {
    said("there is only one world; `fork` first, change something in one of the two, and then compare them")
  }
}

/// The differences between two worlds.
struct WorldComparison: ResultContent {
  /// A setting or a device that is not the same in both; nil if the device is missing.
  struct Setting: Encodable, Sendable {
    var device: String
    var property: String
    var here: String?
    var there: String?
  }

  struct Fate: Encodable, Sendable {
    /// `in flight`, `delivered to bob`, `dropped at home-b: filtered`.
    var outcome: String
    /// The first hop that is different in the other world: `home-b filtered`.
    var apart: String?
  }

  struct Packet: Encodable, Sendable {
    var packet: Int
    var here: Fate?
    var there: Fate?
  }

  var here: String
  var there: String
  var settings: [Setting]
  /// The first packets with different fates.
  var packets: [Packet]
  /// The number of packets with different fates that are not listed.
  var omitted: Int
  /// The number of packets that both have, with the same fates.
  var alike: Int

  private static let mostListed = 50

  private enum CodingKeys: String, CodingKey { case compare }
  private enum ComparisonKeys: String, CodingKey { case here, there, settings, packets, omitted, alike }

  func encode(to encoder: any Encoder) throws {
    var outer = encoder.container(keyedBy: CodingKeys.self)
    var container = outer.nestedContainer(keyedBy: ComparisonKeys.self, forKey: .compare)
    try container.encode(here, forKey: .here)
    try container.encode(there, forKey: .there)
    try container.encode(settings, forKey: .settings)
    try container.encode(packets, forKey: .packets)
    try container.encode(omitted, forKey: .omitted)
    try container.encode(alike, forKey: .alike)
  }

  init(here: String, there: String, session: Session, other: Network) {
    (self.here, self.there) = (here, there)
    var elsewhere = session
    elsewhere.network = other
    settings = Self.settings(session, elsewhere)
    var differing: [Packet] = []
    var same = 0
    let network = session.network
    for number in 1...max(network.trace.packetCount, other.trace.packetCount, 1) {
      let (mine, its) = (Self.path(of: number, in: network), Self.path(of: number, in: other))
      if mine == nil, its == nil { continue }
      guard mine != its else {
        same += 1
        continue
      }
      differing.append(
        Packet(
          packet: number, here: mine.map { Self.fate($0, unlike: its, network) },
          there: its.map { Self.fate($0, unlike: mine, other) }))
    }
    alike = same
    omitted = max(differing.count - Self.mostListed, 0)
    packets = Array(differing.prefix(Self.mostListed))
  }

  private static func settings(_ session: Session, _ elsewhere: Session) -> [Setting] {
    let (mine, its) = (session.deviceReports, elsewhere.deviceReports)
    var found: [Setting] = []
    for device in mine {
      guard let other = its.first(where: { $0.name == device.name }) else {
        found.append(Setting(device: device.name, property: "device", here: device.kind.rawValue, there: nil))
        continue
      }
      for setting in device.settings {
        let value = other.settings.first { $0.property == setting.property }?.value
        if value != setting.value {
          found.append(
            Setting(
              device: device.name, property: setting.property.name, here: "\(setting.value)",
              there: value.map { "\($0)" }))
        }
      }
    }
    for device in its where !mine.contains(where: { $0.name == device.name }) {
      found.append(Setting(device: device.name, property: "device", here: nil, there: device.kind.rawValue))
    }
    return found
  }

  /// One device's handling of a packet, for comparing two worlds.
  private struct Step: Hashable {
    var node: String
    var verdict: Verdict
    var reason: DropReason?
    var source: Endpoint
    var destination: Endpoint
  }

  private static func path(of number: Int, in network: Network) -> [Step]? {
    guard network.trace.packet(number) != nil else { return nil }
    return network.trace.hops(ofPacket: number).map { hop in
      Step(
        node: network.device(hop.node).name, verdict: hop.verdict, reason: hop.reason,
        source: hop.newSource ?? hop.source, destination: hop.newDestination ?? hop.destination)
    }
  }

  private static func fate(_ path: [Step], unlike other: [Step]?, _ network: Network) -> Fate {
    let outcome =
      switch path.last {
      case let last? where last.verdict == .delivered: said("delivered to \(last.node)")
      case let last? where last.verdict == .dropped: said("dropped at \(last.node): \(last.reason?.rawValue ?? "")")
      default: said("in flight")
      }
    let apart = path.indices.first { !(other?.indices.contains($0) ?? false) || other?[$0] != path[$0] }
    return Fate(
      outcome: outcome,
      apart: other == nil
        ? nil
        : apart.map { "\(path[$0].node) \(path[$0].verdict.rawValue) \(path[$0].source) → \(path[$0].destination)" })
  }
}

extension WorldComparison: TextRenderable {
  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    if settings.isEmpty, packets.isEmpty {
      page.add(
        said(
          "\(here, .name) and \(there, .name) are alike: the same settings, and \(Count.of(alike, "packet")) that went the same way."
        )
      )
      return page.text
    }
    if !settings.isEmpty {
      page.addHeading(said("Settings"))
      var table = TextTable([.init(said("device")), .init(said("setting")), .init(here), .init(there)])
      for setting in settings {
        table.addRow([
          StyledText(setting.device, .name), "\(setting.property)",
          StyledText(setting.here ?? said("not there"), .changed),
          StyledText(setting.there ?? said("not there"), .changed),
        ])
      }
      table.add(to: &page, indent: 2)
    }
    if !packets.isEmpty {
      page.addHeading(said("Packets"))
      for packet in packets {
        for (world, fate) in [(here, packet.here), (there, packet.there)] {
          page.add("#\(packet.packet) \(world, .name): \(fate?.outcome ?? said("not sent"))", indent: 2, hanging: 4)
          if let apart = fate?.apart { page.add(said("first difference: \(apart, .faint)"), indent: 4, hanging: 6) }
        }
      }
      if omitted > 0 { page.add(said("\(Count.of(omitted, "more packet")) went differently."), indent: 2) }
    }
    page.add(said("\(Count.of(alike, "packet")) went the same way in both."))
    return page.text
  }
}
