// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// Whether packets get through as they should: hairpinned, with their payload unchanged, with ICMP errors about them
/// (RFC 4787 §6, §7, §9).
enum TransparencyExperiments {
  static func hairpinning(_ subject: NATUnderTest) -> Evidence {
    let (sent, external, rows) = hairpin(subject)
    return Evidence(
      holds: sent != nil,
      shown:
        said(
          "The laptop is reachable from everywhere at \(external), a forwarded port. The pc beside it sent there, and ")
        + (sent != nil ? said("reached it.") : said("did not reach it.")),
      rows: rows)
  }

  /// REQ-9a: the receiver sees the sender's outside endpoint.
  static func hairpinSource(_ subject: NATUnderTest) -> Evidence {
    let (sent, _, rows) = hairpin(subject)
    guard let sent else {
      return Evidence(
        holds: nil, shown: said("Packets are not turned round, so there is no source to look at."), rows: rows)
    }
    let isExternal = subject.external.contains(sent.source.address)
    return Evidence(
      holds: isExternal,
      shown: said("The laptop saw the packet come from \(sent.source), ")
        + (isExternal ? said("the pc's outside endpoint.") : said("which is not the pc's outside endpoint.")),
      rows: rows)
  }

  /// The pc sends to a port that is forwarded to the laptop.
  private static func hairpin(_ subject: NATUnderTest) -> (sent: Packet?, external: Endpoint, rows: [ExperimentRow]) {
    var laboratory = Laboratory(subject)
    // Of a range of a single port, the pc needs that one.
    let port: UInt16 = if case .random(8_080...8_080) = subject.behavior.portAssignment { 8_081 } else { 8_080 }
    let external = laboratory.forward(port, to: laboratory.endpoint(.laptop, 8_080))
    let sent = laboratory.send(.pc, 5_000, to: external)
    return (sent, external, laboratory.rows)
  }

  /// Whether a payload that names an inside endpoint, as SIP's do, leaves unchanged: no application-level gateway has
  /// touched it.
  static func payload(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    let text = "call me at \(laboratory.endpoint(.pc, 5_060))"
    let sip = laboratory.endpoint(.server, 5_060)
    guard let sent = laboratory.send(.pc, 5_060, to: sip, text: text) else {
      return Evidence(holds: nil, shown: said("The packet did not leave."), rows: laboratory.rows)
    }
    let isUntouched = sent.payload == .data(Array(text.utf8))
    return Evidence(
      holds: isUntouched,
      shown: said(
        "The packet's text, with an inside endpoint in it, left \(isUntouched ? said("unchanged") : said("changed"))."),
      rows: laboratory.rows)
  }

  /// The fate of ICMP errors about the pc's packet, and of the mapping after them.
  struct ErrorTrial {
    /// From the server itself and from a router on the way.
    var fromServer: Bool
    var fromAnother: Bool
    var mappingLives: Bool
    var rows: [ExperimentRow]
  }

  static func errors(_ subject: NATUnderTest) -> ErrorTrial? {
    var laboratory = Laboratory(subject)
    guard let sent = laboratory.send(.pc, 5_000, to: laboratory.endpoint(.server, 4_000)) else { return nil }
    let fromServer = laboratory.report(.portUnreachable, about: sent, number: 1, from: .server) != nil
    let fromAnother = laboratory.report(.hostUnreachable, about: sent, number: 1, from: .stranger) != nil
    laboratory.report(.timeExceeded, about: sent, number: 1, from: .stranger)
    let lives = laboratory.receive(sent.source, from: .server, 4_000) != nil
    return ErrorTrial(
      fromServer: fromServer, fromAnother: fromAnother, mappingLives: lives, rows: laboratory.rows)
  }

  static func mappingAfterErrors(_ subject: NATUnderTest) -> Evidence {
    evidence(of: subject) { trial in
      (
        trial.mappingLives,
        said("After three ICMP errors the mapping was \(trial.mappingLives ? said("still there.") : said("gone."))")
      )
    }
  }

  static func errorsFromAnyone(_ subject: NATUnderTest) -> Evidence {
    evidence(of: subject) { trial in
      (
        trial.fromAnother,
        said(
          "An ICMP error from a router on the way \(trial.fromAnother ? said("came in like the server's own.") : said("was turned away."))"
        )
      )
    }
  }

  static func unreachableMessages(_ subject: NATUnderTest) -> Evidence {
    evidence(of: subject) { trial in
      (
        trial.fromServer,
        said(
          "The server's ICMP \"port unreachable\" \(trial.fromServer ? said("reached the pc.") : said("did not reach the pc."))"
        )
      )
    }
  }

  private static func evidence(
    of subject: NATUnderTest, _ judge: (ErrorTrial) -> (holds: Bool, shown: String)
  ) -> Evidence {
    guard let trial = errors(subject) else { return Evidence(holds: nil, shown: said("The packet did not leave.")) }
    let (holds, shown) = judge(trial)
    return Evidence(holds: holds, shown: shown, rows: trial.rows)
  }
}
