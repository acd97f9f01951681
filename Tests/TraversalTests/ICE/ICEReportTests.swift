// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// Why a pair of candidates does not work, as `ice` says: from what happened to its packets.
@Suite struct ICEReportTests: CommandSuite {
  static func agents(_ lines: [String]) throws -> [ICEReport.Agent] {
    var session = try session(lines)
    return try #require(try run("ice", in: &session).content as? ICEReport).agents
  }

  /// Nobody is between these two except a line that loses everything.
  @Test func aLostCheckIsNotARoutersWork() throws {
    let agents = try Self.agents([
      "scene direct", "host server 203.0.113.50", "serve server stun", "serve server rendezvous 3480", "ice alice bob",
      "run for 50ms", "set bob loss 100%", "run",
    ])
    let pair = try #require(agents.first { $0.host == "alice" }?.pairs.first)
    #expect(pair.state == "failed" && pair.why.contains("ended at internet, loss: lost on the link"), "\(pair.why)")
    #expect(!pair.why.contains("router"))
  }

  @Test func whatTheRelayRefusedWasNotSent() throws {
    let agents = try Self.agents(["scene call-symmetric", "ice alice bob", "run"])
    let pairs = agents.flatMap(\.pairs)
    let refused = pairs.filter { $0.localType == "relay" && $0.remote.hasPrefix("192.168.") }
    #expect(!refused.isEmpty)
    for pair in refused {
      #expect(pair.why.contains("nothing was sent: the TURN server refuses") && pair.why.contains("403 (Forbidden)"))
    }
  }

  /// A symmetric NAT sends from an endpoint that no server has seen, and the other router lets nobody else in.
  @Test func aSymmetricRoutersPortIsSeenInTheReason() throws {
    let agents = try Self.agents(["scene call-symmetric", "ice alice bob", "run"])
    func why(_ host: String) throws -> String {
      let pairs = try #require(agents.first { $0.host == host }?.pairs)
      return try #require(pairs.first { $0.localType == "host" && $0.remoteType == "srflx" }?.why)
    }
    let alice = try why("alice")
    #expect(alice.contains("the check ended at home-b, filtered:"), "\(alice)")
    #expect(alice.contains("It came from 49.36.10.25:") && alice.contains("told of no such candidate"), "\(alice)")
    let bob = try why("bob")
    #expect(bob.contains("the check ended at home-a, filtered:") && !bob.contains("no such candidate"), "\(bob)")
  }

  @Test func aPrivateAddressEndsWhereItsPacketEnded() throws {
    let agents = try Self.agents(["scene call", "stop server turn-server", "ice alice bob", "run"])
    let pairs = agents.flatMap(\.pairs).filter { $0.localType == "host" && $0.remote.hasPrefix("192.168.") }
    #expect(!pairs.isEmpty && pairs.allSatisfy { $0.why.contains("ended at internet, private-destination:") })
  }

  @Test func aPeerThatIsGoneIsNamed() throws {
    let agents = try Self.agents([
      "scene direct", "host server 203.0.113.50", "serve server stun", "serve server rendezvous 3480", "ice alice bob",
      "run for 60ms", "stop bob", "run",
    ])
    let pair = try #require(agents.first { $0.host == "alice" }?.pairs.first)
    #expect(pair.why == "the check reached bob, which has not answered", "\(pair.why)")
  }

  /// Whatever the routers are, no pair goes without a reason, and none blames what was not there.
  @Test(arguments: ["home", "symmetric", "linux", "cgnat", "full-cone"], ["home", "symmetric", "linux"])
  func everyPairHasItsReason(a: String, b: String) throws {
    let agents = try Self.agents(
      ["scene call", "set home-a preset \(a)", "set home-b preset \(b)", "ice alice bob", "run"])
    for pair in agents.flatMap(\.pairs) {
      #expect(!pair.why.isEmpty)
      if pair.state == "failed" { #expect(pair.why != "no answer came", "\(pair)") }
    }
  }

  static let withoutWay: [(lines: [String], says: [String])] = [
    (
      ["scene call-symmetric", "set home-b preset symmetric", "filter home-a drop udp"],
      ["server runs TURN, but lent nothing to alice", "ended at home-a, blocked:"]
    ),
    (
      ["scene call-symmetric", "set home-b preset symmetric", "stop server turn-server"],
      ["A TURN server would be a way: serve HOST turn."]
    ),
    (
      [
        "scene call-symmetric", "set home-b preset symmetric", "stop server turn-server", "serve server turn 4000",
        "set server loss 100%",
      ],
      ["server runs TURN, but lent nothing to alice", "server runs TURN, but lent nothing to bob", "loss:"]
    ),
  ]

  /// Nobody is told to start the server that runs.
  @Test(arguments: withoutWay) func adviceFitsWhatRuns(lines: [String], says: [String]) throws {
    var session = try Self.session(lines)
    let call = try #require(try Self.run("call alice bob ice", in: &session).content as? CallReport)
    #expect(call.path == "none")
    let text = call.text(style: .plain).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for words in says { #expect(text.contains(words), "\(text)") }
    #expect(text.contains("would be a way") == says[0].contains("would be a way"))
  }
}
