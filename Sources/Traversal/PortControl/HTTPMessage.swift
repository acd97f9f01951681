// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// A request or response of HTTP/1.1, in one piece: UPnP uses it over TCP and, as SSDP, in datagrams.
public struct HTTPMessage: Hashable, Sendable {
  /// `POST /control HTTP/1.1` or `HTTP/1.1 200 OK`.
  public var startLine: String
  public var headers: [Header]
  public var body: String

  public init(_ startLine: String, _ headers: [Header], body: String = "") {
    self.startLine = startLine
    self.headers = headers
    self.body = body
  }

  public struct Header: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  private static let methods = ["M-SEARCH", "NOTIFY", "GET", "POST", "SUBSCRIBE"]

  /// Reads a message; nil if the bytes are not one, or if there is less of a body than its length says. Anything more
  /// belongs to the next message and is left out.
  public init?(decoding bytes: ArraySlice<UInt8>) {
    guard bytes.starts(with: "HTTP/1.".utf8) || Self.methods.contains(where: { bytes.starts(with: "\($0) ".utf8) })
    else { return nil }
    let end: [UInt8] = [13, 10, 13, 10]
    guard let blank = bytes.indices.first(where: { bytes[$0] == 13 && bytes[$0...].starts(with: end) }),
      let head = String(validating: bytes[..<blank], as: UTF8.self)
    else { return nil }
    var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    startLine = String(lines.removeFirst())
    guard startLine.contains("HTTP/1.") else { return nil }
    headers = []
    for line in lines {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      headers.append(Header(String(line[..<colon]), String(value)))
    }
    body = ""
    let content = bytes[(blank + end.count)...]
    let length = self["Content-Length"].map { Int($0) } ?? 0
    guard let length, length >= 0, length <= content.count,
      let text = String(validating: content.prefix(length), as: UTF8.self)
    else { return nil }
    body = text
  }

  /// A header's value; names are compared without case.
  public subscript(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// The method of a request; nil for a response.
  public var method: String? {
    startLine.hasPrefix("HTTP/") ? nil : startLine.split(separator: " ").first.map(String.init)
  }

  /// The path of a request; nil for a response.
  public var path: String? {
    method == nil ? nil : startLine.split(separator: " ").dropFirst().first.map(String.init)
  }

  /// The status of a response; nil for a request.
  public var status: Int? {
    method == nil ? startLine.split(separator: " ").dropFirst().first.flatMap { Int($0) } : nil
  }

  /// The message's bytes, with the length of its body if it has one.
  public func encoded() -> [UInt8] {
    var lines = [startLine] + headers.map { "\($0.name): \($0.value)" }
    if !body.isEmpty, self["Content-Length"] == nil { lines.append("Content-Length: \(body.utf8.count)") }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
  }

  /// The message in words.
  ///
  /// - Parameter isDiscovery: Whether it is SSDP, which looks like HTTP.
  func description(isDiscovery: Bool) -> MessageDescription {
    let name = isDiscovery || method == "M-SEARCH" || method == "NOTIFY" ? "SSDP" : "HTTP"
    var summary = "\(name) \(startLine)"
    if let action = SOAPMessage(in: body) { summary += ": \(action.name)" }
    let fields = headers.map { MessageDescription.Field($0.name, $0.value) }
    return MessageDescription(
      protocolName: name, summary: summary, fields: body.isEmpty ? fields : fields + [.init("body", body)])
  }
}
