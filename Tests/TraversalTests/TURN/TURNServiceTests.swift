// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import Traversal

/// A TURN server's answers to requests, one by one.
struct TURNServiceTests {
  static let server = Endpoint(IPAddress(ipv4: 0xCB00_7101), 3_478)
  static let client = Endpoint(IPAddress(ipv4: 0x3124_0A19), 62_000)
  static let peer = Endpoint(IPAddress(ipv4: 0x5859_6465), 4_000)
  static let key = LongTermCredential.key(username: "alice", realm: "natsh", password: "secret")
  static let otherKey = LongTermCredential.key(username: "bob", realm: "natsh", password: "secret")

  struct Server {
    var generator = SeededGenerator(seed: 5)
    var service: TURNService
    var taken: Set<UInt16> = []
    /// Where it is asked, and the addresses that it has.
    var door = TURNServiceTests.server
    var addresses: [IPAddress] = []

    init(quota: Int = 10, capacity: Int = 100) {
      var authenticator = LongTermAuthenticator(realm: "natsh", passwords: [:], using: &generator)
      authenticator.guestPassword = "secret"
      service = TURNService(authenticator: authenticator, quota: quota, capacity: capacity)
    }

    mutating func give(_ bytes: [UInt8], from client: Endpoint, at seconds: Int64) -> [TURNService.Action] {
      var ports = taken
      defer { taken = ports }
      return service.receive(
        bytes, from: client, to: door, lending: addresses, at: .zero + .seconds(seconds), using: &generator
      ) { port in ports.insert(port).inserted }
    }

    /// Asks with a name and the right nonce; returns the answer.
    mutating func ask(
      _ method: STUNMessage.Method, _ attributes: [STUNAttribute], from client: Endpoint = TURNServiceTests.client,
      as user: String = "alice", at seconds: Int64 = 0
    ) throws -> STUNMessage {
      let bare = STUNMessage.request(method, attributes, using: &generator)
      let challenge = try #require(answer(give(bare.encoded(), from: client, at: seconds)))
      let nonce = try #require(challenge.nonce)
      var signed = STUNMessage.request(method, attributes, using: &generator)
      signed.attributes += [.username(user), .realm("natsh"), .nonce(nonce)]
      let key = user == "alice" ? TURNServiceTests.key : TURNServiceTests.otherKey
      return try #require(answer(give(signed.encoded(signedWith: key), from: client, at: seconds)))
    }

    func answer(_ actions: [TURNService.Action]) -> STUNMessage? {
      for case .toClient(let bytes, _, _) in actions { return try? STUNMessage(decoding: bytes[...]) }
      return nil
    }
  }

  static let udp = STUNAttribute.requestedTransport(17)

  static let refused: [(attributes: [STUNAttribute], code: STUNErrorCode)] = [
    ([], .badRequest), ([.requestedTransport(6)], .unsupportedTransport),
    ([udp, .requestedAddressFamily(.ipv6)], .addressFamilyNotSupported),
    ([udp, .requestedAddressFamily(.ipv4), .additionalAddressFamily(.ipv6)], .badRequest),
    ([udp, .additionalAddressFamily(.ipv4)], .badRequest),
    ([udp, .additionalAddressFamily(.ipv6), .evenPort(reserveNext: true)], .badRequest),
    ([udp, .additionalAddressFamily(.ipv6), .reservationToken(1)], .badRequest),
    ([udp, .unknown(0x7F01, [])], .unknownAttribute),
    ([udp, .reservationToken(1)], .insufficientCapacity),
    ([udp, .reservationToken(1), .evenPort(reserveNext: false)], .badRequest),
    ([udp, .evenPort(reserveNext: true)], .insufficientCapacity), ([udp, .malformed(.lifetime, [1])], .badRequest),
  ]

  @Test(arguments: refused) func anAllocationIsRefusedWithItsReason(
    attributes: [STUNAttribute], code: STUNErrorCode
  ) throws {
    var server = Server()
    #expect(try server.ask(.allocate, attributes).errorCode == code)
    #expect(server.service.allocationCount == 0)
  }

  @Test(arguments: [(nil, 600), (0, 600), (60, 600), (1_200, 1_200), (.max, 3_600)] as [(UInt32?, UInt32)])
  func aLifetimeIsKeptWithinItsLimits(asked: UInt32?, given: UInt32) throws {
    var server = Server()
    let response = try server.ask(.allocate, [Self.udp] + (asked.map { [.lifetime($0)] } ?? []))
    #expect(response.kind == .success && response.lifetime == given && response.mappedAddress == Self.client)
    #expect(response.relayedAddress.map { TURNService.relayPorts.contains($0.port) } == true)
  }

