// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

extension HelpTopics {
  static let start = topic(
    "start", said("What do I do first?"),
    said(
      "Load a network: `scene two-homes`. Alice and Bob each sit behind a router of their own, as most people do. `map` ",
      "draws it, `show` lists it."),
    said(
      "Let Bob say something to Alice: `send bob alice:5000 \"hello\"`. Nothing has moved yet: a packet waits for you. ",
      "`step` lets one device handle it; type it again, or just press Enter, until the packet's journey ends."),
    said(
      "It did not arrive. `why` tells what refused it, and by which rule: Alice's address is a private one, and the ",
      "internet has no route to it. `help private-addresses` says more."),
    said(
      "Now the other way: `reset`, `scene one-home`, `send alice:5000 bob:4000 \"hello\"`, `run`. That arrived, and ",
      "`table home-a` shows what it left in Alice's router: a row that stands for her. `reply \"hi alice\"` and ",
      "`run`: the answer comes back through that row."),
    said(
      "Nothing you do can break anything. `undo` takes back as much as you like, `step` and `wait` included. Tab completes ",
      "what you type, and `help COMMAND` has examples that work."))

  static let nat = topic(
    "nat", said("Network address translation: many hosts, one address"),
    said(
      "There are fewer IPv4 addresses than devices. So a home uses addresses that mean something only at home, and its ",
      "router owns the one address that the internet knows."),
    said(
      "When a packet leaves, the router writes its own address and a port of its own choice over the sender's, and notes ",
      "in its translation table who that was: 192.168.1.10:5000 is 49.36.10.25:62000 outside. That note is a mapping."),
    said(
      "When an answer comes to 49.36.10.25:62000, the router finds the mapping, writes 192.168.1.10:5000 back in, and hands ",
      "the packet to that host."),
    said(
      "A packet from outside that no mapping fits has nobody to go to. The router does not refuse it out of malice: it ",
      "does not know whom it is for. \"Who are you?\" That is why calling someone behind a NAT is hard, and why it ",
      "guards by accident what is inside."),
    said(
      "NATs differ in how they make mappings (`help mapping`), whom they let use them (`help filtering`) and which ports ",
      "they choose (`help ports`). These are independent of each other (RFC 4787). See it happen: `scene one-home`, ",
      "`send alice:5000 bob:4000`, `step`, `table home-a`."))

  static let privateAddresses = topic(
    "private-addresses", said("Addresses that mean something only where they are used"),
    said(
      "10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 are private (RFC 1918): every home may use them, and millions of homes ",
      "use the very same ones. 192.168.1.10 is like \"the room at the end of the corridor\": fine inside a house, ",
      "useless on an envelope."),
    said(
      "So a packet to a private address goes to the neighbour who has it in the sender's own network, if there is one. On ",
      "the internet it ends at the first router that has no route to it: `private-destination`."),
    said(
      "100.64.0.0/10 (RFC 6598) is shared: for the network between a provider's NAT and its customers' routers. It is no ",
      "more reachable than a private one."),
    said(
      "192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24 are for documentation (RFC 5737). natsh treats them as public, so ",
      "that examples harm nobody's real address."),
    said("In IPv6, fc00::/7 is for local use (RFC 4193), and 2001:db8::/32 for documentation (RFC 3849)."),
    said("Try it: `scene two-homes`, `send bob alice:5000`, `run`, `why`."))

  static let mapping = topic(
    "mapping", said("When does a host keep its outside endpoint?"),
    said(
      "Alice's 192.168.1.10:5000 sends to Bob, and becomes 49.36.10.25:62000. Then it sends to Carol. Is it still ",
      "49.36.10.25:62000? That is what `mapping` decides (RFC 4787 §4.1)."),
    said(
      "endpoint-independent: yes, whoever it sends to. What a helpful server sees of Alice is what everyone sees, so she ",
      "can tell Bob, and Bob can try it. RFC 4787 requires this of a NAT (REQ-1)."),
    said("address-dependent: the same for all ports of one address, a different one for another address."),
    said(
      "address-and-port-dependent: a new one for every destination endpoint. What a server sees of Alice is no use to Bob: ",
      "this is what makes a NAT \"symmetric\", and peer-to-peer calls through it so hard."),
    said(
      "Try it: `scene one-home`, `set home-a mapping address-and-port-dependent`, `send alice:5000 bob:4000`, ",
      "`send alice:5000 bob:4001`, `run`, `table home-a`: two rows for one inside endpoint."))

  static let filtering = topic(
    "filtering", said("Who may come in through a mapping?"),
    said(
      "Alice has a mapping, so there is a door. `filtering` is the doorkeeper (RFC 4787 §5). It is asked only when there is ",
      "a mapping: without one, the reason is `no-mapping`, not `filtered`."),
    said(
      "endpoint-independent: anyone may come in. address-dependent: any port of an address that Alice has sent to. ",
      "address-and-port-dependent: only the very endpoints that she has sent to."),
    said(
      "Sending is what admits: when Alice sends a packet to Bob, Bob may answer, even if her packet never gets to him. Two ",
      "people behind strict doorkeepers can open both doors by sending to each other: that is hole punching."),
    said(
      "A change applies at once, even to old rows, since each row remembers whom it sent to. Try it: `scene one-home`, ",
      "`send alice:5000 bob:4000`, `run`, `send bob:4001 49.36.10.25:62000`, `run`, `why`. Then ",
      "`set home-a filtering address-dependent`, and send it again."))

  static let ports = topic(
    "ports", said("Two properties with one name"),
    said(
      "A port is a number from 1 to 65535 that tells the conversations of one address apart. A NAT gives every mapping an ",
      "outside port, and that port is how an answer finds its way back."),
    said(
      "Of a router, `ports` is how it chooses outside ports (RFC 4787 §4.2). `sequential` counts up from 62000: easy to ",
      "follow, and easy to guess. `preserve` keeps the inside port while it is free. `overload` keeps it even when it ",
      "is taken, as long as the remotes differ; RFC 4787 forbids that (REQ-3), and Linux does it. `random` leaves an ",
      "attacker guessing."),
    said(
      "Of a host, `ports` says which of its ports accept packets: `open`, all of them, which keeps first experiments ",
      "simple; `bound`, those that `listen` opened or the host has sent from, which is how real hosts are."))
}
