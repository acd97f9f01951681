// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel

/// Application level gateways (RFC 2663 §2.9, RFC 3022 §4.4).
@Suite("Application level gateways")
struct GatewayTests {
  private struct Bench {
    var nat: NAT
    var generator = SeededGenerator(seed: 1)
    var now = Instant.zero

    init(_ preset: NATPreset = .home, _ gateways: ApplicationGateways = [.ftp, .sip]) throws {
      var behavior = preset.behavior
      behavior.gateways = gateways
      nat = NAT(behavior: behavior, externalAddresses: [try #require(IPAddress("49.36.10.25"))])
    }

    mutating func pass(_ packet: Packet, _ side: Side) -> (Translation, Packet) {
      var packet = packet
      let translation =
        nat.readsText
        ? nat.translateThroughGateways(&packet, from: side, at: now, number: 1, using: &generator)
        : nat.translate(&packet, from: side, at: now, number: 1, using: &generator)
      return (translation, packet)
    }

    mutating func out(_ packet: Packet) -> Packet { pass(packet, .inside).1 }
  }

  private static func segment(
    _ from: String, _ to: String, _ text: String = "", sequence: UInt32 = 1_000, acknowledges: UInt32 = 5_000,
    _ flags: TCPFlags = [.psh, .ack]
  ) throws -> Packet {
    var packet = Packet(
      .tcp, from: try #require(Endpoint(from)), to: try #require(Endpoint(to)),
      payload: Payload(bytes: Array(text.utf8)))
    packet.tcpFlags = flags
    packet.sequenceNumber = sequence
    packet.acknowledgementNumber = acknowledges
    return packet
  }

  private static let client = "192.168.1.10:50000"
  private static let server = "203.0.113.50:21"

  @Test(
    arguments: [
      ("PORT 192,168,1,10,192,1\r\n", "PORT 49,36,10,25,242,49\r\n"),
      ("port 192,168,1,10,192,1", "port 49,36,10,25,242,49"),
      ("EPRT |1|192.168.1.10|49153|\r\n", "EPRT |1|49.36.10.25|62001|\r\n"),
      ("eprt !1!192.168.1.10!49153!\r\n", "eprt !1!49.36.10.25!62001!\r\n"),
      ("NOOP\r\nPORT 192,168,1,10,192,1\r\n", "NOOP\r\nPORT 49,36,10,25,242,49\r\n"),
    ])
  func anEndpointInsideBecomesOneOutside(text: String, becomes: String) throws {
    var bench = try Bench()
    let sent = bench.out(try Self.segment(Self.client, Self.server, text))
    #expect(sent.payload.text == becomes)
    let row = try #require(bench.nat.mappings.last)
    #expect(row.state == "expected" && row.external == Endpoint("49.36.10.25:62001"))
    #expect(row.internal == Endpoint("192.168.1.10:49153") && row.permitted == .addresses([IPAddress("203.0.113.50")!]))
    let notes = bench.nat.takeGatewayNotes()
    #expect(notes.count == 2 && bench.nat.takeGatewayNotes().isEmpty)
  }

  @Test(
    arguments: [
      // Somebody else's address, no address, too many numbers, nothing that a text has, a port of 0, IPv6.
      "PORT 192,168,1,11,192,1\r\n", "PORT\r\n", "PORT 192,168,1,10,192\r\n", "PORT 192,168,1,10,192,1,1\r\n",
      "PORT 192,168,1,10,192,256\r\n", "PORT 192,168,1,10,0,0\r\n", "EPRT |2|::1|49153|\r\n", "EPRT |1|192.168.1.10|",
      "XPORT 192,168,1,10,192,1\r\n", "PORT 192,168,1,10,192,1\u{1}\r\n", "PORT 192,168,1,10,192,1 é\r\n",
      "227 Entering Passive Mode (192,168,1,10,192,1).\r\n", "",
    ])
  func otherTextStays(text: String) throws {
    var bench = try Bench()
    let sent = bench.out(try Self.segment(Self.client, Self.server, text))
    #expect(sent.payload == Payload(bytes: Array(text.utf8)) && sent.sequenceNumber == 1_000)
    #expect(bench.nat.count == 1 && bench.nat.takeGatewayNotes().isEmpty)
  }

  @Test func nothingIsReadOnOtherPortsOrWhenOff() throws {
    let text = "PORT 192,168,1,10,192,1\r\n"
    for (gateways, server) in [
      (ApplicationGateways.ftp, "203.0.113.50:990"), (ApplicationGateways.sip, Self.server),
      (ApplicationGateways(), Self.server),
    ] {
      var bench = try Bench(.home, gateways)
      #expect(bench.out(try Self.segment(Self.client, server, text)).payload.text == text)
      #expect(bench.nat.count == 1)
    }
  }

  @Test(
    arguments: [
      ("227 Entering Passive Mode (192,168,1,80,192,1).\r\n", "227 Entering Passive Mode (49,36,10,25,242,48).\r\n"),
      ("229 Entering Extended Passive Mode (|||49153|)\r\n", "229 Entering Extended Passive Mode (|||62000|)\r\n"),
    ])
  func aServerInsideAnnouncesAnOutsideEndpoint(text: String, becomes: String) throws {
    var bench = try Bench()
    try bench.nat.addStaticMapping(.tcp, port: 21, to: try #require(Endpoint("192.168.1.80:21")), at: .zero)
    let sent = bench.out(try Self.segment("192.168.1.80:21", "88.90.100.110:4000", text))
    #expect(sent.payload.text == becomes)
    let (translation, packet) = bench.pass(
      try Self.segment("88.90.100.110:4001", "49.36.10.25:62000", .syn), .outside)
    guard case .forward(.inside, _) = translation else { return #expect(Bool(false), "\(translation)") }
    #expect(packet.destination == Endpoint("192.168.1.80:49153"))
  }

  private static func segment(_ from: String, _ to: String, _ flags: TCPFlags) throws -> Packet {
    try segment(from, to, "", flags)
  }

  /// The first connection takes the row over, from that address alone, and the row is then as any other's.
  @Test(arguments: NATPreset.allCases.filter { $0 != .open })
  func theExpectedConnectionComesIn(preset: NATPreset) throws {
    var bench = try Bench(preset)
    let control = bench.out(try Self.segment(Self.client, Self.server, .syn)).source.description
    _ = bench.pass(try Self.segment(Self.server, control, [.syn, .ack]), .outside)
    _ = bench.out(try Self.segment(Self.client, Self.server, .ack))
    _ = bench.out(try Self.segment(Self.client, Self.server, "PORT 192,168,1,10,192,1\r\n", sequence: 1_001))
    let expected = try #require(bench.nat.mappings.last)
    #expect(expected.state == "expected")
    let outside = expected.external.description
    if preset != .fullCone, preset != .cgnat {
      let (stranger, _) = bench.pass(try Self.segment("88.90.100.110:20", outside, .syn), .outside)
      guard case .drop(.filtered, _) = stranger else { return #expect(Bool(false), "\(stranger)") }
    }
    let (late, _) = bench.pass(try Self.segment("203.0.113.50:20", outside, .ack), .outside)
    guard case .drop(.invalid, _) = late else { return #expect(Bool(false), "\(late)") }
    let (translation, packet) = bench.pass(try Self.segment("203.0.113.50:20", outside, .syn), .outside)
    guard case .forward(.inside, _) = translation else { return #expect(Bool(false), "\(translation)") }
    #expect(packet.destination == Endpoint("192.168.1.10:49153"))
    #expect(!bench.nat.mappings.contains { $0.state == "expected" } && bench.nat.count == 2)
    let answer = bench.out(try Self.segment("192.168.1.10:49153", "203.0.113.50:20", [.syn, .ack]))
    #expect(answer.source == expected.external)
    let (data, _) = bench.pass(try Self.segment("203.0.113.50:20", outside, .ack), .outside)
    guard case .forward(.inside, _) = data else { return #expect(Bool(false), "\(data)") }
    #expect(bench.nat.mappings.last?.state == "established")
    // It expected one connection.
    if preset != .fullCone, preset != .cgnat, preset != .restrictedCone {
      let (again, _) = bench.pass(try Self.segment("203.0.113.50:30", outside, .syn), .outside)
      guard case .drop = again else { return #expect(Bool(false), "\(again)") }
    }
  }

  @Test func anExpectationTimesOut() throws {
    var bench = try Bench()
    _ = bench.out(try Self.segment(Self.client, Self.server, "PORT 192,168,1,10,192,1\r\n"))
    bench.now = .zero + .minutes(4)
    let (translation, _) = bench.pass(
      try Self.segment("203.0.113.50:20", "49.36.10.25:62001", .syn), .outside)
    guard case .drop(.expired, _) = translation else { return #expect(Bool(false), "\(translation)") }
    #expect(bench.nat.expectedCount == 0)
  }

  /// The text has 27 bytes with its end, and the one in its place 25.
  @Test func laterNumbersAreShifted() throws {
    var bench = try Bench()
    let text = "PORT 192,168,1,10,192,100\r\n"
    let first = bench.out(try Self.segment(Self.client, Self.server, text))
    #expect(text.utf8.count == 27 && first.payload.length == 25)
    #expect(first.sequenceNumber == 1_000 && first.acknowledgementNumber == 5_000)
    // What follows is shifted, and what acknowledges it is shifted back.
    let later = bench.out(try Self.segment(Self.client, Self.server, "LIST\r\n", sequence: 1_027))
    #expect(later.sequenceNumber == 1_025 && later.payload.text == "LIST\r\n")
    for (acknowledged, inside) in [(1_000, 1_000), (1_025, 1_027), (1_031, 1_033)] as [(UInt32, UInt32)] {
      let (_, packet) = bench.pass(
        try Self.segment(Self.server, "49.36.10.25:62000", acknowledges: acknowledged, .ack), .outside)
      #expect(packet.acknowledgementNumber == inside && packet.destination == Endpoint(Self.client))
    }
    // The same segment again says the same again, and is not counted twice.
    #expect(bench.out(try Self.segment(Self.client, Self.server, text)) == first)
    #expect(bench.out(try Self.segment(Self.client, Self.server, "QUIT\r\n", sequence: 1_033)).sequenceNumber == 1_031)
    // A second announcement adds its own shift.
    let other = "PORT 192,168,1,10,4,7\r\n"
    let second = bench.out(try Self.segment(Self.client, Self.server, other, sequence: 1_039))
    #expect(second.sequenceNumber == 1_037 && other.utf8.count == 23 && second.payload.length == 25)
    #expect(bench.out(try Self.segment(Self.client, Self.server, sequence: 1_062, .ack)).sequenceNumber == 1_062)
    // A new connection between the same ends counts anew.
    _ = bench.out(try Self.segment(Self.client, Self.server, sequence: 9_000, .syn))
    #expect(bench.out(try Self.segment(Self.client, Self.server, sequence: 9_001, .ack)).sequenceNumber == 9_001)
    #expect(bench.nat.rewrittenConnections == 0)
  }

  /// Switching it off stops the reading; connections whose numbers differ already go on.
  @Test func whatWasChangedGoesOn() throws {
    var bench = try Bench()
    _ = bench.out(try Self.segment(Self.client, Self.server, "PORT 192,168,1,10,192,100\r\n"))
    bench.nat.configure(NATBehavior(), at: .zero)
    let text = "PORT 192,168,1,10,192,2\r\n"
    let later = bench.out(try Self.segment(Self.client, Self.server, text, sequence: 1_027))
    #expect(later.sequenceNumber == 1_025 && later.payload.text == text)
    bench.nat.removeDynamicMappings(at: .zero)
    #expect(!bench.nat.readsText)
  }

  @Test func withoutAPortTheTextStays() throws {
    var bench = try Bench()
    bench.nat.configure(
      {
        var behavior = bench.nat.behavior
        behavior.maximumMappings = 1
        return behavior
      }(), at: .zero)
    let text = "PORT 192,168,1,10,192,1\r\n"
    #expect(bench.out(try Self.segment(Self.client, Self.server, text)).payload.text == text)
    #expect(
      bench.nat.takeGatewayNotes() == [
        .refused(.ftp, inside: try #require(Endpoint("192.168.1.10:49153")), .tableFull)
      ])
  }

  // MARK: SIP

  private static let invitation = """
    INVITE sip:bob@88.90.100.110 SIP/2.0\r
    Via: SIP/2.0/UDP 192.168.1.10:5060;branch=z9hG4bK1;maddr=192.168.1.10\r
    From: <sip:alice@example.org>;tag=1\r
    To: <sip:bob@example.org>\r
    Contact: <sip:alice@192.168.1.10>\r
    Subject: 192.168.1.10:5060\r
    Content-Type: application/sdp\r
    Content-Length: 118\r
    \r
    v=0\r
    o=alice 1 1 IN IP4 192.168.1.10\r
    s=-\r
    c=IN IP4 192.168.1.10\r
    t=0 0\r
    m=audio 7078 RTP/AVP 0\r
    m=video 0 RTP/AVP 31\r

    """

  private static func datagram(_ from: String, _ to: String, _ text: String) throws -> Packet {
    Packet(.udp, from: try #require(Endpoint(from)), to: try #require(Endpoint(to)), payload: .data(Array(text.utf8)))
  }

  @Test func aCallNamesOutsideEndpoints() throws {
    var bench = try Bench()
    let sent = bench.out(try Self.datagram("192.168.1.10:5060", "88.90.100.110:5060", Self.invitation))
    let text = try #require(sent.payload.text)
    #expect(
      text
        == Self.invitation.replacing("UDP 192.168.1.10:5060", with: "UDP 49.36.10.25:62000")
        .replacing("alice@192.168.1.10", with: "alice@49.36.10.25:62000")
        .replacing("c=IN IP4 192.168.1.10", with: "c=IN IP4 49.36.10.25")
        .replacing("audio 7078", with: "audio 62001").replacing("Length: 118", with: "Length: \(Self.body(text))"))
    // The voice goes out by the endpoint that was announced, and comes in there from the same host.
    let voice = bench.out(try Self.datagram("192.168.1.10:7078", "88.90.100.110:9000", "x"))
    #expect(voice.source == Endpoint("49.36.10.25:62001"))
    let (translation, heard) = bench.pass(
      try Self.datagram("88.90.100.110:9000", "49.36.10.25:62001", "x"), .outside)
    guard case .forward(.inside, _) = translation else { return #expect(Bool(false), "\(translation)") }
    #expect(heard.destination == Endpoint("192.168.1.10:7078"))
    #expect(bench.nat.expectedCount == 0 && bench.nat.count == 2)
  }

  private static func body(_ message: String) -> Int {
    message.firstRange(of: "\r\n\r\n").map { message[$0.upperBound...].utf8.count } ?? 0
  }

  /// The other end may be the first to speak, and the answer then comes from the announced endpoint.
  @Test(arguments: NATPreset.allCases.filter { $0 != .open })
  func theVoiceMayBeginOutside(preset: NATPreset) throws {
    var bench = try Bench(preset)
    _ = bench.out(try Self.datagram("192.168.1.10:5060", "88.90.100.110:5060", Self.invitation))
    let expected = try #require(bench.nat.mappings.first { $0.state == "expected" })
    let (translation, heard) = bench.pass(
      try Self.datagram("88.90.100.110:9000", expected.external.description, "x"), .outside)
    guard case .forward(.inside, _) = translation else { return #expect(Bool(false), "\(translation)") }
    #expect(heard.destination == Endpoint("192.168.1.10:7078"))
    let answer = bench.out(try Self.datagram("192.168.1.10:7078", "88.90.100.110:9000", "y"))
    #expect(answer.source == expected.external)
    #expect(bench.nat.count == 2 && bench.nat.expectedCount == 0)
  }

  @Test func anAnswerGetsTheInsideEndpointBack() throws {
    var bench = try Bench()
    _ = bench.out(try Self.datagram("192.168.1.10:5060", "88.90.100.110:5060", Self.invitation))
    let answer = """
      SIP/2.0 200 OK\r
      v : SIP/2.0/UDP 49.36.10.25:62000;received=49.36.10.25\r
      m: <sip:bob@88.90.100.110:5060>, <sip:alice@49.36.10.25:62000>\r
      l: 0\r
      \r

      """
    let (_, packet) = bench.pass(
      try Self.datagram("88.90.100.110:5060", "49.36.10.25:62000", answer), .outside)
    #expect(
      packet.payload.text
        == answer.replacing("UDP 49.36.10.25:62000", with: "UDP 192.168.1.10:5060")
        .replacing("alice@49.36.10.25:62000", with: "alice@192.168.1.10:5060"))
  }

  @Test(
    arguments: [
      "hello 192.168.1.10:5060", "SIP/2.0 200 OK", "SIP/2.0 200 OK\r\n\r\n", "INVITE x SIP/2.0\r\n: \r\nVia\r\n",
      "INVITE x SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.1.100:5060\r\nContact: <sip:a@1.192.168.1.10>\r\n\r\nc=\r\nm=\r\n",
      "INVITE x SIP/2.0\r\nContact: 192.168.1.10:0, 192.168.1.10:99999, 192.168.1.10x\r\n\r\nm=audio 7078\r\nc=IN IP4 \r\n",
      "\r\n\r\n", " SIP/2.0", "SIP/2.0 \r\nl:\r\n\r\nm=audio 1 x\r\nm=\r\nc=IN IP4 192.168.1.100\r\n",
    ])
  func brokenOrOtherTextStays(text: String) throws {
    var bench = try Bench()
    let sent = bench.out(try Self.datagram("192.168.1.10:5060", "88.90.100.110:5060", text))
    #expect(sent.payload.text == text)
    #expect(bench.nat.count == 1)
    let (_, back) = bench.pass(try Self.datagram("88.90.100.110:5060", "49.36.10.25:62000", text), .outside)
    #expect(back.payload.text == text)
  }
}
