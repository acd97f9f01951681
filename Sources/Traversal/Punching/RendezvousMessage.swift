// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Messages between peers and the rendezvous server before there is a way between the peers (RFC 5128 §3.3), and
/// between the peers to try one. They are lines of text, since RFC 5128 leaves the encoding open: they can be read in
/// any trace.
enum RendezvousMessage: Hashable, Sendable {
  /// "I am NAME, I want to meet PEER, and I call myself LOCAL": to the server.
  case register(name: String, peer: String, local: Endpoint)
  /// "I see you as OUTSIDE": the server's answer.
  case seen(Endpoint)
  /// "PEER is at OUTSIDE, and calls itself LOCAL": to both, once both are there.
  case peer(name: String, outside: Endpoint, local: Endpoint)
  /// "I am NAME, and I have heard you", or not yet: from peer to peer.
  case probe(name: String, hasHeard: Bool)

  var payload: Payload { .data(Array(text.utf8)) }

  private var text: String {
    switch self {
    case .register(let name, let peer, let local): "register \(name) for \(peer) at \(local)"
    case .seen(let outside): "seen \(outside)"
    case .peer(let name, let outside, let local): "peer \(name) at \(outside) inside \(local)"
    case .probe(let name, let hasHeard): "probe \(name) \(hasHeard ? "heard" : "unheard")"
    }
  }

  /// Reads a payload; nil for one that is not such a message.
  init?(_ payload: Payload) {
    guard let words = payload.text?.split(separator: " ", omittingEmptySubsequences: false).map(String.init) else {
      return nil
    }
    switch (words.first, words.count) {
    case ("register", 6) where words[2] == "for" && words[4] == "at":
      guard let local = Endpoint(words[5]) else { return nil }
      self = .register(name: words[1], peer: words[3], local: local)
    case ("seen", 2):
      guard let outside = Endpoint(words[1]) else { return nil }
      self = .seen(outside)
    case ("peer", 6) where words[2] == "at" && words[4] == "inside":
      guard let outside = Endpoint(words[3]), let local = Endpoint(words[5]) else { return nil }
      self = .peer(name: words[1], outside: outside, local: local)
    case ("probe", 3) where words[2] == "heard" || words[2] == "unheard":
      self = .probe(name: words[1], hasHeard: words[2] == "heard")
    default: return nil
    }
  }
}
