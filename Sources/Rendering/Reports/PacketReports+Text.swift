// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension PacketsReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    if forgotten > 0 {
      page.add(StyledText(said("\(Count.of(forgotten, "older packet")) not kept"), .faint))
    }
    if packets.isEmpty {
      page.add(said("No packet has been sent yet: \(typed: "send") puts one on the wire."))
      return page.text
    }
    let earlier = packets.count - page.mostListed
    if earlier > 0 {
      page.add(
        "\(said("\(Count.of(earlier, "earlier packet")) not listed:"), .faint) \(typed: "packet N")\(said(" shows any."), .faint)"
      )
    }
    let listed = packets.suffix(page.mostListed)
    let (wide, table) = (table(of: listed, labelsBeside: true), table(of: listed, labelsBeside: false))
    if wide.fits(page) {
      wide.add(to: &page)
    } else if table.fits(page) {
      table.add(to: &page)
    } else {
      for packet in listed {
        page.add(
          "\("#\(packet.number)", .heading) \(PacketWords(packet).label(columns: 24)), \(SimulatedTime.text(packet.sentMicroseconds), .faint)",
          hanging: 2)
        page.add(route(packet.from, packet.to), indent: 2)
        page.add(packet.outcome.joined(separator: " "), indent: 2, hanging: 4)
      }
    }
    return page.text
  }

  /// One row per packet, with its text in a column of its own, or below its source.
  private func table(of packets: ArraySlice<PacketSummary>, labelsBeside: Bool) -> TextTable {
    var table = TextTable(
      [.init("#", .right), .init(said("sent"), .right), .init(said("from")), .init(said("to")), .init(said("outcome"))]
        + (labelsBeside ? [.init("")] : []))
    for packet in packets {
      let label = PacketWords(packet).label(columns: 16)
      let saysMore = packet.transport != .udp || packet.text != nil || packet.message != nil
      table.addRow(
        lines: [
          [StyledText("\(packet.number)")], [StyledText(SimulatedTime.text(packet.sentMicroseconds), .faint)],
          [StyledText(packet.from, .address)] + (saysMore && !labelsBeside ? [label] : []),
          [StyledText(packet.to, .address)], packet.outcome,
        ] + (labelsBeside ? [[label]] : []))
    }
    return table
  }
}

extension PacketSummary {
  /// `✓ bob`, `✗ filtered` over `at home-a`, `in flight`.
  var outcome: [StyledText] {
    let place = endedAt.map { StyledText($0, .name) }
    switch state {
    case .inFlight: return [said("in flight")]
    case .delivered: return ["\("✓", .new) \(place ?? said("delivered"))"]
    case .dropped:
      let word = StyledText("✗ \(reason?.rawValue ?? "dropped")", .refused)
      return [word] + (place.map { [said("at \($0)")] } ?? [])
    }
  }
}

extension PacketReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    let length = trace.first.map { ", \(Count.of($0.length, "byte"))" } ?? ""
    page.add(
      said(
        "\(said("Packet #\(packet.number)"), .heading): \(packet.transport.name)\(length), from \(packet.origin, .name) at \(SimulatedTime.text(packet.sentMicroseconds)), \(fate)"
      ),
      hanging: 2)
    let words = PacketWords(packet)
    if packet.transport != .udp || packet.text != nil || packet.message != nil {
      page.add(words.label(columns: 480), indent: 2, hanging: 4)
    }
    if let message = packet.message, !message.fields.isEmpty {
      var list = DefinitionList()
      for field in message.fields {
        list.add(StyledText(field.name), StyledText(PrintableText.of(field.value), .payload))
      }
      list.add(to: &page)
    }
    if let about = packet.about { page.add(said("about packet #\(about)"), indent: 2) }
    if beginIsForgotten { page.add(StyledText(said("its first hops are no longer kept"), .faint), indent: 2) }
    page.addGap()
    let table = headers
    let isTable = table.fits(page)
    if isTable {
      table.add(to: &page)
    } else {
      HopList(hops: trace).add(to: &page)
    }
    for hop in trace {
      guard isTable, let words = hop.reasonWords else { continue }
      page.add("\("✗", .refused) \(hop.node, .name): \(words)", hanging: 2)
    }
    PacketHeaders(of: self).add(to: &page)
    return page.text
  }

  private var fate: StyledText {
    switch packet.state {
    case .inFlight: said("in flight")
    case .delivered: "\(said("delivered"), .new)\(packet.endedAt.map { said(" to \($0)") } ?? "")"
    case .dropped: "\("dropped", .refused)\(packet.endedAt.map { said(" at \($0)") } ?? "")"
    }
  }

  /// Every header the packet had: as it came to a device and as it left it.
  private var headers: TextTable {
    var table = TextTable([
      .init(said("time"), .right), .init(said("device")), .init(said("header")), .init(said("source")),
      .init(said("destination")),
      .init(said("ttl"), .right),
    ])
    var arriving: Int?
    for hop in trace {
      let time = StyledText(SimulatedTime.text(hop.timeMicroseconds), .faint)
      let before = arriving.map { "\($0)" } ?? ""
      let verdict = StyledText(hop.verdict.rawValue, hop.verdict.role)
      let source = StyledText(hop.from, .address)
      let destination = StyledText(hop.to, .address)
      switch hop.verdict {
      case .sent:
        table.addRow([time, StyledText(hop.node, .name), said("leaves"), source, destination, "\(hop.timeToLive)"])
      case .forwarded, .translated:
        let after = [
          hop.fromAfter == hop.from ? source : StyledText("\(hop.fromAfter) *", .changed),
          hop.toAfter == hop.to ? destination : StyledText("\(hop.toAfter) *", .changed),
        ]
        table.addRow(lines: [
          [time], [StyledText(hop.node, .name), verdict], [said("arrives"), said("leaves")], [source, after[0]],
          [destination, after[1]], ["\(before)", "\(hop.timeToLive)"],
        ])
      case .delivered, .dropped:
        table.addRow(lines: [
          [time], [StyledText(hop.node, .name), verdict], [said("arrives")], [source], [destination],
          ["\(hop.timeToLive)"],
        ])
      }
      arriving = hop.timeToLive
    }
    return table
  }
}
