// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

extension TrafficReport {
  /// The measured values, one per line.
  func addFigures(to page: inout Page) {
    var list = DefinitionList()
    list.add(said("packets"), arrivals)
    if let delay { list.add(said("delay"), text(delay)) }
    if let server {
      list.add(
        "server",
        said(
          "\(Megabits.text(server.inBitsPerSecond), .heading) Mbit/s in, ",
          "\(Megabits.text(server.outBitsPerSecond), .heading) Mbit/s out"))
    } else {
      list.add("server", StyledText(said("none"), .faint))
    }
    for (index, loss) in losses.enumerated() { list.add(index == 0 ? said("lost") : "", text(loss)) }
    list.add(to: &page)
  }

  /// `2mbit each for 10s`, or the part that was done.
  var terms: StyledText {
    let time = SimulatedTime.text(durationMicroseconds)
    return said("\(Count.rate(rateBitsPerSecond)) each for \(time)\(wasStopped ? said(", stopped there") : "")")
  }

  private var arrivals: StyledText {
    if packets == 0 { return said("none sent") }
    let sent = said("\(Count.grouped(packets)) sent, ")
    if lost == 0 { return "\(sent)\(said("all arrived"), .new)" }
    return lost == packets
      ? "\(sent)\(said("none arrived"), .refused)" : "\(sent)\(said("\(Count.grouped(lost)) lost"), .refused)"
  }

  private func text(_ delay: Delay) -> StyledText {
    let median = SimulatedTime.text(delay.median)
    if delay.minimum == delay.maximum { return said("\(median, .heading) from end to end") }
    return
      said(
        "\(median, .heading) in the middle, at least \(SimulatedTime.text(delay.minimum)), at most \(SimulatedTime.text(delay.maximum))"
      )
  }

  private func text(_ loss: Loss) -> StyledText {
    let count = Count.of(loss.packets, "packet")
    guard let reason = loss.reason else {
      return said("\(count) came to \(loss.node, .name), which was not the destination")
    }
    return said("\(count) dropped by \(loss.node, .name): \(reason.rawValue, .refused)")
  }
}
