// SPDX-License-Identifier: GPL-3.0-or-later

/// Protocols that natsh's hosts do not speak, and misspelt ones that they do. Where a text may stand, such a word is
/// more likely a mistake than the text of a packet; quotes make it a text.
enum ForeignProtocol {
  /// Protocols directly above IP, named as in the registry of protocol numbers; each with the nearest alternative: the
  /// protocol in which they travel behind a NAT, or IPv4's equivalent.
  private static let names = [
    "esp": "udp", "ah": "udp", "gre": "udp", "sctp": "udp", "dccp": "udp", "ipip": "udp", "l2tp": "udp", "quic": "udp",
    "udplite": "udp", "ospf": "udp", "igmp": "icmp", "icmpv6": "icmp", "icmp6": "icmp", "ipv6-icmp": "icmp",
    "mptcp": "tcp",
  ]

  /// The protocol that `word` was probably meant for; nil if it is an ordinary word.
  static func meant(by word: String) -> String? {
    let word = word.lowercased()
    if let nearest = names[word] { return nearest }
    // Letters that were swapped.
    return ["udp", "tcp", "icmp"].first {
      $0 != word && $0.first == word.first && $0.sorted() == word.sorted()
    }
  }
}
