// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// The packets of real programs in Wireshark.
extension RealLaboratoryTests {
  @Suite(.enabled(if: RealLaboratory.missing("tshark", "ping") == nil, "there is no 'tshark' or 'ping'"))
  struct LabCaptureTests {
    private static func tshark(_ file: String, _ words: String...) throws -> [String] {
      let outcome = try Program.run("tshark", ["-n", "-r", file] + words)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.output.split(separator: "\n").map(String.init)
    }

    @Test func aProgramsPacketsAreThereWhenItHasEnded() throws {
      let folder = try ScratchFolder()
      let file = "\(folder.path)/x.pcapng"
      let outcome = try RealLaboratory.run(
        "scene two-homes; capture \(file)", "-- run alice ping -c 3 -i 0.2 internet")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let links = try Self.tshark(
        file, "-Y", "icmp.type == 8", "-T", "fields", "-e", "frame.interface_name", "-e", "ip.src")
      #expect(
        links.filter { $0 == "alice\t192.168.1.10" }.count == 3
          && links.filter { $0 == "home-a\t49.36.10.25" }.count == 3, "\(links)")
      let faults = try Self.tshark(
        file, "-o", "ip.check_checksum:TRUE", "-Y", "_ws.malformed || ip.checksum.status == 0")
      #expect(faults == [])
    }

    /// Long after the trace has forgotten its beginning, the file has everything.
    @Test func aCaptureMissesNothingOfALongTransfer() throws {
      let folder = try ScratchFolder()
      let laboratory = try RunningLaboratory("scene one-home; set alice delay 0ms")
      try laboratory.say("capture \(folder.path)/x.pcapng alice")
      try laboratory.say("enter alice sh -c \"ping -q -f -c 1500 192.168.1.1 >/dev/null\"")
      let capture = try #require(try laboratory.say("capture off")["capture"] as? [String: Any])
      #expect(capture["missed"] as? Int == 0)
      #expect(try #require(capture["packets"] as? Int) >= 3_000)
    }

    /// The disk is a small one of the test's own.
    @Test(.enabled(if: Namespaces.missing == nil, "no namespaces can be had"))
    func aFullDiskEndsTheCaptureAndNothingElse() throws {
      let folder = try ScratchFolder()
      let own = getuid() == 0 ? ["--mount"] : ["--map-root-user", "--mount"]
      let script = """
        set -e
        mkdir '\(folder.path)/disk'
        mount -t tmpfs -o size=64k tmpfs '\(folder.path)/disk'
        printf '%s\\n' 'capture \(folder.path)/disk/x.pcapng' 'enter alice ping -q -f -c 600 internet' \
          'capture' 'enter alice ping -q -c 1 internet' |
          '\(BuiltExecutable.path)' lab -c 'scene two-homes'
        cp '\(folder.path)/disk/x.pcapng' '\(folder.path)/x.pcapng'
        """
      let outcome = try Program.run(
        "timeout", ["--kill-after=2", "60", "unshare"] + own + ["bash", "-c", script])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let told = outcome.errors.split(separator: "\n").filter { $0.contains("has ended: the disk is full") }
      #expect(told.count == 1, "\(outcome.errors)")
      #expect(outcome.output.contains("600 received") && outcome.output.contains("1 received"), "\(outcome.output)")
      let frames = try Self.tshark("\(folder.path)/x.pcapng", "-T", "fields", "-e", "frame.number")
      #expect(frames.count > 100)
      #expect(told.first?.contains("It has \(frames.count) packets") == true, "\(told)")
    }
  }
}