  @Test func allocationsBelongToTheirOwnersAndAreLimited() throws {
    var server = Server(quota: 2)
    #expect(try server.ask(.refresh, []).errorCode == .allocationMismatch)
    #expect(try server.ask(.allocate, [Self.udp]).kind == .success)
    #expect(try server.ask(.allocate, [Self.udp]).errorCode == .allocationMismatch)
    #expect(try server.ask(.refresh, [], as: "bob").errorCode == .wrongCredentials)
    let (second, third) = (Endpoint(Self.client.address, 1), Endpoint(Self.client.address, 2))
    #expect(try server.ask(.allocate, [Self.udp], from: second).kind == .success)
    #expect(try server.ask(.allocate, [Self.udp], from: third).errorCode == .allocationQuotaReached)
    #expect(try server.ask(.allocate, [Self.udp], from: third, as: "bob").kind == .success)
    var small = Server(capacity: 1)
    #expect(try small.ask(.allocate, [Self.udp]).kind == .success)
    #expect(try small.ask(.allocate, [Self.udp], from: second).errorCode == .insufficientCapacity)
    #expect(try small.ask(.refresh, [.lifetime(0)]).lifetime == 0)
    #expect(try small.ask(.allocate, [Self.udp], from: second).kind == .success)
  }

  private static let both = STUNAttribute.additionalAddressFamily(.ipv6)

  /// RFC 8656 §7.2, 7 and 9: which addresses are lent depends on what is asked for and what there is, and not on the
  /// family by which the client comes.
  @Test(
    arguments: [
      ("4 6", [], "4"), ("4 6", [.requestedAddressFamily(.ipv4)], "4"), ("4 6", [.requestedAddressFamily(.ipv6)], "6"),
      ("4 6", [both], "4 6"), ("4", [], "4"), ("4", [both], "4 no 6"), ("4", [.requestedAddressFamily(.ipv6)], "440"),
      ("6", [], "440"), ("6", [.requestedAddressFamily(.ipv6)], "6"), ("6", [both], "6 no 4"),
      ("6", [.requestedAddressFamily(.ipv4)], "440"),
    ] as [(String, [STUNAttribute], String)], ["4", "6"])
  func theFamilyThatIsAskedForIsLent(served: (has: String, asked: [STUNAttribute], given: String), over family: String)
    throws
  {
    let ipv6 = try #require(IPAddress("2001:db8:5::50"))
    guard served.has.contains(family) else { return }
    var server = Server()
    server.door = Endpoint(family == "4" ? Self.server.address : ipv6, Self.server.port)
    if served.has.contains("4") { server.addresses.append(Self.server.address) }
    if served.has.contains("6") { server.addresses.append(ipv6) }
    let client = family == "4" ? Self.client : try #require(Endpoint("[2001:db8:9::1]:62000"))
    let answer = try server.ask(.allocate, [Self.udp] + served.asked, from: client)
    let lent = answer.relayedAddresses.map { $0.address.isIPv4 ? "4" : "6" }
    let missing = answer.first {
      if case .addressErrorCode(let family, .addressFamilyNotSupported, _) = $0 { family } else { nil }
    }
    let words = lent + (missing.map { ["no", $0 == .ipv4 ? "4" : "6"] } ?? [])
    #expect((words + (answer.errorCode.map { ["\($0.rawValue)"] } ?? [])).joined(separator: " ") == served.given)
    #expect(answer.relayedAddresses.allSatisfy { server.addresses.contains($0.address) })
    #expect(server.taken.count == (lent.isEmpty ? 0 : 1))
  }

  @Test func oneOfTwoFamiliesCanBeGivenBack() throws {
    var server = Server()
    server.addresses = [Self.server.address, try #require(IPAddress("2001:db8:5::50"))]
    let lent = try server.ask(.allocate, [Self.udp, Self.both]).relayedAddresses
    let other = try #require(Endpoint("[2001:db8:9::7]:4000"))
    for peer in [Self.peer, other] {
      #expect(try server.ask(.createPermission, [.xorPeerAddress(peer)]).kind == .success)
    }
    func send(to peer: Endpoint) -> [TURNService.Action] {
      let id = STUNMessage.TransactionID(using: &server.generator)
      let indication = STUNMessage(.indication, .send, id, [.xorPeerAddress(peer), .data([7])])
      return server.give(indication.encoded(), from: Self.client, at: 0)
    }
    #expect(send(to: Self.peer) == [.toPeer([7], from: lent[0], to: Self.peer, dontFragment: false)])
    #expect(send(to: other) == [.toPeer([7], from: lent[1], to: other, dontFragment: false)])
    #expect(try server.ask(.refresh, [.lifetime(0), .requestedAddressFamily(.ipv4)]).kind == .success)
    #expect(send(to: Self.peer) == [.note(.discarded(client: Self.client, peer: Self.peer))])
    #expect(send(to: other) == [.toPeer([7], from: lent[1], to: other, dontFragment: false)])
    #expect(
      try server.ask(.refresh, [.requestedAddressFamily(.ipv4)]).errorCode == .peerAddressFamilyMismatch)
    #expect(try server.ask(.createPermission, [.xorPeerAddress(Self.peer)]).errorCode == .peerAddressFamilyMismatch)
    #expect(try server.ask(.refresh, [.lifetime(0)]).kind == .success && server.service.allocationCount == 0)
  }

