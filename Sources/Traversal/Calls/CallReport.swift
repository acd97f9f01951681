// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// `call`: two hosts of the learner's network.
public struct CallReport: Measurement {
  public var from: String
  public var to: String
  public var traffic: TrafficReport
  /// The streams that began: two, unless somebody never heard of the call.
  public var streams: Int
  /// The mappings that timed out in that time.
  public var expired: [MappingReport]
  /// The clock afterwards.
  public var timeMicroseconds: Int64
  /// The TURN server that runs and was no way either, where ICE found none.
  var unusedRelay: UnusedRelay?

  /// A TURN server that did not help.
  struct UnusedRelay: Sendable {
    var server: String
    /// The ends to which it lent nothing, each with the reason, if it is known.
    var without: [(host: String, why: String?)]
  }

  public var command: String { "call" }
  public var path: String { traffic.path }
  public var packets: Int { traffic.packets }
  public var lost: Int { traffic.lost }
  public var serverInBitsPerSecond: Int64? { traffic.server?.inBitsPerSecond }
  public var serverOutBitsPerSecond: Int64? { traffic.server?.outBitsPerSecond }
  public var users: Int { traffic.users }

  private enum CodingKeys: String, CodingKey {
    case call, expired
    case timeMicroseconds = "time_us"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(traffic, forKey: .call)
    try container.encode(expired, forKey: .expired)
    try container.encode(timeMicroseconds, forKey: .timeMicroseconds)
  }
}

extension CallReport: TextRenderable {
  /// The measurements, and their meaning.
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    var title: StyledText = "\(from, .name) ⇄ \(to, .name), "
    title += traffic.way.map { "\($0.rawValue)" } ?? (traffic.via == nil ? "direct" : "")
    if let via = traffic.via { title += said("\(traffic.way == nil ? "" : " ")via \(via, .name)") }
    page.add(title + ": " + traffic.terms, hanging: 2)
    traffic.addFigures(to: &page)
    page.addGap()
    page.add(meaning)
    if let loss = traffic.losses.first, loss.reason != nil, traffic.lost == traffic.packets {
      page.add("\(said("Type "), .faint)\("why", .command)\(said(" for the rule behind it."), .faint)")
    }
    if !expired.isEmpty {
      page.addGap()
      HopList(hops: [], expired: expired).add(to: &page)
    }
    return page.text
  }

  private var meaning: StyledText {
    let arrived = traffic.packets - traffic.lost
    if let way = traffic.way { return meaning(of: way, arrived: arrived) }
    if let via = traffic.via {
      if streams == 0 {
        return said("Nobody spoke: one of them could not register with \(via, .name), or never got its answer.")
      }
      if arrived == 0 { return said("Both found \(via, .name), but nothing got through.") }
      return said(
        """
        Every packet that arrived crossed \(via, .name)'s link twice, in and out again: \(via, .name) carries both \
        streams both ways, and each packet went the long way round.
        """)
    }
    if arrived == 0 {
      return said(
        """
        Nothing that \(from, .name) sent reached \(to, .name), who never heard of the call and sent nothing back. \
        A server that both can reach could help: \("call \(from) \(to) via HOST", .command).
        """)
    }
    return said("Nobody was in between: no server carried any of it.")
  }

  private func meaning(of way: TrafficReport.Way, arrived: Int) -> StyledText {
    if way == .none { return noWay }
    if arrived == 0 {
      return said(
        """
        The way that was open once is closed: nothing came through. A router on it has forgotten, or was never asked to \
        let this in.
        """)
    }
    switch way {
    case .direct, .none: return said("Nobody stood in between: no server carried any of it.")
    case .punched:
      return said(
        """
        No server carried any of it: it went by the holes that packets of both have made in their routers. A server \
        was needed only to find each other.
        """)
    case .relayed:
      let server = traffic.server
      let (incoming, outgoing) = (server?.inBitsPerSecond ?? 0, server?.outBitsPerSecond ?? 0)
      return said(
        """
        No direct way works between these routers, so \(traffic.via ?? said("the TURN server"), .name) carries everything, in \
        and out again, and somebody pays for it: for a thousand users like these two \
        \(Megabits.text(incoming * 500), .heading) Mbit/s in and \(Megabits.text(outgoing * 500), .heading) Mbit/s out.
        """)
    }
  }

  private var noWay: StyledText {
    var text: StyledText = said(
      """
      ICE found no pair of candidates that works, so nobody spoke. \("ice", .command) shows every pair and why it \
      failed.
      """)
    guard let unusedRelay else {
      return text + " " + said("A TURN server would be a way: \("serve HOST turn", .command).")
    }
    let server = StyledText(unusedRelay.server, .name)
    if unusedRelay.without.isEmpty {
      return text + " " + said("Not even the endpoints that \(server) lends are a way.")
    }
    for (host, why) in unusedRelay.without {
      text += " "
      if let why {
        text += said("\(server) runs TURN, but lent nothing to \(host, .name): \(why)")
      } else {
        text += said("\(server) runs TURN, but lent nothing to \(host, .name), which got no answer.")
      }
    }
    return text
  }
}
