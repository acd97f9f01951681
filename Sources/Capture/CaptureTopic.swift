// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `help captures`
enum CaptureTopic {
  static let topic = HelpReport.Topic(
    name: "captures", title: said("Packets in Wireshark, and back"),
    paragraphs: [
      said(
        "`capture FILE` writes what crosses the links while packets move; Wireshark opens the file. Every link is an interface with ",
        "its device's name, and a packet is there once for each link that it has crossed, with the addresses that it had on ",
        "it: look at `alice` and at `home-a`, and you see what the router has changed."),
      said(
        "A packet's comment says what became of it: as a display filter, `frame.comment contains \"dropped\"` leaves the refused ",
        "ones, each with the reason that `why` gives."),
      said(
        "`replay FILE from HOST` sends what was captured elsewhere through your network, and `import capture FILE` builds the network ",
        "that a capture implies, and says which behaviour of a NAT it contradicts."),
    ])
}
