// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// Real programs in hosts' places.
extension RealLaboratoryTests {
  @Suite struct ProgramTests {
    @Test func theExitStatusIsTheProgramsOwn() throws {
      #expect(try RealLaboratory.run("scene two-homes", "-- run alice sh -c %0", "exit 7").status == 7)
      #expect(try RealLaboratory.run("scene two-homes", "-- run alice sh -c %0", "kill -9 $$").status == 137)
      let missing = try RealLaboratory.run("scene two-homes", "-- run alice no-such-program")
      #expect(missing.status == 127)
      #expect(missing.errors.contains("cannot run 'no-such-program'"))
      // The first failure is the last thing done.
      let two = try RealLaboratory.run("scene two-homes", "-- run alice false -- run bob echo reached")
      #expect(two.status == 1)
      #expect(!two.output.contains("reached"))
    }

    @Test func aWrongCallChangesNothing() throws {
      let wrong = try RealLaboratory.run("scene two-homes", "-- run bob echo reached -- run alicia true")
      #expect(wrong.status == 2)
      #expect(wrong.errors.contains("did you mean 'alice'?"))
      #expect(wrong.output.isEmpty)
      #expect(try RealLaboratory.run("scene two-homes", "-- run home-a true").status == 2)
      let script = try RealLaboratory.run("scene two-holmes", "-- run alice true")
      #expect(script.status == 1)
      #expect(script.errors.contains("two-homes"))
    }

    @Test func aPlaceHasTheHostsAddressesAndNames() throws {
      let inside = try RealLaboratory.run(
        "scene call-ipv6", "-- run alice sh -c %0",
        "hostname; cat /proc/net/if_inet6; cat /proc/net/route; getent hosts server bob home-b internet; cat /etc/resolv.conf"
      )
      #expect(inside.output.hasPrefix("alice\n"))
      #expect(inside.output.contains("20010db800a100000000000000000010"))
      #expect(inside.output.contains("natsh\t00000000\t00000000"), "the default route")
      for name in ["server", "bob", "home-b", "internet"] { #expect(inside.output.contains(" \(name)\n")) }
      #expect(!inside.output.contains("nameserver"))
    }

    @Test func nothingElseCanBeReached() throws {
      let devices = try RealLaboratory.run("scene two-homes", "-- run alice cat /proc/net/dev")
      let names = devices.output.split(separator: "\n").dropFirst(2).map {
        $0.split(separator: ":")[0].trimmingCharacters(in: .whitespaces)
      }
      // The kernel may have devices of its own in each namespace, such as tunnels; none of them is the machine's.
      #expect(names.contains("lo") && names.contains("natsh") && !names.contains("eth0"))
    }

    @Test(.enabled(if: RealLaboratory.missing("ping") == nil, "there is no 'ping'"))
    func aPingIsTheNetworksPackets() throws {
      let script = """
        enter alice ping -c 1 -W 3 internet
        packets
        table home-a
        undo
        """
      let text = try RealLaboratory.run("scene two-homes", "", input: script)
      #expect(text.output.contains("1 received, 0% packet loss"))
      #expect(text.output.contains("ping answer"))
      #expect(text.output.contains("home-a's table: 1 row"))
      // What has really happened cannot be taken back.
      #expect(text.errors.contains("nothing to undo"))
      #expect(text.status == 1)
    }

    @Test(.enabled(if: RealLaboratory.missing("ping") == nil, "there is no 'ping'"))
    func delaysAreKept() throws {
      let quick = try RealLaboratory.run("scene two-homes", "-- run alice ping -c 3 -i 0.2 -q internet")
      let slow = try RealLaboratory.run(
        "scene two-homes; set alice delay 200ms", "-- run alice ping -c 3 -i 0.2 -q internet")
      // 22 ms and 420 ms there and back; a busy machine adds to either.
      let times = try [quick, slow].map { try Self.leastMilliseconds($0.output) }
      #expect(times[0] >= 22 && times[0] < 200)
      #expect(times[1] >= 420 && times[1] < 900)
    }

    static func leastMilliseconds(_ output: String) throws -> Double {
      let line = try #require(output.split(separator: "\n").last { $0.contains("min/avg/max") })
      let value = try #require(line.split(separator: "=").last?.split(separator: "/").first)
      return try #require(Double(value.trimmingCharacters(in: .whitespaces)))
    }

    @Test func settingsChangeWhileProgramsRun() throws {
      let script = """
        start alice sleep 60
        set alice mtu 1300
        enter alice cat /sys/class/net/natsh/mtu
        router third
        host carol behind third
        enter alice getent hosts carol
        reboot home-a
        renumber home-a 49.36.10.26
        enter bob getent hosts home-a
        kill 1
        jobs
        jobs 7
        enter home-a true
        """
      let outcome = try RealLaboratory.run("scene two-homes", "", input: script)
      #expect(outcome.output.contains("\n1300\n"))
      #expect(outcome.output.contains("192.168.2.2"))
      #expect(outcome.output.contains("49.36.10.26"))
      #expect(outcome.output.contains("ended, exit status 143"))
      #expect(outcome.errors.contains("there is no program 7"))
      #expect(outcome.errors.contains("'home-a' is a router"))
    }

    @Test func theEnvironmentAndTheInputAreTheCallers() throws {
      let outcome = try RealLaboratory.run("host alice", "-- run alice sh -c %0", "cat; echo $LC_ALL", input: "typed\n")
      #expect(outcome.output == "typed\nC.UTF-8\n")
      // Words may have spaces and quotes of their own.
      #expect(
        try RealLaboratory.run("host alice", "-- run alice printf %0 %1", "%s|", "a 'b' \"c\"").output == "a 'b' \"c\"|"
      )
    }

    /// An ordinary user of the machine, where root runs the tests; nil where somebody else does.
    private static let ordinary: [String]? =
      getuid() == 0 && Program.path(of: "setpriv") != nil
      ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"] : nil

    @Test func anOrdinaryUserMayDoAllThat() throws {
      // Whoever is not root has run all other tests like this.
      guard let ordinary = Self.ordinary else { return }
      let trial = try Program.run("timeout", ["5"] + ordinary + ["unshare", "--map-root-user", "--net", "true"])
      guard trial.status == 0 else { return }
      let outcome = try Program.run(
        "timeout",
        ["60"] + ordinary + [
          BuiltExecutable.path, "lab", "-c", "scene call", "--", "run", "alice", "sh", "-c",
          "id -u; hostname; getent hosts server; cat /proc/net/route",
        ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("0\nalice\n203.0.113.50"))
      #expect(outcome.output.contains("natsh\t00000000\t00000000"))
    }

    @Test func theResultsAreJSON() throws {
      let outcome = try RealLaboratory.natsh(
        ["lab", "-c", "host alice", "--json"], input: "start alice sleep 30\nenter alice false\njobs 1\n")
      let lines = try outcome.output.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      #expect(lines.count == 3)
      let started = try #require(lines[0]["programs"] as? [[String: Any]])
      #expect(started.first?["command"] as? [String] == ["sleep", "30"])
      #expect(started.first?["status"] is NSNull)
      #expect(lines[1]["status"] as? Int == 1)
      #expect(lines[2]["output"] as? String == "")
    }
  }
}
