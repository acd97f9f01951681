// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator
import Testing

@testable import Commands

/// Going back one step at a time replays few commands, even where the network is too large to keep every state.
@Suite struct UndoCostTests {
  private static func execute(_ line: String, in session: inout Session) throws {
    for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
  }

  @Test func singleUndosReplayFewCommands() throws {
    var session = Session(catalog: .standard)
    try Self.execute("router r lan 10.0.0.0/8", in: &session)
    for number in 0..<4_000 { try Self.execute("host h\(number) behind r", in: &session) }
    let count = 1_000
    for _ in 0..<count { try Self.execute("send h0 h1", in: &session) }
    var replayed = 0
    for undone in 1...count {
      var past = session.past
      replayed += past.goBack(1, keepingLines: false).replay.count
      try Self.execute("undo", in: &session)
      #expect(session.packetsInFlight == count - undone)
    }
    // The states kept on the way there are 250 commands apart: without more of them, it would be 125 an undo.
    #expect(replayed > count && replayed < count * 12)
  }

  @Test(arguments: 1...40) func theStatesKeptOfAReplayHalveTheRest(count: Int) {
    let kept = (0..<count).filter { Past.ReplayPlace(count: count, remaining: $0).halvesTheRest }
    var expected: Set<Int> = []
    var half = count / 2
    while half > 0 {
      expected.insert(half)
      half /= 2
    }
    #expect(Set(kept) == expected)
  }
}
