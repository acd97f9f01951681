// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// What docs/captures.md promises to those who open the sixth lesson in Wireshark.
@Suite(.enabled(if: Tshark.missing == nil, "tshark is missing"))
struct LessonSixTests {
  private static let walk = """
    lesson who-are-you
    capture six.pcapng
    send mallory 49.36.10.25:62000 "i want to talk to alice"
    run
    next
    send alice:5000 google.com:443 "hello"
    run
    reply "your page"
    run
    next
    answer 3
    next
    send mallory 49.36.10.25:62000 "open up"
    send mallory 49.36.10.25:62001 "open up"
    run
    next
    wait 5m
    send google.com:443 49.36.10.25:62000 "one more thing"
    run
    next
    send alice:5000 mallory:4000 "who are you?"
    run
    reply "i am mallory"
    run
    capture off

    """

  @Test func wiresharkShowsWhatTheLessonSays() throws {
    let folder = try Folder()
    let lessons = Repository.root.appending(path: "lessons").path(percentEncoded: false)
    let outcome = try folder.natsh(Self.walk, ["--lessons", lessons])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.split(separator: "\n").count { $0.hasPrefix("✓ Done.") } >= 4, "\(outcome.output)")
    let file = folder.file("six.pcapng")
    #expect(try Tshark.lines(of: file, [], where: Tshark.faults) == [])
    // Every refusal is on the router's own link, and the comment has the lesson's word for it.
    let refused = try Tshark.lines(
      of: file, ["frame.interface_name", "ip.src", "udp.dstport", "frame.comment"],
      where: #"frame.comment contains "dropped by""#
    ).map { $0.split(separator: "\t").map(String.init) }
    #expect(
      refused.map { Array($0.prefix(3)) } == [
        ["home-a", "66.77.88.99", "62000"], ["home-a", "66.77.88.99", "62000"], ["home-a", "66.77.88.99", "62001"],
        ["home-a", "142.250.74.46", "62000"],
      ])
    for (line, reason) in zip(refused, ["no-mapping", "filtered", "no-mapping", "expired"]) {
      #expect(line[3].contains("dropped by home-a: \(reason): "), "\(line)")
    }
    // Behind the router, nobody sees them.
    let inside = try Tshark.lines(of: file, ["data.text", "data"], where: #"frame.interface_name == "alice""#)
    #expect(inside.count == 4)
    // What was let in is there twice: with the router's address, then with Alice's.
    let answer = try Tshark.lines(
      of: file, ["frame.interface_name", "ip.dst", "udp.dstport"],
      where: #"ip.src == 142.250.74.46 && frame contains "your page" && !(frame.interface_name == "google.com")"#)
    #expect(answer == ["home-a\t49.36.10.25\t62000", "alice\t192.168.1.10\t5000"])
    // What made the row is above.
    let first = try Tshark.lines(
      of: file, ["frame.interface_name", "ip.src", "udp.srcport"],
      where: #"ip.dst == 142.250.74.46 && !(frame.interface_name == "google.com")"#)
    #expect(first == ["alice\t192.168.1.10\t5000", "home-a\t49.36.10.25\t62000"])
    #expect(try Tshark.lines(of: file, ["ip.src_host"], where: "frame.number == 1", named: true) == ["mallory"])
  }
}
