// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands

/// Things that could grow without end stay small.
@Suite struct ResultLimitTests {
  private static func execute(_ line: String, in session: inout Session) throws -> CommandResult {
    try session.execute(try #require(try Statement.statements(in: line).first))
  }

  @Test func aLongTextIsCutInListsAndWholeWhereItIsAskedFor() throws {
    var session = Session(catalog: .standard)
    for line in ["host alice", "host bob", "set alice mtu 1280"] { _ = try Self.execute(line, in: &session) }
    let text = String(repeating: "ä", count: 30_000)
    _ = try Self.execute("send alice bob \"\(text)\"", in: &session)
    let hops = try #require(try Self.execute("run", in: &session).activity?.hops)
    #expect(hops.count > 40)
    #expect(hops.allSatisfy { ($0.text?.utf8.count ?? 0) <= 1_024 + "…".utf8.count })
    #expect(hops.count { $0.text != nil } < 8)
    #expect(hops.last?.text?.hasPrefix("ää") == true && hops.last?.text?.hasSuffix("ä…") == true)
    let listed = try #require(try Self.execute("packets", in: &session).content as? PacketsReport)
    #expect(listed.packets.first?.text?.utf8.count == 1_024 + "…".utf8.count)
    let whole = try #require(try Self.execute("packet 1", in: &session).content as? PacketReport)
    #expect(whole.packet.text == text)
  }

  @Test(arguments: ["run", "step 4"]) func theClockStopsAtItsEnd(line: String) throws {
    var session = Session(catalog: .standard)
    for line in ["host alice", "host bob", "set alice delay 10000000h", "set bob delay 10000000h"] {
      _ = try Self.execute(line, in: &session)
    }
    var words = ""
    for _ in 0..<100 where words.isEmpty {
      _ = try Self.execute("send alice bob", in: &session)
      do {
        _ = try Self.execute(line, in: &session)
        if session.packetsInFlight > 0 { _ = try Self.execute(line, in: &session) }
      } catch SessionError.command(let error) {
        words = error.kind.word
      }
      #expect(session.clock <= Session.endOfTime)
    }
    #expect(words == "end-of-time" && session.packetsInFlight == 1)
    _ = try Self.execute("undo", in: &session)
  }
}
