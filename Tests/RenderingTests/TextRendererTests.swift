// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import Commands
@testable import Rendering

@Suite struct TextRendererTests {
  private func text(
    _ activity: ActivityReport? = nil, _ content: any ResultContent = NoContent(), notices: [Notice] = [],
    style: TextStyle = .plain
  ) -> String {
    TextRenderer(style: style).text(
      for: CommandResult(command: "", activity: activity, content: content, notices: notices))
  }

  @Test func aWaitShowsTheClock() {
    #expect(text(Example.activity([], time: 300_021_000)) == "The clock is at 5m0.021s.")
  }

  @Test func aStepWithNothingInFlight() {
    #expect(
      text(Example.activity([]), notices: [.nothingInFlight])
        == "! Nothing is in flight: 'send' puts a packet on the wire.")
  }

  @Test func nothingToSay() {
    #expect(text() == "")
    #expect(text(nil, OuterRequest.quit) == "")
  }

  @Test func theHintNamesThePacketUnlessItWasTheLast() {
    let dropped = text(Example.activity(Example.refused))
    #expect(dropped.hasSuffix("Type 'why' for the rule behind it."))
    var later = Example.hello
    for index in later.indices { later[index].number += 20 }
    #expect(text(Example.activity(Example.refused + later)).hasSuffix("Type 'why 3' for the rule behind it."))
    #expect(!text(Example.activity(Example.hello)).contains("why"))
  }

  @Test func rowsTimeOutInTheOrderOfTime() {
    let rows = [Example.row(router: "home-a", left: 0, expiredAt: 5_000)]
    let lines = text(Example.activity(Example.hello, expired: rows)).split(separator: "\n")
    let position = lines.firstIndex { $0.contains("- row 1 timed out") }
    #expect(position.map { lines[$0 - 1].contains("+ row 1 is new") && lines[$0 + 1].contains("internet") } == true)
  }

  @Test func omittedHopsAreCounted() {
    #expect(
      text(Example.activity(Example.hello, omitted: 4_162))
        .hasSuffix("4,162 more hops not listed: 'stats' counts them all."))
  }

  @Test func aHairpinChangesBothEnds() {
    let hop = Example.hop(
      1, 1_000, "home-a", .router, .translated, "192.168.1.11:4000", "49.36.10.25:62000",
      newSource: "49.36.10.25:62001", newDestination: "192.168.1.10:5000", mapping: 2)
    #expect(text(Example.activity([hop])).contains("row 2, both become 49.36.10.25:62001 → 192.168.1.10:5000"))
  }

  @Test func aPingsIdentifierChangesAtBothEnds() {
    let hop = Example.hop(
      1, 1_000, "home-a", .router, .translated, "192.168.1.10:1", "88.90.100.110:1", newSource: "49.36.10.25:62000",
      mapping: 2, text: nil, transport: .icmp, icmp: .echoRequest)
    #expect(text(Example.activity([hop])).contains("49.36.10.25  → 88.90.100.110 id 62000"))
  }

  @Test func backquotedWordsAreToBeTyped() {
    #expect(StyledText(prose: "`redo` undoes `undo`") == "\(typed: "redo") undoes \(typed: "undo")")
  }

  @Test func noEscapeCodeOfAPacketGetsOut() {
    let hop = Example.hop(1, 0, "alice", .host, .sent, "10.0.0.1:1", "10.0.0.2:2", text: "\u{1B}]0;pwned\u{7}\u{202E}")
    let shown = text(Example.activity([hop]), style: TextStyle(usesColor: true))
    #expect(shown.contains(#"\x1b]0;pwned\x07\u{202e}"#))
    #expect(!shown.contains("\u{1B}]"))
  }

  @Test func longTextsAreCut() {
    let hop = Example.hop(
      1, 0, "alice", .host, .sent, "10.0.0.1:1", "10.0.0.2:2", text: String(repeating: "語", count: 20_000))
    #expect(text(Example.activity([hop])).split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= 80 })
    #expect(text(Example.activity([hop])).count < 200)
  }

  @Test(arguments: [
    (
      ChangeReport(change: .created, device: Example.device("alice", ["192.168.1.10"], behind: "home-a")),
      "alice is at 192.168.1.10 behind home-a."
    ),
    (
      ChangeReport(
        change: .set(Properties.filtering(.endpointIndependent), previous: Properties.filtering(.addressDependent)),
        device: Example.device("home-a", ["49.36.10.25"], .router)),
      "home-a: filtering is endpoint-independent, was address-dependent."
    ),
    (ChangeReport(change: .removed("alice")), "alice is gone."),
    (
      ChangeReport(change: .listening([.udp], port: 4_000), device: Example.device("bob", ["88.90.100.110"])),
      "bob listens on udp 4000."
    ),
    (
      ChangeReport(
        change: .forwarding(ListeningPort(.tcp, 8_080), to: Example.endpoint("192.168.1.10:80")),
        device: Example.device("home-a", ["49.36.10.25"], .router)),
      "home-a forwards tcp 8080 at 49.36.10.25 to 192.168.1.10:80, whoever sends it."
    ),
    (ChangeReport(change: .reset), "Everything is gone; the clock is back at 0ms."),
    (ChangeReport(change: .sceneLoaded(name: "direct", summary: "")), "This is the scene direct. 'map' draws it."),
  ])
  func changes(change: ChangeReport, words: String) {
    #expect(text(nil, change) == words)
  }

  @Test func errors() {
    let renderer = TextRenderer()
    let error = ErrorReport(kind: "unknown-name", message: "nobody is called 'alcie'", suggestion: "alice", column: 6)
    #expect(renderer.text(for: error) == "error: nobody is called 'alcie' (did you mean 'alice'?)")
    #expect(
      renderer.text(for: error, at: "a.natsh:3:6")
        == "a.natsh:3:6: error: nobody is called 'alcie' (did you mean 'alice'?)")
  }

  @Test func aLadderShowsWhatIsStillUnderWay() {
    let trace = TraceReport(form: .ladder, trace: [Example.hello[0]], columns: ["alice", "bob"], omitted: 0)
    #expect(text(nil, trace).contains(#"● #1 "hello" in flight"#))
  }

  @Test func aLostPacketIsMarkedAtItsSender() {
    let lost = Example.hop(2, 0, "alice", .host, .dropped, "10.0.0.1:1", "10.0.0.2:2", reason: .loss)
    let trace = TraceReport(form: .ladder, trace: [Example.hello[0], lost], columns: ["alice"], omitted: 0)
    #expect(text(nil, trace).contains("✗ loss"))
  }

  @Test func aWideNetworkLeavesTheInternetOutOfItsLadder() {
    var hops = Example.hello
    for index in hops.indices {
      hops[index].source = Example.end("192.168.100.100:50000")
      hops[index].destination = Example.end("192.168.200.200:50000")
    }
    let ladder = TraceReport(form: .ladder, trace: hops, columns: ["alice", "home-a", "internet", "bob"], omitted: 0)
    let shown = text(nil, ladder)
    #expect(shown.contains("The internet's column is left out to fit."))
    #expect(shown.split(separator: "\n").first.map { !$0.contains("internet") } == true)
  }
}
