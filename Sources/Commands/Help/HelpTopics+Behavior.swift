// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

extension HelpTopics {
  static let refusals = topic(
    "refusals", said("Why was my packet dropped?"),
    said(
      "`why` explains the last packet, `why N` any other. These are the reasons, in the words that every part of natsh ",
      "uses."),
    said(
      "`no-mapping`: nobody inside ever used this outside endpoint. \"Who are you?\" The host inside has to send first."
    ),
    said("`filtered`: the mapping is there, but this sender is not one it admits. See `help filtering`."),
    said(
      "`expired`: the mapping was there, and timed out. A real router has forgotten it and cannot tell this from ",
      "no-mapping; natsh remembers it for you. Whoever wants to stay reachable has to send now and then."),
    said(
      "`private-destination`: the internet has no route to a private or shared address. See `help private-addresses`."),
    said(
      "`no-route`: no network here has this address. `no-such-host`: the network is here, but no host in it has this ",
      "address."),
    said("`ttl-expired`: the packet passed as many routers as its `ttl` allowed. That is how traceroute finds them."),
    said(
      "`port-closed`: the packet arrived, and nothing listens on that port. See `listen`, and `set NAME ports bound`."),
    said(
      "`time-wait`: a SYN for a connection that the host closed a while ago, and still remembers. See `help time-wait`."
    ),
    said(
      "`hairpin-off`: a packet from inside to the router's own outside endpoint, which this router does not turn round. See ",
      "`help hairpinning`."),
    said(
      "`ports-exhausted`: every outside port that the mapping could have had is taken. `table-full`: the table, or this ",
      "host's share of it, is full (`max-mappings`, `max-mappings-per-host`)."),
    said("`insert-failed`: with `race on`, another new flow took the same outside port at the same instant."),
    said(
      "`firewall`: with `nat off` there are no mappings, and nothing inside asked for this packet. No NAT is not no ",
      "protection."),
    said("`blocked`: a rule of the router drops all such packets (`filter`)."),
    said(
      "`loss`: the link lost it, as its `loss` says it does. `queue-full`: the link's `rate` is too low for what was to go ",
      "over it. `too-big`: longer than the link's `mtu`, and not to be cut (`df`, or IPv6). `invalid`: no device makes sense of it."
    )
  )

  static let hairpinning = topic(
    "hairpinning", said("Out and straight back in"),
    said(
      "Alice and her TV sit behind one router. A server told Alice that the TV is at 49.36.10.25:62001, so that is where she ",
      "sends. The packet comes from inside, and wants to go in."),
    said(
      "A router that hairpins (RFC 4787 §6) translates twice: it gives Alice's packet her own outside endpoint as its ",
      "source, looks up the TV's mapping, and turns the packet round. One that does not drops it: `hairpin-off`."),
    said(
      "Many cheap routers do not. Then two people in one home can call everyone in the world but each other. ",
      "`set ROUTER hairpinning on` fixes it. Try `scene same-lan`."))

  static let cones = topic(
    "cones", said("Cones and symmetric: the old names"),
    said(
      "RFC 3489 named four kinds of NAT in 2003, and people still use the names. Each of them is a mapping and a filtering ",
      "behaviour at once:"),
    said(
      "full cone: mapping endpoint-independent, filtering endpoint-independent. Restricted cone: filtering ",
      "address-dependent. Port-restricted cone: filtering address-and-port-dependent. Symmetric: both ",
      "address-and-port-dependent."),
    said(
      "Four names for nine combinations, and nothing said of ports, timeouts or hairpinning: RFC 4787 §3 gave them up, ",
      "and describes the axes one by one. natsh has the old names only as presets."),
    said("Try it: `router r preset full-cone`, `show r`."))

  static let presets = topic(
    "presets", said("Kinds of routers by name"),
    said(
      "`router NAME preset PRESET` makes a router of that kind, `set NAME preset PRESET` turns one into another (emptying its ",
      "table). A preset is only a starting point: every axis can be set by itself afterwards."),
    said(
      "`home`: a common cheap router. Mapping endpoint-independent, filtering address-and-port-dependent, ports one after ",
      "another from 62000, no hairpinning. This is the default."),
    said("`full-cone`, `restricted-cone`, `port-restricted-cone`, `symmetric`: see `help cones`."),
    said(
      "`linux`: netfilter's masquerade as it is. It maps and filters flow by flow, yet keeps the inside port where it can. ",
      "While that port is free, everyone outside sees the same one, as behind a port-restricted cone; where another ",
      "host has it towards the same destination, a new one is drawn, as behind a symmetric NAT. It follows each ",
      "connection's state (`tracking connections`), answers packets for nobody inside as a host would (`rejects ",
      "as-host`), and lets packets that belong to no connection out untranslated (`untracked passed`)."),
    said(
      "`cgnat`: what a provider should have (RFC 6888): both endpoint-independent, one outside address each, random ",
      "ports, hairpinning, a limit per customer, and a freed port rests for two minutes."),
    said(
      "`open`: no NAT and no firewall. With a private `lan` nobody outside can reach it, since nobody has a route there."
    ),
    said("`audit ROUTER` tells what the standards have against each of them."))

  static let ipv6 = topic(
    "ipv6", said("IPv6: no translation, still a firewall"),
    said(
      "IPv6 has addresses for everyone, so nothing has to be translated: a router routes its IPv6 prefix, and a packet arrives with ",
      "the addresses it left with."),
    said(
      "But a home router still has a stateful firewall (RFC 6092): a packet from outside comes in when something inside ",
      "asked for it, and `filtering` says what counts as having asked. For one turned away the reason is `firewall`, ",
      "`filtered` or `expired`."),
    said(
      "Give a router and its hosts a second address: `router home 203.0.113.1 2001:db8:a::1 lan 192.168.1.0/24 lan ",
      "2001:db8:1::/64`, then `host alice 2001:db8:1::10 behind home`."),
    said("IPv4 can be treated the same way: `set ROUTER nat off`."),
    said(
      "`set ROUTER nat64 on` lets IPv6 hosts inside reach IPv4 hosts outside (RFC 6146): 88.90.100.110 is then ",
      "64:ff9b::585a:646e, written `64:ff9b::88.90.100.110` as well. The router has a row for each flow, as for IPv4. Try ",
      "`scene nat64`; `host NAME ipv6-only behind ROUTER` makes a host without IPv4."),
    said(
      "`set ROUTER nptv6 PREFIX` exchanges the prefix of IPv6 addresses and nothing else (RFC 6296): no port, no table. Try ",
      "`scene nptv6`."),
    said(
      "Programs ask for names, and a DNS64 answers with addresses that the NAT64 takes (RFC 6147): `scene dns64`. Where both ",
      "families lead somewhere, `connect` tries IPv6 first and IPv4 soon after (RFC 8305): `scene dual-stack`."))
}
