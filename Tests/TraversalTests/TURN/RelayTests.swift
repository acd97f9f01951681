// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// Two hosts behind routers that nothing gets through, and a TURN server that both can reach.
struct RelayTests {
  static let town = [
    "scene two-homes", "set home-a preset symmetric", "set home-b preset symmetric", "host server 203.0.113.50",
    "serve server turn",
  ]

  @Test func aRelayLetsTwoHostsTalkBothWays() throws {
    var session = try STUNProgramTests.session(Self.town + ["relay alice bob"])
    let events = try #require(try STUNProgramTests.run("run", in: &session).activity?.events)
    let names = events.filter { $0.host == "alice" }.map(\.event)
    for name in ["challenged", "allocated", "learned", "permission", "channel", "heard", "open"] {
      #expect(names.contains(name), "alice never told \(name): \(names)")
    }
    #expect(events.contains { $0.host == "bob" && $0.event == "heard" })
    // The challenge is a refusal on the server's side.
    #expect(events.contains { $0.host == "server" && $0.event == "refused" && $0.data["code"] == .number(401) })
    let relayed = try #require(events.first { $0.host == "alice" && $0.event == "allocated" }?.data["relayed"])
    #expect(relayed.text.hasPrefix("203.0.113.50:"))
    #expect(session.network.programs().filter { $0.state == "relayed" }.count == 2)
  }

  /// Wherever the server listens, what goes over a channel is shown as such, in the list and by itself.
  @Test(arguments: ["serve server turn", "serve server turn 3482", "serve server turn 7000"])
  func aChannelIsShownAtWhateverPort(serve: String) throws {
    var session = try STUNProgramTests.session(
      ["scene two-homes", "host server 203.0.113.50", serve, "relay alice bob", "run"])
    let report = try #require(try STUNProgramTests.run("packets", in: &session).content as? PacketsReport)
    let carried = report.packets.filter { $0.message?.summary.hasPrefix("TURN ChannelData on 0x4000") == true }
    #expect(!carried.isEmpty)
    let number = try #require(carried.first?.number)
    let packet = try #require(try STUNProgramTests.run("packet \(number)", in: &session).content as? PacketReport)
    #expect(packet.packet.message?.fields.map(\.name) == ["channel number", "length"])
    #expect(packet.packet.message?.fields.first?.value == "0x4000")
  }

  static let sixtyFour = [
    "scene nat64", "host server 203.0.113.50 2001:db8:c::50", "serve server turn", "serve server rendezvous",
  ]

  /// Whoever has only IPv6 borrows an IPv4 endpoint, by which those with only IPv4 reach it, and the other way round.
  @Test(arguments: ["relay phone bob", "relay bob phone"]) func aRelayJoinsTheFamilies(line: String) throws {
    var session = try STUNProgramTests.session(Self.sixtyFour + [line])
    let events = try #require(try STUNProgramTests.run("run", in: &session).activity?.events)
    #expect(Set(events.filter { $0.event == "heard" }.map(\.host)) == ["phone", "bob"])
    #expect(session.network.programs().filter { $0.state == "relayed" }.count == 2)
  }

  /// A router that has forgotten all makes a new client of the old one: it borrows anew, and the other end learns where.
  @Test func aClientWhoseRouterForgotItBorrowsAnew() throws {
    var session = try STUNProgramTests.session(Self.town + ["relay alice bob", "run", "reboot home-a"])
    let events = try #require(try STUNProgramTests.run("wait 5m", in: &session).activity?.events)
    #expect(events.contains { $0.host == "alice" && $0.event == "refused" && $0.data["code"] == .number(437) })
    #expect(events.contains { $0.host == "alice" && $0.event == "allocated" })
    #expect(Set(events.filter { $0.event == "heard" }.map(\.host)) == ["alice", "bob"])
    #expect(!events.contains { $0.event == "failed" })
  }

  @Test func anAllocationThatNobodyRefreshesEnds() throws {
    var session = try STUNProgramTests.session(Self.town + ["relay alice bob", "run", "stop alice"])
    let events = try #require(try STUNProgramTests.run("wait 11m", in: &session).activity?.events)
    #expect(events.map(\.event) == ["expired"])
  }

  @Test func anAllocationIsKeptAsLongAsItsClientRuns() throws {
    var session = try STUNProgramTests.session(Self.town + ["relay alice bob", "run"])
    let events = try #require(try STUNProgramTests.run("wait 30m", in: &session).activity?.events)
    #expect(!events.contains { $0.event == "expired" } && events.contains { $0.event == "refreshed" })
  }
}
