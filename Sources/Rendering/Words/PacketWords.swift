// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// What a packet is and says, in a few words: `"hello"`, `tcp SYN+ACK`, `ping`.
struct PacketWords {
  let transport: TransportProtocol
  let text: String?
  let flags: [String]?
  let icmp: String?
  let about: Int?

  init(_ hop: HopReport) {
    (transport, text, flags, icmp, about) = (hop.transport, hop.text, hop.flags, hop.icmp, hop.about)
  }

  init(_ packet: PacketSummary) {
    (transport, text, flags, icmp, about) = (packet.transport, packet.text, packet.flags, packet.icmp, packet.about)
  }

  /// The label for a line about the packet.
  ///
  /// - Parameter columns: The most that its text may take before it is cut.
  func label(columns: Int = 48) -> StyledText {
    var words: [StyledText] = []
    switch transport {
    case .udp: if text == nil { words.append("udp") }
    case .tcp:
      let names = (flags ?? []).map { $0.uppercased() }
      // Data alone is an ACK with text; the text says more.
      if names.isEmpty || text != nil && names.allSatisfy({ $0 == "ACK" || $0 == "PSH" }) {
        words.append("tcp")
      } else {
        words.append("tcp \(names.joined(separator: "+"))")
      }
    case .icmp: words.append(StyledText(icmpWords))
    }
    if let text { words.append(StyledText(PrintableText.quoted(text), .payload).truncated(to: columns)) }
    return words.joined(separator: " ")
  }

  private var icmpWords: String {
    let reported = about.map { " about #\($0)" } ?? ""
    switch icmp {
    case "echo-request"?: return "ping"
    case "echo-reply"?: return "ping answer"
    case nil: return "icmp" + reported
    case let kind?: return "icmp \"" + kind.replacing("-", with: " ") + "\"" + reported
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
  var place: StyledText { nodeKind == .internet ? "the \(node, .name)" : StyledText(node, .name) }

  /// The endpoints as the packet leaves. An ICMP query has one identifier, which stands in both of them: changed in
  /// one, it is changed in the other (RFC 5508 §3.1).
  var sourceAfter: String { newSource ?? withIdentifier(of: newDestination, in: source) }
  var destinationAfter: String { newDestination ?? withIdentifier(of: newSource, in: destination) }

  private func withIdentifier(of changed: String?, in endpoint: String) -> String {
    guard transport == .icmp, let changed else { return endpoint }
    let (identifier, port) = (EndpointText(changed).port, EndpointText(endpoint).port)
    return identifier.isEmpty || port.isEmpty ? endpoint : endpoint.dropLast(port.count) + identifier
  }
}

/// Two endpoints with the arrow between them.
func route(_ source: String, _ destination: String) -> StyledText {
  "\(source, .address) →\u{A0}\(destination, .address)"
}

/// A row's two sides, inside first.
func sides(_ mapping: MappingReport) -> StyledText {
  "\(mapping.internal, .address) ⇄\u{A0}\(mapping.external, .address)"
}

/// Whom a row admits: `anyone`, `88.90.100.110:4000`, `any port of 88.90.100.110`.
func admitted(_ permitted: [String], limit: Int = 6) -> [StyledText] {
  if permitted.isEmpty { return ["nobody"] }
  if permitted.contains("*") { return ["anyone"] }
  var lines = permitted.prefix(permitted.count > limit ? limit - 1 : limit).map { StyledText($0, .address) }
  if lines.count < permitted.count {
    lines.append("and \(Count.grouped(permitted.count - lines.count)) more")
  }
  return lines
}
