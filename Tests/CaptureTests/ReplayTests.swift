// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// Captures sent again, and networks made from them.
@Suite struct ReplayTests {
  private static let original = """
    scene one-home
    capture x.pcapng alice
    send alice:5000 bob:4000 one
    run
    wait 1s
    send alice:5001 bob:4001 two
    ping alice bob
    run
    connect alice bob:80
    run

    """

  /// What is replayed elsewhere leaves there as it left the first time: protocols, ports, destinations, contents, pace.
  @Test(.enabled(if: Tshark.missing == nil, "tshark is missing"))
  func whatIsCapturedAndReplayedIsTheSame() throws {
    let folder = try Folder()
    #expect(try folder.natsh(Self.original).status == 0)
    let script = """
      host dave 9.9.9.9
      capture y.pcapng dave
      replay x.pcapng from dave of 192.168.1.10
      run

      """
    #expect(try folder.natsh(script).status == 0)
    let fields = [
      "frame.time_delta_displayed", "ip.dst", "ip.proto", "udp.srcport", "udp.dstport", "udp.payload", "icmp.ident",
      "tcp.seq_raw",
      "tcp.flags",
    ]
    let first = try Tshark.lines(of: folder.file("x.pcapng"), fields, where: "ip.src == 192.168.1.10")
    let second = try Tshark.lines(of: folder.file("y.pcapng"), fields, where: "ip.src == 9.9.9.9 && !icmp.type == 3")
    #expect(first.count == 5)
    // The same pace on a slower link: only the first arrives later.
    let (one, two) = (first.map { $0.split(separator: "\t") }, second.map { $0.split(separator: "\t") })
    #expect(one == two)
  }

  @Test func theSpeedIsThePaceOfTheReplay() throws {
    let folder = try Folder()
    _ = try folder.natsh(Self.original)
    for (speed, clock) in [("1x", 1_105_000), ("2x", 552_500), ("0.5x", 2_210_000)] {
      let outcome = try folder.natsh("host dave\nreplay x.pcapng from dave at \(speed) of 192.168.1.10\n", ["--json"])
      #expect(outcome.output.contains("\"time_us\":\(clock)}"), "\(speed): \(outcome.output.suffix(40))")
    }
  }

  @Test func aReplayIsOneStepAndIsSaved() throws {
    let folder = try Folder()
    _ = try folder.natsh(Self.original)
    let script = "host dave\nreplay x.pcapng from dave\nrun\nsave s.natsh\npackets\n"
    let first = try folder.natsh(script, ["--json"]).output.split(separator: "\n").last
    let second = try folder.natsh("load s.natsh\npackets\n", ["--json"]).output.split(separator: "\n").last
    #expect(first == second)
    let undone = try folder.natsh("host dave\nreplay x.pcapng from dave\nundo\npackets\n", ["--json"]).output
    #expect(undone.split(separator: "\n").last?.contains(#""packets":[]"#) == true)
    // With another file in its place, the saved session is not built.
    _ = try folder.natsh(Self.original.replacing("two", with: "new"))
    let refused = try folder.natsh("load s.natsh\n")
    #expect(refused.status == 1 && refused.errors.contains("are not those that were replayed"), "\(refused.errors)")
  }

  @Test func aFileBadAtItsHeadChangesNothing() throws {
    let folder = try Folder()
    try Data("not a capture".utf8).write(to: folder.file("bad"))
    try Data(FileBytes.pcap([], link: 105)).write(to: folder.file("wifi"))
    for (file, words) in [("bad", "not a capture"), ("wifi", "Wi-Fi"), ("none", "no such file"), (".", "is a folder")] {
      let outcome = try folder.natsh("host dave\nreplay \(file) from dave\nhistory\n", ["--keep-going"])
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
      #expect(!outcome.output.contains("replay"))
    }
  }

  @Test func aFileThatBecomesBadIsSentUpToThere() throws {
    let folder = try Folder()
    let whole = FileBytes.pcap([FileBytes.udp("a"), FileBytes.udp("b"), FileBytes.udp("c")])
    try Data(whole.dropLast(3)).write(to: folder.file("cut.pcap"))
    let script = "host dave\nreplay cut.pcap from dave\nundo\nsave s.natsh\n"
    let lines = try folder.natsh(script, ["--json"]).output.split(separator: "\n")
    #expect(lines[1].contains(#""offset":114"#) && lines[1].contains(#""sent":2"#), "\(lines[1])")
    #expect(try !String(contentsOf: folder.file("s.natsh"), encoding: .utf8).contains("replay"))
  }

  @Test func whatIsNotSentIsCounted() throws {
    let folder = try Folder()
    var other = FileBytes.udp()
    other[9] = 47
    var file = FileBytes(little: false)
    file.section()
    file.interface()
    file.interface(link: 1)
    file.packet(FileBytes.udp())
    file.packet(other)
    file.packet(FileBytes.udp(ipv6: true))
    file.packet([UInt8](repeating: 1, count: 14), on: 1)
    try Data(file.bytes).write(to: folder.file("x"))
    let output = try folder.natsh("host dave\nreplay x from dave\n").output
    for line in [
      "dave has sent 1 packet of 'x'.", "1 packet neither UDP nor TCP", "1 packet to an address to which",
      "1 packet not IP",
    ] {
      #expect(output.contains(line), "\(output)")
    }
  }

  @Test(arguments: ["2", "x", "0x", "-1x", "1e3x", "9999999x", "1.0000001x"])
  func aSpeedThatIsNoneIsRefused(speed: String) throws {
    let folder = try Folder()
    try Data(FileBytes.pcap([FileBytes.udp()])).write(to: folder.file("x"))
    #expect(try folder.natsh("host dave\nreplay x from dave at \(speed)\n").errors.contains("at SPEED"))
  }
}
