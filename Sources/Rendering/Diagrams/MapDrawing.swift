// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension MapReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    MapDrawing(map: self, isNarrow: style.width < 60).add(to: &page)
    return page.text
  }
}

/// The network as a tree that grows from the internet, each device at the end of its link, packets on the links.
///
///     internet
///     │
///     ├───── [home-a]  outside 49.36.10.25, inside 192.168.1.0/24, 1 row
///     │      └─●1→── alice  192.168.1.10
///     │
///     └───── bob  88.90.100.110
private struct MapDrawing {
  /// The most devices drawn, at any depth. If there are more, each router shows a few of those behind it.
  private static let mostDrawn = 500
  private static let fewDrawn = 8

  let map: MapReport
  let isNarrow: Bool
  /// The devices behind each router; "" is the internet, a name that no device has.
  private let nodesBehind: [String: [MapReport.Node]]
  /// The packets on each device's link.
  private var flightsOnLink: [String: [(flight: MapReport.Flight, isUp: Bool)]] = [:]

  init(map: MapReport, isNarrow: Bool) {
    self.map = map
    self.isNarrow = isNarrow
    nodesBehind = Dictionary(grouping: map.nodes) { $0.behind ?? "" }
    let parents = Dictionary(map.nodes.map { ($0.name, $0.behind ?? "internet") }) { first, _ in first }
    for flight in map.flights {
      // Neighbours meet at a switch that is not drawn: the packet is on its sender's link.
      let isDown = parents[flight.to] == flight.from || parents[flight.from] == nil
      flightsOnLink[isDown ? flight.to : flight.from, default: []].append((flight, !isDown))
    }
  }

  func add(to page: inout Page) {
    guard !map.nodes.isEmpty else {
      page.add(
        said(
          """
          There is nothing on the map yet. \(typed: "scene two-homes") loads a ready-made network; \
          \(typed: "host alice") begins one of your own.
          """))
      return
    }
    page.add(StyledText("internet", .heading))
    addChildren(of: nil, prefix: "", to: &page)
    addFlights(to: &page)
  }

  private func children(of router: String?) -> [MapReport.Node] { nodesBehind[router ?? ""] ?? [] }

  private func addChildren(of router: String?, prefix: StyledText, to page: inout Page) {
    let all = children(of: router)
    let nodes = map.nodes.count > Self.mostDrawn ? Array(all.prefix(Self.fewDrawn)) : all
    let leftOut = all.count - nodes.count
    let marks = nodes.map { page.shown(packets(onLinkOf: $0)) }
    let link = max(isNarrow ? 2 : 4, (marks.map(\.width).max() ?? 0) + 2)
    let names = nodes.filter { $0.kind == .host }.map { DisplayWidth.of($0.name) }.max() ?? 0
    for (index, node) in nodes.enumerated() {
      let isLast = index == nodes.count - 1 && leftOut == 0
      // An empty line before each router and after its hosts, so that homes are set apart.
      let afterRouter = index > 0 && nodes[index - 1].kind == .router
      if !isNarrow, node.kind == .router || afterRouter { page.addLine(prefix + "│") }
      let stem = prefix + (isLast ? " " : "│") + .spaces(isNarrow ? 2 : link + 2)
      let hasChildren = !children(of: node.name).isEmpty
      let wire = Self.wire(marks[index], length: link)
      let head = StyledText(isLast ? "└" : "├") + wire + " "
      page.add(
        label(node, nameWidth: names), after: prefix + head, later: stem + (hasChildren ? "│   " : "    "))
      addChildren(of: node.name, prefix: stem, to: &page)
    }
    guard leftOut > 0 else { return }
    let routers = all.dropFirst(nodes.count).filter { $0.kind == .router }.count
    let kinds = [
      leftOut > routers ? Count.of(leftOut - routers, "more host") : nil,
      routers > 0 ? Count.of(routers, "more router") : nil,
    ].compactMap(\.self)
    page.add(
      StyledText(said("… \(kinds.joined(separator: said(" and "))), not drawn"), .faint), after: prefix + "└ ",
      later: prefix + "  "
    )
  }

  /// `─●1→──`: a link of that many columns with its packets on it.
  private static func wire(_ mark: StyledText, length: Int) -> StyledText {
    guard !mark.isEmpty else { return StyledText(String(repeating: "─", count: length)) }
    return "─" + mark + StyledText(String(repeating: "─", count: max(length - 1 - mark.width, 0)))
  }

  private func label(_ node: MapReport.Node, nameWidth: Int) -> StyledText {
    let addresses = node.addresses.map { StyledText($0, .address) }.joined(separator: ", ")
    var text: StyledText
    if node.kind == .router {
      text = said("[\(node.name, .name)]  outside\u{A0}\(addresses)")
      for prefix in node.lan { text += said(", inside\u{A0}\(prefix, .address)") }
      text +=
        node.translates
        ? ", \((node.mappingCount == 0 ? said("no rows") : Count.of(node.mappingCount, "row")).replacing(" ", with: "\u{A0}"))"
        : said(", nat\u{A0}off")
      if let beside = node.beside { text += said(", beside\u{A0}\(beside, .name)") }
    } else {
      text = StyledText(node.name, .name).padded(to: isNarrow ? 0 : nameWidth) + "  " + addresses
    }
    for route in node.routes ?? [] { text += said(", \(route.prefix, .address)\u{A0}via\u{A0}\(route.via, .address)") }
    if let note = linkNote(node) { text += "  " + note }
    return text
  }

  /// The unusual settings of a device's link; nil if there are none.
  private func linkNote(_ node: MapReport.Node) -> StyledText? {
    let usual: Int64 = node.kind == .host && node.behind != nil ? 1_000 : 10_000
    var words: [String] = []
    if node.link.delayMicroseconds != usual { words.append(SimulatedTime.text(node.link.delayMicroseconds)) }
    if let rate = node.link.rateBitsPerSecond { words.append(Count.rate(rate)) }
    if node.link.loss > .none { words.append(said("\(node.link.loss) lost")) }
    return words.isEmpty ? nil : StyledText("(link:\u{A0}\(words.joined(separator: ", ")))", .changed)
  }

  // MARK: packets

  private func packets(onLinkOf node: MapReport.Node) -> StyledText {
    let here = flightsOnLink[node.name] ?? []
    var marks = here.prefix(3).map { flight, isUp in
      isUp ? StyledText("←\(flight.packet)●", .new) : StyledText("●\(flight.packet)→", .new)
    }
    if here.count > marks.count { marks.append(StyledText("+\(here.count - marks.count)", .new)) }
    return marks.joined(separator: "─")
  }

  private func way(of flight: MapReport.Flight) -> StyledText {
    let hasPorts = flight.source.port != 0 || flight.transport != .icmp
    return route(
      senderText(PacketEnd(flight.source, hasPort: hasPorts), flight.transport),
      receiverText(PacketEnd(flight.destination, hasPort: hasPorts), flight.transport))
  }

  private func addFlights(to page: inout Page) {
    guard !map.flights.isEmpty else { return }
    page.addGap()
    for flight in map.flights.prefix(8) {
      page.add(
        said(
          """
          \("●\(flight.packet)", .new) \(flight.transport.name) \(way(of: flight)), from \
          \(flight.from, .name) to \(flight.to, .name), there at \(SimulatedTime.text(flight.dueMicroseconds))
          """), hanging: 4)
    }
    if map.flights.count > 8 { page.add(said("and \(Count.of(map.flights.count - 8, "more packet"))"), indent: 4) }
  }
}
