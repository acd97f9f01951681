// SPDX-License-Identifier: GPL-3.0-or-later

import Capture
import Commands
import NATModel
import NetworkSimulator

/// The bytes are a capture file.
enum CapturesTarget {
  /// More frames than any kept input has.
  private static let mostFrames = 4_096

  static func finding(in bytes: [UInt8]) -> String? {
    do throws(CaptureFault) {
      var reader = try CaptureReader(CaptureFiles.Source(bytes))
      var end = 0
      while let frame = try reader.next() {
        guard frame.number <= mostFrames else { return "\(frame.number) frames in \(bytes.count) bytes" }
        guard frame.offset >= end, frame.offset + frame.bytes.count <= bytes.count else {
          return "frame \(frame.number) is not in the file"
        }
        end = frame.offset + frame.bytes.count
        if let packet = try? frame.packet(), (try? packet.encoded()) == nil { return "\(packet) cannot be written" }
      }
    } catch {
      if !(0...bytes.count).contains(error.offset) { return "\(error) is not in the file" }
      if let fault = ShownText.fault(in: error.message) { return fault }
    }
    return used(bytes)
  }

  /// The commands that read captures succeed, or change nothing.
  private static func used(_ bytes: [UInt8]) -> String? {
    var session = Session(catalog: Catalog(.standard, .capture))
    session[CaptureFiles.self] = CaptureFiles { _ in CaptureFiles.Source(bytes) }
    session.monitor = EventLimit()
    for line in ["router r lan 192.168.1.0/24", "host a behind r"] { _ = run(line, in: &session) }
    for line in ["replay x from a at 1000x first 64", "import capture x"] {
      let before = (session.network.clock, session.network.weight, session.standingLines)
      guard run(line, in: &session) else {
        guard (session.network.clock, session.network.weight, session.standingLines) == before else {
          return "'\(line)' failed, and changed something"
        }
        continue
      }
      let lines = session.standingLines
      if lines != before.2, !run("undo", in: &session) || session.standingLines != before.2 {
        return "'\(line)' cannot be undone"
      }
    }
    return nil
  }

  private static func run(_ line: String, in session: inout Session) -> Bool {
    guard let statement = try? Statement.statements(in: line).first else { return false }
    return (try? session.execute(statement)) != nil
  }
}
