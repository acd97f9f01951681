// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import Commands
@testable import Rendering

/// Lists for people have an end, and say what they leave out.
@Suite struct LimitTests {
  private func lines(_ content: any ResultContent) -> [Substring] {
    TextRenderer().text(for: CommandResult(command: "", activity: nil, content: content, notices: []))
      .split(separator: "\n")
  }

  @Test func aLongListOfDevices() {
    let lines = lines(DevicesReport.all((1...700).map { Example.device("h\($0)", ["44.0.0.\($0 % 250 + 1)"]) }))
    #expect(lines.count == 502 && lines.last == "and 200 more devices: 'show NAME' shows any of them.")
  }

  @Test func aBigMapShowsAFewOfEach() {
    let routers = (1...300).map { Example.node("r\($0)", "44.0.0.1", .router) }
    let hosts = (1...900).map { Example.node("h\($0)", "192.168.1.2", behind: "r1") }
    let lines = lines(MapReport(nodes: routers + hosts, flights: []))
    #expect(lines.count < 50)
    #expect(lines.contains { $0.contains("892 more hosts, not drawn") })
    #expect(lines.last?.contains("292 more routers, not drawn") == true)
  }

  @Test func aLongTableShowsItsNewestRows() {
    let lines = lines(Example.table((1...600).map { Example.row($0) }))
    #expect(lines.contains { $0.contains("600 rows") } && lines.contains { $0.contains("100 older rows not shown") })
    #expect(!lines.contains { $0.contains(" 100  udp") } && lines.contains { $0.contains(" 101  udp") })
  }

  @Test func manyPackets() {
    let packets = (1...600).map { number in
      var packet = Example.summaries[0]
      packet.number = number
      return packet
    }
    let lines = lines(PacketsReport(packets: packets, forgotten: 7))
    #expect(lines[0] == "7 older packets not kept")
    #expect(lines[1] == "100 earlier packets not listed: 'packet N' shows any.")
  }

  @Test func forgottenPacketsAreMentioned() {
    let report = TraceReport(form: .list, trace: Example.hello, columns: [], omitted: 5_000, forgotten: 1_200)
    #expect(lines(report)[0] == "5,000 earlier hops not listed; the first 1,200 are no longer kept")
    let packet = PacketReport(packet: Example.summaries[0], trace: Example.hello, beginIsForgotten: true)
    #expect(lines(packet).contains("  its first hops are no longer kept"))
  }

  @Test func aNoticeForWhatAResultLeavesOut() {
    let result = CommandResult(
      command: "show", activity: nil, content: DevicesReport.all([]), notices: [.leftOut(.devices, count: 34_464)])
    #expect(TextRenderer().text(for: result).hasSuffix("! The list is cut: there are 34,464 more devices."))
    #expect(JSONRenderer().line(for: result).contains(#"[{"count":34464,"kind":"left-out","what":"devices"}]"#))
  }
}
