// SPDX-License-Identifier: GPL-3.0-or-later

import Capture
import Commands

/// Captures in memory for sessions that have no files.
enum MemoryCaptures {
  /// The names under which there is something: a whole capture, and one that is cut off in the middle of a packet.
  static let names = ["calls.pcapng", "cut.pcapng"]

  /// Of any other name there is no file.
  static let files = CaptureFiles { path throws(CaptureFiles.Failure) in
    guard let index = names.firstIndex(of: path) else { throw CaptureFiles.Failure(reason: "no such file") }
    return CaptureFiles.Source(index == 0 ? calls : Array(calls.dropLast(70)))
  }

  /// Both sides of a router, with every protocol, over more than a second.
  private static let calls: [UInt8] = {
    var session = Session(catalog: Catalog(.standard))
    var capture = TrafficCapture(of: session, devices: nil)
    let lines = [
      "scene one-home", "send alice:5000 bob:4000 one", "run", "reply two", "run", "ping alice bob", "wait 1s",
      "send alice:5000 bob:4001 three", "connect alice bob:80", "run", "send alice bob ttl 2", "run",
      "send bob:4009 49.36.10.25:62000", "run",
    ]
    for line in lines {
      for statement in (try? Statement.statements(in: line)) ?? [] { _ = try? session.execute(statement) }
    }
    var bytes = capture.head
    while let blocks = capture.take(from: session, after: nil) { bytes += blocks }
    return bytes
  }()
}
