// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

extension StatsReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.addHeading("Devices: packets (bytes)")
    var counts = TextTable(
      [.init("device")] + ["sent", "forwarded", "delivered", "dropped"].map { .init($0, .right) })
    for device in devices.prefix(page.mostListed) {
      counts.addRow([
        StyledText(device.name, .name), text(device.sent), text(device.forwarded), text(device.delivered),
        text(device.dropped, role: .refused),
      ])
    }
    counts.add(to: &page, indent: 2)
    addMore(devices.count, "device", to: &page)
    if !links.isEmpty {
      page.addGap()
      page.addHeading("Links, up towards the internet and down")
      var table = TextTable([.init("link of"), .init("up", .right), .init("down", .right)])
      for link in links.prefix(page.mostListed) {
        table.addRow([StyledText(link.device, .name), text(link.up), text(link.down)])
      }
      table.add(to: &page, indent: 2)
      addMore(links.count, "link", to: &page)
    }
    if !conversations.isEmpty { addConversations(to: &page) }
    if !relays.isEmpty { addRelays(to: &page) }
    return page.text
  }

  private func addRelays(to page: inout Page) {
    page.addGap()
    page.addHeading("Relays: what they carried for others")
    var table = TextTable([
      .init("host"), .init("program"), .init("Mbit/s in", .right), .init("Mbit/s out", .right), .init("bytes", .right),
      .init("an hour of it", .right),
    ])
    for relay in relays.prefix(page.mostListed) {
      table.addRow([
        StyledText(relay.host, .name), StyledText(relay.program),
        StyledText(Megabits.text(relay.inBitsPerSecond), .heading),
        StyledText(Megabits.text(relay.outBitsPerSecond), .heading),
        StyledText(Count.grouped(Int(relay.inBytes + relay.outBytes))),
        StyledText("\(Count.grouped(Int((relay.hourlyBytes + 500_000) / 1_000_000))) MB"),
      ])
    }
    table.add(to: &page, indent: 2)
    addMore(relays.count, "relay", to: &page)
    page.add(
      "\("A relay pays for every byte twice, in and out; a direct call costs no server anything.", .faint)", indent: 2)
  }

  private func addConversations(to page: inout Page) {
    page.addGap()
    page.addHeading("Conversations: one-way delay")
    var table = TextTable([
      .init("from"), .init("to"), .init(""), .init("packets", .right), .init("least", .right), .init("median", .right),
      .init("most", .right), .init("routers", .right),
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
    addMore(conversations.count, "conversation", to: &page)
  }

  /// Says how many of `count` were left out.
  private func addMore(_ count: Int, _ kind: String, to page: inout Page) {
    let more = count - page.mostListed
    if more > 0 { page.add(StyledText("and \(Count.of(more, "more \(kind)"))", .faint), indent: 2) }
  }

  private func text(_ counter: Counter, role: TextRole = .plain) -> StyledText {
    guard counter.packets > 0 else { return StyledText("0", .faint) }
    return "\(Count.grouped(counter.packets), role) \("(\(Count.grouped(counter.bytes)))", .faint)"
  }
}
