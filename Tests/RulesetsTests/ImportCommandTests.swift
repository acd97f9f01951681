// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// `import` of rules as it is typed.
@Suite struct ImportCommandTests {
  private func natsh(_ script: String, _ arguments: [String] = []) throws -> BuiltExecutable.Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(path: "natsh-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for sample in SampleTests.samples {
      let name = String(sample.split(separator: "/").last ?? "")
      try Data(try SampleTests.bytes(of: sample)).write(to: folder.appending(path: name))
    }
    try Data([0x0A, 0x0D, 0x0D, 0x0A, 0, 0, 0, 0]).write(to: folder.appending(path: "calls.pcapng"))
    return try BuiltExecutable.run(arguments + ["-"], input: script, folder: folder)
  }

  /// Every sample makes a router; one undo takes it back, and a saved session has ordinary commands.
  @Test func aRouterIsMadeInOneStep() throws {
    for sample in SampleTests.samples {
      let name = String(sample.split(separator: "/").last ?? "")
      let outcome = try natsh(
        "import \(name) as r\nsave s.natsh\nshow r\nundo\nshow\nload s.natsh\nshow r\n", ["--json"])
      #expect(outcome.status == 0, "\(name): \(outcome.errors)\(outcome.output)")
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(lines.count == 7)
      #expect(lines.last == lines[2], "\(name)")
      #expect(lines[4].contains("\"devices\":[]"), "\(lines[4])")
      let report = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
      let made = try #require(report["import"] as? [String: Any])
      #expect(made["router"] as? String == "r")
      #expect((made["lines"] as? [[String: Any]])?.isEmpty == false)
    }
  }

  /// A router that is there gets the rules in place of its own.
  @Test func aRouterThatIsThereIsSet() throws {
    let script = """
      router r 203.0.113.5 lan 192.168.1.0/24
      host a 192.168.1.10 behind r
      set r addresses 203.0.113.77 203.0.113.78
      forward r 99 to a
      forward r address 203.0.113.78 to 192.168.1.12
      filter r drop icmp
      import openwrt.nft as r
      table r
      show r
      send a 198.51.100.9:4000
      run

      """
    let outcome = try natsh(script)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("unforward r udp 99"), "\(outcome.output)")
    #expect(
      outcome.output.contains("8443") && outcome.output.contains("unforward r address 203.0.113.78"),
      "\(outcome.output)")
  }

  @Test func refusalsNameTheLineAndChangeNothing() throws {
    let cases = [
      ("import none.nft", "no such file"), ("import calls.pcapng", "import capture"),
      ("import pf home-router.iptables", "line"),
      ("import iptables", "FILE"),
      ("import foo rules.save", "import [iptables|nft|pf|ios] FILE [as ROUTER]"),
      ("import openwrt.nft as alice", "is a host"),
      ("import freebsd.pf as other", "203.0.113.40"),
    ]
    for (line, words) in cases {
      let outcome = try natsh(
        "router home 203.0.113.40 lan 192.168.1.0/24\nhost alice behind home\n\(line)\nundo 2\nshow\n", ["--keep-going"]
      )
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains(words), "\(line): \(outcome.errors)")
      #expect(outcome.output.contains("There is nothing yet."), "\(line): \(outcome.output)")
    }
  }
}
