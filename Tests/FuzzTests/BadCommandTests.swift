// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Rendering
import Testing

/// Packets that should not exist, as a learner can ask for them: one line each, in `scene one-home`.
@Suite struct BadCommandTests {
  /// Packets that a host cannot send are refused at the word that asks for them, and nothing changes.
  static let refusals: [(line: String, kind: String, column: Int, words: String)] = [
    ("send alice 0.0.0.0", "no-destination", 12, "RFC 1122 §3.2.1.3"),
    ("send alice 0.1.2.3:80", "no-destination", 12, "does not stand for a host"),
    ("ping alice 0.0.0.0", "no-destination", 12, "`show` lists them"),
    ("connect alice 0.0.0.0:80", "no-destination", 15, "does not stand for a host"),
    ("connect alice 224.0.0.1:80", "no-destination", 15, "RFC 1122 §4.2.3.10"),
    ("connect alice 255.255.255.255:80", "no-destination", 15, "TCP connects to one"),
    ("connect alice 192.168.1.255:80", "no-destination", 15, "stands for all hosts"),
    ("connect alice 192.168.1.0:80", "no-destination", 15, "stands for all hosts"),
    ("send alice 239.1.1.1 tcp hello", "no-destination", 12, "stands for a group"),
    ("close alice 255.255.255.255:80", "no-destination", 13, "TCP connects to one"),
    ("send alice ::", "no-address", 12, "no IPv6 address"),
    ("send alice:0 bob", "port-out-of-range", 6, "1 to 65535"),
    ("send alice bob:0", "port-out-of-range", 12, "1 to 65535"),
    ("send alice bob:65536", "port-out-of-range", 12, "1 to 65535"),
    ("send alice bob:99999999999999999999", "port-out-of-range", 12, "1 to 65535"),
    ("send alice bob ttl 0", "number-out-of-range", 20, "1 to 255"),
    ("send alice bob ttl 256", "number-out-of-range", 20, "1 to 255"),
    ("send alice bob ttl -1", "number-out-of-range", 20, "1 to 255"),
    ("send 8.8.8.8 bob", "unknown-source", 6, "8.8.8.8"),
    ("send 127.0.0.1 bob", "unknown-source", 6, "127.0.0.1"),
    ("send 0.0.0.0 bob", "unknown-source", 6, "0.0.0.0"),
    ("send 224.0.0.1 bob", "unknown-source", 6, "224.0.0.1"),
    ("send 49.36.10.25 bob", "not-a-host", 6, "only hosts"),
    ("send home-a bob", "wrong-device-kind", 6, "home-a"),
    ("forward home-a 80 to 224.0.0.1", "not-behind", 22, "224.0.0.1"),
    ("forward home-a 0 to alice", "port-out-of-range", 16, "1 to 65535"),
    ("set home-a addresses 224.0.0.1", "address-not-usable", 22, "group"),
    ("set home-a addresses 255.255.255.255", "address-not-usable", 22, "255.255.255.255"),
    ("host carol 127.0.0.1", "address-not-usable", 12, "127.0.0.1"),
    ("host carol 0.0.0.0", "address-not-usable", 12, "0.0.0.0"),
    ("host carol 240.0.0.1", "address-not-usable", 12, "240.0.0.0/4"),
    ("host carol 192.168.1.255 behind home-a", "address-not-usable", 12, "192.168.1.255"),
    ("router cabin lan 127.0.0.0/8", "prefix-not-usable", 18, "127.0.0.0/8"),
    ("router cabin lan 224.0.0.0/4", "prefix-not-usable", 18, "224.0.0.0/4"),
    ("step 99999999999999999999", "number-out-of-range", 6, "1 to"),
    ("wait 99999999999h", "duration-too-long", 6, "99999999999h"),
    ("set alice rate 99999999999999999999gbit", "bad-rate", 16, "99999999999999999999gbit"),
    ("set alice mtu 67", "number-out-of-range", 15, "68"),
  ]

  private static func session() throws -> Session {
    var session = Session(catalog: .standard)
    try execute("scene one-home", in: &session)
    return session
  }

  @discardableResult
  private static func execute(_ line: String, in session: inout Session) throws -> [CommandResult] {
    try Statement.statements(in: line).map { try session.execute($0) }
  }

  @Test(arguments: refusals)
  func aPacketThatAHostCannotSendIsRefused(line: String, kind: String, column: Int, words: String) throws {
    var session = try Self.session()
    let before = session
    do {
      try Self.execute(line, in: &session)
      Issue.record("it was carried out")
    } catch let error as SessionError {
      let report = ErrorWording.report(for: error)
      #expect(report.kind == kind)
      #expect(report.column == column)
      #expect(report.message.contains(words))
    }
    #expect(session.standingLines == before.standingLines && session.clock == before.clock)
    #expect(session.network.trace.hopCount == before.network.trace.hopCount)
  }

