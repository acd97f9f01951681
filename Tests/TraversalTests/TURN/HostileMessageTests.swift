// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Rendering
@testable import Traversal

/// What a stranger may send to a server over the network, and what comes of it: in the answer, in the trace and in `why`.
@Suite struct HostileMessageTests: CommandSuite {
  /// A stranger's host, who makes every message by hand.
  struct Stranger {
    var session: Session
    var generator = SeededGenerator(seed: 11)
    let host: DeviceID
    let server: Endpoint

    /// - Parameter ownAddress: the stranger's IPv6 address, if both talk over IPv6.
    init(serving kind: String, to ownAddress: String? = nil) throws {
      session = try HostileMessageTests.session(
        "host mallory 88.90.1.1 \(ownAddress ?? "")", "host server 203.0.113.50 2001:db8:5::50", "serve server \(kind)")
      host = try #require(session.network.device(named: "mallory")?.id)
      let address = ownAddress == nil ? IPAddress(ipv4: 0xCB00_7132) : IPAddress("2001:db8:5::50")
      server = Endpoint(try #require(address), STUNMessage.standardPort)
      for port in 6_000...6_020 as ClosedRange<UInt16> { session.network.own(host, .udp, port: port) }
    }

    /// Sends bytes; returns the answer's.
    mutating func send(_ bytes: [UInt8], from port: UInt16 = 6_000) throws -> [UInt8]? {
      try session.network.send(from: host, port: port, to: server, payload: Payload(bytes: bytes))
      var answer: [UInt8]?
      while session.network.step() {
        if let delivery = session.network.takeDelivery(), case .datagram(let payload) = delivery.content {
          answer = payload.bytes
        }
      }
      return answer
    }

    mutating func ask(_ message: STUNMessage, key: [UInt8]? = nil, from port: UInt16 = 6_000) throws -> STUNMessage? {
      try send(message.encoded(signedWith: key), from: port).map { try STUNMessage(decoding: $0[...]) }
    }

    /// A request signed with a name and the server's nonce.
    mutating func signed(
      _ method: STUNMessage.Method, _ attributes: [STUNAttribute], as user: String = "mallory",
      nonce: String? = nil, from port: UInt16 = 6_000
    ) throws -> STUNMessage {
      let challenge = try #require(try ask(.request(method, using: &generator), from: port))
      let given = try #require(nonce ?? challenge.nonce)
      let request = STUNMessage.request(
        method, attributes + [.username(user), .realm(TURNServer.realm), .nonce(given)], using: &generator)
      let key = LongTermCredential.key(username: user, realm: TURNServer.realm, password: TURNServer.password)
      return try #require(try ask(request, key: key, from: port))
    }

    /// The last refusal that the server has told, and what `why` says about its packet.
    mutating func lastRefusal() throws -> (code: Int, why: String)? {
      guard let event = session.network.trace.events(from: 1).last(where: { $0.name == "refused" }),
        case .number(let code) = event.data["code"], let packet = event.packet
      else { return nil }
      let why = try #require(try HostileMessageTests.run("why \(packet)", in: &session).content as? WhyReport)
      let words = why.text(style: TextStyle()).split(whereSeparator: \.isWhitespace)
      return (code, words.joined(separator: " "))
    }
  }

  private static let udp = STUNAttribute.requestedTransport(STUNAttribute.udp)
  private static let peer = Endpoint(IPAddress(ipv4: 0x5859_6465), 4_000)

  static let notMessages: [(name: String, change: @Sendable ([UInt8]) -> [UInt8])] = [
    ("cut off in the header", { Array($0.prefix(19)) }), ("nothing", { _ in [] }),
    ("cut off in an attribute", { Array($0.dropLast(3)) }),
    ("a length that is too long", { Array($0[..<2]) + [0, 200] + Array($0[4...]) }),
    ("a length that is not in words", { Array($0[..<2]) + [0, 3] + Array($0[4...]) }),
    ("an attribute that is too long", { Array($0[..<22]) + [0xFF, 0xFF] + Array($0[24...]) }),
    ("no magic cookie", { Array($0[..<4]) + [0, 0, 0, 0] + Array($0[8...]) }),
    ("the first bits", { [$0[0] | 0xC0] + Array($0[1...]) }),
  ]

  @Test(arguments: ["stun", "turn"], notMessages.indices) func whatIsNotAMessageIsNotAnswered(
    kind: String, index: Int
  ) throws {
    var stranger = try Stranger(serving: kind)
    let request = STUNMessage.request(.binding, [.software("somebody")], using: &stranger.generator)
    #expect(
      try stranger.send(Self.notMessages[index].change(request.encoded())) == nil, "\(Self.notMessages[index].name)")
    // The server goes on.
    #expect(try stranger.ask(request)?.kind == .success)
  }

