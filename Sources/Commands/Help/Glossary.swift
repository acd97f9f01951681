// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// The terms of the trade, each in a sentence or two: `glossary` lists them, `help WORD` explains one.
public enum Glossary {
  public struct Term: Encodable, Sendable {
    public var name: String
    /// Other names for it.
    public var aliases: [String]
    public var meaning: String
  }

  /// In alphabetical order.
  public static let terms: [Term] = (networks + transport + translation + meeting).sorted { $0.name < $1.name }

  /// The term of that name, in any case, with hyphens or spaces.
  static func term(named word: String) -> Term? {
    let wanted = key(word)
    return terms.first { key($0.name) == wanted || $0.aliases.contains { key($0) == wanted } }
  }

  private static func key(_ word: String) -> String { word.lowercased().replacing(" ", with: "-") }

  static func term(_ name: String, also aliases: [String] = [], _ meaning: String) -> Term {
    Term(name: name, aliases: aliases, meaning: meaning)
  }

  private static let networks = [
    term(
      "address", also: ["ip-address", "ip"],
      said(
        "The number that a packet is delivered by, such as 45.10.20.30. It finds the computer; the port ",
        "finds the program.")),
    term(
      "checksum",
      said(
        "A number computed from a header's bytes, so that the receiver notices damage. Whoever changes a ",
        "header, as a NAT does, must compute it again.")),
    term("client", said("The one of two programs that begins the conversation.")),
    term(
      "delay", also: ["latency"], said("The time that a packet takes on its way. `set NAME delay 20ms` sets a link's.")),
    term("destination", said("Where a packet is going: an address and a port.")),
    term(
      "endpoint", also: ["socket"],
      said("An address and a port together: 45.10.20.30:5000. A conversation goes on between two of them.")),
    term(
      "ephemeral-port", also: ["source-port"],
      said("A port that the computer picks for a program that did not ask for one, here from 49152 on.")),
    term(
      "firewall",
      said(
        "Decides which packets may pass, whether anything is translated or not. A home router's ",
        "lets everything out and only answers in.")),
    term(
      "fragment", also: ["fragmentation"],
      said("A piece of a packet that was too long for a link. Only the first piece has the ports.")),
    term("gateway", said("Another word for the router that leads out of a network.")),
    term(
      "header",
      said(
        "The part of a packet before what it carries: addresses, ports, time to live. `packet` shows it ",
        "field by field.")),
    term(
      "ftp", also: ["active-ftp", "passive-ftp"],
      said(
        "A protocol for files (RFC 959) with a connection for commands and others for data. Where data connections go is ",
        "said in the text. `ftp` shows it.")),
    term("hop", said("One device's handling of one packet.")),
    term(
      "icmp",
      said("The protocol of `ping` and of messages about packets that could not be delivered. It has no ports.")),
    term("internet", said("Here one device that stands for all the routers between public addresses.")),
    term(
      "ipv4",
      said(
        "Internet addresses of 32 bits, such as 45.10.20.30. There are too few for everybody, which is why ",
        "NAT is so common.")),
    term("lan", also: ["local-network", "inside"], said("A network inside: the devices behind one router.")),
    term(
      "link",
      said(
        "Connects a device to its router or to the internet. It takes time, and it may have a rate, a ",
        "loss and an mtu.")),
    term("loss", said("A packet that disappears on a link.")),
    term(
      "mss", also: ["maximum-segment-size"],
      said(
        "How much data fits into one TCP segment. Each end tells the other in its SYN, and routers may lower it so that no ",
        "packet is longer than a link takes.")),
    term("mtu", said("The longest packet that a link takes, in bytes.")),
    term(
      "packet", also: ["datagram"],
      said("The unit in which everything travels: a header with source and destination, and what it carries.")),
    term(
      "peer", also: ["peer-to-peer", "p2p"],
      said("One of two computers that talk directly, with no server in between.")),
    term(
      "prefix", also: ["subnet", "cidr", "block"],
      said("A block of addresses: 192.168.1.0/24 is every address that begins with 192.168.1.")),
    term(
      "private-address", also: ["private", "rfc1918"],
      said(
        "An address from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. Anybody may use it inside, and the ",
        "internet has no route to it.")),
    term("protocol", said("The rules that two programs keep to. Here: UDP, TCP and ICMP.")),
    term(
      "public-address", also: ["public", "outside"],
      said("An address that belongs to one owner in the whole internet, so that packets can be routed there.")),
    term("rfc", said("A document that defines how the internet works. NAT's most important one is RFC 4787.")),
    term(
      "route", also: ["routing", "routing-table", "static-route"],
      said(
        "An entry that says by way of which neighbour packets for a prefix go. The longest prefix that fits counts. ",
        "`route` makes one.")),
    term(
      "router",
      said(
        "A device that passes packets on between networks. The one at home mostly translates and filters as ",
        "well.")),
    term("server", said("A program, or its computer, that waits for others to begin.")),
    term(
      "sip", also: ["sdp", "voip"],
      said(
        "The protocol by which telephones call each other (RFC 3261). Its text, SDP, says where each wants to hear the ",
        "other. `sip` shows it.")),
    term("source", said("Where a packet comes from: an address and a port. An answer goes back to it.")),
    term(
      "tcp",
      said(
        "A protocol with connections: opened with a handshake, closed with a goodbye, and what is lost is ",
        "sent again.")),
    term(
      "time-wait",
      said(
        "The time for which a computer remembers a TCP connection that it closed first, so that late segments are not taken ",
        "for those of a new one.")),
    term(
      "ttl", also: ["time-to-live", "hop-limit"],
      said(
        "How many routers a packet may still cross. At zero it is dropped, so that nothing goes round for ",
        "ever.")),
    term("udp", said("A protocol without connections: each packet stands alone. Calls and games use it.")),
    term("wan", said("The side of a router that leads to the internet.")),
  ]

