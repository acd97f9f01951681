// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// What natsh writes, read by Wireshark.
@Suite struct WritingTests {
  /// Every protocol, translated and not, refused, reported, cut and lost.
  static let everything = """
    capture all.pcapng
    router home-a 49.36.10.25 lan 192.168.1.0/24 lan 2001:db8:a::/64
    host alice 192.168.1.10 2001:db8:a::10 behind home-a
    host carol behind home-a
    host bob 88.90.100.110 2001:db8:b::1
    send alice:5000 bob:4000 hello
    run
    reply "hi alice"
    run
    send bob:4001 49.36.10.25:62000
    run
    send alice carol
    run
    ping alice bob
    run
    send alice bob ttl 2
    run
    connect alice bob:80
    run
    send alice:6000 [2001:db8:b::1]:7000 six
    ping alice 2001:db8:b::1
    run
    serve bob stun
    stun alice
    run
    set home-a mtu 1280
    send alice:5000 bob:4000 "\(String(repeating: "long ", count: 500))"
    run
    set alice mtu 1280
    send alice:5000 [2001:db8:b::1]:4000 "\(String(repeating: "long ", count: 500))"
    run
    set home-a loss 100%
    send alice bob
    run
    capture off

    """

  @Test(.enabled(if: Tshark.missing == nil, "tshark is missing"))
  func tsharkFindsNothingWrong() throws {
    let folder = try Folder()
    let outcome = try folder.natsh(Self.everything)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let file = folder.file("all.pcapng")
    #expect(try Tshark.lines(of: file, [], where: Tshark.faults) == [])
    let protocols = try Set(Tshark.lines(of: file, ["_ws.col.Protocol"]))
    #expect(protocols.isSuperset(of: ["UDP", "TCP", "ICMP", "ICMPv6", "STUN"]), "\(protocols)")
    let names = try Tshark.lines(of: file, ["ip.src_host", "ip.dst_host"], where: "frame.number == 1", named: true)
    #expect(names == ["alice\tbob"])
    #expect(try Tshark.lines(of: file, ["stun.type"], where: "stun").contains("0x0101"))
    // Both pieces arrive, and are one packet of the length that was sent.
    #expect(try Tshark.lines(of: file, ["udp.length"], where: "ip.fragment.count == 2").contains("2508"))
    #expect(try !Tshark.lines(of: file, ["udp.length"], where: "ipv6.fragment.count == 3").isEmpty)
  }

  @Test(.enabled(if: Tshark.missing == nil, "tshark is missing"))
  func everyLinkShowsTheAddressesOnIt() throws {
    let folder = try Folder()
    _ = try folder.natsh(Self.everything)
    let fields = [
      "frame.interface_name", "frame.time_epoch", "ip.src", "udp.srcport", "ip.dst", "udp.dstport", "frame.comment",
    ]
    let lines = try Tshark.lines(of: folder.file("all.pcapng"), fields, where: "frame.number <= 10")
    let expected = [
      "alice|0.001000000|192.168.1.10|5000|88.90.100.110|4000|packet 1: translated by home-a, source 49.36.10.25:62000, mapping 1 created",
      "home-a|0.011000000|49.36.10.25|62000|88.90.100.110|4000|packet 1: forwarded by internet",
      "bob|0.021000000|49.36.10.25|62000|88.90.100.110|4000|packet 1: delivered to bob",
      "bob|0.031000000|88.90.100.110|4000|49.36.10.25|62000|packet 2: forwarded by internet",
      "home-a|0.041000000|88.90.100.110|4000|49.36.10.25|62000|packet 2: translated by home-a, destination 192.168.1.10:5000, mapping 1",
      "alice|0.042000000|88.90.100.110|4000|192.168.1.10|5000|packet 2: delivered to alice",
      "bob|0.052000000|88.90.100.110|4001|49.36.10.25|62000|packet 3: forwarded by internet",
      "home-a|0.062000000|88.90.100.110|4001|49.36.10.25|62000|packet 3: dropped by home-a: filtered: 49.36.10.25:62000 is in use, but 88.90.100.110:4001 is not one that it admits.",
      "alice|0.064000000|192.168.1.10|49152|192.168.1.2|4000|packet 4: forwarded by the switch",
      "carol|0.064000000|192.168.1.10|49152|192.168.1.2|4000|packet 4: delivered to carol",
    ]
    #expect(lines == expected.map { $0.replacing("|", with: "\t") })
  }

