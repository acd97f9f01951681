// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// What tcpdump and dumpcap have recorded in namespaces of the test's own.
@Suite(.enabled(if: Namespaces.missing == nil && getuid() == 0, "only root may record, in namespaces"))
struct OtherProgramsTests {
  /// Three pings and a datagram, recorded by a program while they happen.
  private static func script(_ recording: String) -> String {
    """
    set -e
    ip link set lo up
    for address in 66.77.88.98 66.77.88.99; do ip addr add $address/32 dev lo; done
    \(recording) 2>log &
    for attempt in $(seq 100); do [ -s x ] && break; sleep 0.1; done
    sleep 0.3
    ping -q -c 3 -i 0.2 -I 66.77.88.98 66.77.88.99 >/dev/null
    echo hello >/dev/udp/66.77.88.99/4000 || true
    sleep 0.5
    kill %1
    sleep 0.3
    # It may not have been woken by the first signal.
    kill -KILL %1 2>/dev/null || true
    wait %1 || true
    """
  }

  private static func record(_ recording: String, in folder: borrowing Folder) throws {
    let path = folder.url.path(percentEncoded: false)
    let outcome = try Program.run(
      "timeout", ["-s", "KILL", "30", "unshare", "--net", "bash", "-c", "cd '\(path)'\n" + script(recording)])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test(arguments: [
    "tcpdump -Z root -U -i lo -w x", "tcpdump -Z root -U -i lo --time-stamp-precision=nano -w x",
    "tcpdump -Z root -U -i any -w x",
    "dumpcap -q -i lo -w x", "dumpcap -q -i lo -P -w x",
  ])
  func theRecordingIsRead(recording: String) throws {
    for program in [String(recording.prefix { $0 != " " }), "tshark", "ping"] where Program.path(of: program) == nil {
      print("skipped: there is no '\(program)'")
      return
    }
    let folder = try Folder()
    try Self.record(recording, in: folder)
    let frames = try Tshark.lines(of: folder.file("x"), ["frame.number"]).count
    let pings = try Tshark.lines(of: folder.file("x"), ["frame.number"], where: "icmp.type == 8").count
    #expect(pings >= 3)
    let outcome = try folder.natsh("host dave\nreplay x from dave\n", ["--json"])
    let line = try #require(outcome.output.split(separator: "\n").last, "\(outcome.errors)")
    let report = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let replay = try #require(report["replay"] as? [String: Any])
    let sent = try #require(replay["sent"] as? Int)
    let skipped = try #require(replay["skipped"] as? [[String: Any]]).compactMap { $0["packets"] as? Int }
    #expect(replay["damage"] is NSNull)
    #expect(sent + skipped.reduce(0, +) == frames, "\(replay)")
    // The pings, their answers and the datagram at least.
    #expect(sent >= 2 * pings + 1, "\(replay)")
    // The file's own pace: two pauses of 0.2 s, as exact as the clock of a machine that does other things as well.
    let milliseconds = try #require(report["time_us"] as? Int) / 1_000
    #expect(milliseconds >= 350 && milliseconds < 5_000)
    let imported = try folder.natsh("import capture x\n", ["--json"])
    #expect(imported.output.contains("host server-1 66.77.88.9"), "\(imported.output)\(imported.errors)")
  }
}
