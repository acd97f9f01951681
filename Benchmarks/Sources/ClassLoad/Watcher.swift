// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Somebody who reads the server-sent events of a page, as a browser does.
///
/// Of each line only the beginning is kept: it has the event's number and the command that was carried out.
final class Watcher: Connection {
  private static let kept = 512
  private var line: [UInt8] = []
  private var lineLength = 0
  private var isSnapshot = false
  private var data = ""
  private var number: Int?
  /// The number of the last event that came.
  private(set) var last: Int?
  private(set) var events = 0
  /// Events that stand in for changes which this one has not been sent one by one.
  private(set) var snapshots = 0
  /// Changes whose number does not follow that of the event before.
  private(set) var gaps = 0
  private(set) var bytes = 0
  var onCommand: (String, ContinuousClock.Instant) -> Void = { _, _ in }

  func watch(_ path: String, port: Int, cookie: String?) {
    let cookie = cookie.map { "Cookie: \($0)\r\n" } ?? ""
    send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(cookie)\r\n")
  }

  override func take(_ all: UnsafeRawBufferPointer, at now: ContinuousClock.Instant) {
    bytes += all.count
    var rest = all
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 10)
      let part = UnsafeRawBufferPointer(rebasing: rest[..<(end ?? rest.endIndex)])
      if line.count < Self.kept { line += part.prefix(Self.kept - line.count) }
      lineLength += part.count
      guard let end else { return }
      finishLine(at: now)
      rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
    }
  }

  private func finishLine(at now: ContinuousClock.Instant) {
    defer {
      line.removeAll(keepingCapacity: true)
      lineLength = 0
    }
    guard lineLength > 0 else {
      if number != nil { finishEvent(at: now) }
      return
    }
    let text = String(decoding: line, as: UTF8.self)
    if text.hasPrefix("event: ") {
      isSnapshot = text == "event: snapshot"
    } else if text.hasPrefix("id: ") {
      number = Int(text.dropFirst(4))
    } else if text.hasPrefix("data: ") {
      data = text
    }
  }

  private func finishEvent(at now: ContinuousClock.Instant) {
    if isSnapshot {
      snapshots += 1
    } else if let last, let number, number != last + 1 {
      gaps += 1
    }
    last = number
    number = nil
    events += 1
    if let key = data.range(of: "\"command\":\"") {
      onCommand(String(data[key.upperBound...].prefix { $0 != "\"" }), now)
    }
  }
}
