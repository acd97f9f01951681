// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

extension RealLaboratoryTests {
  /// The same programs through Linux routers that masquerade and through `preset linux`.
  @Suite(.enabled(if: RealLaboratory.noComparison == nil, Comment(rawValue: RealLaboratory.noComparison ?? "")))
  struct KernelComparisonTests {
    /// Two homes behind routers that masquerade, and between them a namespace that is the internet and the server.
    private static func kernelNetwork(_ programs: String, dropsInput: Bool) -> String {
      var script = """
        set -e
        mount -t tmpfs tmpfs /run
        mkdir /run/netns
        for name in alice home-a server home-b bob; do
          ip netns add $name
          ip -n $name link set lo up
        done
        ip netns exec server sysctl -qw net.ipv4.ip_forward=1
        ip -n server addr add 203.0.113.50/32 dev lo
        ip -n server addr add 203.0.113.51/32 dev lo

        """
      let homes = [
        ("alice", "home-a", "192.168.1", "10", "49.36.10.25"), ("bob", "home-b", "192.168.0", "25", "88.90.100.110"),
      ]
      for (host, router, inside, number, outside) in homes {
        script += """
          ip -n \(host) link add home type veth peer name lan netns \(router)
          ip -n \(router) link add wan type veth peer name \(router) netns server
          for link in "\(host) home" "\(router) lan" "\(router) wan" "server \(router)"; do
            ip -n ${link% *} link set ${link#* } up
          done
          ip -n \(host) addr add \(inside).\(number)/24 dev home
          ip -n \(router) addr add \(inside).1/24 dev lan
          ip -n \(router) addr add \(outside)/32 dev wan
          ip -n \(host) route add default via \(inside).1
          ip -n \(router) route add default via 203.0.113.50 dev wan onlink
          ip -n server route add \(outside)/32 dev \(router)
          ip netns exec \(router) sysctl -qw net.ipv4.ip_forward=1
          ip netns exec \(router) nft -f - <<EOF
          table ip nat {
            chain post { type nat hook postrouting priority 100; oifname "wan" masquerade; }
          }
          table ip filter {
            chain input {
              type filter hook input priority 0; policy accept;
              \(dropsInput ? "iifname \"wan\" drop" : "")
            }
            chain forward {
              type filter hook forward priority 0; policy drop;
              iifname "lan" accept
              ct state established,related accept
            }
          }
          EOF

          """
      }
      return script + programs
    }

    private static func runOnKernel(_ programs: String, dropsInput: Bool = false) throws -> Program.Outcome {
      try Program.withFile(kernelNetwork(programs, dropsInput: dropsInput)) { file in
        let own = getuid() == 0 ? ["--mount", "--net"] : ["--map-root-user", "--mount", "--net"]
        let words = own + ["--pid", "--fork", "--kill-child", "bash", file]
        return try Program.run("timeout", ["--kill-after=2", "60", "unshare"] + words)
      }
    }

    private static func verdicts(_ output: String) -> [Substring] {
      output.split(separator: "\n").filter { $0.hasPrefix("NAT with ") }
    }

    private static let homes = """
      router home-a 49.36.10.25 lan 192.168.1.0/24; host alice 192.168.1.10 behind home-a; \
      router home-b 88.90.100.110 lan 192.168.0.0/24; host bob 192.168.0.25 behind home-b; \
      host server 203.0.113.50; serve server stun alternate 203.0.113.51; \
      set home-a preset linux; set home-b preset linux
      """

    @Test func natdiscoveryFindsTheSame() throws {
      let folder = try ScratchFolder()
      let server = JudgeTests.turnServer(in: folder)
      let kernel = try Self.runOnKernel(
        """
        ip netns exec server bash -c '\(server)' &
        for attempt in $(seq 50); do grep -q :0D96 <(ip netns exec server cat /proc/net/udp) && break; sleep 0.1; done
        ip netns exec alice turnutils_natdiscovery -m -f 203.0.113.50
        """)
      let ours = try RealLaboratory.run(
        Self.homes, "-- start server sh -c %0 -- run alice turnutils_natdiscovery -m -f 203.0.113.50", server)
      #expect(Self.verdicts(kernel.output).count == 2, "\(kernel.output)\(kernel.errors)")
      #expect(Self.verdicts(ours.output) == Self.verdicts(kernel.output), "\(ours.output)\(ours.errors)")
    }

    /// Both routers drop what is for themselves, as home routers do. Otherwise it would depend on microseconds whether a
    /// probe comes to a router before its host has sent one, and takes the outside port away from it.
    @Test func aPairMeetsAlike() throws {
      let pair = RealLaboratory.pair
      let kernel = try Self.runOnKernel(
        """
        export NATSH_SERVER=203.0.113.50
        NATSH_SELF=server ip netns exec server \(pair) server &
        sleep 0.2
        NATSH_SELF=alice ip netns exec alice \(pair) peer &
        alice=$!
        bob=0
        NATSH_SELF=bob ip netns exec bob \(pair) peer || bob=$?
        wait $alice && echo "both $bob" || echo "not alice, $bob"
        """, dropsInput: true)
      let script =
        "NATSH_SELF=%s NATSH_SERVER=203.0.113.50 exec \(pair) %s"
      func command(_ name: String, _ role: String) -> String {
        script.replacing("%s", with: name, maxReplacements: 1).replacing("%s", with: role)
      }
      let ours = try RealLaboratory.run(
        Self.homes + "; set home-a rejects silently; set home-b rejects silently",
        "-- start server sh -c %0 -- start bob sh -c %1 -- run alice sh -c %2", command("server", "server"),
        command("bob", "peer"), command("alice", "peer"))
      let met = kernel.output.contains("both 0")
      #expect(met)
      #expect(kernel.output.contains("alice: told 1"), "\(kernel.output)\(kernel.errors)")
      #expect(
        (ours.status == 0) == met, "the kernel: \(kernel.output)\(kernel.errors)\nnatsh: \(ours.output)\(ours.errors)")
    }

    @Test func strangersAreRefusedAlike() throws {
      let kernel = try Self.runOnKernel(
        "ip netns exec alice ping -c 1 -W 2 203.0.113.50; ip netns exec server ping -c 1 -W 1 88.90.100.110 || true")
      let ours = try RealLaboratory.run(
        Self.homes, "-- start server true -- run alice ping -c 1 -W 2 server -- run server ping -c 1 -W 1 88.90.100.110"
      )
      func received(_ output: String) -> [String] {
        output.split(separator: "\n").compactMap { line in
          line.contains(" received") ? line.split(separator: ",")[1].trimmingCharacters(in: .whitespaces) : nil
        }
      }
      #expect(received(kernel.output).count == 2, "\(kernel.output)\(kernel.errors)")
      #expect(received(ours.output) == received(kernel.output), "\(ours.output)\(ours.errors)")
    }
  }
}
