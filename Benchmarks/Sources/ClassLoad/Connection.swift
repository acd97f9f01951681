// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A connection to the server under load, whose bytes are read as they come.
class Connection {
  let descriptor: Int32
  /// Bytes not yet sent.
  private var waiting: [UInt8] = []
  private(set) var isClosed = false

  init(port: Int) throws {
    #if canImport(Darwin)
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw LoadFailure("cannot connect: \(String(cString: strerror(errno)))") }
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  deinit { close(descriptor) }

  func send(_ text: String) {
    waiting += Array(text.utf8)
    flush()
  }

  var wantsToSend: Bool { !waiting.isEmpty }

  func flush() {
    let count = write(descriptor, waiting, waiting.count)
    if count > 0 { waiting.removeFirst(count) }
  }

  /// Reads all that has come.
  func receive(into buffer: inout [UInt8], at now: ContinuousClock.Instant) {
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count == 0 { isClosed = true }
      guard count > 0 else { return }
      buffer.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[..<count]), at: now) }
      if count < buffer.count { return }
    }
  }

  func take(_ bytes: UnsafeRawBufferPointer, at now: ContinuousClock.Instant) {}
}

/// What keeps the load from being measured.
struct LoadFailure: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
