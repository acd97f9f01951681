// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A packet that has crossed a link, as somebody who listens there sees it, and what became of it at the end.
struct LinkCrossing: Hashable, Sendable {
  /// The end at which it was judged: what the hop says is the fate of the packet on this link.
  enum Fate: Hashable, Sendable {
    /// The device at the link's end handled it as the hop says.
    case handled
    /// It went on, over another link between the same two devices.
    case passedOn
    /// The device at the link's end sent it on, and the next link lost it.
    case lostBeyond
    /// This link lost it.
    case lostHere
  }

  /// The device whose link towards the internet it is.
  var link: DeviceID
  var source: Endpoint
  var destination: Endpoint
  var timeToLive: UInt8
  var fate: Fate
}

extension Network {
  /// The links that a packet has crossed before `hop`, in order: none for the hop that sent it, which is still on its way.
  func crossings(before hop: Hop) -> [LinkCrossing] {
    guard hop.verdict != .sent, let earlier = departure(of: hop) else { return [] }
    // Its pieces have crossed the link, and are one packet again.
    if earlier.verdict == .delivered { return [] }
    let (from, to) = (device(earlier.node), device(hop.node))
    var crossing = LinkCrossing(
      link: from.id, source: hop.source, destination: hop.destination, timeToLive: earlier.timeToLive, fate: .handled)
    if from.id == to.id { return leavings(from, hop, crossing) }
    var crossings: [LinkCrossing] = []
    if reachesSwitchPort(of: to.id, from: from.id) {
      // A second gateway is joined to the switch of a network, not by a link of its own.
      if from.isRouter { return [] }
    } else if reachesSwitchPort(of: from.id, from: to.id) {
      if to.isRouter { return [] }
      crossing.link = to.id
    } else if to.parent == from.id {
      crossing.link = to.id
    } else if from.parent != to.id {
      // Neighbours: a switch joins their links.
      crossing.fate = .passedOn
      crossings.append(crossing)
      crossing.link = to.id
      crossing.fate = .handled
    }
    if hop.reason == .loss, let lost = hop.lostOn {
      crossing.fate = .lostBeyond
      crossings.append(crossing)
      crossing.link = lost
      crossing.source = hop.newSource ?? hop.source
      crossing.destination = hop.newDestination ?? hop.destination
      crossing.timeToLive = hop.timeToLive &- (to.isHost ? 0 : 1)
      crossing.fate = .lostHere
    }
    return crossings + [crossing]
  }

  /// The links of a packet that got no further than the device that sent it.
  private func leavings(_ device: Device, _ hop: Hop, _ crossing: LinkCrossing) -> [LinkCrossing] {
    var crossing = crossing
    if device.id == .internet, hop.lostOn == nil { return [] }
    let link = hop.lostOn ?? device.id
    guard link != device.id, self.device(link).parent != device.id else {
      crossing.link = link
      crossing.fate = hop.reason == .loss ? .lostHere : .handled
      return [crossing]
    }
    // A neighbour's link lost it, beyond the switch.
    var first = crossing
    first.fate = .passedOn
    crossing.link = link
    crossing.fate = .lostHere
    return [first, crossing]
  }

  /// The hop from which the packet of `hop`, or that piece of it, came here.
  private func departure(of hop: Hop) -> Hop? {
    var earlier = trace.hop(before: hop)
    guard let mark = hop.fragment else { return earlier }
    while let candidate = earlier {
      if candidate.verdict != .delivered, candidate.verdict != .dropped {
        guard let other = candidate.fragment else { return candidate }
        let end = Int(other.offset) + candidate.pieceLength
        if other.offset <= mark.offset, Int(mark.offset) < end { return candidate }
      }
      earlier = trace.hop(before: candidate)
    }
    return nil
  }
}

extension Hop {
  /// The bytes of the packet's own payload, its transport header included, that the piece has.
  var pieceLength: Int {
    length - ((newSource ?? source).address.isIPv4 ? 20 : 48)
  }
}
