// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension TraversalLanguage {
  static let peerToPeer = HelpReport.Topic(
    name: "peer-to-peer", title: said("Straight from one to the other, or through a server?"),
    paragraphs: [
      said(
        "Two people on a video call can send their streams straight to each other, or both to a server that passes them on. ",
        "Straight, or peer to peer, is the shorter way, and nobody else has to carry anything."),
      said(
        "A server carries every stream twice, once in and once out. 1,000 users at 2 megabits a second each make 2,000 ",
        "megabits a second into it and 2,000 out of it, as long as they talk, and somebody pays for it. Peer to peer, ",
        "it is nothing at all, however many there are."),
      said(
        "Measure it: `crowd 1000 via server`, then `crowd 1000 direct`. And the delay: `scene direct`, `host server`, ",
        "`call alice bob`, `call alice bob via server`."),
      said(
        "So why are there servers? Because most people sit behind a NAT, and nobody outside can send to them first: ",
        "`scene two-homes`, `call alice bob`, `why`. A server with a public address can be reached by both, and its answers ",
        "get in, since both have sent to it: `host server`, `call alice bob via server`. TURN ",
        "(RFC 8656) provides such relays; the art is to need them as seldom as possible."),
    ])
}