  @Test func anUnknownAttributeThatMustBeUnderstoodIsNamed() throws {
    for (kind, method) in [("stun", STUNMessage.Method.binding), ("turn", .allocate)] {
      var stranger = try Stranger(serving: kind)
      let unknown = STUNAttribute.unknown(0x7F01, [1, 2, 3, 4])
      let answer =
        method == .binding
        ? try stranger.ask(.request(method, [unknown], using: &stranger.generator))
        : try stranger.signed(method, [Self.udp, unknown])
      #expect(answer?.errorCode == .unknownAttribute)
      #expect(
        answer?.first { if case .unknownAttributes(let types) = $0 { types } else { nil } } == [0x7F01] as [UInt16])
      guard kind == "turn" else { continue }
      let refusal = try #require(try stranger.lastRefusal())
      #expect(refusal.code == 420 && refusal.why.contains("420 Unknown Attribute"), "\(refusal)")
    }
  }

  static let refused: [(code: Int, words: String, ask: @Sendable (inout Stranger) throws -> STUNMessage?)] = [
    (
      401, "401 Unauthenticated",
      { stranger in
        let challenge = try #require(try stranger.ask(.request(.allocate, [udp], using: &stranger.generator)))
        let request = STUNMessage.request(
          .allocate,
          [udp, .username("mallory"), .realm(TURNServer.realm), .nonce(try #require(challenge.nonce))],
          using: &stranger.generator)
        return try stranger.ask(request, key: [1, 2, 3])
      }
    ),
    (437, "437 Allocation Mismatch", { try $0.signed(.refresh, []) }),
    (
      438, "438 Stale Nonce",
      { stranger in
        let challenge = try #require(try stranger.ask(.request(.allocate, using: &stranger.generator)))
        try HostileMessageTests.run("wait 11m", in: &stranger.session)
        return try stranger.signed(.allocate, [udp], nonce: challenge.nonce)
      }
    ),
    (
      441, "441 Wrong Credentials",
      { stranger in
        #expect(try stranger.signed(.allocate, [udp], as: "alice").kind == .success)
        return try stranger.signed(.refresh, [.lifetime(0)])
      }
    ),
    (442, "442 Unsupported Transport Protocol", { try $0.signed(.allocate, [.requestedTransport(6)]) }),
    (
      486, "486 Allocation Quota Reached",
      { stranger in
        for port in 6_001...6_010 as ClosedRange<UInt16> {
          #expect(try stranger.signed(.allocate, [udp], from: port).kind == .success)
        }
        return try stranger.signed(.allocate, [udp], from: 6_011)
      }
    ),
    (508, "508 Insufficient Capacity", { try $0.signed(.allocate, [udp, .reservationToken(7)]) }),
    (403, "403 Forbidden", { try permit("127.0.0.1", &$0) }), (403, "403 Forbidden", { try permit("10.1.2.3", &$0) }),
    (403, "403 Forbidden", { try permit("192.168.1.10", &$0) }),
    (403, "403 Forbidden", { try permit("100.64.0.1", &$0) }),
    (403, "403 Forbidden", { try permit("169.254.1.1", &$0) }),
    (403, "403 Forbidden", { try permit("224.0.0.251", &$0) }),
  ]

  private static func permit(_ address: String, _ stranger: inout Stranger) throws -> STUNMessage? {
    let peer = try #require(IPAddress(address))
    let family: [STUNAttribute] = peer.isIPv4 ? [] : [.requestedAddressFamily(.ipv6)]
    #expect(try stranger.signed(.allocate, [udp] + family).kind == .success)
    return try stranger.signed(.createPermission, [.xorPeerAddress(Endpoint(peer, 80))])
  }

  @Test(arguments: refused.indices) func aRefusalHasItsNumberInTheAnswerInTheTraceAndInWhy(index: Int) throws {
    let (code, words, ask) = Self.refused[index]
    var stranger = try Stranger(serving: "turn")
    let answer = try ask(&stranger)
    #expect(answer?.kind == .error && answer?.errorCode?.rawValue == UInt16(code))
    let refusal = try #require(try stranger.lastRefusal())
    #expect(refusal.code == code)
    #expect(refusal.why.contains(words), "\(refusal.why)")
  }

  /// Addresses of the server's own network, and of tunnels, that may lead there (RFC 8656 §21.2, §21.4).
  static let unrelayed = ["::1", "fd00::1", "fe80::1", "ff02::fb", "2002:c0a8:10a::1", "2001:0:cb00:7132::1"]

  @Test(arguments: unrelayed) func nothingIsRelayedToPrivateSpaceOrATunnelOverIPv6(address: String) throws {
    var stranger = try Stranger(serving: "turn", to: "2001:db8:9::1")
    #expect(try Self.permit(address, &stranger)?.errorCode == .forbidden)
    let peer = Endpoint(try #require(IPAddress(address)), 80)
    let bound = try stranger.signed(.channelBind, [.channelNumber(0x4000), .xorPeerAddress(peer)])
    #expect(bound.errorCode == .forbidden)
    #expect(try #require(try stranger.lastRefusal()).why.contains("403 Forbidden"))
  }

  @Test(arguments: ["2002:5859:6465::1", "2001:0:cb00:7132::1"]) func nothingIsLentThroughATunnel(
    address: String
  ) throws {
    var stranger = try Stranger(serving: "turn", to: address)
    #expect(try stranger.signed(.allocate, [Self.udp]).errorCode == .forbidden)
    #expect(try #require(try stranger.lastRefusal()).code == 403)
  }

  /// A nonce is bound to its client's endpoint, and a request heard elsewhere is of no use.
  @Test func aReplayedRequestMakesNoSecondAllocation() throws {
    var stranger = try Stranger(serving: "turn")
    let challenge = try #require(try stranger.ask(.request(.allocate, using: &stranger.generator)))
    let request = STUNMessage.request(
      .allocate,
      [Self.udp, .username("mallory"), .realm(TURNServer.realm), .nonce(try #require(challenge.nonce))],
      using: &stranger.generator)
    let key = LongTermCredential.key(username: "mallory", realm: TURNServer.realm, password: TURNServer.password)
    let first = try #require(try stranger.ask(request, key: key))
    #expect(first.kind == .success)
    // From the same endpoint it is a repetition, with the same answer; from another it is a stale nonce.
    #expect(try stranger.ask(request, key: key)?.relayedAddress == first.relayedAddress)
    #expect(try stranger.ask(request, key: key, from: 6_001)?.errorCode == .staleNonce)
    #expect(stranger.session.network.trace.events(from: 1).count { $0.name == "allocated" } == 1)
  }

  /// Whoever asks for more and more gets no more than his share, and in the end nobody does; what has ended is free again.
  @Test func aFloodOfAllocationsLeavesTheServerItsLimits() throws {
    var server = TURNServiceTests.Server(quota: 4, capacity: 60)
    var codes: [UInt16: Int] = [:]
    for number in 0..<400 as Range<UInt16> {
      let client = Endpoint(TURNServiceTests.client.address, 1_024 + number)
      let user = number.isMultiple(of: 50) ? "bob" : "alice"
      let answer = try server.ask(.allocate, [Self.udp], from: client, as: user)
      codes[answer.errorCode?.rawValue ?? 0, default: 0] += 1
    }
    #expect(codes == [0: 8, 486: 392] && server.service.allocationCount == 8)
    var crowded = TURNServiceTests.Server(quota: 1_000, capacity: 60)
    codes = [:]
    for number in 0..<200 as Range<UInt16> {
      let client = Endpoint(TURNServiceTests.client.address, 1_024 + number)
      let answer = try crowded.ask(.allocate, [Self.udp], from: client)
      codes[answer.errorCode?.rawValue ?? 0, default: 0] += 1
    }
    #expect(codes == [0: 60, 508: 140] && crowded.service.allocationCount == 60)
    let closed = crowded.service.expire(at: .zero + .seconds(600))
    #expect(closed.count == 120 && crowded.service.allocationCount == 0)
    #expect(try crowded.ask(.allocate, [Self.udp], at: 600).kind == .success)
  }

  /// An answer with another transaction's number, or from somebody else, is not one.
  @Test func anAnswerWithAWrongNumberIsNotTaken() throws {
    var session = try Self.session("host alice 88.90.1.1", "host server 203.0.113.50")
    let (alice, server) = (
      try #require(session.network.device(named: "alice")?.id),
      try #require(session.network.device(named: "server")?.id)
    )
    session.network.own(server, .udp, port: STUNMessage.standardPort)
    let client = STUNClient(
      server: Endpoint(IPAddress(ipv4: 0xCB00_7132), STUNMessage.standardPort), port: 5_000, discovers: false)
    let id = try session.network.start(client, on: alice)
    var asked: Delivery?
    while asked == nil, session.network.step() { asked = session.network.takeDelivery() }
    let delivery = try #require(asked)
    let request = try STUNMessage(decoding: try #require(delivery.bytes)[...])
    var wrong = request.response([.xorMappedAddress(delivery.remote)])
    wrong.transaction = STUNMessage.TransactionID(high: 1, low: 2)
    for (answer, isTaken) in [(wrong, false), (request.response([.xorMappedAddress(delivery.remote)]), true)] {
      try session.network.send(
        from: server, port: STUNMessage.standardPort, to: delivery.remote, payload: Payload(bytes: answer.encoded()))
      let limit = session.network.clock + .milliseconds(100)
      while session.network.step(until: limit) {}
      #expect((session.network.state(ofProgram: id) == "done") == isTaken)
    }
  }
}
