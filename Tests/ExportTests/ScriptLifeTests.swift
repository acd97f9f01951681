// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import TestSupport
import Testing

@testable import Export

/// The script as its users run it: up, exec, status, down, try, and failures.
@Suite(.serialized, .enabled(if: Namespaces.missing == nil, "\(Namespaces.missing ?? "")"))
struct ScriptLifeTests {
  private static func script(_ lines: String) throws -> String {
    let plan = try #require(Plan(try Scenario(lines).network, interfaces: .byNeighbor))
    return try #require(NamespaceScript(plan: plan).text { _ in true })
  }

  private static let home = "scene one-home"

  /// Runs shell commands in a world of their own, where `lab` is the script.
  private func run(_ text: String, _ commands: String) throws -> Program.Outcome {
    try Program.withFile(text) { file in
      try Program.run(
        "bash",
        [
          "-c",
          """
          lab() { bash '\(file)' "$@"; }
          file='\(file)'
          export -f lab
          \(commands)
          """,
        ])
    }
  }

  /// As ``run(_:_:)``, with root's rights there.
  private func runInside(_ text: String, _ commands: String) throws -> Program.Outcome {
    try Program.withFile(text) { file in
      let start = "set -e; mount -t tmpfs tmpfs /run; lab() { bash '\(file)' \"$@\"; }; file='\(file)'\n"
      return try Program.run("unshare", ["--map-root-user", "--mount", "--net", "bash", "-c", start + commands])
    }
  }

  @Test func upStatusExecAndDownWork() throws {
    let outcome = try runInside(
      Self.script(Self.home),
      """
      lab up 2>/dev/null
      lab status
      lab exec ALICE ip -br -4 address show dev eth0
      lab exec alice grep home-a /etc/hosts
      lab exec alice sh -c 'exit 7' || echo "status $?"
      lab down
      lab down
      ip netns list
      lab status | head -1
      """)
    let seen = outcome.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    let expected = [
      "up natsh-internet the node between all public addresses, 198.51.100.1",
      "up natsh-home-a router on the internet, 49.36.10.25", "up natsh-alice host behind home-a, 192.168.1.10",
      "up natsh-bob host on the internet, 88.90.100.110", "49.36.10.25 home-a", "status 7",
      "down natsh-internet the node between all public addresses, 198.51.100.1",
    ]
    #expect(seen.filter { !$0.hasPrefix("eth0@") } == expected, "\(outcome.errors)")
    #expect(outcome.output.contains("192.168.1.10/24"))
  }

  @Test func downLeavesWhatUpDidNotMake() throws {
    let outcome = try runInside(
      Self.script(Self.home),
      """
      mkdir -p /run/netns
      ip netns add natsh-alice
      ip netns add natsh-mine
      lab up || echo "status $?"
      lab down
      ip netns list | sort
      NATSH_PREFIX=lab2- lab up 2>/dev/null
      ip netns list | wc -l
      NATSH_PREFIX=lab2- lab down
      ip netns list | sort
      """)
    #expect(outcome.output == "status 1\nnatsh-alice\nnatsh-mine\n6\nnatsh-alice\nnatsh-mine\n", "\(outcome.errors)")
    #expect(outcome.errors.contains("there is a namespace natsh-alice that this script did not make"))
  }

  @Test func aSecondUpIsRefusedAndHarmsNothing() throws {
    let outcome = try runInside(
      Self.script(Self.home),
      "lab up 2>/dev/null; lab up || echo \"status $?\"; lab exec alice true && echo alive; lab down")
    #expect(outcome.output == "status 1\nalive\n", "\(outcome.errors)")
    #expect(outcome.errors.contains("it is up already"))
  }

  @Test func upThatFailsHalfWayLeavesNothing() throws {
    let broken = try Self.script(Self.home).replacing("192.168.1.1/24 dev lan", with: "192.168.1.1/24 dev none")
    let outcome = try runInside(broken, "lab up || echo \"status $?\"; ip netns list")
    #expect(outcome.output == "status 1\n", "\(outcome.errors)")
    #expect(outcome.errors.contains("everything made so far was removed"))
  }

  @Test func downEndsTheProgramsInside() throws {
    let outcome = try runInside(
      Self.script(Self.home),
      """
      lab up 2>/dev/null
      lab exec alice sh -c 'echo inside >"$0"; sleep 60' "$file.inside" &
      until [ -s "$file.inside" ]; do sleep 0.1; done
      rm "$file.inside"
      lab down
      wait $! || echo ended
      ip netns list
      """)
    #expect(outcome.output == "ended\n", "\(outcome.errors)")
  }

  @Test func wrongCallsSayWhatToDo() throws {
    let outcome = try run(
      Self.script(Self.home),
      """
      lab; echo "status $?"
      lab exec; echo "status $?"
      NATSH_PREFIX='a b' lab status; echo "status $?"
      lab try bash "$file" exec carol true; echo "status $?"
      """)
    #expect(outcome.output == "status 2\nstatus 1\nstatus 1\nstatus 1\n")
    for words in ["Usage:", "exec whom? internet home-a alice bob", "letters, digits", "there is no 'carol'"] {
      #expect(outcome.errors.contains(words))
    }
  }

  /// Every rule that any setting leads to is accepted by nft, and every address by ip.
  @Test(arguments: [UInt64(1), 2, 3, 5, 8, 13, 21, 34]) func anyNetworkCanBeBuilt(seed: UInt64) throws {
    let plan = try #require(Plan(RandomBuild(seed: seed).network, interfaces: .byNeighbor))
    let outcome = try run(#require(NamespaceScript(plan: plan).text { _ in true }), "lab try ip netns list | wc -l")
    #expect(outcome.output == "\(plan.nodes.count)\n", "\(outcome.errors)")
    #expect(!outcome.errors.contains("cannot set"), "\(outcome.errors)")
  }
}
