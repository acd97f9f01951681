// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

extension Glossary {
  /// The words for what is in packets, and for how connections begin and end.
  static let transport = [
    term(
      "ack", also: ["acknowledgement", "acknowledgment"],
      said("The flag in a TCP segment that says: I have received everything up to here.")),
    term(
      "connection", also: ["tcp-connection"],
      said(
        "Two programs that have agreed to talk over TCP. `connect` opens one with a handshake, `close` ends it, and ",
        "until then both sides remember it.")),
    term(
      "echo", also: ["echo-request", "echo-reply"], said("The question and the answer that `ping` sends over ICMP.")),
    term(
      "fin", said("The flag in a TCP segment that says: I have nothing more to send. `close` sends it from both sides.")
    ),
    term(
      "flag", also: ["flags", "tcp-flags"],
      said("A mark in a TCP segment's header that says what the segment is for: SYN, ACK, FIN or RST.")),
    term(
      "handshake", also: ["three-way-handshake", "3-way-handshake"],
      said(
        "How a TCP connection is opened, in three segments: SYN (may I?), SYN and ACK (yes, and may I?), ACK (yes). Then ",
        "each side knows that the other one hears it.")),
    term(
      "identifier", also: ["icmp-identifier", "query-id"],
      said(
        "A number in an ICMP echo, which has no ports. It tells whose question an answer belongs to, and a NAT ",
        "translates it like a port.")),
    term("payload", said("What a packet carries behind its headers: the text that you `send`, for example.")),
    term(
      "rst", also: ["reset-flag"],
      said(
        "The flag in a TCP segment that ends a connection at once. It is also the answer from a port where nobody ",
        "listens.")),
    term("segment", also: ["tcp-segment"], said("A packet of TCP.")),
    term(
      "sequence-number", also: ["seq"],
      said("A number in each TCP segment that says where in the sender's data it belongs.")),
    term("syn", said("The flag in the first TCP segment of each side. It asks to open a connection.")),
    term(
      "verdict", also: ["sent", "forwarded", "translated", "delivered"],
      said(
        "What a device did with a packet, in one word: sent, forwarded, translated, delivered or dropped. If it was ",
        "dropped, a second word says why: `help refusals`.")),
  ]
}
