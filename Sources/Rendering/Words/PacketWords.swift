// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// A packet's kind and text, in a few words: `"hello"`, `tcp SYN+ACK`, `ping`.
struct PacketWords {
  let transport: TransportProtocol
  let text: String?
  let message: String?
  let flags: TCPFlags?
  let icmp: ICMPKind?
  let about: Int?

  init(_ hop: HopReport) {
    (transport, text, flags, icmp, about) = (hop.transport, hop.text, hop.flags, hop.icmp, hop.about)
    message = hop.message?.summary
  }

  init(_ packet: PacketSummary) {
    (transport, text, flags, icmp, about) = (packet.transport, packet.text, packet.flags, packet.icmp, packet.about)
    message = packet.message?.summary
  }

  /// The label for a line about the packet.
  ///
  /// - Parameter columns: The most that its text may take before it is cut.
  func label(columns: Int = 48) -> StyledText {
    var words: [StyledText] = []
    switch transport {
    case .udp: if text == nil, message == nil { words.append("udp") }
    case .tcp:
      let flags = flags ?? []
      // Data alone is an ACK with text; the text says more.
      if flags.isEmpty || text != nil && flags.isSubset(of: [.ack, .psh]) {
        words.append("tcp")
      } else {
        words.append("tcp \(flags.names.map { $0.uppercased() }.joined(separator: "+"))")
      }
    case .icmp: words.append(StyledText(icmpWords))
    }
    if let message {
      words.append(StyledText(PrintableText.of(message), .payload).truncated(to: columns))
    } else if let text {
      words.append(StyledText(PrintableText.quoted(text), .payload).truncated(to: columns))
    }
    return words.joined(separator: " ")
  }

  private var icmpWords: String {
    let reported = about.map { said(" about #\($0)") } ?? ""
    switch icmp {
    case .echoRequest?: return "ping"
    case .echoReply?: return said("ping answer")
    case nil: return "icmp" + reported
    case let kind?: return "icmp \"" + kind.name.replacing("-", with: " ") + "\"" + reported
    }
  }
}

extension Verdict {
  /// The mark beside the word.
  var mark: String {
    switch self {
    case .delivered: "✓"
    case .dropped: "✗"
    case .sent, .forwarded, .translated: " "
    }
  }

  var role: TextRole {
    switch self {
    case .sent, .forwarded: .plain
    case .translated: .changed
    case .delivered: .new
    case .dropped: .refused
    }
  }
}

extension HopReport {
  /// The device as a sentence names it.
  var place: StyledText { nodeKind == .internet ? said("the \(node, .name)") : StyledText(node, .name) }

  /// The endpoints as the packet leaves. An ICMP query has one identifier, which appears in both of them: changed in
  /// one, it is changed in the other (RFC 5508 §3.1).
  var sourceAfter: PacketEnd { newSource ?? withIdentifier(of: newDestination, in: source) }
  var destinationAfter: PacketEnd { newDestination ?? withIdentifier(of: newSource, in: destination) }

  func withIdentifier(of changed: PacketEnd?, in end: PacketEnd) -> PacketEnd {
    guard transport == .icmp, let identifier = changed?.port, end.port != nil else { return end }
    return PacketEnd(end.address, identifier)
  }
}

/// A packet's ends for people. A query does not have ports: its one identifier is shown once, after the destination.
func senderText(_ end: PacketEnd, _ transport: TransportProtocol) -> String {
  transport == .icmp ? end.address.description : end.description
}

func receiverText(_ end: PacketEnd, _ transport: TransportProtocol) -> String {
  transport == .icmp ? withIdentifier(end) : end.description
}

/// `192.168.1.10 id 1`.
func withIdentifier(_ end: PacketEnd) -> String {
  end.port.map { said("\(end.address) id \($0)") } ?? end.address.description
}

extension HopReport {
  var from: String { senderText(source, transport) }
  var to: String { receiverText(destination, transport) }
  var fromAfter: String { senderText(sourceAfter, transport) }
  var toAfter: String { receiverText(destinationAfter, transport) }
}

extension PacketSummary {
  var from: String { senderText(source, transport) }
  var to: String { receiverText(destination, transport) }
}

extension MappingReport {
  var inside: String { transport == .icmp ? withIdentifier(PacketEnd(`internal`)) : `internal`.description }
  var outside: String { transport == .icmp ? withIdentifier(PacketEnd(external)) : external.description }
}

/// Two endpoints with the arrow between them.
func route(_ source: some CustomStringConvertible, _ destination: some CustomStringConvertible) -> StyledText {
  "\(source, .address) →\u{A0}\(destination, .address)"
}

/// A row's two sides, inside first.
func sides(_ mapping: MappingReport) -> StyledText {
  "\(mapping.inside, .address) ⇄\u{A0}\(mapping.outside, .address)"
}

/// The senders that a row admits, a line each: `anyone`, `88.90.100.110:4000`, `88.90.100.110`.
func admitted(_ permitted: Mapping.Permitted, limit: Int = 6) -> [StyledText] {
  switch permitted {
  case .anyone: [said("anyone")]
  case .addresses(let addresses): listed(addresses, limit: limit)
  case .endpoints(let endpoints): listed(endpoints, limit: limit)
  }
}

private func listed(_ admitted: [some CustomStringConvertible], limit: Int) -> [StyledText] {
  if admitted.isEmpty { return [said("nobody")] }
  var lines = admitted.prefix(admitted.count > limit ? limit - 1 : limit).map { StyledText($0, .address) }
  if lines.count < admitted.count {
    lines.append(said("and \(Count.grouped(admitted.count - lines.count)) more"))
  }
  return lines
}

extension PacketEnd {
  /// The port's digits; empty if there is none.
  var portText: String { port.map(String.init) ?? "" }
}
