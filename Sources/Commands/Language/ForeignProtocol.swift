// SPDX-License-Identifier: GPL-3.0-or-later

/// Protocols that hosts in natsh do not speak, and misspelt ones that they do. Where a text may stand such a word is more
/// likely a mistake than what a packet should say; who means it as a text quotes it.
enum ForeignProtocol {
  /// Protocols directly above IP, by the names of the registry of protocol numbers; each with what comes nearest: what they
  /// travel in behind a NAT, or the protocol that IPv4 has for it.
  private static let names = [
    "esp": "udp", "ah": "udp", "gre": "udp", "sctp": "udp", "dccp": "udp", "ipip": "udp", "l2tp": "udp", "quic": "udp",
    "udplite": "udp", "ospf": "udp", "igmp": "icmp", "icmpv6": "icmp", "icmp6": "icmp", "ipv6-icmp": "icmp",
    "mptcp": "tcp",
  ]

  /// The protocol that `word` was probably meant for; nil where it is an ordinary word.
  static func meant(by word: String) -> String? {
    let word = word.lowercased()
    if let nearest = names[word] { return nearest }
    // Letters that changed places.
    return ["udp", "tcp", "icmp"].first {
      $0 != word && $0.first == word.first && $0.sorted() == word.sorted()
    }
  }
}
