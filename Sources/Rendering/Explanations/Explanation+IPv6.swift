// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

// Routers that change IPv6 addresses: between the families (RFC 6146), or their prefix (RFC 6296).
extension Explanation {
  /// An address under NAT64's prefix came where nobody translates.
  static func untranslated(_ facts: HopFacts, _ remote: IPAddress) -> Explanation {
    Explanation(
      said(
        """
        \(facts.destinationAddress) stands for the IPv4 address \(remote, .address), for a router that translates between the two \
        families. The packet met none on its way, so \(facts.node) took it for an ordinary IPv6 packet, and no host has that address.
        """),
      because: said(
        """
        An IPv6 host can write an IPv4 address into the end of an IPv6 one. But an IPv4 host understands only IPv4, so some \
        router in between must exchange the headers and remember who asked: a NAT64.
        """),
      rule: Rule(
        6146, "3.5", nil,
        said("a NAT64 takes packets for destinations under its prefix, and makes IPv4 packets of them")))
  }

  /// The well-known prefix stands for addresses that mean the same everywhere.
  static func embeddedPrivate(_ facts: HopFacts, _ remote: IPAddress) -> Explanation {
    Explanation(
      said(
        """
        \(facts.destinationAddress) stands for \(remote, .address), \(kind(of: remote.scope)), under the prefix that is the same on all \
        of the internet. \(facts.node) translates no such packet, and dropped it.
        """),
      because: said(
        """
        Behind the well-known prefix everybody must find the same host. A private address means another one in each network, so \
        it may stand only behind a prefix of the network's own: 'set \(facts.nodeName) nat64 on PREFIX'.
        """),
      rule: Rule(
        6052, "3.1", nil, said("the well-known prefix must not stand for addresses that are not global")))
  }

  /// A packet arrived that a router had moved from one family to the other.
  static func delivered(_ facts: HopFacts, _ happened: StyledText, _ across: HopReport) -> Explanation {
    let isOutbound = across.destinationAfter.address.isIPv4
    return Explanation(
      happened,
      because: isOutbound
        ? said(
          """
          The sender has no IPv4 address. \(across.node, .name) read the IPv4 destination out of the IPv6 one, gave the flow an \
          IPv4 endpoint of its own and wrote a new header, 20 bytes shorter. \(facts.node) sees an ordinary IPv4 packet.
          """)
        : said(
          """
          A row of \(across.node, .name) remembered which IPv6 host the IPv4 endpoint belongs to. The sender's IPv4 address came back as \
          a part of an IPv6 one, in a new header that is 20 bytes longer.
          """),
      rule: Rule(
        6146, "3.5", nil,
        said("a NAT64 keeps a binding for each IPv6 endpoint, and finds it again by its IPv4 endpoint")))
  }

  /// A packet arrived whose prefix a router had exchanged.
  static func delivered(
    _ facts: HopFacts, _ happened: StyledText, exchanging hop: HopReport
  ) -> Explanation {
    Explanation(
      happened,
      because: said(
        """
        \(hop.node, .name) exchanged only the prefix, by arithmetic: it needs no row for that, no port was changed, and 16 bits beside \
        the prefix make up for the difference, so that even the checksum stays right.\(hop.newDestination == nil ? "" : said(" ",
           "The firewall, which has rows as ever, knew that the host inside had asked for this."))
        """),
      rule: Rule(6296, "2.6", nil, said("the translation is one to one, and neutral to the transport's checksum")))
  }

  static func firewallBehindPrefix(_ facts: HopFacts, _ inside: Endpoint) -> Explanation {
    Explanation(
      said(
        """
        \(facts.destination) is what \(inside, .address) is called outside: \(facts.node) exchanges the prefix, and knows the way. But \
        nothing inside had asked for a packet from \(facts.source), so the firewall dropped it.
        """),
      because: said(
        """
        Every host inside has an address of its own outside, and every port of it leads there, so nothing has to be \
        mapped first. That is why the exchange is no protection: the firewall beside it is, as with untranslated IPv6.
        """),
      rule: Rule(6296, "7", nil, said("prefix translation filters nothing; a firewall must do that")))
  }
}

extension HopReport {
  /// Whether the device made an IPv4 packet of an IPv6 one, or the reverse.
  var changesFamily: Bool { source.address.isIPv4 != sourceAfter.address.isIPv4 }
}
