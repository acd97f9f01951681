// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// What `import capture` makes of captures of networks whose behaviour is known.
@Suite struct ImportTests {
  private static let kinds = ["endpoint-independent", "address-dependent", "address-and-port-dependent"]

  /// Packets to two ports of one host and to another, and knocks from a known address and from a stranger.
  private static func script(_ mapping: String, _ filtering: String) -> String {
    """
    router home-a 49.36.10.25 lan 192.168.1.0/24
    set home-a mapping \(mapping)
    set home-a filtering \(filtering)
    host alice 192.168.1.10 behind home-a
    host bob 88.90.100.110
    host carol 66.77.88.99
    host mallory 5.6.7.8
    capture x.pcapng
    send alice:5000 bob:4000 a
    send alice:5000 bob:4001 b
    send alice:5000 carol:4000 c
    run
    send bob:4002 home-a:62000 knock
    send mallory:4000 home-a:62000 stranger
    run
    wait 2s
    ping alice bob
    run

    """
  }

  /// Of all nine routers, what the capture leaves is what the router was.
  @Test(arguments: kinds, kinds) func everyBehaviorIsFound(mapping: String, filtering: String) throws {
    let folder = try Folder()
    #expect(try folder.natsh(Self.script(mapping, filtering)).status == 0)
    let outcome = try folder.natsh("import capture x.pcapng\nshow home-a\n", ["--json"])
    let line = try #require(outcome.output.split(separator: "\n").first.map(String.init), "\(outcome.errors)")
    let report = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let found = try #require(report["import"] as? [String: Any])
    let findings = try #require(found["findings"] as? [[String: Any]])
    for (property, value) in [("mapping", mapping), ("filtering", filtering)] {
      let finding = try #require(findings.first { $0["property"] as? String == property })
      let contradicted = try #require(finding["not"] as? [String])
      #expect(!contradicted.contains(value), "\(finding)")
      #expect(finding["value"] as? String == value, "\(finding)")
    }
    let commands = try #require(found["commands"] as? [String])
    #expect(commands.first == "router home-a 49.36.10.25 lan 192.168.1.0/24")
    #expect(commands.contains("host alice 192.168.1.10 behind home-a"))
    #expect(commands.contains("host mallory 5.6.7.8"))
  }

  @Test func theNetworkIsOrdinaryCommandsAndOneStep() throws {
    let folder = try Folder()
    _ = try folder.natsh(Self.script("address-dependent", "address-dependent"))
    let script = "import capture x.pcapng\nsave s.natsh\nundo\nshow\nload s.natsh\nping alice bob\nrun\n"
    let outcome = try folder.natsh(script)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("There is nothing yet."))
    let text = outcome.output.replacing("\n  ", with: " ")
    #expect(text.contains("two destinations, two outside ports"), "\(text)")
    #expect(try !String(contentsOf: folder.file("s.natsh"), encoding: .utf8).contains("import"))
    // A file that imports is loaded as one step, too.
    try Data("import capture x.pcapng\nhost eve\n".utf8).write(to: folder.file("l.natsh"))
    #expect(try folder.natsh("load l.natsh\nundo\nshow\n").output.contains("There is nothing yet."))
  }

  @Test func aClashBuildsNothing() throws {
    let folder = try Folder()
    _ = try folder.natsh(Self.script("endpoint-independent", "address-dependent"))
    let outcome = try folder.natsh("host bob 88.90.100.110\nimport capture x.pcapng\nhistory\n", ["--keep-going"])
    #expect(outcome.errors.contains("nothing was built"), "\(outcome.errors)")
    #expect(!outcome.output.contains("router"))
  }

  /// Seen from inside alone, the router is there, but not where.
  @Test func oneSideOfARouterTellsOfNoBehavior() throws {
    let folder = try Folder()
    let script = Self.script("address-dependent", "address-dependent").replacing("x.pcapng", with: "x.pcapng alice")
    _ = try folder.natsh(script)
    let output = try folder.natsh("import capture x.pcapng\n").output
    #expect(output.contains("router router-1 lan 192.168.1.0/24"), "\(output)")
    #expect(output.contains("Nothing in it contradicts a behaviour"), "\(output)")
  }

  /// Names in every script are kept; one that natsh's own internet has, or that no device can have, is not.
  @Test func namesOfTheFileAreTheDevices() throws {
    let folder = try Folder()
    var file = FileBytes(little: true)
    file.section()
    file.interface()
    let names: [([UInt8], String)] = [
      ([9, 9, 9, 1], "日本"), ([9, 9, 9, 2], "éric"), ([9, 9, 9, 3], "internet"), ([9, 9, 9, 4], "two words"),
    ]
    file.block(4) { body in
      for (address, name) in names {
        body.add(1, 2)
        body.add(UInt64(address.count + name.utf8.count + 1), 2)
        body.bytes += address + Array(name.utf8) + [0]
        body.bytes += repeatElement(0, count: -body.bytes.count & 3)
      }
      body.add(0, 4)
    }
    for (address, _) in names {
      var packet = FileBytes.udp()
      packet.replaceSubrange(12..<16, with: address)
      packet.replaceSubrange(16..<20, with: [9, 9, 9, 9])
      file.packet(packet)
    }
    try Data(file.bytes).write(to: folder.file("x"))
    let outcome = try folder.natsh("import capture x\nsave s.natsh\nreset\nload s.natsh\nmap\n", ["--json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let line = try #require(outcome.output.split(separator: "\n").first)
    for command in ["host 日本 9.9.9.1", "host éric 9.9.9.2", "host server-", "9.9.9.3", "9.9.9.4"] {
      #expect(line.contains(command), "\(line)")
    }
  }
}
