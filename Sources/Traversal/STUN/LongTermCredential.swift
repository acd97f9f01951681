// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

/// The key of a short-term credential: the password's bytes (RFC 8489 §9.1.1).
public func shortTermKey(password: String) -> [UInt8] { Array(password.utf8) }

/// A user's name and password at a server, and the server's realm and nonce: the client's side of the long-term
/// credential mechanism (RFC 8489 §9.2).
public struct LongTermCredential: Hashable, Sendable {
  public let username: String
  public let password: String
  /// The realm of the server's last challenge; nil before there was one.
  public private(set) var realm: String?
  public private(set) var nonce: String?

  public init(username: String, password: String) {
    self.username = username
    self.password = password
  }

  /// The key of a user's password in a realm: MD5, as when no password algorithm is mentioned (RFC 8489 §9.2.2).
  public static func key(username: String, realm: String, password: String) -> [UInt8] {
    Digest.md5(Array("\(username):\(realm):\(password)".utf8)[...])
  }

  /// The replacement for a user's name that is to stay unknown (RFC 8489 §14.4).
  public static func userhash(username: String, realm: String) -> [UInt8] {
    Digest.sha256(Array("\(username):\(realm)".utf8)[...])
  }

  /// The key, once the realm is known.
  public var key: [UInt8]? {
    realm.map { Self.key(username: username, realm: $0, password: password) }
  }

  /// The bytes of a request: bare before there was a challenge (RFC 8489 §9.2.3.1), signed after.
  public func encode(_ request: STUNMessage) -> [UInt8] {
    guard let realm, let nonce else { return request.encoded() }
    var signed = request
    signed.attributes += [.username(username), .realm(realm), .nonce(nonce)]
    return signed.encoded(signedWith: key)
  }

  /// Learns from a refusal; returns whether the request is worth another try (RFC 8489 §9.2.5).
  ///
  /// - Parameter wasSigned: Whether the refused request was signed: a second 401 says that name or password are wrong.
  public mutating func learn(from refusal: STUNMessage, wasSigned: Bool) -> Bool {
    guard let nonce = refusal.nonce, let realm = refusal.realm ?? realm else { return false }
    switch refusal.errorCode {
    case .unauthenticated where !wasSigned, .staleNonce:
      self.realm = realm
      self.nonce = nonce
      return true
    default:
      return false
    }
  }
}

/// The server's side of the long-term credential mechanism (RFC 8489 §9.2.4): it hands out nonces that only it could
/// have made, and knows when each ends without storing any.
public struct LongTermAuthenticator: Hashable, Sendable {
  public var realm: String
  /// Passwords by user.
  public var passwords: [String: String]
  /// The password for anybody who is not in that list; nil lets nobody in.
  public var guestPassword: String?
  public var nonceLifetime: Interval
  private let secret: [UInt8]

  public init(
    realm: String, passwords: [String: String], nonceLifetime: Interval = .minutes(10),
    using generator: inout SeededGenerator
  ) {
    self.realm = realm
    self.passwords = passwords
    self.nonceLifetime = nonceLifetime
    var secret: [UInt8] = []
    secret.appendNumber(generator.next())
    secret.appendNumber(generator.next())
    self.secret = secret
  }

  /// The server's verdict on a request.
  public enum Verdict: Hashable, Sendable {
    /// It comes from this user; the response is to be signed with the key.
    case accepted(username: String, key: [UInt8])
    case refused(STUNMessage)
  }

  /// Checks a request in the RFC's order. Only the user's own password can have signed it, whatever it claims.
  public func check(_ received: ReceivedSTUNMessage, from source: Endpoint, at now: Instant) -> Verdict {
    let request = received.message
    guard received.hasIntegrity else { return challenge(request, .unauthenticated, source, now) }
    let hash = request.first { if case .userhash(let value) = $0 { value } else { nil } }
    guard request.username != nil || hash != nil, request.realm != nil, let nonce = request.nonce else {
      return .refused(request.refusal(.badRequest))
    }
    let name = request.username ?? hash.flatMap(user(hashedAs:))
    guard let name, request.realm == realm, let password = passwords[name] ?? guestPassword else {
      return challenge(request, .unauthenticated, source, now)
    }
    let key = LongTermCredential.key(username: name, realm: realm, password: password)
    guard received.isSigned(with: key) else { return challenge(request, .unauthenticated, source, now) }
    guard isCurrent(nonce, of: source, at: now) else { return challenge(request, .staleNonce, source, now) }
    return .accepted(username: name, key: key)
  }

  private func user(hashedAs hash: [UInt8]) -> String? {
    passwords.keys.first { LongTermCredential.userhash(username: $0, realm: realm) == hash }
  }

  private func challenge(
    _ request: STUNMessage, _ code: STUNErrorCode, _ source: Endpoint, _ now: Instant
  ) -> Verdict {
    .refused(request.refusal(code, [.realm(realm), .nonce(nonce(for: source, at: now))]))
  }

  /// The 13 characters that announce security features: none (RFC 8489 §9.2).
  static let nonceCookie = "obMatJos2AAAA"

  /// A nonce for one client's endpoint, which says when it was made and is signed.
  func nonce(for source: Endpoint, at now: Instant) -> String {
    let time = String(UInt64(bitPattern: now.microseconds), radix: 16)
    let seal = Digest.sha1.authenticate(Array("\(time) \(source)".utf8)[...], key: secret)
    return "\(Self.nonceCookie)\(time)-\(hexadecimal(seal.prefix(8)))"
  }

  private func isCurrent(_ nonce: String, of source: Endpoint, at now: Instant) -> Bool {
    let words = nonce.dropFirst(Self.nonceCookie.count).split(separator: "-")
    guard let first = words.first, let made = UInt64(first, radix: 16) else { return false }
    let time = Instant(microseconds: Int64(bitPattern: made))
    return time <= now && now < time + nonceLifetime && self.nonce(for: source, at: time) == nonce
  }
}
