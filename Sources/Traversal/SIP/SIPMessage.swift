// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// A SIP message (RFC 3261 §7): its first line, its headers in their order, and its body.
struct SIPMessage: Hashable {
  struct Header: Hashable {
    var name: String
    var value: String
  }

  var start: String
  var headers: [Header]
  /// The lines of SDP (RFC 4566); empty if there is no body.
  var body: [String]

  init(_ start: String, _ headers: [(String, String)], body: [String] = []) {
    self.start = start
    self.headers = headers.map { Header(name: $0.0, value: $0.1) }
    self.body = body
  }

  /// Nil for what is not SIP.
  init?(_ payload: Payload) {
    guard let text = payload.text else { return nil }
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    guard let first = lines.first, first.hasPrefix("SIP/2.0 ") || first.hasSuffix(" SIP/2.0") else { return nil }
    let gap = lines.firstIndex(of: "") ?? lines.endIndex
    start = first
    headers = lines[1..<max(gap, 1)].compactMap { line in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return Header(
        name: String(line[..<colon]), value: String(line[line.index(after: colon)...].drop { $0 == " " }))
    }
    body = lines[min(gap + 1, lines.endIndex)...].filter { !$0.isEmpty }
  }

  var payload: Payload {
    let text = body.map { $0 + "\r\n" }.joined()
    var all = headers
    if !body.isEmpty { all.append(Header(name: "Content-Type", value: "application/sdp")) }
    all.append(Header(name: "Content-Length", value: "\(text.utf8.count)"))
    let head = ([start] + all.map { "\($0.name): \($0.value)" }).joined(separator: "\r\n")
    return .data(Array((head + "\r\n\r\n" + text).utf8))
  }

  /// A header's value, whatever the case of its name.
  subscript(name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

  /// `INVITE` of a request; nil for an answer.
  var method: String? { start.hasPrefix("SIP/2.0 ") ? nil : start.split(separator: " ").first.map(String.init) }

  /// 200 of an answer; nil for a request.
  var code: Int? { start.hasPrefix("SIP/2.0 ") ? Int(start.dropFirst(8).prefix(3)) : nil }

  /// The method that an answer is about.
  var about: String? { self["CSeq"]?.split(separator: " ").last.map(String.init) }

  /// Where the sender wants further requests: the endpoint in its Contact.
  var contact: Endpoint? {
    guard let value = self["Contact"], let at = value.firstIndex(of: "@") else { return nil }
    return Self.endpoint(value[value.index(after: at)...].prefix { $0 != ">" && $0 != ";" })
  }

  /// Where the answer to a request that came from `sender` is to go (RFC 3261 §18.2, RFC 3581 §4), and the Via that says
  /// so.
  func answerAddress(from sender: Endpoint) -> (via: String, target: Endpoint)? {
    guard let via = self["Via"], let space = via.firstIndex(of: " ") else { return nil }
    let rest = via[via.index(after: space)...]
    let parameters = rest.split(separator: ";").dropFirst()
    guard let named = rest.split(separator: ";").first.flatMap({ Self.endpoint($0) }) else { return nil }
    var answered = via
    var target = named
    if parameters.contains("rport") {
      answered = answered.replacing(";rport", with: ";rport=\(sender.port)")
      target.port = sender.port
    }
    if named.address != sender.address || parameters.contains("rport") {
      answered += ";received=\(sender.address)"
      target.address = sender.address
    }
    return (answered, target)
  }

  /// Where the sender wants to hear the other: the first medium of its SDP.
  var media: Endpoint? {
    guard let line = body.first(where: { $0.hasPrefix("m=") }),
      let port = line.split(separator: " ").dropFirst().first.flatMap({ UInt16($0) }),
      let address = body.first(where: { $0.hasPrefix("c=IN IP4 ") }).flatMap({ IPAddress(String($0.dropFirst(9))) })
    else { return nil }
    return Endpoint(address, port)
  }

  /// An offer, or an answer to one: a voice (RFC 3551, PCMU) at `endpoint`.
  static func session(of name: String, at endpoint: Endpoint) -> [String] {
    [
      "v=0", "o=\(name.lowercased()) 1 1 IN IP4 \(endpoint.address)", "s=-", "c=IN IP4 \(endpoint.address)", "t=0 0",
      "m=audio \(endpoint.port) RTP/AVP 0",
    ]
  }

  private static func endpoint(_ text: Substring) -> Endpoint? {
    if let address = IPAddress(String(text)) { return Endpoint(address, ApplicationGateways.sipPort) }
    return Endpoint(String(text))
  }
}

extension SIPMessage {
  static let reader = MessageReader { payload, packet in
    guard packet.transport == .udp, let message = SIPMessage(payload) else { return nil }
    let first = message.start.split(separator: " ").prefix(message.code == nil ? 1 : 3).joined(separator: " ")
    let summary = message.code == nil ? first : String(message.start.dropFirst(8))
    return MessageDescription(
      protocolName: "SIP", summary: "SIP \(summary)",
      fields: message.headers.map { .init($0.name, $0.value) }
        + (message.body.isEmpty ? [] : [.init("SDP", message.body.joined(separator: " | "))]))
  }
}