  static let private10 = Endpoint(IPAddress(ipv4: 0x0A00_0001), 1)
  static let loopback = Endpoint(IPAddress(ipv4: 0x7F00_0001), 1)

  @Test func nobodyIsRelayedToPrivateSpaceToTheServerOrWithoutPermission() throws {
    var server = Server()
    let relayed = try #require(try server.ask(.allocate, [Self.udp]).relayedAddress)
    #expect(try server.ask(.createPermission, [.xorPeerAddress(Self.private10)]).errorCode == .forbidden)
    #expect(try server.ask(.createPermission, [.xorPeerAddress(Self.loopback)]).errorCode == .forbidden)
    #expect(try server.ask(.createPermission, []).errorCode == .badRequest)
    let ipv6 = try #require(Endpoint("[2001:db8::1]:1"))
    #expect(try server.ask(.createPermission, [.xorPeerAddress(ipv6)]).errorCode == .peerAddressFamilyMismatch)

    let send = STUNMessage.request(.send, [.xorPeerAddress(Self.peer), .data([7])], using: &server.generator)
    let indication = STUNMessage(.indication, .send, send.transaction, send.attributes).encoded()
    #expect(
      server.give(indication, from: Self.client, at: 0) == [.note(.discarded(client: Self.client, peer: Self.peer))])
    #expect(try server.ask(.createPermission, [.xorPeerAddress(Self.peer)]).kind == .success)
    let passed = TURNService.Action.toPeer([7], from: relayed, to: Self.peer, dontFragment: false)
    #expect(server.give(indication, from: Self.client, at: 299) == [passed])
    #expect(
      server.give(indication, from: Self.client, at: 300) == [.note(.discarded(client: Self.client, peer: Self.peer))])
    #expect(server.give(indication, from: Endpoint(Self.client.address, 9), at: 0) == [])
  }

  @Test func aChannelBelongsToOnePeerAndItsDataAreShort() throws {
    var server = Server()
    let relayed = try #require(try server.ask(.allocate, [Self.udp, .lifetime(3_600)]).relayedAddress)
    func bind(_ number: UInt16, _ peer: Endpoint, at seconds: Int64 = 0) throws -> STUNErrorCode? {
      try server.ask(.channelBind, [.channelNumber(number), .xorPeerAddress(peer)], at: seconds).errorCode
    }
    #expect(try bind(0x3FFF, Self.peer) == .badRequest && bind(0x5000, Self.peer) == .badRequest)
    #expect(try bind(0x4000, Self.peer) == nil && bind(0x4000, Self.peer) == nil)
    let other = Endpoint(Self.peer.address, 4_001)
    #expect(try bind(0x4000, other) == .badRequest && bind(0x4001, Self.peer) == .badRequest)
    let data = ChannelData(channel: 0x4000, data: [1, 2, 3])
    #expect(
      server.give(data.encoded(), from: Self.client, at: 1)
        == [.toPeer([1, 2, 3], from: relayed, to: Self.peer, dontFragment: false)])
    #expect(
      server.service.receive(
        [9], fromPeer: Self.peer, atPort: relayed.port, at: .zero, using: &server.generator)
        == [.toClient(ChannelData(channel: 0x4000, data: [9]).encoded(), from: Self.server, to: Self.client)])
    // After ten minutes the number is free, and the address as well.
    #expect(try bind(0x4000, other, at: 600) == nil && bind(0x4001, Self.peer, at: 600) == nil)
  }

  @Test func noBytesCrashAServerAndOnlyAUsersMakeAnAllocation() throws {
    var server = Server()
    var random = RandomMessage(seed: 9)
    for _ in 0..<2_000 {
      var bytes = random.next().encoded(signedWith: Self.key)
      if random.generator.below(2) == 0, !bytes.isEmpty {
        bytes[Int(random.generator.below(UInt64(bytes.count)))] = UInt8(random.generator.below(256))
      }
      _ = server.give(bytes, from: Self.client, at: 0)
    }
    #expect(server.service.allocationCount == 0)
  }
}