  private static let translation = [
    term(
      "alg", also: ["application-level-gateway", "application-layer-gateway", "helper"],
      said(
        "A part of a router that knows a protocol, such as FTP or SIP, and also changes addresses in its text: ",
        "`set ROUTER alg ftp on`. It can do nothing with text that is encrypted. One that changes whatever looks like an ",
        "address spoils other protocols, which is why STUN hides its addresses with an XOR (RFC 8489 §14.2).")),
    term("at-home", also: ["my-router", "own-router"], said("How to see your own: `help at-home`.")),
    term(
      "cgnat", also: ["carrier-grade-nat", "cgn", "nat444"],
      said(
        "A NAT at the provider's, behind which many homes share one public address. Then the home's router ",
        "has another NAT above it.")),
    term(
      "cone", also: ["full-cone", "restricted-cone", "port-restricted-cone"],
      said(
        "Older words for NATs that keep one outside endpoint for an inside endpoint; they differ in the ",
        "filtering. `help cones` tells more.")),
    term("dmz", said("A setting that sends everything for which there is no row to one device inside.")),
    term("double-nat", also: ["nested-nat"], said("A NAT behind another NAT: two translations, one after the other.")),
    term(
      "endpoint-independent",
      also: ["address-dependent", "address-and-port-dependent", "eim", "adm", "apdm", "eif", "adf", "apdf"],
      said(
        "Words of RFC 4787. They say whether mapping or filtering depends on the other side: not at all, on ",
        "its address, or on its address and port.")),
    term(
      "filtering",
      said("Who may send to an outside endpoint that has a row. `help filtering` describes the three ways.")),
    term(
      "forwarding", also: ["port-forwarding", "forwarded-port", "virtual-server", "static-mapping"],
      said(
        "A row that is set up by hand and stays, so that anybody may begin from outside. `forward` makes ",
        "one.")),
    term(
      "hairpinning", also: ["nat-loopback", "loopback"],
      said(
        "Two devices behind one router that reach each other by its outside address: the router turns the ",
        "packet round.")),
    term("keep-alive", also: ["keepalive"], said("A small packet that is sent only so that a row does not time out.")),
    term(
      "mapping", also: ["row", "binding"],
      said(
        "A row of the table, which pairs an inside endpoint with an outside one; also the rule by which ",
        "rows are made. `help mapping` tells more.")),
    term(
      "napt", also: ["pat", "masquerade", "masquerading", "snat"],
      said(
        "NAT that changes ports as well as addresses, so that many share one address. What everybody calls ",
        "NAT.")),
    term(
      "nat", also: ["network-address-translation", "translation"],
      said(
        "Network address translation: a router writes another source over packets on their way out, and ",
        "undoes it in the answers.")),
    term(
      "nat64",
      said(
        "A router that makes IPv4 packets of IPv6 ones and back (RFC 6146), so that computers with IPv6 alone reach ",
        "those with IPv4 alone.")),
    term(
      "nptv6", also: ["prefix-translation", "npt"],
      said(
        "The exchange of the first part of IPv6 addresses at a router (RFC 6296). No port changes and no table is needed."
      )),
    term("port", said("The number that finds the program on a computer: 0 to 65535.")),
    term(
      "refresh", said("To give a row its full time again. Packets going out do; packets coming in do on some routers.")),
    term(
      "symmetric", also: ["symmetric-nat"],
      said(
        "An older word for a NAT that makes a separate row for every destination. What one peer sees of ",
        "you is of no use to another.")),
    term(
      "table", also: ["translation-table", "nat-table", "conntrack"],
      said("Where a router remembers what it translated. `table` shows it.")),
    term("timeout", also: ["lifetime", "timer"], said("How long a router keeps a row that nobody uses.")),
    term(
      "upnp", also: ["pcp", "nat-pmp", "igd", "port-control"],
      said("Protocols by which a program inside asks its own router for a forwarded port.")),
  ]

