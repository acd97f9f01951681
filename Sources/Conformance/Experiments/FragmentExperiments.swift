// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// Pieces of packets that come in from outside (RFC 4787 §11).
enum FragmentExperiments {
  /// The server's answer to the pc, in three pieces.
  private static func pieces(_ laboratory: Laboratory, to external: Endpoint) -> [Packet] {
    Packet(.udp, from: laboratory.endpoint(.server, 4_000), to: external, payload: .filler(100))
      .fragments(within: 68, identification: 1)
  }

  /// REQ-14: in order, and with the last piece first.
  static func anyOrder(_ subject: NATUnderTest) -> Evidence {
    var counts: [Int] = []
    var laboratory = Laboratory(subject)
    for isReversed in [false, true] {
      laboratory = Laboratory(subject)
      guard let external = laboratory.send(.pc, 5_000, to: laboratory.endpoint(.server, 4_000))?.source else {
        return Evidence(holds: nil, shown: said("No mapping was made."), rows: laboratory.rows)
      }
      let pieces = pieces(laboratory, to: external)
      counts.append(laboratory.passPieces(isReversed ? pieces.reversed() : pieces, .outside, from: .server))
    }
    let holds = counts == [3, 3]
    return Evidence(
      holds: holds,
      shown: said("The server's answer came in three pieces, ")
        + (holds
          ? said("in order or with the last first, and all of them reached the pc.")
          : said("of which \(counts[0]) came through in order, and \(counts[1]) with the last first.")),
      rows: laboratory.rows)
  }

  /// REQ-14a: pieces that never become whole do not shut anybody out.
  static func flood(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    let server = laboratory.endpoint(.server, 4_000)
    guard let external = laboratory.send(.pc, 5_000, to: server)?.source else {
      return Evidence(holds: nil, shown: said("No mapping was made."), rows: laboratory.rows)
    }
    laboratory.flood(external, from: .stranger, count: 1_000)
    let whole = laboratory.receive(external, from: .server, 4_000) != nil
    let passed = laboratory.passPieces(pieces(laboratory, to: external), .outside, from: .server)
    return Evidence(
      holds: whole && passed == 3,
      shown: said(
        "After a stranger's 1,000 stray pieces, a whole packet \(whole ? said("came in") : said("stayed out")), and ",
        "\(passed) of 3 pieces in order did."),
      rows: laboratory.rows)
  }
}