  /// A report quotes the packet as it was on the link on which the report is seen.
  @Test(.enabled(if: Tshark.missing == nil, "tshark is missing"))
  func aReportsQuoteIsTranslatedToo() throws {
    let folder = try Folder()
    _ = try folder.natsh(Self.everything)
    let lines = try Tshark.lines(
      of: folder.file("all.pcapng"), ["frame.interface_name", "ip.src", "udp.srcport"], where: "icmp.type == 11")
    #expect(
      lines == [
        "home-a\t198.51.100.1,49.36.10.25\t62001", "alice\t198.51.100.1,192.168.1.10\t49153",
      ])
  }

  @Test(.enabled(if: Tshark.missing == nil, "tshark is missing"))
  func onlyTheLinksOfTheDevicesAreCaptured() throws {
    let folder = try Folder()
    _ = try folder.natsh("scene two-homes\ncapture a.pcapng alice\nsend alice bob\nrun\n")
    let links = try Set(Tshark.lines(of: folder.file("a.pcapng"), ["frame.interface_name"]))
    #expect(links == ["alice"])
  }

  @Test(.enabled(if: Tshark.missing == nil, "tshark is missing"))
  func whatIsUndoneStaysAndTheNextPacketTellsOfIt() throws {
    let folder = try Folder()
    let script = "host alice\nhost bob\ncapture u.pcapng alice\nsend alice bob\nrun\nundo 2\nsend alice bob\nrun\n"
    _ = try folder.natsh(script)
    let comments = try Tshark.lines(of: folder.file("u.pcapng"), ["frame.comment"])
    #expect(
      comments == [
        "packet 1: forwarded by internet",
        "after 'undo 2': the clock is back at 0ms,packet 1: forwarded by internet",
      ])
  }

  @Test func anotherFileIsLeftAlone() throws {
    let folder = try Folder()
    try Data("my notes".utf8).write(to: folder.file("notes.txt"))
    let outcome = try folder.natsh("capture notes.txt\n")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("not a capture; choose another name"), "\(outcome.errors)")
    #expect(try Data(contentsOf: folder.file("notes.txt")) == Data("my notes".utf8))
  }

  @Test func anOlderCaptureIsReplacedAndThatIsSaid() throws {
    let folder = try Folder()
    let script = "capture x.pcapng\ncapture\n"
    #expect(try !folder.natsh(script).output.contains("is gone"))
    #expect(try folder.natsh(script).output.contains("The capture that had this name before is gone."))
  }

  @Test func thereIsOneCaptureAndItsStateIsTold() throws {
    let folder = try Folder()
    let script = "capture\nscene one-home\ncapture x.pcapng\nsend alice bob\nrun\ncapture\ncapture off\ncapture off\n"
    let lines = try folder.natsh(script, ["--json"]).output.split(separator: "\n")
    #expect(lines.map(String.init).filter { $0.contains(#""packets""#) && $0.contains(#""capture":"#) }.count == 5)
    #expect(lines[5].contains(#""packets":3"#), "\(lines[5])")
    #expect(lines[7].contains(#""file":null"#), "\(lines[7])")
  }

  /// A file that cannot grow is told of once, and ends with a whole packet; the commands go on.
  @Test func aFullDiskEndsTheCaptureAndNothingElse() throws {
    let folder = try Folder()
    let pings = String(repeating: "ping alice bob\nrun\n", count: 60)
    try Data("scene one-home\ncapture x.pcapng\n\(pings)version\n".utf8).write(to: folder.file("s.natsh"))
    let path = folder.url.path(percentEncoded: false)
    // The shell's unit is 1,024 bytes.
    let outcome = try Program.run(
      "bash", ["-c", "cd '\(path)' && ulimit -f 8 && exec '\(BuiltExecutable.path)' s.natsh | tail -n 1"])
    let told = outcome.errors.split(separator: "\n").filter { $0.contains("has ended") }
    #expect(told.count == 1, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("natsh "))
    let size = try Data(contentsOf: folder.file("x.pcapng")).count
    #expect(size <= 8_192 && size > 7_900)
    guard Tshark.missing == nil else { return }
    let count = try Tshark.lines(of: folder.file("x.pcapng"), ["frame.number"]).count
    #expect(told.first?.contains(" has \(count) packets") == true, "\(told)")
  }
}
