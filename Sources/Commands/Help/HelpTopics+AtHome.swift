// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

extension HelpTopics {
  static let atHome = topic(
    "at-home", said("See it at your own router"),
    said(
      "Your computer's own address: `ip address` on Linux, `ipconfig` on Windows, System Settings, Network on a Mac. It most ",
      "likely begins with 192.168. or 10.: then it is private, and a NAT is in front of you."),
    said(
      "Your outside address: ask somebody outside. A web page such as ifconfig.me tells it, or `curl ifconfig.me` in a ",
      "terminal. It is your router's, and your neighbour behind the same router sees the same."),
    said(
      "Your router's page: its address is the gateway that `ip route` (Linux), `ipconfig` (Windows) or `netstat -rn` (Mac) ",
      "names, often 192.168.1.1 or 192.168.0.1. Open it in a browser and look for Status, WAN or Internet. Is the address ",
      "there the one that the web page told you? If it is not, or is in 100.64.0.0/10, your provider has a NAT above ",
      "yours (`help cgnat`)."),
    said(
      "Its table: some pages list it as NAT table, sessions or connections. On a router that runs Linux and lets you in, ",
      "`conntrack -L` or `cat /proc/net/nf_conntrack` prints it: each line has the inside endpoint, the outside one and the ",
      "seconds left, as `table` does here."),
    said(
      "Does it keep its port? A STUN server tells your outside endpoint; ask two servers from one port and compare. The same ",
      "answer from both: endpoint-independent mapping. Look only at what is yours, and change nothing that you cannot ",
      "change back."))
}
