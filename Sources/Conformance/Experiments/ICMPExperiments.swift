// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// Pings, and errors about other packets (RFC 5508).
enum ICMPExperiments {
  static func pings(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    let answer = laboratory.ping(.pc, 7, to: .server).flatMap { laboratory.answer($0, from: .server) }
    let isRight = answer?.destination == laboratory.endpoint(.pc, 7)
    return Evidence(
      holds: isRight,
      shown: said(
        "The pc's ping went out, and its answer \(isRight ? said("came to the pc.") : said("did not come back."))"),
      rows: laboratory.rows)
  }

  /// REQ-1a: the identifier is the same for every receiver.
  static func identifier(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    laboratory.ping(.laptop, 7, to: .stranger)
    let sources = [Party.server, .stranger].map { laboratory.ping(.pc, 7, to: $0)?.source }
    guard let first = sources[0], let second = sources[1] else {
      return Evidence(holds: nil, shown: said("A ping did not leave."), rows: laboratory.rows)
    }
    return Evidence(
      holds: first == second,
      shown: first == second
        ? said("The pc's pings to two hosts left with one identifier.")
        : said("The pc's pings to two hosts left with the identifiers \(first.port) and \(second.port)."),
      rows: laboratory.rows)
  }

  static func lifetime(_ subject: NATUnderTest) -> Evidence {
    let time = Interval.seconds(60)
    var laboratory = Laboratory(subject)
    guard let sent = laboratory.ping(.pc, 7, to: .server) else {
      return Evidence(holds: nil, shown: said("The ping did not leave."), rows: laboratory.rows)
    }
    laboratory.wait(Interval(microseconds: time.microseconds - 1))
    let cameIn = laboratory.answer(sent, from: .server) != nil
    return Evidence(
      holds: cameIn,
      shown: said(
        "An answer that took \(time), less a microsecond, \(cameIn ? said("still came in.") : said("was turned away."))"
      ),
      rows: laboratory.rows)
  }

  /// REQ-4: an error from outside quotes the packet as its sender sent it.
  static func errorFromOutside(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    let pc = laboratory.endpoint(.pc, 5_000)
    guard let sent = laboratory.send(.pc, 5_000, to: laboratory.endpoint(.server, 4_000)) else {
      return Evidence(holds: nil, shown: said("The packet did not leave."), rows: laboratory.rows)
    }
    let error = laboratory.report(.hostUnreachable, about: sent, number: 1, from: .stranger)
    let isRight = error?.destination.address == pc.address && error?.quoted?.source == pc
    return Evidence(
      holds: isRight,
      shown: isRight
        ? said("A router's error came to the pc, and quoted the packet as the pc had sent it.")
        : error == nil
          ? said("A router's error was turned away.")
          : said("A router's error came in with a quote that the pc cannot know."),
      rows: laboratory.rows)
  }

  /// REQ-5: an error from inside leaves from the mapping's outside address, and quotes the packet as it was outside.
  static func errorFromInside(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    let server = laboratory.endpoint(.server, 4_000)
    guard let external = laboratory.send(.pc, 5_000, to: server)?.source,
      let arrived = laboratory.receive(external, from: .server, 4_000)
    else { return Evidence(holds: nil, shown: said("No packet came in to report on."), rows: laboratory.rows) }
    let error = laboratory.report(.portUnreachable, about: arrived, number: 2, from: .pc)
    let isRight = error?.source.address == external.address && error?.quoted?.destination == external
    return Evidence(
      holds: isRight,
      shown: isRight
        ? said(
          "The pc's \"port unreachable\" left from the outside address, and quoted the packet as the server had sent it."
        )
        : said("The pc's \"port unreachable\" did not reach the server in a form that it could understand."),
      rows: laboratory.rows)
  }

  /// REQ-6: an error neither refreshes nor ends the mapping that it is about.
  static func errorsChangeNothing(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    guard let sent = laboratory.send(.pc, 5_000, to: laboratory.endpoint(.server, 4_000)),
      let before = laboratory.newestLifetime
    else { return Evidence(holds: nil, shown: said("No mapping was made."), rows: laboratory.rows) }
    let wait = Interval(microseconds: min(1_000_000, before.microseconds - 1))
    laboratory.wait(wait)
    laboratory.report(.hostUnreachable, about: sent, number: 1, from: .stranger)
    let after = laboratory.newestLifetime
    let isSame = after == Interval(microseconds: before.microseconds - wait.microseconds)
    return Evidence(
      holds: isSame,
      shown: isSame
        ? said("After an error about its packet the mapping had as long to live as without one.")
        : after == nil
          ? said("An error about its packet ended the mapping.")
          : said("An error about its packet gave the mapping more time."),
      rows: laboratory.rows)
  }
}
