// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

extension HopReport {
  /// Why the packet was dropped, in a sentence after the contract's word for it; nil for a hop that did not drop it.
  package var reasonWords: StyledText? {
    guard let reason else { return nil }
    return "\(reason.rawValue, .refused): \(words(for: reason))"
  }

  private func words(for reason: DropReason) -> StyledText {
    let sought = (newDestination ?? destination).address
    switch reason {
    case .noMapping:
      return "\"Who are you?\" Nobody inside ever used \(destination, .address)."
    case .filtered:
      return "\(destination, .address) is in use, but \(source, .address) is not one that it admits."
    case .expired:
      return "\(destination, .address) was in use, but its row has timed out: \(node, .name) has forgotten it."
    case .privateDestination:
      return "the internet has no route to \(destination.address, .address), which means something only at home."
    case .noRoute:
      return "\(place) knows no route to \(sought, .address)."
    case .ttlExpired:
      return "the packet has crossed as many routers as its TTL allowed."
    case .portClosed:
      return "\(node, .name) has nobody listening on \(transport.name) port \(destination.portText)."
    case .timeWait:
      return "\(node, .name) closed such a connection a while ago and still remembers it: TIME_WAIT."
    case .noSuchHost:
      return "nobody on this network has the address \(sought, .address)."
    case .hairpinOff:
      return "it came from inside, to \(node, .name)'s own outside address, and \(node, .name) does not turn it round."
    case .portsExhausted:
      return "every outside port that \(source, .address) could get is taken."
    case .insertFailed:
      return "another new flow took the same outside port at this very instant."
    case .tableFull:
      return "there is no room for another row: the table, or this host's share of it, is full."
    case .firewall:
      return "nobody inside asked for this."
    case .blocked:
      return "\(node, .name) has a rule that drops \(transport.name) packets like this one."
    case .loss:
      return "lost on the link from \(place): links do that."
    case .queueFull:
      return "the link from \(place) is slower than the traffic, and its queue is full."
    case .tooBig:
      return "\(length) bytes are more than the next link from \(place) carries, and the packet must not be cut."
    case .invalid:
      return "the packet fits nothing that \(place) knows."
    }
  }
}
