// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import Commands
@testable import Rendering

/// The contract's JSON, letter for letter: scripts depend on it.
@Suite struct JSONTests {
  private func line(
    _ command: String, activity: ActivityReport? = nil, _ content: any ResultContent = NoContent(),
    notices: [Notice] = []
  ) -> String {
    JSONRenderer().line(
      for: CommandResult(command: command, activity: activity, content: content, notices: notices))
  }

  @Test func aHop() {
    #expect(
      line("step", activity: Example.activity([Example.hello[1]], time: 1_000)) == """
        {"command":"step","events":[],"expired":[],"hops":[{"destination":"88.90.100.110:4000","length":33,"mapping":1,\
        "mapping_change":"created","n":2,"new_destination":null,"new_source":"49.36.10.25:62000","node":"home-a",\
        "node_kind":"router","packet":1,"permitted":["88.90.100.110:4000"],"protocol":"udp","reason":null,\
        "source":"192.168.1.10:5000","text":"hello","time_us":1000,"ttl":63,"verdict":"translated"}],"in_flight":0,\
        "ok":true,"omitted_hops":0,"time_us":1000}
        """)
  }

  @Test func aTable() {
    #expect(
      line("table home-a", Example.table([Example.row()])) == """
        {"command":"table home-a","expired":[],"filtering_behavior":"address-and-port-dependent","mapping_behavior":\
        "endpoint-independent","mappings":[{"created_by":1,"expires_in_us":299980000,"external":"49.36.10.25:62000",\
        "id":1,"internal":"192.168.1.10:5000","packets_in":0,"packets_out":1,"permitted":["88.90.100.110:4000"],\
        "protocol":"udp","remote":null,"state":null,"static":false}],"ok":true,"router":"home-a","translates":true}
        """)
  }

  @Test func allTables() {
    #expect(line("table", TablesReport.all([])) == #"{"command":"table","ok":true,"tables":[]}"#)
  }

  @Test func noContent() {
    #expect(line("reset") == #"{"command":"reset","ok":true}"#)
  }

  @Test func slashesAndControlCharacters() {
    #expect(
      line("save a/b\n\u{1B}", OuterRequest.save(path: "a/b", script: ""))
        == #"{"command":"save a/b\n\u001b","ok":true,"saved":"a/b"}"#)
  }

  @Test func errors() {
    #expect(
      JSONRenderer().line(
        command: "send alcie bob",
        error: ErrorReport(
          kind: "unknown-name", message: "nobody is called 'alcie'", suggestion: "alice", column: 6)) == """
          {"command":"send alcie bob","error":{"column":6,"kind":"unknown-name","message":"nobody is called 'alcie'",\
          "suggestion":"alice"},"ok":false}
          """)
    #expect(
      JSONRenderer().line(command: "x", error: ErrorReport(kind: "unknown-command", message: "no"))
        == #"{"command":"x","error":{"kind":"unknown-command","message":"no","suggestion":null},"ok":false}"#)
  }

  @Test(arguments: [
    (
      Notice.unanswered(host: "alice", what: .connect, packet: 3),
      #"{"host":"alice","kind":"unanswered","packet":3,"what":"connect"}"#
    ),
    (.nothingInFlight, #"{"kind":"nothing-in-flight"}"#),
    (.interrupted(inFlight: 7), #"{"in_flight":7,"kind":"interrupted"}"#),
    (.tableEmptied(router: "r", rows: 2), #"{"kind":"table-emptied","router":"r","rows":2}"#),
    (
      .privateAddressesUnreachable(router: "r", prefix: Example.prefix("10.0.0.0/8"), filters: false),
      #"{"kind":"private-addresses-unreachable","prefix":"10.0.0.0/8","router":"r"}"#
    ),
  ])
  func notices(notice: Notice, json: String) {
    #expect(line("run", notices: [notice]) == #"{"command":"run","notices":[\#(json)],"ok":true}"#)
  }

  @Test func whyIncludesTheRule() {
    let json = line(
      "why",
      Example.why(
        .filtered, source: "203.0.113.66:4000", mapping: Example.row(), filtering: .addressDependent))
    #expect(json.contains(#""rule":{"requirement":"REQ-8","rfc":4787,"#))
    #expect(json.contains(#""section":"5""#))
    #expect(json.contains(#""explanation":"home-a has a row for 49.36.10.25:62000: row 1, which belongs to"#))
    #expect(!json.contains("\n"))
  }
}
