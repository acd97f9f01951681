// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing
import Traversal

/// When requests are sent again, whose responses count, and who may ask.
struct TransactionTests {
  let server = Endpoint(IPAddress(ipv4: 0xCB00_7101), 3_478)
  let client = Endpoint(IPAddress(ipv4: 0x3124_0A19), 62_000)

  /// The instants of the RFCs: 39.5 s until a STUN client gives up.
  static let schedules: [(schedule: Retransmission, milliseconds: [Int64])] = [
    (.stun, [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500, 39_500]),
    (.natPMP, [0, 250, 750, 1_750, 3_750, 7_750, 15_750, 31_750, 63_750, 127_750]),
    (.stun(rto: .milliseconds(100), rc: 3, rm: 4), [0, 100, 300, 700]),
  ]

  @Test(arguments: schedules) func aRequestIsRetransmittedAsItsRFCSays(
    schedule: Retransmission, milliseconds: [Int64]
  ) {
    var transaction = STUNTransaction(
      STUNMessage.TransactionID(high: 1, low: 2), request: [9], to: server, at: .zero, schedule: schedule)
    var times: [Int64] = []
    var end: Int64?
    while end == nil {
      let now = transaction.due
      switch transaction.wake(at: now) {
      case .send(let bytes, let destination):
        #expect(bytes == [9] && destination == server)
        times.append(now.microseconds / 1_000)
        #expect(transaction.wake(at: now) == .wait(until: transaction.due))
      case .wait: Issue.record("nothing was due at \(now)")
      case .timedOut: end = now.microseconds / 1_000
      }
    }
    #expect(times + [end ?? 0] == milliseconds)
  }

  @Test func aResponseBelongsToItsRequestByIdentifierAndSource() {
    let id = STUNMessage.TransactionID(high: 1, low: 2)
    let transaction = STUNTransaction(id, request: [], to: server, at: .zero)
    let request = STUNMessage(.request, .binding, id)
    let response = request.response([])
    #expect(transaction.isAnswered(by: response, from: server))
    #expect(transaction.isAnswered(by: request.refusal(.badRequest), from: server))
    #expect(!transaction.isAnswered(by: response, from: client))
    #expect(transaction.isAnswered(by: response, from: client, anySource: true))
    #expect(!transaction.isAnswered(by: request, from: server))
    var other = response
    other.transaction = STUNMessage.TransactionID(high: 1, low: 3)
    #expect(!transaction.isAnswered(by: other, from: server))
  }

  private func authenticator() -> LongTermAuthenticator {
    var generator = SeededGenerator(seed: 3)
    return LongTermAuthenticator(realm: "natsh", passwords: ["alice": "secret"], using: &generator)
  }

  private func code(_ verdict: LongTermAuthenticator.Verdict) -> STUNErrorCode? {
    if case .refused(let refusal) = verdict { refusal.errorCode } else { nil }
  }

  @Test func aChallengeIsAnsweredAndAStaleNonceIsRenewed() throws {
    let server = authenticator()
    var credential = LongTermCredential(username: "alice", password: "secret")
    func ask(_ now: Instant, _ credential: LongTermCredential) throws -> LongTermAuthenticator.Verdict {
      let request = STUNMessage(.request, .allocate, STUNMessage.TransactionID(high: 1, low: 2))
      return server.check(
        try ReceivedSTUNMessage(decoding: credential.encode(request)[...]), from: client, at: now)
    }
    guard case .refused(let challenge) = try ask(.zero, credential) else {
      Issue.record("no challenge")
      return
    }
    #expect(challenge.errorCode == .unauthenticated && challenge.nonce?.hasPrefix("obMatJos2") == true)
    let isWorthIt = credential.learn(from: challenge, wasSigned: false)
    #expect(isWorthIt)
    let key = try #require(credential.key)
    #expect(try ask(.zero + .seconds(599), credential) == .accepted(username: "alice", key: key))
    guard case .refused(let stale) = try ask(.zero + .seconds(600), credential) else {
      Issue.record("an old nonce was accepted")
      return
    }
    #expect(stale.errorCode == .staleNonce)
    let isRenewed = credential.learn(from: stale, wasSigned: true)
    #expect(isRenewed)
    #expect(try ask(.zero + .seconds(600), credential) == .accepted(username: "alice", key: key))
    // A second 401 says that name or password are wrong.
    let isWorthAnother = credential.learn(from: challenge, wasSigned: true)
    #expect(!isWorthAnother)
  }

  @Test func onlyTheUsersOwnPasswordPasses() throws {
    let server = authenticator()
    let request = STUNMessage(.request, .allocate, STUNMessage.TransactionID(high: 1, low: 2))
    guard
      case .refused(let challenge) = server.check(
        try ReceivedSTUNMessage(decoding: request.encoded()[...]), from: client, at: .zero)
    else {
      Issue.record("no challenge")
      return
    }
    let nonce = try #require(challenge.nonce)
    let right = LongTermCredential.key(username: "alice", realm: "natsh", password: "secret")
    let wrong = LongTermCredential.key(username: "alice", realm: "natsh", password: "guess")
    let elsewhere = Endpoint(client.address, 62_001)
    let full: [STUNAttribute] = [.username("alice"), .realm("natsh"), .nonce(nonce)]
    let hashed = LongTermCredential.userhash(username: "alice", realm: "natsh")
    let cases: [(attributes: [STUNAttribute], key: [UInt8]?, from: Endpoint, expected: STUNErrorCode?)] = [
      (full, right, client, nil),
      ([.userhash(hashed), .realm("natsh"), .nonce(nonce)], right, client, nil),
      (full, nil, client, .unauthenticated),
      (full, wrong, client, .unauthenticated),
      ([.username("mallory"), .realm("natsh"), .nonce(nonce)], right, client, .unauthenticated),
      ([.username("alice"), .realm("other"), .nonce(nonce)], right, client, .unauthenticated),
      ([.realm("natsh"), .nonce(nonce)], right, client, .badRequest),
      ([.username("alice"), .nonce(nonce)], right, client, .badRequest),
      ([.username("alice"), .realm("natsh")], right, client, .badRequest),
      // An overheard nonce is of no use elsewhere, and an invented one of no use at all.
      (full, right, elsewhere, .staleNonce),
      ([.username("alice"), .realm("natsh"), .nonce("obMatJos2AAAA0-0000000000000000")], right, client, .staleNonce),
      ([.username("alice"), .realm("natsh"), .nonce("")], right, client, .staleNonce),
    ]
    for (attributes, key, source, expected) in cases {
      var asked = request
      asked.attributes = attributes
      let received = try ReceivedSTUNMessage(decoding: asked.encoded(signedWith: key)[...])
      #expect(code(server.check(received, from: source, at: .zero)) == expected, "\(attributes)")
    }
  }
}
