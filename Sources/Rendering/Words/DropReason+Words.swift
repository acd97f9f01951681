// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

extension HopReport {
  /// Why the packet was dropped, in a sentence after the contract's word for it; nil for a hop that did not drop it.
  package var reasonWords: StyledText? {
    guard let reason else { return nil }
    return "\(reason.rawValue, .refused): \(words(for: reason))"
  }

  private func words(for reason: DropReason) -> StyledText {
    let sought = (newDestination ?? destination).address
    switch reason {
    case .noMapping where transport == .icmp:
      return said("\"Who are you?\" It does not belong to any ping from inside.")
    case .filtered where transport == .icmp:
      return said("the ping from inside that it belongs to went somewhere else, not to \(source, .address).")
    case .expired where transport == .icmp:
      return said("the ping from inside that it belongs to was too long ago: \(node, .name) has forgotten its row.")
    case .noMapping:
      return said("\"Who are you?\" \(node, .name) has no row for \(transport.name) to \(destination, .address).")
    case .filtered:
      return said("\(destination, .address) is in use, but \(source, .address) is not one that it admits.")
    case .expired:
      return said("\(destination, .address) was in use, but its row has timed out: \(node, .name) has forgotten it.")
    case .privateDestination:
      if let embedded = EmbeddingPrefix.wellKnown.embedded(in: destination.address) {
        return said(
          "\(destination.address, .address) stands for \(embedded, .address), which means something only at home.")
      }
      return destination.address.scope == .shared
        ? said(
          "the internet has no route to \(destination.address, .address), which means something only inside a provider's network."
        )
        : said("the internet has no route to \(destination.address, .address), which means something only at home.")
    case .noRoute:
      return said("\(place) knows no route to \(sought, .address).")
    case .ttlExpired:
      return said("\(node, .name) took the last one off the packet's TTL.")
    case .portClosed:
      return said("\(node, .name) has nobody listening on \(transport.name) port \(destination.portText).")
    case .timeWait:
      return said("\(node, .name) closed such a connection a while ago and still remembers it: TIME_WAIT.")
    case .noSuchHost:
      return said("nobody on this network has the address \(sought, .address).")
    case .hairpinOff:
      return said(
        "it came from inside, to \(node, .name)'s own outside address, and \(node, .name) does not turn it round.")
    case .portsExhausted:
      return said("every outside port that \(source, .address) could get is taken.")
    case .insertFailed:
      return said("another new flow took the same outside port at this very instant.")
    case .tableFull:
      return said("there is no room for another row: the table, or this host's share of it, is full.")
    case .firewall:
      return said("nobody inside asked for this.")
    case .blocked:
      return said("\(node, .name) has a rule that drops \(transport.name) packets like this one.")
    case .loss:
      return said("lost on the link from \(place): links do that.")
    case .queueFull:
      return said("the link from \(place) is slower than the traffic, and its queue is full.")
    case .tooBig:
      return said("\(length) bytes are more than the next link from \(place) carries, and the packet must not be cut.")
    case .invalid:
      return said("the packet fits nothing that \(place) knows.")
    }
  }
}

extension Session {
  /// Why packet `number` was dropped where it ended, in the words of its last hop; the reason's own word if that hop is no
  /// longer kept.
  package func words(for reason: DropReason, ofPacket number: Int) -> String {
    network.trace.hops(ofPacket: number).last.flatMap { report($0).reasonWords?.plain } ?? reason.rawValue
  }
}
