// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Answers HTTP requests (RFC 9112) with a short page that names the client as the server sees it, so that anybody can
/// see their address from outside.
struct WebServer: HostProgram {
  let port: UInt16?

  var name: String { "web" }
  var state: String { "serving" }

  mutating func start(_ host: inout ProgramContext) throws(HostError) { try host.open(.tcp, port) }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard case .data(let payload) = delivery.content, let bytes = payload.bytes else { return }
    let request = String(decoding: bytes, as: UTF8.self)
    let line = request.split(separator: "\r\n", omittingEmptySubsequences: false).first.map(String.init) ?? request
    let words = line.split(separator: " ")
    let isRead = words.count == 3 && words[2].hasPrefix("HTTP/1.") && words[1].hasPrefix("/")
    let status =
      !isRead ? "400 Bad Request" : words[0] == "GET" || words[0] == "HEAD" ? "200 OK" : "405 Method Not Allowed"
    let page = isRead ? "Hello, \(delivery.remote)\n" : "\(status)\n"
    let header = """
      HTTP/1.1 \(status)\r
      Content-Type: text/plain\r
      Content-Length: \(page.utf8.count)\r
      Connection: close\r
      \r

      """
    let answer = header + (words.first == "HEAD" ? "" : page)
    host.sendData(.data(Array(answer.utf8)), from: delivery.local, to: delivery.remote)
    host.tell(
      "request",
      [
        "method": .text(words.first.map(String.init) ?? ""), "status": .text(status),
        "from": .endpoint(delivery.remote),
      ])
  }
}

extension WebServer {
  static let service = Service(
    "web", port: 80,
    ProgramDescription(
      "web", summary: said("answers HTTP requests with the address that it sees"),
      events: ["request": ["method", "status", "from"]]
    ) { event in
      guard event.event == "request", let from = event.data["from"]?.text, let status = event.data["status"]?.text
      else {
        return nil
      }
      return said("answers \(from): \(status)")
    }
  ) { WebServer(port: $0.port) }
}
