// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// A long run of a program that asks one question after the other: a line for each conclusion, and below it the packets
/// that led to it, those alike together.
///
///       42ms  test I: the server answers, and sees 49.36.10.25:62000
///             #1  alice  to 203.0.113.50:3478  delivered
///             #2  stun   to 49.36.10.25:62000  delivered
extension ActivityReport {
  /// Whether it is a run with several conclusions of one program.
  var isToldByConclusions: Bool {
    let conclusions = events.filter(\.isConclusion)
    return conclusions.count > 1 && omittedHops == 0
      && conclusions.allSatisfy { $0.host == conclusions[0].host && $0.program == conclusions[0].program }
  }

  func addConclusions(to page: inout Page) {
    guard let first = events.first(where: \.isConclusion) else { return }
    page.add("\(first.host, .name) \(first.program, .faint)")
    let width = events.map { SimulatedTime.text($0.timeMicroseconds).count }.max() ?? 0
    var rest = hops[...]
    for event in events where event.host == first.host && event.program == first.program {
      let time = StyledText(SimulatedTime.text(event.timeMicroseconds), .faint).padded(to: width, .right)
      page.add(event.sentence, after: time + "  ", later: .spaces(width + 2))
      guard event.isConclusion else { continue }
      let part = rest.prefix { $0.number <= event.afterHop }
      rest = rest.dropFirst(part.count)
      addPackets(of: part, indent: width + 2, to: &page)
    }
    addPackets(of: rest, indent: width + 2, to: &page)
    if !expired.isEmpty { HopList(hops: [], expired: expired).add(to: &page) }
    page.addGap()
    page.add(
      "\(typed: "packet \(hops.first?.packet ?? 1)")\(said(" shows a packet hop by hop, "), .faint)\(typed: "ladder")\(said(" draws the last ones, and "), .faint)"
        + "\(typed: "trace \(hops.count)")\(said(" lists everything."), .faint)")
  }

  /// Packets of one host to one destination that came to the same end.
  private struct Alike {
    var packets: [Int]
    /// Nil if it was sent before.
    var sender: String?
    var source: String
    var destination: String
    var end: StyledText
  }

  private func addPackets(of part: ArraySlice<HopReport>, indent: Int, to page: inout Page) {
    var groups: [Alike] = []
    var numbers: [Int] = []
    for hop in part where !numbers.contains(hop.packet) { numbers.append(hop.packet) }
    for number in numbers {
      guard let sent = part.first(where: { $0.packet == number }), let last = part.last(where: { $0.packet == number })
      else { continue }
      let end = Self.end(last)
      let sender = sent.verdict == .sent ? sent.node : nil
      if let known = groups.firstIndex(where: {
        $0.sender == sender && $0.source == sent.from && $0.destination == sent.to && $0.end == end
      }) {
        groups[known].packets.append(number)
      } else {
        groups.append(
          Alike(packets: [number], sender: sender, source: sent.from, destination: sent.to, end: end))
      }
    }
    for group in groups {
      let times = group.packets.count > 1 ? said(", \(group.packets.count) times") : ""
      page.add(
        said(
          "\(Self.numbers(group.packets), .faint)\(group.sender.map { " " + $0 } ?? "", .name) from \(group.source, .address) to ",
          "\(group.destination, .address)\(times): \(group.end)"), indent: indent, hanging: indent + 2)
    }
  }

  private static func end(_ hop: HopReport) -> StyledText {
    switch hop.verdict {
    case .delivered: "\(hop.verdict.rawValue, hop.verdict.role)"
    case .dropped:
      said(
        "\(hop.verdict.rawValue, hop.verdict.role) by \(hop.node, .name)\(hop.reason.map { ", \($0.rawValue)" } ?? "")")
    case .sent, .forwarded, .translated: said("on its way")
    }
  }

  /// `#3`, `#3, #5 … #15`.
  private static func numbers(_ packets: [Int]) -> String {
    guard let first = packets.first, let last = packets.last, packets.count > 1 else {
      return packets.map { "#\($0)" }.joined()
    }
    return packets.count == 2 ? "#\(first), #\(last)" : "#\(first) … #\(last)"
  }
}
