// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

extension TrafficReport {
  /// The measured values, a line each.
  func addFigures(to page: inout Page) {
    var list = DefinitionList()
    list.add("packets", arrivals)
    if let delay { list.add("delay", text(delay)) }
    if let server {
      list.add(
        "server",
        "\(Megabits.text(server.inBitsPerSecond), .heading) Mbit/s in, "
          + "\(Megabits.text(server.outBitsPerSecond), .heading) Mbit/s out")
    } else {
      list.add("server", StyledText("none", .faint))
    }
    for (index, loss) in losses.enumerated() { list.add(index == 0 ? "lost" : "", text(loss)) }
    list.add(to: &page)
  }

  /// `2mbit each for 10s`, or what was left of it.
  var terms: StyledText {
    let time = SimulatedTime.text(durationMicroseconds)
    return "\(Count.rate(rateBitsPerSecond)) each for \(time)\(wasStopped ? ", stopped there" : "")"
  }

  private var arrivals: StyledText {
    if packets == 0 { return "none sent" }
    let sent = "\(Count.grouped(packets)) sent, "
    if lost == 0 { return "\(sent)\("all arrived", .new)" }
    return lost == packets
      ? "\(sent)\("none arrived", .refused)" : "\(sent)\("\(Count.grouped(lost)) lost", .refused)"
  }

  private func text(_ delay: Delay) -> StyledText {
    let median = SimulatedTime.text(delay.median)
    if delay.minimum == delay.maximum { return "\(median, .heading) from end to end" }
    return
      "\(median, .heading) in the middle, \(SimulatedTime.text(delay.minimum)) at least, \(SimulatedTime.text(delay.maximum)) at most"
  }

  private func text(_ loss: Loss) -> StyledText {
    let count = Count.of(loss.packets, "packet")
    guard let reason = loss.reason else { return "\(count) came to \(loss.node, .name), which was not meant" }
    return "\(count) dropped by \(loss.node, .name): \(reason.rawValue, .refused)"
  }
}

/// Bits a second in the megabits that bandwidth is sold in.
package enum Megabits {
  /// `2,000`, `1.5`, `0.064`: to the kilobit.
  package static func text(_ bitsPerSecond: Int64) -> String {
    let kilobits = (bitsPerSecond + 500) / 1_000
    let (whole, rest) = kilobits.quotientAndRemainder(dividingBy: 1_000)
    guard rest > 0 else { return Count.grouped(Int(whole)) }
    var digits = String(String(1_000 + rest).dropFirst())
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(Count.grouped(Int(whole))).\(digits)"
  }
}

extension CallReport: TextRenderable {
  /// What was measured, and what it means.
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    var title: StyledText = "\(from, .name) ⇄ \(to, .name), "
    if let via = traffic.via { title += "via \(via, .name)" } else { title += "direct" }
    page.add(title + ": " + traffic.terms, hanging: 2)
    traffic.addFigures(to: &page)
    page.addGap()
    page.add(meaning)
    if let loss = traffic.losses.first, loss.reason != nil, traffic.lost == traffic.packets {
      page.add("\("Type ", .faint)\("why", .command)\(" for the rule behind it.", .faint)")
    }
    if !expired.isEmpty {
      page.addGap()
      HopList(hops: [], expired: expired).add(to: &page)
    }
    return page.text
  }

  private var meaning: StyledText {
    let arrived = traffic.packets - traffic.lost
    if let via = traffic.via {
      if streams == 0 {
        return "Nobody spoke: one of them could not register with \(via, .name), or never got its answer."
      }
      if arrived == 0 { return "Both found \(via, .name), and yet nothing got through." }
      return """
        Every packet that arrived crossed \(via, .name)'s link twice, in and out again: \(via, .name) carries both \
        streams both ways, and each packet went the long way round.
        """
    }
    if arrived == 0 {
      return """
        Nothing of what \(from, .name) sent reached \(to, .name), who never heard of the call and sent nothing back. \
        A server that both can reach could help: \("call \(from) \(to) via HOST", .command).
        """
    }
    return "Nobody stood in between: no server carried any of it."
  }
}

extension CrowdReport: TextRenderable {
  /// What was measured, how a server's load grows, and what it means.
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    var title: StyledText = "\(Count.grouped(users)) users in \(Count.of(users / 2, "pair")), "
    if let via = traffic.via { title += "via \(via, .name)" } else { title += "direct" }
    page.add(title + ": " + traffic.terms, hanging: 2)
    traffic.addFigures(to: &page)
    page.addGap()
    guard let via = traffic.via else {
      page.add(
        """
        No server carried any of it: each pair's packets go straight from one to the other, and however many users there \
        are, nobody in the middle pays for them.
        """)
      return page.text
    }
    if growth.count > 1 {
      addPlot(to: &page, of: via)
      page.addGap()
    }
    page.add(
      """
      Every packet crossed \(via, .name)'s link twice, once in and once out: twice the users, twice the bill. Peer to \
      peer the same calls cost no server anything: \("crowd \(users) direct", .command) measures that.
      """)
    return page.text
  }

  /// A bar for each number of users: in, and behind it out.
  private func addPlot(to page: inout Page, of via: String) {
    let (full, half) = page.style.usesUnicode ? ("█", "░") : ("#", "=")
    page.add("\(via, .name)'s Mbit/s by users: \(full, .changed) in, \(half, .refreshed) out", indent: 2)
    let figures = growth.map { point in
      (
        users: Count.grouped(point.users),
        load: "\(Megabits.text(point.inBitsPerSecond)) + \(Megabits.text(point.outBitsPerSecond))"
      )
    }
    let usersWidth = figures.map(\.users.count).max() ?? 0
    let loadWidth = figures.map(\.load.count).max() ?? 0
    let room = max(min(page.style.width, 100) - usersWidth - loadWidth - 6, 4)
    let most = max(growth.map { $0.inBitsPerSecond + $0.outBitsPerSecond }.max() ?? 0, 1)
    for (point, figure) in zip(growth, figures) {
      func columns(_ bits: Int64) -> Int { Int((Double(bits) / Double(most) * Double(room) + 0.5)) }
      let incoming = columns(point.inBitsPerSecond)
      let outgoing = max(columns(point.inBitsPerSecond + point.outBitsPerSecond) - incoming, 0)
      var line = StyledText.spaces(2) + StyledText(figure.users).padded(to: usersWidth, .right) + " │"
      line += StyledText(String(repeating: full, count: incoming), .changed)
      line += StyledText(String(repeating: half, count: outgoing), .refreshed)
      page.addLine(line + " \(figure.load)")
    }
  }
}