  /// Packets that may be sent and lead nowhere: the last hop, and the rule that `why` names. No row is made on the way.
  static let ends: [(line: String, end: String, rule: String)] = [
    ("send alice 255.255.255.255", "alice dropped invalid", "RFC 1812 §5.3.5.1"),
    ("send bob 255.255.255.255", "bob dropped invalid", "RFC 1812 §5.3.5.1"),
    ("ping alice 255.255.255.255", "alice dropped invalid", "RFC 1812 §5.3.5.1"),
    ("send alice 240.0.0.1", "home-a dropped invalid", "RFC 1812 §5.3.7"),
    ("send bob 240.0.0.1", "internet dropped no-route", "RFC 1812 §5.2.7.1"),
    ("connect alice 254.255.255.255:80", "home-a dropped invalid", "RFC 1812 §5.3.7"),
    ("send alice 224.0.0.251:5353", "home-a dropped invalid", "RFC 5771 §4"),
    ("send alice 224.0.0.250:5353", "alice dropped invalid", "RFC 5771 §4"),
    ("send alice 239.1.2.3:5353", "alice dropped invalid", "RFC 1112 §4"),
    ("send alice 192.168.1.255", "alice dropped invalid", "RFC 1122 §3.2.1.3"),
    ("send alice 192.168.1.0", "alice dropped invalid", "RFC 1122 §3.2.1.3"),
    ("send alice 169.254.7.7", "alice dropped no-such-host", "RFC 1812 §5.2.7.1"),
    ("send alice 192.168.1.77", "alice dropped no-such-host", "RFC 1812 §5.2.7.1"),
    ("send alice 127.0.0.1:9", "alice delivered", "RFC 1122 §3.3.1"),
    ("send alice:5000 192.168.1.10:5000", "alice delivered", "RFC 1122 §3.3.1"),
    ("send alice 192.168.1.1:80", "home-a dropped port-closed", "RFC 1122 §4.1.3.1"),
    ("send alice bob ttl 1", "home-a dropped ttl-expired", "RFC 1812 §5.3.1"),
    (
      "router cabin lan 203.0.113.64/26 preset open; send bob 203.0.113.127", "cabin dropped invalid", "RFC 2644 §3"
    ),
    ("router cabin lan 203.0.113.64/26 preset open; send bob 203.0.113.64", "cabin dropped invalid", "RFC 2644 §3"),
    (
      "router cabin lan 2001:db8:5::/64; host carol behind cabin; send carol ff0e::1", "carol dropped invalid",
      "RFC 4291 §2.7"
    ),
    (
      "router cabin lan 2001:db8:5::/64; host carol behind cabin; send carol fe80::1", "carol dropped no-such-host",
      "RFC 4443 §3.1"
    ),
  ]

  @Test(arguments: ends) func aPacketThatLeadsNowhereEndsWhereItShouldAndWhySaysSo(
    line: String, end: String, rule: String
  ) throws {
    var session = try Self.session()
    try Self.execute(line, in: &session)
    try Self.execute("run", in: &session)
    let why = try #require(Self.execute("why", in: &session).first?.content as? WhyReport)
    let words = [why.hop.node, why.hop.verdict.rawValue] + (why.hop.reason.map { [$0.rawValue] } ?? [])
    #expect(words.joined(separator: " ") == end)
    #expect(Explanation(of: why).rule?.reference.replacing("\u{A0}", with: " ") == rule)
    for device in session.network.allDevices {
      if let router = session.network.router(device.id) { #expect(router.nat.count == 0) }
    }
  }

  /// Every fault has its words and its document, even those that learners never see.
  @Test(arguments: PacketFault.allCases) func everyFaultIsExplained(fault: PacketFault) throws {
    var session = try Self.session()
    try Self.execute("send alice 255.255.255.255", in: &session)
    var why = try #require(Self.execute("why", in: &session).first?.content as? WhyReport)
    why.fault = fault
    let explanation = Explanation(of: why)
    #expect(!explanation.happened.isEmpty && !explanation.because.isEmpty && explanation.rule != nil)
    let result = CommandResult(command: "why", content: why)
    #expect(JSONRenderer().line(for: result).contains("\"fault\":\"\(fault.rawValue)\""))
  }

  @Test(arguments: ["\u{7F}", "\u{9B}2J", "\u{202E}", "\u{85}"]) func jsonMovesNoTerminalEither(text: String) {
    let error = ErrorReport(kind: "unknown-command", message: "no")
    let line = JSONRenderer().line(command: text + "é", error: error)
    let digits = String(text.unicodeScalars.first?.value ?? 0, radix: 16)
    #expect(line.contains("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)") && line.contains("é"))
    #expect(!line.contains(text))
  }
}
