// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Testing

@testable import Commands
@testable import Traversal

/// RFC 8305 in `connect`.
@Suite struct HappyEyeballsTests: CommandSuite {
  private static func told(_ session: Session) -> [String] {
    session.network.trace.events(from: 1).filter { $0.program == "connector" || $0.program == "resolver" }.map {
      let remote = if case .endpoint(let endpoint)? = $0.data["remote"] { " \(endpoint)" } else { "" }
      return "\($0.time.microseconds / 1_000) \($0.name)\(remote)"
    }
  }

  @Test func ipv6Wins() throws {
    let session = try Self.session("scene dual-stack", "connect alice shop:80", "run")
    #expect(Self.told(session) == ["0 attempt [2001:db8:c::80]:80", "42 connected [2001:db8:c::80]:80"])
  }

  /// A broken IPv6 path costs the delay between two attempts, and nothing else.
  @Test func aBrokenPathCostsAQuarterOfASecond() throws {
    let session = try Self.session("scene dual-stack", "connect alice web:80", "run")
    // The office's firewall refuses IPv6 silently, and forwards no IPv4 port either.
    #expect(Self.told(session).last == "10250 failed")
    let open = try Self.session(
      "scene dual-stack", "forward office tcp 80 to web:80", "connect alice 88.90.100.110:80", "run")
    #expect(Self.told(open).isEmpty, "an address is tried alone")
    let named = try Self.session(
      "scene dual-stack", "serve shop names", "forward office tcp 80 to web:80",
      "names shop web.example 2001:db8:b1::80 88.90.100.110", "connect alice web.example:80", "run")
    let told = Self.told(named)
    #expect(
      told.suffix(3).map { String($0.drop { $0 != " " }) } == [
        " attempt [2001:db8:b1::80]:80", " attempt 88.90.100.110:80", " connected 88.90.100.110:80",
      ])
    let times = told.suffix(3).compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
    #expect(times.count == 3 && times[1] - times[0] == 250 && times[2] - times[1] == 44)
  }

  /// One that refuses makes way at once.
  @Test func aRefusalIsNotWaitedFor() throws {
    let session = try Self.session(
      "scene dual-stack", "serve shop names", "names shop mixed.example 2001:db8:c::80 88.90.100.110",
      "set shop ports bound", "listen shop 53 udp", "forward office tcp 80 to web:80", "connect alice mixed.example:80",
      "run")
    let told = Self.told(session)
    let times = told.suffix(3).compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
    #expect(told.last?.hasSuffix("connected 88.90.100.110:80") == true, "\(told)")
    #expect(times.count == 3 && times[1] - times[0] == 42)
  }

  /// What comes after the handshake goes the same way, whichever family it was.
  @Test func theConnectionIsUsed() throws {
    var session = try Self.session("scene dual-stack", "connect alice:5000 shop:80", "run")
    for line in ["send alice:5000 shop:80 tcp hello", "close alice shop:80"] {
      try Self.run(line, in: &session)
      let result = try Self.run("run", in: &session)
      #expect(result.activity?.hops.allSatisfy { !$0.source.address.isIPv4 } == true, "\(line)")
    }
    #expect(throws: SessionError.self) { try Self.run("close alice shop:80", in: &session) }
  }

  @Test func anOpenConnectionIsNotOpenedAgain() throws {
    var session = try Self.session("scene dual-stack", "connect alice:5000 shop:80", "run")
    do throws(any Error) {
      try Self.run("connect alice:5000 shop:80", in: &session)
      Issue.record("carried out")
    } catch SessionError.command(let error) {
      #expect(error.kind.word == "already-connected")
    }
    // From another port it is another connection.
    try Self.run("connect alice shop:80", in: &session)
    try Self.run("run", in: &session)
    #expect(Self.told(session).last?.hasSuffix("connected [2001:db8:c::80]:80") == true)
  }

  /// Whoever loses the race is forgotten: a late answer is refused, and only one connection is open.
  @Test func theLoserIsForgotten() throws {
    var session = try Self.session(
      "scene dual-stack", "set shop delay 200ms", "connect alice:5000 shop:80", "run")
    #expect(Self.told(session).filter { $0.contains("attempt") }.count == 2)
    let told = try #require(Self.told(session).last)
    #expect(told.hasSuffix("connected [2001:db8:c::80]:80"))
    let close = try Self.run("close alice:5000 shop:80", in: &session)
    #expect(close.activity?.hops.first?.source.address.isIPv4 == false)
  }
}
