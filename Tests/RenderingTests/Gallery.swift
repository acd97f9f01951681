// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

@testable import Commands
@testable import Rendering
@testable import Traversal

/// One of every result, by name: the contents of the golden texts. Look at them with `less -R Golden/color-80.txt`.
enum Gallery {
  static let ladder = Example.hello + Example.answer + Example.refused

  static let pieces: [(name: String, content: any TextRenderable)] = [
    ("hops", Example.activity(Example.hello)),
    ("hops back and refused", Example.activity(Example.answer + Example.refused)),
    (
      "expiry",
      Example.activity(
        [
          Example.hop(
            12, 342_000_000, "home-a", .router, packet: 9, .dropped, Example.bob, Example.aliceOutside,
            reason: .expired, text: nil)
        ], expired: [Example.row(router: "home-a", left: 0, expiredAt: 300_021_000)])
    ),
    (
      "tcp",
      Example.activity([
        Example.hop(
          1, 0, "alice", .host, .sent, Example.aliceInside, Example.bob, text: nil, transport: .tcp, flags: .syn),
        Example.hop(
          2, 42_000, "alice", .host, packet: 2, .delivered, Example.bob, Example.aliceInside, text: nil,
          transport: .tcp, flags: [.syn, .ack]),
        Example.hop(
          3, 50_000, "home-a", .router, packet: 3, .delivered, "198.51.100.1:0", "49.36.10.25:0", text: nil,
          transport: .icmp, icmp: .timeExceeded, about: 1),
      ])
    ),
    (
      "ipv6",
      Example.activity([
        Example.hop(
          1, 1_000, "home-a", .router, .forwarded, "[2001:db8:1::10]:5000", "[2001:db8:ffff:ffff::ffff:110]:4000",
          mapping: 1, change: .created, permitted: ["[2001:db8:ffff:ffff::ffff:110]:4000"])
      ])
    ),
    (
      "table",
      Example.table(
        [
          Example.row(change: .new),
          Example.row(
            2, external: "49.36.10.25:62001", permitted: [Example.bob, "203.0.113.66:4000"], change: .refreshed),
          Example.row(3, external: "49.36.10.25:8080", permitted: ["*"], isStatic: true, left: nil),
        ], expired: [Example.row(4, external: "49.36.10.25:62002", left: 0, expiredAt: 300_021_000, change: .expired)])
    ),
    (
      "table of tcp, symmetric",
      Example.table([
        Example.row(remote: Example.bob, state: "established", left: 7_440_000_000, change: .new, transport: .tcp)
      ])
    ),
    ("empty table", Example.table([])),
    ("map", Example.map),
    ("empty map", MapReport(nodes: [], flights: [])),
    ("ladder", TraceReport(form: .ladder, trace: ladder, columns: ["alice", "home-a", "internet", "bob"], omitted: 0)),
    ("trace", TraceReport(form: .list, trace: Example.hello, columns: [], omitted: 12)),
    ("packets", PacketsReport(packets: Example.summaries, forgotten: 0)),
    ("packet", PacketReport(packet: Example.summaries[0], trace: Example.hello)),
    (
      "stats",
      StatsReport(
        devices: [
          .init(
            name: "alice", kind: .host, sent: .init(packets: 4_166, bytes: 5_115_848),
            forwarded: .init(packets: 0, bytes: 0), delivered: .init(packets: 1, bytes: 36),
            dropped: .init(packets: 0, bytes: 0)),
          .init(
            name: "home-a", kind: .router, sent: .init(packets: 0, bytes: 0),
            forwarded: .init(packets: 4_167, bytes: 5_115_884), delivered: .init(packets: 0, bytes: 0),
            dropped: .init(packets: 2, bytes: 56)),
        ],
        links: [
          .init(device: "alice", up: .init(packets: 4_166, bytes: 5_115_848), down: .init(packets: 1, bytes: 36))
        ],
        conversations: [
          .init(
            from: "alice", to: "bob", transport: .udp, packets: 4_166, minimumMicroseconds: 21_000,
            medianMicroseconds: 21_000, maximumMicroseconds: 21_500, hops: 2...2)
        ])
    ),
    (
      "show",
      DevicesReport.one(
        Example.device(
          "home-a", ["49.36.10.25"], .router, lan: ["192.168.1.0/24"],
          settings: [
            SettingReport(value: Properties.mapping(.endpointIndependent), isChanged: false),
            SettingReport(value: Properties.filtering(.endpointIndependent), isChanged: true),
            SettingReport(value: Properties.udpTimeout(.seconds(300)), isChanged: false),
          ]))
    ),
    (
      "show all",
      DevicesReport.all([
        Example.device("home-a", ["49.36.10.25"], .router, lan: ["192.168.1.0/24"]),
        Example.device("alice", ["192.168.1.10"], behind: "home-a"),
        Example.device(
          "bob", ["88.90.100.110"], settings: [SettingReport(value: Properties.hostPorts(.bound), isChanged: true)]),
      ])
    ),
    (
      "scenes",
      ScenesReport(scenes: [
        .init(name: "direct", summary: "Alice and Bob, both public: everything works"),
        .init(name: "two-homes", summary: "Alice and Bob, each behind a router of their own"),
      ])
    ),
    (
      "help",
      HelpReport.overview(
        [
          .init(
            title: "Building",
            commands: [
              .init(
                name: "router", usage: "router NAME", summary: "a NAT router, on the internet or behind another one"),
              .init(name: "host", usage: "host NAME", summary: "a computer"),
            ])
        ], topics: [.init(name: "nat", title: "What NAT is", paragraphs: [])])
    ),
    (
      "help send",
      HelpReport.command(
        .init(
          name: "send", aliases: [], usage: ["send FROM TO [udp|tcp|icmp] [TEXT] [ttl N]"],
          summary: "puts one packet on the wire", details: ["It waits there for step."],
          examples: ["scene one-home", "send alice:5000 bob:4000 \"hello\""], properties: [], seeAlso: ["step", "run"]))
    ),
    ("call", Example.call(via: "server", delay: .init(minimum: 42_000, median: 42_000, maximum: 42_000))),
    (
      "call with losses",
      Example.call(
        via: "server", lost: 120, delay: .init(minimum: 51_824, median: 149_392, maximum: 151_824),
        losses: [
          .init(node: "bob", reason: .queueFull, packets: 80), .init(node: "home-b", reason: .queueFull, packets: 40),
        ])
    ),
    (
      "call refused",
      Example.call(
        streams: 1, packets: 2_083, lost: 2_083,
        losses: [.init(node: "internet", reason: .privateDestination, packets: 2_083)])
    ),
    (
      "call to a neighbour",
      Example.call(
        streams: 1, packets: 2_083, lost: 2_083, losses: [.init(node: "printer", reason: nil, packets: 2_083)])
    ),
    (
      "call that nobody began",
      Example.call(
        via: "server", streams: 0, packets: 0, lost: 0,
        losses: [.init(node: "internet", reason: .loss, packets: 14)])
    ),
    ("crowd", Example.crowd(via: "server", [250, 500, 750, 1_000])),
    ("crowd that was stopped", Example.crowd(via: "server", [1_000], wasStopped: true)),
    ("crowd, direct", Example.crowd(via: nil, [])),
    ("history", HistoryReport(history: ["router home-a", "host alice behind home-a"], omitted: nil)),
    (
      "undo", UndoReport(direction: .undone, commands: ["step", "send alice bob"], timeMicroseconds: 11_000)
    ),
    (
      "why filtered", filtered
    ),
    ("why no-mapping", Example.why(.noMapping, destination: "49.36.10.25:62001")),
    (
      "why expired",
      Example.why(.expired, mapping: Example.row(left: 0, expiredAt: 300_021_000), time: 342_000_000)
    ),
    (
      "why private-destination",
      Example.why(
        .privateDestination, node: "internet", kind: .internet, destination: Example.aliceInside, translates: nil,
        scope: .private, meant: "alice")
    ),
    (
      "why delivered",
      Example.why(
        nil, node: "bob", kind: .host, source: Example.aliceOutside, destination: Example.bob, translates: nil,
        trace: Array(Example.hello.prefix(3)))
    ),
  ]

  private static var filtered: WhyReport {
    var why = Example.why(
      .filtered, source: "88.90.100.110:4001", mapping: Example.row(), filtering: .addressAndPortDependent)
    let sender = PacketEnd(IPAddress(ipv4: 0x585A_646E), 4_001)
    let again = "send bob:4001 49.36.10.25:62000"
    why.remedies = [
      Remedy(
        kind: .fix, idea: .insideSends(host: "alice", to: sender),
        commands: ["send alice:5000 88.90.100.110:4001", "run", again]),
      Remedy(kind: .fix, idea: .filterNothing, commands: ["set home-a filtering endpoint-independent", again]),
      Remedy(kind: .look, idea: .seeTable, commands: ["table home-a"]),
      Remedy(kind: .advice, idea: .keepAlive, commands: []),
    ]
    return why
  }

  static func text(style: TextStyle) -> String {
    pieces.map { piece in
      let rule = String(repeating: "=", count: max(style.width - piece.name.count - 1, 3))
      return "\(rule) \(piece.name)\n\(piece.content.text(style: style))\n"
    }.joined()
  }
}
