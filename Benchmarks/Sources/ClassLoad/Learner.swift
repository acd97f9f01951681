// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A learner at work: types a command, waits for its answer, and types the next when it is time.
final class Learner: Connection {
  private static let lines = [
    "scene two-homes", "send alice:5000 home-b:62000", "send bob:4000 home-a:62000", "step", "step", "step", "step",
    "table home-a", "run", "why", "map", "undo",
  ]

  private let port: Int
  let cookie: String
  private var next: Int
  private var asked: ContinuousClock.Instant?
  private var answer: [UInt8] = []
  private(set) var waits: [Duration] = []
  private(set) var failures = 0

  init(port: Int, cookie: String, first: Int) throws {
    self.port = port
    self.cookie = cookie
    next = 0
    try super.init(port: port)
    // Not all of them do the same at the same time.
    next = first % Self.lines.count == 0 ? 0 : -(first % Self.lines.count)
  }

  /// Types the next command, unless the last one is not answered yet.
  func type(at now: ContinuousClock.Instant) {
    guard asked == nil else { return }
    let line = next < 0 ? Self.lines[0] : Self.lines[next % Self.lines.count]
    next += 1
    asked = now
    let body = "{\"line\": \"\(line)\", \"width\": 80}"
    send(
      "POST /run HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nCookie: \(cookie)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        + body)
  }

  override func take(_ bytes: UnsafeRawBufferPointer, at now: ContinuousClock.Instant) {
    answer += bytes
    guard let length = Response.length(of: answer), answer.count >= length else { return }
    if !answer.starts(with: Array("HTTP/1.1 200".utf8)) { failures += 1 }
    answer.removeFirst(length)
    if let asked { waits.append(now - asked) }
    asked = nil
  }
}

/// An answer of the server, as bytes.
enum Response {
  private static let blank = Array("\r\n\r\n".utf8)

  /// The bytes of the whole answer; nil while its head is incomplete.
  static func length(of bytes: [UInt8]) -> Int? {
    guard let end = endOfHead(bytes) else { return nil }
    let head = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
    return end + (value(of: "content-length", in: head).flatMap { Int($0) } ?? 0)
  }

  private static func endOfHead(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= blank.count else { return nil }
    for start in 0...(bytes.count - blank.count) where bytes[start..<(start + blank.count)].elementsEqual(blank) {
      return start + blank.count
    }
    return nil
  }

  static func value(of header: String, in head: String) -> String? {
    head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix(header + ":") }
      .map { $0.dropFirst(header.count + 1).trimmingCharacters(in: .whitespaces) }
  }

  /// Asks once, on a connection of its own, and waits for the whole answer.
  static func ask(_ method: String, _ path: String, _ body: String = "", port: Int) throws -> (
    head: String, body: String
  ) {
    let connection = try Connection(port: port)
    connection.send(
      "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        + body)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let length = length(of: bytes), bytes.count >= length { break }
      var watched = pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&watched, 1, 30_000) > 0 else { throw LoadFailure("no answer to \(method) \(path)") }
      let count = read(connection.descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    let end = endOfHead(bytes) ?? bytes.count
    return (String(decoding: bytes[..<end], as: UTF8.self), String(decoding: bytes[end...], as: UTF8.self))
  }
}
