// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// How long a mapping lives, and what keeps it alive (RFC 4787 §4.3, RFC 7857 §7).
enum LifetimeExperiments {
  /// Whether a mapping is still there when it has been idle for just less than `time`, new or in use both ways.
  static func survives(_ time: Interval, _ subject: NATUnderTest) -> Evidence {
    let idle = Interval(microseconds: time.microseconds - 1)
    var fresh = Laboratory(subject)
    let server = fresh.endpoint(.server, 4_000)
    let external = fresh.send(.pc, 5_000, to: server)?.source
    fresh.wait(idle)
    let freshLives = external.map { fresh.receive($0, from: .server, 4_000) != nil }
    guard let external, freshLives == true else {
      return Evidence(
        holds: freshLives, shown: said("It had been quiet for \(time), less a microsecond, and the mapping was gone."),
        rows: fresh.rows,
        decidedBy: Properties.udpTimeout.property)
    }
    guard subject.behavior.lifetimes.udpStream != nil else {
      return Evidence(
        holds: true, shown: said("It had been quiet for \(time), less a microsecond, and the mapping was still there."),
        rows: fresh.rows)
    }
    var stream = Laboratory(subject)
    stream.send(.pc, 5_000, to: server)
    stream.receive(external, from: .server, 4_000)
    stream.wait(subject.behavior.streamAfter)
    let later = stream.send(.pc, 5_000, to: server)?.source ?? external
    stream.wait(idle)
    let streamLives = stream.receive(later, from: .server, 4_000) != nil
    return Evidence(
      holds: streamLives,
      shown: streamLives
        ? said("It had been quiet for \(time), less a microsecond, and the mapping was still there, new or in use.")
        : said(
          "Packets had gone both ways, it had then been quiet for \(time), less a microsecond, and the mapping was gone."
        ),
      rows: streamLives ? fresh.rows : stream.rows, decidedBy: streamLives ? nil : Properties.udpStreamTimeout.property)
  }

  /// A packet out keeps the mapping for another lifetime.
  static func outboundRefresh(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    let server = laboratory.endpoint(.server, 4_000)
    guard let external = laboratory.send(.pc, 5_000, to: server)?.source, let lifetime = laboratory.newestLifetime
    else { return Evidence(holds: nil, shown: said("No mapping was made."), rows: laboratory.rows) }
    laboratory.wait(lifetime.most)
    laboratory.send(.pc, 5_000, to: server)
    laboratory.wait(min(lifetime.past, Interval(microseconds: lifetime.microseconds - 1)))
    let cameIn = laboratory.receive(external, from: .server, 4_000) != nil
    return Evidence(
      holds: cameIn,
      shown: cameIn
        ? said("The pc sent again before its mapping's \(lifetime) was over, and the mapping's lifetime began again.")
        : said("The pc sent again in time, and its mapping still timed out."),
      rows: laboratory.rows)
  }

  /// RFC 7857 §7: packets that the filter turns away do not keep a mapping alive.
  static func refusedRefresh(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    guard let external = laboratory.send(.pc, 5_000, to: laboratory.endpoint(.server, 4_000))?.source,
      let lifetime = laboratory.newestLifetime
    else { return Evidence(holds: nil, shown: said("No mapping was made."), rows: laboratory.rows) }
    laboratory.wait(lifetime.most)
    guard laboratory.receive(external, from: .stranger, 4_000) == nil else {
      return Evidence(
        holds: nil, shown: said("A stranger's packet was let in: none are turned away here."), rows: laboratory.rows)
    }
    laboratory.wait(lifetime.past)
    let cameIn = laboratory.receive(external, from: .server, 4_000) != nil
    return Evidence(
      holds: !cameIn,
      shown:
        said(
          "A stranger's packet was turned away, and the mapping \(cameIn ? said("lived on because of it.") : said("ended on time."))"
        ),
      rows: laboratory.rows)
  }

  /// RFC 7857 §7.1: an insider's ICMP error about a packet that came in does not keep a mapping alive.
  static func errorRefresh(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    guard let external = laboratory.send(.pc, 5_000, to: laboratory.endpoint(.server, 4_000))?.source,
      let received = laboratory.receive(external, from: .server, 4_000), let lifetime = laboratory.newestLifetime
    else { return Evidence(holds: nil, shown: said("No packet came in to complain about."), rows: laboratory.rows) }
    laboratory.wait(lifetime.most)
    laboratory.report(.portUnreachable, about: received, number: 2, from: .pc)
    laboratory.wait(lifetime.past)
    let cameIn = laboratory.receive(external, from: .server, 4_000) != nil
    return Evidence(
      holds: !cameIn,
      shown:
        said(
          "The pc's ICMP error about the server's packet \(cameIn ? said("kept its mapping alive.") : said("did not keep its mapping alive."))"
        ),
      rows: laboratory.rows)
  }
}

extension Interval {
  /// Three quarters of a lifetime, less than the whole of it.
  fileprivate var most: Interval { Interval(microseconds: microseconds * 3 / 4) }

  /// As much again as ``most``, or enough to be past the whole.
  fileprivate var past: Interval { max(most, Interval(microseconds: microseconds - most.microseconds)) }
}
