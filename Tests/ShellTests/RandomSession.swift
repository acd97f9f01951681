// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Rendering

/// Lines that a careless student might type, and sessions made of them.
final class RandomSession {
  var session: Session
  private var luck: SeededGenerator

  init(seed: UInt64) {
    session = Session(catalog: .standard, seed: seed)
    luck = SeededGenerator(seed: seed)
  }

  func below(_ count: Int) -> Int { Int(luck.below(UInt64(count))) }

  private func pick(_ words: [String]) -> String { words[below(words.count)] }

  private static let hosts = ["alice", "bob", "carol", "Dave", "éric"]
  private static let routers = ["r1", "R2", "isp"]
  private static let addresses = [
    "1.2.3.4", "1.2.3.5", "192.168.1.10", "192.168.1.1", "192.168.1.255", "10.0.0.7", "255.255.255.255", "127.0.0.1",
    "2001:db8::5", "198.51.100.1", "88.1.2.3",
  ]
  private static let settings = [
    "mapping eim", "mapping apdm", "mapping adm", "filtering eif", "filtering adf", "filtering apdf", "ports overload",
    "ports preserve", "ports random", "ports random 65535 65535", "ports sequential 65534", "parity on",
    "hairpinning on", "pooling arbitrary", "addresses 88.1.2.9 88.1.2.10", "addresses none", "refresh both",
    "udp-timeout 10ms", "udp-stream-timeout 1h", "icmp-timeout 1us", "max-mappings 1", "max-mappings unlimited",
    "max-mappings-per-host 2", "rejects icmp", "rejects as-host", "tracking connections", "tracking mappings",
    "untracked passed", "firewall off", "firewall on", "nat off", "nat on", "preset cgnat",
    "preset linux", "preset symmetric", "preset home", "ports bound", "ports open", "delay 0s", "delay 37ms",
    "delay 10000000h", "rate 1bit", "rate 64kbit", "rate unlimited", "loss 30%", "loss 100%", "loss 0%",
  ]
  private static let texts = ["", "hello", "\"a;b # c\"", "\"q\\\"\\\\\\n\"", "ttl 1", "ttl 2 \"x\"", "\"\""]

  private func end() -> String {
    let port = pick(["", ":5000", ":5001", ":1", ":65535"])
    return pick(Self.hosts + Self.hosts + Self.addresses + ["49.36.10.25", "r1"]) + port
  }

  /// A line; most are good, all are plausible.
  func line() -> String {
    let host = pick(Self.hosts)
    let router = pick(Self.routers)
    switch below(24) {
    case 0: return "host \(host) \(pick(["", "", pick(Self.addresses)])) \(pick(["", "behind \(router)"]))"
    case 1: return "router \(router) \(pick(["", "lan 10.0.0.0/29", "behind isp", "behind r1 preset symmetric"]))"
    case 2: return "router \(router) 49.36.10.25 lan 192.168.1.0/24 lan 2001:db8:1::/64"
    case 3: return "remove \(pick([host, router]))"
    case 4: return below(3) == 0 ? pick(["reset", "scene one-home", "scene cgnat", "scene two-homes"]) : "run"
    case 5, 6: return "set \(pick([host, router, router])) \(pick(Self.settings))"
    case 7: return "forward \(router) \(pick(["", "tcp"])) \(pick(["80", "62000", "62001"])) to \(end())"
    case 8: return "unforward \(router) \(pick(["", "tcp"])) \(pick(["80", "62000", "62001"]))"
    case 9: return "listen \(host) \(pick(["80", "4000", "5000"])) \(pick(["", "udp", "tcp"]))"
    case 10: return "ping \(end()) \(end())"
    case 11: return "connect \(host)\(pick(["", ":5000"])) \(end())"
    case 12: return "close \(host) \(end())"
    case 13: return "reply \(pick(["", "again", "\"and \\\"again\\\"\""]))"
    case 14: return "wait \(pick(["1us", "1ms", "20ms", "1s", "5m", "3h"]))"
    case 15: return pick(["run", "run for 1ms", "run for 15ms", "step 7"])
    case 16, 17: return "step"
    case 18: return "send \(end()) \(end()) tcp \(pick(Self.texts))"
    case 19: return "send \(end()) \(end()) icmp \(pick(Self.texts))"
    default: return "send \(host)\(pick(["", ":5000"])) \(end()) \(pick(Self.texts))"
    }
  }

  /// Executes a line; whether it changed the history of what was done.
  func execute(_ line: String) -> Bool {
    let before = session.standingLines.count
    for statement in (try? Statement.statements(in: line)) ?? [] { _ = try? session.execute(statement) }
    return session.standingLines.count != before
  }

  /// All that there is to see of a session.
  static func sight(of session: Session) -> [String] {
    var session = session
    // The first look at a table notes what is new in it.
    return ["table", "table", "show", "packets", "trace 1000", "map", "stats", "step"].map { line in
      guard let statement = try? Statement.statements(in: line).first else { return "" }
      do { return JSONRenderer().line(for: try session.execute(statement)) } catch { return "\(error)" }
    }.dropFirst().map { $0 }
  }
}