  private static let meeting = [
    term(
      "allocation", also: ["relayed-address"],
      said("An outside endpoint that a relay lends a computer for some minutes. TURN's word for it.")),
    term(
      "candidate",
      said("An endpoint at which a peer may be reachable: its own, the one that a server sees, or a relay's.")),
    term(
      "dns", also: ["name-server", "resolver"],
      said(
        "The protocol by which a computer asks which address a name such as shop.example has. `names` is about it.")),
    term(
      "dns64",
      said(
        "A server for names that makes up IPv6 addresses under a NAT64's prefix where there are only IPv4 ones.")),
    term(
      "happy-eyeballs",
      said(
        "To try IPv6 and IPv4 a short while apart and use the first that answers (RFC 8305), so that a broken one costs ",
        "hardly any time.")),
    term(
      "hole-punching", also: ["hole-punch", "punch"],
      said(
        "Both peers send to each other's outside endpoint at about the same time: each packet out makes the ",
        "row that lets the other's in.")),
    term(
      "ice",
      said(
        "The procedure (RFC 8445) by which two peers collect candidates, try them in pairs and take the ",
        "best that works.")),
    term(
      "permission",
      said(
        "What a relay wants before it passes anything on: the computer that borrowed an endpoint names the addresses that ",
        "may send to it.")),
    term(
      "reflexive-address", also: ["reflexive", "server-reflexive"],
      said("Your outside endpoint as a server sees it, which STUN tells you.")),
    term(
      "relay", also: ["turn-server"],
      said("A server that passes on what two peers send to each other, because they cannot meet.")),
    term(
      "signalling", also: ["signaling", "rendezvous"],
      said(
        "How two peers tell each other their endpoints before they can talk: mostly through a server that ",
        "both can reach.")),
    term(
      "split-dns", also: ["split-horizon"],
      said("Two answers for one name: the inside address for those inside, the outside address for everybody else.")),
    term(
      "stun", said("A protocol (RFC 8489) by which a computer asks a server outside: which endpoint do you see me at?")),
    term(
      "traversal", also: ["nat-traversal"],
      said("Everything that two peers behind NATs do to meet: STUN, signalling, hole punching, relays.")),
    term("turn", said("A protocol (RFC 8656) by which a relay lends a computer an outside endpoint.")),
    term("webrtc", said("What browsers use for calls; it finds its way with ICE, STUN and TURN.")),
  ]
}
