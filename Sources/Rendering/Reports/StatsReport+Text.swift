// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension StatsReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.addHeading(said("Devices: packets (bytes)"))
    var counts = TextTable(
      [.init(said("device"))]
        + [said("sent"), said("forwarded"), said("delivered"), said("dropped")].map { .init($0, .right) })
    for device in devices.prefix(page.mostListed) {
      counts.addRow([
        StyledText(device.name, .name), text(device.sent), text(device.forwarded), text(device.delivered),
        text(device.dropped, role: .refused),
      ])
    }
    counts.add(to: &page, indent: 2)
    addMore(devices.count, to: &page) { Count.of($0, "more device") }
    if !links.isEmpty {
      page.addGap()
      page.addHeading(said("Links, up towards the internet and down"))
      var table = TextTable([.init(said("link of")), .init(said("up"), .right), .init(said("down"), .right)])
      for link in links.prefix(page.mostListed) {
        table.addRow([StyledText(link.device, .name), text(link.up), text(link.down)])
      }
      table.add(to: &page, indent: 2)
      addMore(links.count, to: &page) { Count.of($0, "more link") }
    }
    if !conversations.isEmpty { addConversations(to: &page) }
    if !relays.isEmpty { addRelays(to: &page) }
    return page.text
  }

  private func addRelays(to page: inout Page) {
    page.addGap()
    page.addHeading(said("Relays: what they carried for others"))
    var table = TextTable([
      .init(said("host")), .init(said("program")), .init(said("Mbit/s in"), .right), .init(said("Mbit/s out"), .right),
      .init(said("over"), .right), .init(said("bytes"), .right),
      .init(said("an hour of it"), .right),
    ])
    for relay in relays.prefix(page.mostListed) {
      table.addRow([
        StyledText(relay.host, .name), StyledText(relay.program),
        measured(relay, Megabits.text(relay.inBitsPerSecond), .heading),
        measured(relay, Megabits.text(relay.outBitsPerSecond), .heading),
        measured(relay, SimulatedTime.text((relay.streamMicroseconds + 5_000) / 10_000 * 10_000)),
        StyledText(Count.grouped(Int(relay.inBytes + relay.outBytes))),
        measured(relay, "\(Count.grouped(Int((relay.hourlyBytes + 500_000) / 1_000_000))) MB"),
      ])
    }
    table.add(to: &page, indent: 2)
    addMore(relays.count, to: &page) { Count.of($0, "more relay") }
    page.add(
      "\(said("A relay pays for every byte twice, in and out; a direct call costs no server anything."), .faint)",
      indent: 2)
  }

  /// What only a stream tells; a few packets have no rate.
  private func measured(_ relay: Relay, _ text: String, _ role: TextRole = .plain) -> StyledText {
    relay.streamMicroseconds > 0 ? StyledText(text, role) : StyledText("-", .faint)
  }

  private func addConversations(to page: inout Page) {
    page.addGap()
    page.addHeading(said("Conversations: one-way delay"))
    var table = TextTable([
      .init(said("from")), .init(said("to")), .init(""), .init(said("packets"), .right), .init(said("least"), .right),
      .init(said("median"), .right),
      .init(said("most"), .right), .init(said("routers"), .right),
    ])
    for conversation in conversations.prefix(page.mostListed) {
      let hops = conversation.hops
      table.addRow([
        StyledText(conversation.from, .name), StyledText(conversation.to, .name),
        StyledText(conversation.transport.name),
        StyledText(Count.grouped(conversation.packets)),
        StyledText(SimulatedTime.text(conversation.minimumMicroseconds)),
        StyledText(SimulatedTime.text(conversation.medianMicroseconds), .heading),
        StyledText(SimulatedTime.text(conversation.maximumMicroseconds)),
        hops.lowerBound == hops.upperBound ? "\(hops.lowerBound)" : "\(hops.lowerBound)-\(hops.upperBound)",
      ])
    }
    table.add(to: &page, indent: 2)
    addMore(conversations.count, to: &page) { Count.of($0, "more conversation") }
  }

  /// Says how many of `count` were left out.
  private func addMore(_ count: Int, to page: inout Page, _ words: (Int) -> String) {
    let more = count - page.mostListed
    if more > 0 { page.add(StyledText(said("and \(words(more))"), .faint), indent: 2) }
  }

  private func text(_ counter: Counter, role: TextRole = .plain) -> StyledText {
    guard counter.packets > 0 else { return StyledText("0", .faint) }
    return "\(Count.grouped(counter.packets), role) \("(\(Count.grouped(counter.bytes)))", .faint)"
  }
}
